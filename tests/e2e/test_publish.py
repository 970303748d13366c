"""`chuan publish` reaches a running installation over HTTP and over the broker, and says what was refused."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import requests

from services.cli import catalogue
from shared.client import Client, event
from shared.contracts.partners import ComplaintReceived
from shared.contracts.registry import contracts
from shared.kernel.errors import Refused
from shared.messaging.brokers import Delivery, connect
from tests.e2e.shell import chuan, surroundings

_PATIENCE = 30.0  # seconds
TOKEN = "sample-token"  # noqa: S105 - of a service that runs for the length of a test


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def answer(url: str) -> Any:
    """Return the JSON behind ``url``."""
    return requests.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=_PATIENCE).json()


def wait_until(what: str, condition: Any) -> None:
    """Wait until ``condition`` returns something true; fail after a while."""
    for _ in range(int(_PATIENCE / 0.1)):
        try:
            if condition():
                return
        except OSError:
            pass
        threading.Event().wait(0.1)
    pytest.fail(f"{what} did not happen within {_PATIENCE:.0f} s")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run all services in ``folder`` behind a token, and give their URL."""
    tokens = folder / "tokens.json"
    roles = ["publisher", "officer", "operator", "reader"]
    tokens.write_text(json.dumps({sha256(TOKEN.encode()).hexdigest(): {"name": "sample", "roles": roles}}), encoding="utf-8")
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "run"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=surroundings(CHUAN_DATA_DIR=str(folder / "data"), CHUAN_HTTP_ADDRESS=address, CHUAN_TOKENS_FILE=str(tokens)),
    )
    try:
        wait_until("the start", lambda: answer(f"http://{address}/readyz")["ready"])
        yield f"http://{address}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@pytest.fixture
def lines() -> list[str]:
    """One event of each type that may come from outside."""
    return [bytes(catalogue.page(name).sample).decode() for name, one in contracts().items() if not one.is_own]


def test_events_reach_a_running_chuan(tmp_path: Path, lines: list[str]) -> None:
    """What can be read is published, whatever stands beside it; each refusal has its line; repeats add nothing."""
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(["no JSON", *lines, "", lines[0].replace('"data":{', '"data":{"x":1,')]), encoding="utf-8")
    with running(tmp_path) as url:
        locked_out = chuan("publish", file, CHUAN_PUBLIC_URL=url)
        assert locked_out.returncode == 2
        assert "CHUAN_TOKEN" in locked_out.stderr.splitlines()[-1]

        done = chuan("publish", file, CHUAN_PUBLIC_URL=url, CHUAN_TOKEN=TOKEN)
        assert (done.returncode, done.stdout) == (2, f"{len(lines)} published, 2 refused\n")
        first, second = done.stderr.splitlines()
        assert first.startswith(f"{file}:1: not_json: ")
        assert second.startswith(f"{file}:{len(lines) + 3}: invalid_data at /data/x: unknown field")

        figure = f"{url}/v1/reports/findings?from=2025-01-01&to=2025-12-31"
        wait_until("the findings' arrival", lambda: answer(figure)["total"]["value"])
        known = answer(figure)["total"]["value"]
        again = chuan("publish", "-", "--url", url, "--json", stdin="\n".join(lines), CHUAN_TOKEN=TOKEN)
        assert (again.returncode, json.loads(again.stdout)) == (0, {"published": len(lines), "refused": {}})
        complaint = json.loads(next(line for line in lines if '"market.complaint_received"' in line)) | {"id": "SAMPLE-LAST"}
        assert chuan("publish", "-", "--url", url, stdin=json.dumps(complaint), CHUAN_TOKEN=TOKEN).returncode == 0
        # The outbox is relayed in order: once the last one has arrived, the repeats have.
        complaints = f"{url}/v1/reports/complaints?from=2025-01-01&to=2025-12-31"
        wait_until("the complaint's arrival", lambda: answer(complaints)["total"]["value"] == 2)
        assert answer(figure)["total"]["value"] == known


def test_nobody_speaks_for_our_services(tmp_path: Path) -> None:
    """An event that only a service publishes, or one in its name, is refused whatever token it comes with."""
    ours = bytes(catalogue.page("inspection.violation_detected").sample).decode()
    in_our_name = json.loads(bytes(catalogue.page("market.complaint_received").sample)) | {"source": "/chuan/inspection"}
    with running(tmp_path) as url:
        done = chuan("publish", "-", "--url", url, stdin=f"{ours}\n{json.dumps(in_our_name)}\n", CHUAN_TOKEN=TOKEN)
    assert (done.returncode, done.stdout) == (2, "0 published, 2 refused\n")
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == [
        "not_from_outside at /type",
        "not_from_outside at /source",
    ]


def test_without_a_running_chuan_nothing_is_lost_sight_of(tmp_path: Path) -> None:
    """One line says where it tried, how far it came, and that publishing again is safe."""
    file = tmp_path / "events.jsonl"
    file.write_bytes(bytes(catalogue.page("lab.sample_tested").sample))
    done = chuan("publish", file, CHUAN_PUBLIC_URL="http://127.0.0.1:9")
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert "http://127.0.0.1:9" in line
    assert "0 events were published before" in line
    refused = chuan("publish", file, "--url", "ftp://127.0.0.1")
    assert refused.returncode == 2
    assert "amqp://" in refused.stderr


@pytest.mark.server("rabbitmq")
def test_events_reach_the_broker(rabbitmq_url: str, lines: list[str]) -> None:
    """They are confirmed by the broker and lie in the queue in their order; where nobody listens it says so."""
    deaf = chuan("publish", "-", stdin=lines[0], CHUAN_BROKER_URL=rabbitmq_url)
    assert deaf.returncode == 2
    with closing(connect(rabbitmq_url)) as broker:
        broker.declare("sample", contracts())
        done = chuan("publish", "-", stdin="\n".join(lines), CHUAN_BROKER_URL=rabbitmq_url)
        assert (done.returncode, done.stdout) == (0, f"{len(lines)} published, 0 refused\n"), done.stderr
        with closing(broker.subscribe("sample")) as subscription:
            taken: list[str] = []
            wait_until(
                "the delivery",
                lambda: taken.extend(one.type for one in subscription.take(100, timeout=1.0)) or len(taken) >= len(lines),
            )
        assert taken == [json.loads(line)["type"] for line in lines]


def test_the_library_publishes_and_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An internal system's events arrive; one that is not valid is refused before anything is sent."""
    sample = ComplaintReceived.sample()
    monkeypatch.setenv("CHUAN_TOKEN", TOKEN)
    with running(tmp_path) as url, Client(url) as client:
        nameless = event("", "SAMPLE-2", sample)
        with pytest.raises(Refused, match="/source"):
            client.publish([event("/complaints", "SAMPLE-1", sample), nameless])
        client.publish([event("/complaints", "SAMPLE-3", sample)])
        figure = f"{url}/v1/reports/complaints?from=2025-01-01&to=2025-12-31"
        wait_until("the complaint's arrival", lambda: answer(figure)["total"]["value"] == 1)


@pytest.mark.server("rabbitmq")
def test_the_library_publishes_to_the_broker(rabbitmq_url: str) -> None:
    """What it returned from lies in the queue."""
    with closing(connect(rabbitmq_url)) as broker:
        broker.declare("sample", [ComplaintReceived.type])
        with Client(rabbitmq_url) as client:
            client.publish([event("/complaints", f"SAMPLE-{number}", ComplaintReceived.sample()) for number in range(3)])
        with closing(broker.subscribe("sample")) as subscription:
            arrived: list[str] = []
            wait_until("the events' arrival", lambda: arrived.extend(_ids(subscription.take(10, timeout=1))) or len(arrived) == 3)
            assert arrived == ["SAMPLE-0", "SAMPLE-1", "SAMPLE-2"]


def _ids(deliveries: list[Delivery]) -> list[str]:
    return [json.loads(delivery.body)["id"] for delivery in deliveries]


def test_a_token_is_not_sent_in_the_clear() -> None:
    """Whoever listens on the way would be an officer from then on."""
    done = chuan("publish", "-", "--url", "http://chuan.example.invalid", stdin="", CHUAN_TOKEN=TOKEN)
    assert done.returncode == 2
    assert "use https://" in done.stderr
