"""A letter as an e-mail message: plain text and HTML, the recipient's language first.

Everything but two headers is the same for all recipients of a notice who read the same language, so it is composed and
serialised once for them. The same letter gives the same bytes on every attempt.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import parseaddr
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from services.notification.model import Letter, Notice
from services.notification.writing import TEMPLATES
from shared.kernel.clock import HANOI

Policy: TypeAlias = "EmailPolicy[EmailMessage]"

# For files that people open: UTF-8 throughout (RFC 6532).
READABLE: Policy = SMTPUTF8
# For SMTP: encoded words and 7-bit bodies. A relay further on that knows neither SMTPUTF8 nor 8BITMIME cannot bounce it.
PORTABLE: Policy = SMTP.clone(cte_type="7bit")

_WIDTH = 100  # characters; however they are escaped and encoded, a line stays below the 998 bytes that RFC 5322 allows
_SOFT = "\v"  # a line end that only HTML may ignore; no fact of an event can hold it
_PIECES = re.compile(rf"(.{{1,{_WIDTH}}})(?:\s+|$)|(.{{{_WIDTH}}})")
_BOUNDARY = "=_chuan"


class Composer:
    """Makes messages from ``sender``, serialised by ``policy``."""

    def __init__(self, *, sender: str, public_url: str, policy: Policy) -> None:
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2]
        self._public_url = public_url.rstrip("/")
        self._policy = policy
        self._shared = lru_cache(maxsize=64)(self._compose_shared)
        self._layouts = Environment(
            loader=FileSystemLoader(TEMPLATES / "layouts"),
            autoescape=select_autoescape(["html.j2"]),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )

    def compose(self, letter: Letter) -> bytes:
        """Return the whole message."""
        recipient = letter.recipient
        to = _address_line(recipient.name[recipient.locale], recipient.channels["email"]["address"], self._policy)
        message_id = f"Message-ID: <{letter.delivery_id}@{self._domain}>\r\n"
        return to + message_id.encode() + self._shared(recipient.locale, letter.notice)

    def _compose_shared(self, locale: str, notice: Notice) -> bytes:
        first, second = (_text(notice, locale), _text(notice, "vi" if locale == "en" else "en"))
        facts = {
            "first": first,
            "second": second,
            "notice_id": notice.notice_id,
            "acknowledge_at": f"{self._public_url}/v1/notices/{notice.notice_id}/acknowledgement",
        }
        plain = self._layouts.get_template("letter.txt.j2").render(facts)
        html = self._layouts.get_template("letter.html.j2").render(facts)
        message = EmailMessage(policy=SMTPUTF8)
        message["From"] = _header("From", self._sender)
        message["Subject"] = first.title
        message["Date"] = notice.issued_at.astimezone(HANOI)
        message["Auto-Submitted"] = _header("Auto-Submitted", "auto-generated")
        message["MIME-Version"] = _header("MIME-Version", "1.0")
        message["Content-Type"] = _header("Content-Type", f'multipart/alternative; boundary="{_boundary(plain, html)}"')
        message.attach(_part("plain", plain))
        message.attach(_part("html", html))
        return message.as_bytes(policy=self._policy)


class _Text(NamedTuple):
    locale: str
    title: str
    text: str
    html: Markup


def _text(notice: Notice, locale: str) -> _Text:
    wrapped = "\n".join(map(_wrapped, notice.wording.text(locale).split("\n")))
    paragraphs = (paragraph.replace("\n", "<br>\n") for paragraph in str(escape(wrapped)).split("\n\n"))
    return _Text(
        locale=locale,
        title=notice.wording.title(locale),
        text=wrapped.replace(_SOFT, "\n"),
        html=Markup("<p>" + "</p>\n<p>".join(paragraphs).replace(_SOFT, "\n") + "</p>"),  # noqa: S704 - escaped above
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


def _part(kind: str, content: str) -> EmailMessage:
    """Return a part as ``set_content`` makes it, without parsing the same headers again for every letter."""
    part = EmailMessage(policy=SMTPUTF8)
    part["Content-Type"] = _header("Content-Type", f'text/{kind}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _header("Content-Transfer-Encoding", "8bit")
    part.set_payload(content.encode().decode("ascii", "surrogateescape"))
    return part


@lru_cache(maxsize=256)
def _header(name: str, value: str) -> str:
    """Return a parsed header, to be used again. Raises ``ValueError`` for a value with a line end."""
    header: str = SMTPUTF8.header_store_parse(name, value)[1]
    return header


@lru_cache(maxsize=1024)
def _address_line(name: str, address: str, policy: Policy) -> bytes:
    user, _, domain = address.rpartition("@")
    return policy.fold_binary("To", _header("To", str(Address(name, user, domain))))
