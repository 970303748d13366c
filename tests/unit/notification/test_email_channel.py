"""E-mail against a real mail server that accepts, refuses, hangs and vanishes, and into a folder."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from services.notification.channels import Channel, Deferred, Refused, ServerAway, email
from services.notification.model import Letter
from shared.kernel.errors import InvalidInput
from shared.settings import Settings
from tests.unit.notification.dripping import dripping
from tests.unit.notification.made_up import Wall


class Script:
    """What the mail server does: an answer for each address and step, else it accepts and keeps the message."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.senders: list[str] = []
        self.answers: dict[tuple[str, str], str] = {}
        self.connections = 0

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = await self._answer(server, "MAIL", "")
        if answer == "250 OK":
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:  # noqa: N802
        answer = await self._answer(server, "RCPT", address)
        if answer == "250 OK":
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await self._answer(server, "DATA", envelope.rcpt_tos[0])
        if answer == "250 OK":
            self.messages.append(envelope.content)
            self.senders.append(envelope.mail_from)
        return answer

    async def _answer(self, server: Any, step: str, address: str) -> str:
        answer = self.answers.get((step, address), "250 OK")
        if answer == "hang":
            await asyncio.Event().wait()
        if answer == "vanish":
            server.transport.abort()
        return answer


@pytest.fixture
def script() -> Script:
    """Give the server's script."""
    return Script()


@pytest.fixture
def port(script: Script) -> Iterator[int]:
    """Run a mail server and give its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        number = free.getsockname()[1]
    controller = Controller(script, hostname="127.0.0.1", port=number)
    controller.start()
    script.connections = 0
    yield number
    controller.stop()


@pytest.fixture
def open_server(settings: Settings, wall: Wall) -> Callable[[int], Channel]:
    """Give a function that opens the channel towards a port."""

    def open_to(number: int) -> Channel:
        url = SecretStr(f"smtp://127.0.0.1:{number}")
        return email.open_channel(settings.model_copy(update={"smtp_url": url}), wall)

    return open_to


def to(letter: Letter, address: str, delivery_id: str = "") -> Letter:
    """Return the letter with another address."""
    recipient = replace(letter.recipient, channels={"email": {"address": address}})
    return letter._replace(recipient=recipient, delivery_id=delivery_id or letter.delivery_id)


Open = Callable[[int], Channel]


def test_an_accepted_letter_has_a_receipt(open_server: Open, port: int, script: Script, letter: Letter) -> None:
    """The server gets the message once, from our sender, and its answer is the receipt."""
    with open_server(port).session() as send:
        assert send(letter) == "250 OK"
    (raw,) = script.messages
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Message-ID"] == f"<{letter.delivery_id}@example.invalid>"
    assert message["Subject"] == "Cảnh báo vi phạm: chất lượng xăng dầu"
    assert script.senders == ["chuan@example.invalid"]


def test_one_connection_serves_a_round(open_server: Open, port: int, script: Script, letter: Letter) -> None:
    """Also after letters that were refused in the middle of it."""
    script.answers["RCPT", "unknown@example.invalid"] = "550 5.1.1 No such user"
    with open_server(port).session() as send:
        send(letter)
        with pytest.raises(Refused):
            send(to(letter, "unknown@example.invalid"))
        send(to(letter, "third@example.invalid"))
    assert len(script.messages) == 2
    assert script.connections == 1


@pytest.mark.parametrize(
    ("step", "answer", "verdict"),
    [
        ("RCPT", "550 5.1.1 No such user", Refused),
        ("RCPT", "450 4.2.1 Mailbox busy", Deferred),
        ("DATA", "554 5.6.0 Content refused", Refused),
        ("DATA", "451 4.3.0 Try again later", Deferred),
    ],
)
def test_5xx_is_final_and_4xx_is_not(
    open_server: Open, port: int, script: Script, letter: Letter, step: str, answer: str, verdict: type[Exception]
) -> None:
    """The server's words are kept, and the next letter is not affected."""
    script.answers[step, "tbt@example.invalid"] = answer
    with open_server(port).session() as send:
        with pytest.raises(verdict, match=answer[4:9]):
            send(letter)
        assert send(to(letter, "next@example.invalid")) == "250 OK"


@pytest.mark.parametrize("answer", ["550 5.7.1 Sender not allowed", "451 4.7.1 Greylisted"])
def test_a_sender_that_is_not_welcome_is_tried_again(
    open_server: Open, port: int, script: Script, letter: Letter, answer: str
) -> None:
    """That is our own configuration: notices wait until a person has mended it."""
    script.answers["MAIL", ""] = answer
    with open_server(port).session() as send, pytest.raises(Deferred, match="sender"):
        send(letter)


@pytest.mark.parametrize("answer", ["hang", "vanish", "421 4.3.2 Shutting down"])
@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_server_lost_in_the_middle_costs_one_letter_an_attempt(
    open_server: Open, port: int, script: Script, letter: Letter, monkeypatch: pytest.MonkeyPatch, step: str, answer: str
) -> None:
    """The letter it was lost with may be what it choked on; the others are given back untried."""
    monkeypatch.setattr(email, "TIMEOUT", 0.3)
    script.answers[step, "tbt@example.invalid"] = answer
    with open_server(port).session() as send:
        with pytest.raises(Deferred):
            send(letter)
        with pytest.raises(ServerAway):
            send(to(letter, "next@example.invalid"))
    with open_server(port).session() as send:
        assert send(to(letter, "next@example.invalid")) == "250 OK"


def test_a_server_that_is_not_there_blames_no_letter(open_server: Open, letter: Letter) -> None:
    """Refused connection."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        number = free.getsockname()[1]
    with pytest.raises(ServerAway), open_server(number).session() as send:
        send(letter)


def test_a_server_that_never_greets_is_given_up(open_server: Open, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accepted connection, silence."""
    monkeypatch.setattr(email, "TIMEOUT", 0.3)
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as silent,
        pytest.raises(ServerAway, match="timed out"),
        open_server(silent.getsockname()[1]).session() as send,
    ):
        send(letter)


def test_a_server_that_drips_is_given_up(open_server: Open, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A greeting that never ends, each byte of it in time."""
    monkeypatch.setattr(email, "_CONNECTING", 0.3)
    with (
        dripping(b"220-" + b"x" * 60_000) as port,
        pytest.raises(ServerAway, match="not done"),
        open_server(port).session() as send,
    ):
        send(letter)


def test_a_password_is_never_sent_in_the_clear(settings: Settings, wall: Wall, port: int, letter: Letter) -> None:
    """A server without TLS is away for whoever would log in."""
    url = SecretStr(f"smtp://user:secret@127.0.0.1:{port}")
    channel = email.open_channel(settings.model_copy(update={"smtp_url": url}), wall)
    with pytest.raises(ServerAway, match="in the clear"), channel.session() as send:
        send(letter)


def test_no_message_can_be_ended_from_inside(open_server: Open, port: int, script: Script, letter: Letter) -> None:
    """A line with a single dot, and a command after it, arrive as text."""
    text = "a\n.\nRCPT TO:<victim@example.invalid>\n..\nb"
    notice = letter.notice._replace(wording=replace(letter.notice.wording, text_vi=text))
    with open_server(port).session() as send:
        send(letter._replace(notice=notice))
    (raw,) = script.messages
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    assert text in body.get_content().replace("\r\n", "\n")


def test_an_unknown_scheme_is_refused(settings: Settings, wall: Wall) -> None:
    """A misspelt setting is told at start."""
    with pytest.raises(InvalidInput):
        email.open_channel(settings.model_copy(update={"smtp_url": SecretStr("http://127.0.0.1")}), wall)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tbt",
        "tbt@",
        "@example.invalid",
        "tbt@invalid",
        "a b@example.invalid",
        "tbt@example.invalid\r\nRCPT TO:<x@y.z>",
        "tbt@example.invalid\n",
        "<tbt@example.invalid>",
        "tbt@example.invalid,other@example.invalid",
        "tbt@éxample.invalid",
        f"{'a' * 65}@example.invalid",
    ],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    """Nothing that ends a header or a command, and no second recipient, gets into the contacts."""
    with pytest.raises(ValueError, match="email"):
        email.check_address({"address": address})
    with pytest.raises(ValueError, match="email"):
        email.check_address({"address": "tbt@example.invalid", "cc": "x@example.invalid"})


def test_without_a_server_letters_are_files(settings: Settings, wall: Wall, letter: Letter, tmp_path: Path) -> None:
    """One file per delivery, under the legal day; the same letter again is the same file."""
    channel = email.open_channel(settings, wall)
    late = letter._replace(delivery_id="late", notice=letter.notice._replace(issued_at=letter.notice.issued_at.replace(hour=18)))
    with channel.session() as send:
        assert send(letter) == f"2025-03-14/{letter.delivery_id}.eml"
        before = (tmp_path / "outgoing" / "2025-03-14" / f"{letter.delivery_id}.eml").read_bytes()
        send(letter)
        assert send(late) == "2025-03-15/late.eml"
    files = sorted(path.relative_to(tmp_path / "outgoing").as_posix() for path in (tmp_path / "outgoing").rglob("*.*"))
    assert files == [f"2025-03-14/{letter.delivery_id}.eml", "2025-03-15/late.eml"]
    assert before == (tmp_path / "outgoing" / files[0]).read_bytes()


def test_a_folder_that_cannot_be_written_blames_no_letter(settings: Settings, wall: Wall, letter: Letter, tmp_path: Path) -> None:
    """A file where the folder should be, or one that was taken away: the letters wait."""
    (tmp_path / "outgoing").write_text("in the way")
    with pytest.raises(ServerAway), email.open_channel(settings, wall).session() as send:
        send(letter)


def test_two_threads_write_the_same_folder(settings: Settings, wall: Wall, letter: Letter, tmp_path: Path) -> None:
    """No reader ever sees half a message."""
    channel = email.open_channel(settings, wall)

    def write() -> None:
        with channel.session() as send:
            for number in range(50):
                send(letter._replace(delivery_id=f"delivery-{number}"))

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = list((tmp_path / "outgoing").rglob("*.*"))
    assert len(files) == 50
    assert all(path.read_bytes().endswith(b"--\r\n") for path in files)
