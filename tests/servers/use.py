"""How a test run gets at the servers: those it was given, or private ones shared by every run on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tests.servers.packages import missing
from tests.servers.processes import Process
from tests.servers.state import locked

VARIABLES = {"rabbitmq": "CHUAN_TEST_BROKER_URL", "postgresql": "CHUAN_TEST_DATABASE_URL"}


@dataclass(frozen=True)
class Address:
    """Where a server is reached; ``management`` is RabbitMQ's management interface, where it is known."""

    url: str
    management: str = ""


def absent() -> dict[str, str]:
    """Return what is neither given nor installed, with what can be done about it."""
    advice = "not installed; `make servers` as root installs it"
    without = [name for name in missing() if not os.environ.get(VARIABLES.get(name, ""))]
    return {name: f"{advice}, or set {VARIABLES[name]}" if name in VARIABLES else advice for name in without}


def enter(name: str, run: int) -> Address:
    """Return the server ``name``, started if need be; it stays at least until the test run with process ``run`` leaves."""
    given = os.environ.get(VARIABLES[name])
    if given:
        return Address(given)
    with locked() as state:
        user = Process.of(run)
        if user not in state.users:
            state.users.append(user)
        state.start(name)
        server = getattr(state, name)
    return Address(server.url, getattr(server, "management_url", ""))


def leave(run: int) -> None:
    """Take the test run off the users, and stop the servers if it was the last and nobody asked to keep them."""
    with locked() as state:
        state.users = [user for user in state.users if user.pid != run]
        if not state.users and not state.kept:
            for name in list(state.processes):
                state.stop(name)
