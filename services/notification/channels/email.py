"""E-mail: through a mail server when one is set, else as ``.eml`` files in a folder, one file per delivery.

The Message-ID comes from the delivery's id, so a letter that was sent twice because its outcome got lost is one letter
to every mail program.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from services.notification.channels import Channel, Deferred, Refused, Send, ServerAway
from services.notification.mail import PORTABLE, READABLE, Composer
from services.notification.model import Letter
from shared.kernel.clock import HANOI
from shared.kernel.errors import ChuanError, InvalidInput
from shared.runner.deadline import within
from shared.settings import Settings

_CONNECTING = 30.0  # seconds until a connection is ready for letters
TIMEOUT = 8.0  # seconds for each step of a dialogue; the five steps of a letter stay within the lease of a round

# ASCII only, and nothing that could end a header or a command: what real registries of authorities hold.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_ACCEPTED, _NEVER = range(200, 300), range(500, 600)
_CLOSING = 421  # the server says that it is about to hang up


def open_channel(settings: Settings, wall: Callable[[], datetime]) -> Channel:
    """Return the channel that the settings ask for."""
    del wall  # a letter carries legal time only
    url = settings.smtp_url.get_secret_value()
    if not url:
        composer = Composer(sender=settings.mail_from, public_url=settings.public_url, form=READABLE)
        return Folder(settings.mail_folder(), composer)
    return Server(url, settings.mail_from, Composer(sender=settings.mail_from, public_url=settings.public_url, form=PORTABLE))


def check_address(address: Mapping[str, str]) -> None:
    """Raise ``ValueError`` unless this is ``{address: name@example.org}``."""
    if address.keys() != {"address"} or not _ADDRESS.fullmatch(address["address"]):
        raise ValueError(f"email needs an ASCII mail address: {{address: name@example.org}}, not {dict(address)}")


class Folder:
    """Writes each letter to ``<day of issue>/<delivery id>.eml``; the same letter replaces its own file."""

    def __init__(self, folder: Path, composer: Composer) -> None:
        self._folder = folder
        self._composer = composer
        self._days: set[str] = set()

    @contextmanager
    def session(self) -> Iterator[Send]:
        """Give the function that writes."""
        yield self._write

    def _write(self, letter: Letter) -> str:
        day = letter.notice.issued_at.astimezone(HANOI).date().isoformat()
        try:
            if day not in self._days:
                (self._folder / day).mkdir(parents=True, exist_ok=True)
                self._days.add(day)
            name = f"{day}/{letter.delivery_id}.eml"
            part = self._folder / f".{os.getpid()}-{threading.get_ident()}.part"  # one for each writer, used again and again
            part.write_bytes(self._composer.compose(letter))
            part.replace(self._folder / name)
        except OSError as error:
            self._days.clear()
            raise ServerAway(f"{self._folder}: {error.strerror}") from error
        return name


class Server:
    """Sends through one mail server: ``smtps://``, or ``smtp://`` with STARTTLS wherever the server offers it."""

    def __init__(self, url: str, sender: str, composer: Composer) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in ("smtp", "smtps") or not self._url.hostname:
            raise InvalidInput("CHUAN_SMTP_URL must be smtp://host:port or smtps://host:port")
        self._sender = sender
        self._composer = composer
        self._tls = ssl.create_default_context()

    @contextmanager
    def session(self) -> Iterator[Send]:
        """Connect, and give the function that sends; one connection serves all letters of the round."""
        connection = _connect(self._url, self._tls)
        try:
            yield _Dialogue(connection, self._sender, self._composer).send
            with suppress(OSError), within(TIMEOUT):  # the letters have their answers; a server that is gone needs no farewell
                connection.quit()
        finally:
            connection.close()


class _Dialogue:
    """Letters over one connection."""

    def __init__(self, connection: smtplib.SMTP, sender: str, composer: Composer) -> None:
        self._connection = connection
        self._sender = sender
        self._composer = composer
        self._lost = ""
        self._is_clear = True

    def send(self, letter: Letter) -> str:
        if self._lost:
            raise ServerAway(self._lost)
        try:
            return self._send(letter.recipient.channels["email"]["address"], self._composer.compose(letter))
        except OSError as error:
            # This letter may be what the server chokes on, so its attempt counts; the others are not to blame.
            self._lost = f"lost the mail server: {_described(error)}"
            raise Deferred(self._lost) from error

    def _send(self, address: str, message: bytes) -> str:
        if not self._is_clear:
            self._connection.rset()
        self._is_clear = False
        # A sender that is not welcome is our own mistake, which a person can still mend.
        _agreed("sender", *self._connection.mail(self._sender), permanent=Deferred)
        _agreed("recipient", *self._connection.rcpt(address), permanent=Refused)
        receipt = _agreed("message", *self._data(message), permanent=Refused)
        self._is_clear = True
        return receipt

    def _data(self, message: bytes) -> tuple[int, bytes | str]:
        try:
            return self._connection.data(message)
        except smtplib.SMTPDataError as error:  # refused before the message was asked for
            return error.smtp_code, error.smtp_error


def _agreed(step: str, code: int, answer: bytes | str, *, permanent: type[ChuanError]) -> str:
    """Return what the server said, or raise: 4xx means later, 5xx means what ``permanent`` says."""
    text = f"{code} {answer if isinstance(answer, str) else answer.decode(errors='replace')}"
    if code in _ACCEPTED:
        return text
    if code == _CLOSING:
        raise smtplib.SMTPServerDisconnected(text)
    raise (permanent if code in _NEVER else Deferred)(f"{step}: {text}")


def _connect(url: SplitResult, tls: ssl.SSLContext) -> smtplib.SMTP:
    """Return a connection that is ready for letters, or raise ``ServerAway``."""
    host = str(url.hostname)
    try:
        with within(_CONNECTING):
            connection = (
                smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=tls)
                if url.scheme == "smtps"
                else smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
            )
            try:
                _greet(connection, url, tls)
            except BaseException:
                connection.close()
                raise
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise ServerAway(f"mail server {host}: {_described(error)}") from error
    return connection


def _greet(connection: smtplib.SMTP, url: SplitResult, tls: ssl.SSLContext) -> None:
    connection.ehlo_or_helo_if_needed()
    is_private = url.scheme == "smtps"
    if not is_private and connection.has_extn("starttls"):
        connection.starttls(context=tls)
        connection.ehlo()
        is_private = True
    if url.username:
        if not is_private:
            raise smtplib.SMTPNotSupportedError("it offers no STARTTLS, and a password is never sent in the clear")
        connection.login(unquote(url.username), unquote(url.password or ""))


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
