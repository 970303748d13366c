"""A place of its own on a server for each test: a virtual host, a database."""

from __future__ import annotations

import base64
import json
import os
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

_MANAGEMENT_PORT = 15672


@contextmanager
def virtual_host(broker_url: str, management_url: str = "", *, queues: str = "classic") -> Iterator[str]:
    """Give the URL of a new virtual host; its queues go with it. ``queues`` is the type of those declared without one.

    Without ``management_url`` the management plug-in is looked for on the broker's host, at ``CHUAN_TEST_MANAGEMENT_URL`` or
    its usual port.
    """
    parts = urlsplit(broker_url)
    credentials = f"{parts.username}:{parts.password}"
    management = management_url or os.environ.get("CHUAN_TEST_MANAGEMENT_URL") or f"http://{parts.hostname}:{_MANAGEMENT_PORT}"
    name = f"test-{uuid.uuid4().hex}"
    ask(management, credentials, "PUT", f"vhosts/{name}", {"default_queue_type": queues})
    ask(management, credentials, "PUT", f"permissions/{name}/{parts.username}", {"configure": ".*", "write": ".*", "read": ".*"})
    try:
        yield f"{parts.scheme}://{parts.netloc}/{name}"
    finally:
        ask(management, credentials, "DELETE", f"vhosts/{name}")


def ask(management: str, credentials: str, method: str, path: str, body: Any = None) -> Any:
    """Call RabbitMQ's management interface and return what it answers."""
    headers = {"Authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{management.rstrip('/')}/api/{path}", data, headers, method=method)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        content = answer.read()
    return json.loads(content) if content else None


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """Give the URL of a new, empty database."""
    name = f"test_{uuid.uuid4().hex}"
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f"create database {name}"))
    try:
        yield sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"drop database {name} with (force)"))
