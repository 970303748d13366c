"""Who may change something: bearer tokens, stored only as SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Request

LOCAL = "local"  # whoever sits at this machine, where no tokens are in use


class Holder(msgspec.Struct, frozen=True):
    """Somebody with a token, and the roles it gives: publisher, officer, operator.

    Tokens with one name are one person's.
    """

    name: str
    roles: frozenset[str]


class Tokens:
    """The holders of tokens. Without a file everyone may do everything, which only loopback allows."""

    def __init__(self, file: Path | None) -> None:
        self._holders = msgspec.json.decode(file.read_bytes(), type=dict[str, Holder]) if file else None

    @property
    def required(self) -> bool:
        return self._holders is not None

    def holder(self, token: str) -> Holder | None:
        """Return who holds ``token``, None when nobody does."""
        # The digest is looked up, not compared: no timing tells how much of a guess was right.
        return (self._holders or {}).get(hashlib.sha256(token.encode()).hexdigest())

    def check(self, request: Request, role: str) -> str:
        """Return the name of who asks; raise ``Unauthorized`` or ``Forbidden`` when they may not act as ``role``."""
        if not self.required:
            return LOCAL
        holder = self.holder(_token(request))
        if holder is None:
            raise Unauthorized(
                "Send a valid bearer token in the Authorization header.",
                www_authenticate=WWWAuthenticate("basic", {"realm": "Chuan: any name, and the token as password"}),
            )
        if role not in holder.roles:
            raise Forbidden(f"The token of {holder.name} does not give the role {role}.")
        return holder.name


def _token(request: Request) -> str:
    """Return the token a request brings, empty without one.

    A browser can send it as a password, but only to read: it would send it along with a foreign page's form too.
    """
    sent = request.authorization
    if sent is None:
        return ""
    if sent.type == "basic" and request.method in ("GET", "HEAD"):
        return sent.password or ""
    return (sent.token or "") if sent.type == "bearer" else ""
