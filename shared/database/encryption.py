"""Beyond this machine PostgreSQL is spoken to with TLS only, and its certificate is checked: libpq does both when told to."""

from __future__ import annotations

import sqlalchemy as sa

from shared.kernel.errors import ChuanError
from shared.kernel.hosts import is_loopback

# What libpq says, and what to do about it.
_ADVICE = {
    "certificate verify failed": "sslrootcert= must name the authority that issued the server's certificate; or that has expired",
    "does not match host name": "use the name that stands in the server's certificate, or give it one with this name",
    "root certificate file": "sslrootcert= names a file that is not there",
    "not read root certificate": "sslrootcert= names a file that holds no certificate",
    "does not support SSL": "the server does not encrypt; turn ssl on there",
}


def check_encrypted(url: sa.URL) -> None:
    """Raise ``ChuanError`` when the password would go to another machine in the clear, or to whoever pretends to be it."""
    given = url.query.get("host", url.host or "")
    hosts = [one.partition(":")[0] for one in (given.split(",") if isinstance(given, str) else given)]
    elsewhere = [host for host in hosts if host and not host.startswith("/") and not is_loopback(host)]
    if elsewhere and url.query.get("sslmode") != "verify-full":
        raise ChuanError(f"database on {elsewhere[0]}: add ?sslmode=verify-full&sslrootcert=FILE, or anybody could listen")


def advice(error: object) -> str:
    """Return what to do about a server that could not be trusted; empty for any other error."""
    text = str(error)
    return next((f": {told}" for said, told in _ADVICE.items() if said in text), "")
