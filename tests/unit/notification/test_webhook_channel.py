"""Webhooks against a real HTTP server, checked with the Standard Webhooks library, and kept away from private networks."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from requests_hardened import ip_filter
from standardwebhooks import Webhook, WebhookVerificationError

from services.notification.channels import AddressGone, Channel, Deferred, Refused, webhook
from services.notification.model import Letter
from shared.runner.deadline import within
from shared.settings import Settings
from tests.unit.notification.dripping import dripping

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four..").decode()


class Receiver(ThreadingHTTPServer):
    """An HTTP server that keeps what it is sent and answers as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.answer = 204
        self.location = ""
        self.hangs = False
        self.released = threading.Event()
        self.requests: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        if self.server.hangs:
            self.server.released.wait()
            self.close_connection = True
            return
        self.send_response(self.server.answer)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a receiver."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def real_time() -> datetime:
    """Return physical time: the library refuses signatures that are not of this minute."""
    return datetime.now(UTC)


def opened(settings: Settings, *hosts: str) -> Channel:
    """Return the channel with ``hosts`` allowed."""
    return webhook.open_channel(settings.model_copy(update={"webhook_allowed_hosts": list(hosts)}), real_time)


def to(letter: Letter, url: str, delivery_id: str = "delivery-1") -> Letter:
    """Return the letter with a webhook address."""
    recipient = replace(letter.recipient, channels={"webhook": {"url": url, "secret": SECRET}})
    return letter._replace(recipient=recipient, delivery_id=delivery_id)


def test_a_receiver_can_verify_what_it_gets(settings: Settings, receiver: Receiver, letter: Letter) -> None:
    """Signed over id, time and body; the id is the delivery's."""
    with opened(settings, receiver.host).session() as send:
        assert send(to(letter, f"http://{receiver.host}/notices")) == "204 No Content"
    ((path, headers, body),) = receiver.requests
    payload = Webhook(SECRET).verify(body, headers)
    assert path == "/notices"
    assert headers["webhook-id"] == "delivery-1"
    assert headers["content-type"] == "application/json"
    assert payload["type"] == "notice.violation_warning"
    assert payload["data"]["title"] == {"vi": "Cảnh báo vi phạm: chất lượng xăng dầu", "en": "Violation warning: fuel quality"}
    assert payload["data"]["acknowledge_at"].endswith(f"/v1/notices/{letter.notice.notice_id}/acknowledgement")
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"46", b"01"), headers)


def test_every_attempt_carries_the_same_id_and_body(settings: Settings, receiver: Receiver, letter: Letter) -> None:
    """A receiver that answered too late knows the repetition."""
    receiver.answer = 500
    for _ in range(2):
        with opened(settings, receiver.host).session() as send, pytest.raises(Deferred, match="500"):
            send(to(letter, f"http://{receiver.host}/"))
    (_, first, body), (_, second, again) = receiver.requests
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again


@pytest.mark.parametrize("answer", [301, 302, 307, 400, 404, 429, 500, 503])
def test_what_is_not_accepted_is_tried_again(settings: Settings, receiver: Receiver, letter: Letter, answer: int) -> None:
    """Everything but 2xx and 410, and a redirection is never followed."""
    receiver.answer, receiver.location = answer, f"http://{receiver.host}/elsewhere"
    with opened(settings, receiver.host).session() as send, pytest.raises(Deferred, match=str(answer)):
        send(to(letter, f"http://{receiver.host}/"))
    assert [path for path, _, _ in receiver.requests] == ["/"]


def test_410_means_never_again(settings: Settings, receiver: Receiver, letter: Letter) -> None:
    """Standard Webhooks: the receiver wants nothing more."""
    receiver.answer = 410
    with opened(settings, receiver.host).session() as send, pytest.raises(AddressGone, match="410"):
        send(to(letter, f"http://{receiver.host}/"))


def test_a_host_that_hangs_is_asked_once_a_round(
    settings: Settings, receiver: Receiver, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of the round are not held up by it, and its own letters are not all tried in vain."""
    monkeypatch.setattr(webhook, "_TIMEOUT", (0.3, 0.3))
    healthy = Receiver()
    thread = threading.Thread(target=healthy.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    receiver.hangs = True
    try:
        with opened(settings, receiver.host, healthy.host).session() as send:
            for number in range(3):
                with pytest.raises(Deferred, match="did not answer"):
                    send(to(letter, f"http://{receiver.host}/", f"delivery-{number}"))
            assert send(to(letter, f"http://{healthy.host}/")) == "204 No Content"
    finally:
        healthy.shutdown()
        thread.join()
        healthy.server_close()
    assert len(receiver.requests) == 1


def test_a_host_that_drips_is_left(settings: Settings, letter: Letter) -> None:
    """A byte now and then, for ever: each of them comes in time, the answer never does."""
    drip, late = dripping(b"HTTP/1.1 200 O" + b"K" * 60_000), pytest.raises(Deferred, match="did not answer")
    with drip as port, opened(settings, f"127.0.0.1:{port}").session() as send, late, within(0.5):
        send(to(letter, f"http://127.0.0.1:{port}/"))


def test_a_host_that_is_not_there_is_tried_again(settings: Settings, letter: Letter) -> None:
    """Refused connection."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with opened(settings, host).session() as send, pytest.raises(Deferred, match="did not answer"):
        send(to(letter, f"http://{host}/"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - an address to be refused
        "localhost",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
    ],
)
def test_no_address_of_the_own_network_is_called(settings: Settings, letter: Letter, host: str) -> None:
    """However it is written: nothing but the public Internet, unless an operator vouches for the host."""
    with opened(settings).session() as send, pytest.raises(Deferred, match="InvalidIPAddress"):
        send(to(letter, f"https://{host}/latest/meta-data"))


def test_a_name_that_changes_its_address_meanwhile_is_not_followed(
    settings: Settings, receiver: Receiver, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it is checked, loopback when it is connected to: the connection goes to what was checked."""
    connected: list[str] = []
    answers = iter(["203.0.113.7", "127.0.0.1", "127.0.0.1"])

    def resolve(_host: str, port: int, *_args: Any, **_kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_args: Any, **_kwargs: Any) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(ip_filter.socket, "getaddrinfo", resolve)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    # 203.0.113.0/24 is set aside for documentation; here it stands for any public address.
    monkeypatch.setattr("ipaddress.IPv4Address.is_private", property(lambda one: str(one).startswith("127.")))
    with opened(settings).session() as send, pytest.raises(Deferred):
        send(to(letter, "https://rebinding.example.invalid/"))
    assert connected == ["203.0.113.7"]
    assert not receiver.requests


@pytest.mark.parametrize("url", ["http://example.invalid/", "https://example.invalid:8443/", "http://example.invalid:443/"])
def test_only_https_on_its_own_port_is_called(settings: Settings, letter: Letter, url: str) -> None:
    """A webhook cannot be used to speak to another service of a host."""
    with opened(settings).session() as send, pytest.raises(Refused, match="only https"):
        send(to(letter, url))


def test_a_proxy_from_the_environment_is_not_used(
    settings: Settings, receiver: Receiver, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would resolve names itself, behind the back of the guard."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://{receiver.host}")
    monkeypatch.setenv("ALL_PROXY", f"http://{receiver.host}")
    with opened(settings).session() as send, pytest.raises(Deferred, match="InvalidIPAddress"):
        send(to(letter, "https://127.0.0.1/"))
    assert not receiver.requests


def test_the_payload_is_the_notice(settings: Settings, receiver: Receiver, letter: Letter) -> None:
    """Everything a receiving system needs to file it."""
    with opened(settings, "127.0.0.1").session() as send:
        send(to(letter, f"http://{receiver.host}/"))
    payload = json.loads(receiver.requests[0][2])
    assert payload["timestamp"] == "2025-03-14T02:31:00Z"
    expected = {"about": "SAMPLE-VIOLATION-0001", "province": "46", "product_group": "petrol", "recipient": "tbt_office"}
    assert expected.items() <= payload["data"].items()


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"url": "https://example.invalid/"},
        {"url": "https://example.invalid/", "secret": "whsec_"},
        {"url": "https://example.invalid/", "secret": "whsec_not base64"},
        {"url": "https://example.invalid/", "secret": "whsec_" + base64.b64encode(b"short").decode()},
        {"url": "ftp://example.invalid/", "secret": SECRET},
        {"url": "https:///path", "secret": SECRET},
        {"url": "https://user:password@example.invalid/", "secret": SECRET},
        {"url": "https://@example.invalid/", "secret": SECRET},
        {"url": "https://example.invalid:port/", "secret": SECRET},
        {"url": "https://example.invalid/\r\nX: y", "secret": SECRET},
        {"url": "file:///etc/passwd", "secret": SECRET},
        {"url": "https://127.1/", "secret": SECRET},
        {"url": "https://2130706433/", "secret": SECRET},
        {"url": "https://0X7F000001/", "secret": SECRET},
        {"url": "https://0177.0.0.1/", "secret": SECRET},
        {"url": "https://127.0.0.1./", "secret": SECRET},
    ],
)
def test_what_cannot_be_called_is_refused_in_the_contacts(address: dict[str, str]) -> None:
    """At start, before a notice depends on it."""
    with pytest.raises(ValueError, match=r"webhook|[Pp]ort|[Oo]ctet|permitted"):
        webhook.check_address(address)


def test_a_proper_address_is_taken() -> None:
    """With or without a path, port and secret prefix."""
    webhook.check_address({"url": "https://example.invalid", "secret": SECRET})
    webhook.check_address({"url": "https://203.0.113.7/", "secret": SECRET})
    webhook.check_address({"url": "http://example.invalid:8080/a?b=c", "secret": SECRET.removeprefix("whsec_")})
