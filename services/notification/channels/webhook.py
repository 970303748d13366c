"""Webhooks as Standard Webhooks 1.0.0: signed, the same ``webhook-id`` on every attempt, never redirected.

Only public addresses are called, over HTTPS on port 443, so that an address in the contacts cannot turn this service
against the network it stands in; ``webhook_allowed_hosts`` lists the internal hosts that may be called all the same.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from ipaddress import IPv4Address
from urllib.parse import SplitResult, urlsplit

import msgspec
import requests
from requests_hardened import Config, HTTPSession
from standardwebhooks import Webhook

from services.notification.channels import AddressGone, Channel, Deferred, Refused, Send
from services.notification.model import Letter
from shared.settings import Settings

_TIMEOUT = (5.0, 10.0)  # seconds to connect, and to wait for an answer
_ACCEPTED = range(200, 300)
_GONE = 410
_NUMBER = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$")  # a host that ends like this is meant as an IPv4 address
_SECRET_BYTES = range(24, 65)  # as Standard Webhooks has it


def open_channel(settings: Settings, wall: Callable[[], datetime]) -> Channel:
    """Return the channel; ``wall`` stamps the signatures, whose age receivers check."""
    return Webhooks(frozenset(settings.webhook_allowed_hosts), settings.public_url.rstrip("/"), wall)


def check_address(address: Mapping[str, str]) -> None:
    """Raise ``ValueError`` unless this is ``{url: https://…, secret: whsec_…}``."""
    if address.keys() != {"url", "secret"}:
        raise ValueError("webhook needs {url: https://…, secret: whsec_…}")
    url = urlsplit(address["url"])
    if url.scheme not in ("http", "https") or not url.hostname or "@" in url.netloc or not address["url"].isprintable():
        raise ValueError("a webhook's url must be http(s)://host/path without a user name")
    _ = url.port  # raises ValueError for what is no port
    if _NUMBER.search(url.hostname):
        IPv4Address(url.hostname)  # raises ValueError for 127.1, 0x7f000001 and the like, which resolvers read differently
    try:
        secret = base64.b64decode(address["secret"].removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook's secret must be whsec_ and base64") from error
    if len(secret) not in _SECRET_BYTES:
        raise ValueError("a webhook's secret must have 24 to 64 bytes")


class Webhooks:
    """Posts letters; a host that did not answer is not asked again in the same round."""

    def __init__(self, allowed_hosts: frozenset[str], public_url: str, wall: Callable[[], datetime]) -> None:
        self._allowed_hosts = allowed_hosts
        self._public_url = public_url
        self._wall = wall

    @contextmanager
    def session(self) -> Iterator[Send]:
        """Give the function that posts."""
        silent: dict[str, str] = {}

        def send(letter: Letter) -> str:
            address = letter.recipient.channels["webhook"]
            host = urlsplit(address["url"]).netloc
            if host in silent:
                raise Deferred(silent[host])
            try:
                return self._post(http, letter, address)
            except (requests.ConnectionError, requests.Timeout) as error:
                silent[host] = f"{host} did not answer: {type(error).__name__}"
                raise Deferred(silent[host]) from error
            except requests.RequestException as error:
                raise Deferred(f"{host}: {type(error).__name__}") from error

        with _guarded_session() as guarded, requests.Session() as plain:
            http = {True: plain, False: guarded}
            for one in (guarded, plain):
                one.trust_env = False  # a proxy from the environment would go around the guard
            yield send

    def _post(self, http: Mapping[bool, requests.Session], letter: Letter, address: Mapping[str, str]) -> str:
        allowed = self._is_allowed(urlsplit(address["url"]))
        body, now = self._body(letter), self._wall()
        headers = {
            "content-type": "application/json",
            "webhook-id": letter.delivery_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(address["secret"]).sign(letter.delivery_id, now, body),
            "user-agent": "chuan-notification",
        }
        # Streaming leaves the body of the answer unread, however large it is.
        with http[allowed].post(
            address["url"], data=body.encode(), headers=headers, timeout=_TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            status = f"{answer.status_code} {answer.reason}"
            if answer.status_code == _GONE:
                raise AddressGone(status)
            if answer.status_code not in _ACCEPTED:
                raise Deferred(status)
            return status

    def _is_allowed(self, url: SplitResult) -> bool:
        """Tell whether an operator vouches for this host; raise ``Refused`` for what may be called in no way."""
        if url.hostname in self._allowed_hosts or url.netloc in self._allowed_hosts:
            return True
        if url.scheme != "https" or url.port not in (None, 443):
            raise Refused(f"{url.netloc}: only https on port 443 is called, except for CHUAN_WEBHOOK_ALLOWED_HOSTS")
        return False

    def _body(self, letter: Letter) -> str:
        notice = letter.notice
        wording = notice.wording
        payload = {
            "type": f"notice.{notice.kind}",
            "timestamp": notice.issued_at,
            "data": {
                "notice_id": notice.notice_id,
                "about": notice.about,
                "province": notice.province,
                "product_group": notice.product_group,
                "recipient": letter.recipient.id,
                "title": {"vi": wording.title_vi, "en": wording.title_en},
                "text": {"vi": wording.text_vi, "en": wording.text_en},
                "acknowledge_at": f"{self._public_url}/v1/notices/{notice.notice_id}/acknowledgement",
            },
        }
        return msgspec.json.encode(payload).decode()


def _guarded_session() -> HTTPSession:
    """Return a session that resolves once, refuses private addresses and connects to the very address it checked."""
    return HTTPSession(
        Config(ip_filter_enable=True, ip_filter_allow_loopback_ips=False, never_redirect=True, default_timeout=_TIMEOUT)
    )
