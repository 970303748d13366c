"""A letter as an e-mail message: plain text and HTML, the recipient's language first.

The standard library builds the message once, as a shell with two places for the texts; a letter is its own headers and
the filled shell. What recipients of one notice have in common is made once for them. The same letter gives the same
bytes on every attempt.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from html import escape
from typing import NamedTuple, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notification.model import Letter, Notice
from services.notification.writing import TEMPLATES
from shared.kernel.clock import HANOI

_Policy: TypeAlias = "EmailPolicy[EmailMessage]"

_WIDTH = 100  # characters; however they are escaped and encoded, a line stays below the 998 bytes that RFC 5322 allows
_HEADER_WIDTH, _LONGEST_LINE = 64, 900  # characters of an encoded header, bytes of a plain one
_SOFT = "\v"  # a line end that only the plain text shows; no fact of an event can hold it
_PIECES = re.compile(rf"(.{{1,{_WIDTH}}})(?:\s+|$)|(.{{{_WIDTH}}})")
_BOUNDARY = "=_chuan"
_PLACES = ("the plain text stands here", "the HTML stands here")


def _plain(text: str) -> str:
    """Return header text as it stands where UTF-8 may stand."""
    return text if len(text.encode()) <= _LONGEST_LINE and "=?" not in text else _encoded(text)


def _encoded(text: str) -> str:
    """Return header text as ASCII: encoded words (RFC 2047) where it must be.

    Not by the policy's own folding, which loses blanks between the words of a Vietnamese title.
    """
    return text if text.isascii() and "=?" not in text else Header(text, "utf-8", maxlinelen=_HEADER_WIDTH).encode(linesep="\r\n")


class Form(NamedTuple):
    """How a message is written down: header texts by ``words``, texts by ``encode`` as ``transfer`` says."""

    policy: _Policy
    words: Callable[[str], str]
    transfer: str
    encode: Callable[[str], bytes]


# For files that people open: UTF-8 throughout (RFC 6532).
READABLE = Form(SMTPUTF8, _plain, "8bit", lambda text: text.replace("\n", "\r\n").encode())
# For SMTP: ASCII throughout. A relay further on that knows neither SMTPUTF8 nor 8BITMIME has nothing to bounce.
PORTABLE = Form(SMTP, _encoded, "base64", lambda text: base64.encodebytes(text.encode()).replace(b"\n", b"\r\n"))


class Composer:
    """Makes messages from ``sender`` in one form."""

    def __init__(self, *, sender: str, public_url: str, form: Form) -> None:
        self._sender = parseaddr(sender)
        self._domain = self._sender[1].rpartition("@")[2]
        self._public_url = public_url.rstrip("/")
        self._form = form
        self._content = lru_cache(maxsize=64)(self._compose_content)
        self._shell = lru_cache(maxsize=16)(self._build_shell)
        self._layouts = Environment(
            loader=FileSystemLoader(TEMPLATES / "layouts"),
            autoescape=select_autoescape(["html.j2"]),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )

    def compose(self, letter: Letter) -> bytes:
        """Return the whole message."""
        recipient = letter.recipient
        to = self._address(recipient.name[recipient.locale], recipient.channels["email"]["address"])
        own = f"To: {to}\r\nMessage-ID: <{letter.delivery_id}@{self._domain}>\r\n"
        return own.encode() + self._content(recipient.locale, letter.notice)

    def _compose_content(self, locale: str, notice: Notice) -> bytes:
        """Return the message but for the two headers that differ between recipients."""
        first, second = (_text(notice, locale), _text(notice, "vi" if locale == "en" else "en"))
        facts = {
            "first": first,
            "second": second,
            "notice_id": notice.notice_id,
            "acknowledge_at": f"{self._public_url}/v1/notices/{notice.notice_id}/acknowledgement",
        }
        plain = self._layouts.get_template("letter.txt.j2").render(facts)
        html = self._layouts.get_template("letter.html.j2").render(facts)
        head, between, end = self._shell(_boundary(plain, html))
        own = f"Subject: {self._header_text(first.title)}\r\nDate: {format_datetime(notice.issued_at.astimezone(HANOI))}\r\n"
        return b"".join((own.encode(), head, self._form.encode(plain), between, self._form.encode(html), end))

    def _build_shell(self, boundary: str) -> tuple[bytes, bytes, bytes]:
        """Return what stands before, between and after the two texts of every message."""
        message = EmailMessage(policy=self._form.policy)
        message["Auto-Submitted"] = "auto-generated"
        message["MIME-Version"] = "1.0"
        message["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
        for kind, place in zip(("plain", "html"), _PLACES, strict=True):
            part = EmailMessage(policy=self._form.policy)
            part["Content-Type"] = f'text/{kind}; charset="utf-8"'
            part["Content-Transfer-Encoding"] = self._form.transfer
            part.set_payload(place)
            message.attach(part)
        head, _, rest = message.as_bytes().partition(_PLACES[0].encode())
        between, _, end = rest.partition(_PLACES[1].encode())
        return f"From: {self._address(*self._sender)}\r\n".encode() + head, between, end

    def _address(self, name: str, address: str) -> str:
        if not name:
            return address
        if name.isascii():
            return str(Address(name, addr_spec=address))
        return f"{self._header_text(name)} <{address}>"

    def _header_text(self, text: str) -> str:
        """Return a text as it stands in a header. Raises ``ValueError`` for what could end one."""
        if not text.isprintable():
            raise ValueError(f"no header can hold {text!r}")
        return self._form.words(text)


class _Text(NamedTuple):
    locale: str
    title: str
    text: str
    html: str  # escaped


def _text(notice: Notice, locale: str) -> _Text:
    wrapped = "\n".join(map(_wrapped, notice.wording.text(locale).split("\n")))
    paragraphs = (paragraph.replace("\n", "<br>\n") for paragraph in escape(wrapped).split("\n\n"))
    return _Text(
        locale=locale,
        title=notice.wording.title(locale),
        text=wrapped.replace(_SOFT, "\n"),
        html="<p>" + "</p>\n<p>".join(paragraphs).replace(_SOFT, "\n") + "</p>",
    )


def _wrapped(line: str) -> str:
    if len(line) <= _WIDTH:
        return line
    return _SOFT.join(piece[1] or piece[2] for piece in _PIECES.finditer(line))


def _boundary(*contents: str) -> str:
    """Return a boundary that no part holds, so that no fact of an event can end one."""
    boundary = _BOUNDARY
    while any(boundary in content for content in contents):
        boundary += "_"
    return boundary
