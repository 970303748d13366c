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
    """Somebody with a token, and the roles it gives: publisher, officer, head (of the agency), operator.

    Tokens with one name are one person's.
    """

    name: str
    roles: frozenset[str]


ALL_ROLES = frozenset({"publisher", "officer", "head", "operator"})
_HOLDER = "chuan.holder"


def holder_of(request: Request) -> Holder:
    """Return who asks, as it was found when the request came in."""
    holder: Holder = request.environ[_HOLDER]
    return holder


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

    def check(self, request: Request, role: str, *, by_form: bool = False) -> Holder:
        """Return who asks, and note it on the request; raise ``Unauthorized`` or ``Forbidden`` where ``role`` is not theirs.

        ``by_form``: the resource takes forms of its own pages, for which a browser sends the token as a password.
        """
        if self.required:
            holder = self._proven(request, role, by_form=by_form)
            request.environ["REMOTE_USER"] = holder.name
        else:
            # Nobody is authenticated on loopback; a name sent with Basic authentication tells two officers apart.
            sent = request.authorization
            holder = Holder((sent.username if sent and sent.username else LOCAL)[:120], ALL_ROLES)
            request.environ["REMOTE_USER"] = LOCAL
        request.environ[_HOLDER] = holder
        return holder

    def _proven(self, request: Request, role: str, *, by_form: bool) -> Holder:
        holder = self.holder(_token(request, by_form=by_form))
        if holder is None:
            raise Unauthorized(
                "Send a valid bearer token in the Authorization header.",
                www_authenticate=WWWAuthenticate("basic", {"realm": "Chuan: any name, and the token as password"}),
            )
        if role not in holder.roles:
            raise Forbidden(f"The token of {holder.name} does not give the role {role}.")
        return holder


def is_from_own_page(request: Request) -> bool:
    """Tell whether a browser says that one of our own pages sent this; it says so of every form, and no page can change it."""
    return request.headers.get("Origin", "").partition("://")[2] == request.host


def _token(request: Request, *, by_form: bool) -> str:
    """Return the token a request brings, empty without one.

    A browser can send it as a password, but only to read and with a form of our own pages: it would send it along with a
    foreign page's form too.
    """
    sent = request.authorization
    if sent is None:
        return ""
    if sent.type == "basic" and (request.method in ("GET", "HEAD") or (by_form and is_from_own_page(request))):
        return sent.password or ""
    return (sent.token or "") if sent.type == "bearer" else ""
