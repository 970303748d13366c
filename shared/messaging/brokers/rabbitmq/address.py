"""A broker's URL as pika and kombu want it: beyond this machine with TLS only, and a check of the broker's certificate."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pika

from shared.kernel.errors import ChuanError, DependencyDown
from shared.kernel.hosts import is_loopback

# OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH and _IP_ADDRESS_MISMATCH.
_EXPIRED, _OTHER_NAME = 10, (62, 64)


class Address:
    """``amqps://user:password@host:port/vhost?cafile=…``; without ``cafile`` the machine's own authorities are trusted.

    ``amqp://`` is for a broker on this machine; for any other it raises ``ChuanError``.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        self.host = parts.hostname or "localhost"
        self.is_encrypted = parts.scheme == "amqps"
        self.cafile = query.pop("cafile", [""])[-1] if self.is_encrypted else ""
        self.place = f"{self.host}:{parts.port or (5671 if self.is_encrypted else 5672)}"
        if query:
            raise ChuanError(f"broker {self.place}: a broker's URL takes only cafile, and only amqps:// does")
        if not self.is_encrypted and not is_loopback(self.host):
            raise ChuanError(f"broker {self.place}: amqp:// would send the password in the clear: use amqps://…?cafile=…")
        self._bare = parts._replace(query="").geturl()

    def for_pika(self) -> pika.ConnectionParameters:
        """Return pika's parameters. Certificates are read each time, for they are renewed while services run.

        Raises ``DependencyDown`` when they cannot be read.
        """
        parameters = pika.URLParameters(self._bare)
        if self.is_encrypted:
            parameters.ssl_options = pika.SSLOptions(self._context(), self.host)
        return parameters

    def for_kombu(self) -> dict[str, Any]:
        """Return the arguments of kombu's connection. Raises ``DependencyDown`` too."""
        if not self.is_encrypted:
            return {"hostname": self._bare}
        self._context()  # says what is wrong with the file; py-amqp makes one of its own
        context = {"check_hostname": True, "cafile": self.cafile or None}
        # The handshake comes later, under py-amqp's time-out, and the socket is closed when it fails.
        return {
            "hostname": self._bare,
            "ssl": {"context": context, "server_hostname": self.host, "do_handshake_on_connect": False},
        }

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.cafile or None)
        except (OSError, ssl.SSLError) as error:
            raise DependencyDown(f"broker {self.place}: cafile={self.cafile}: {error.strerror or error}") from error


def advice(error: BaseException) -> str:
    """Return what to do about a broker that could not be trusted; empty for any other error."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return ""
    if error.verify_code == _EXPIRED:
        return "; the broker needs a new certificate"
    if error.verify_code in _OTHER_NAME:
        return "; use the name that stands in the broker's certificate, or give it one with this name"
    return "; ?cafile= must name the authority that issued the broker's certificate"
