"""A running chuan, reached over HTTP."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import msgspec
import requests

from shared.kernel.errors import ChuanError
from shared.kernel.hosts import is_loopback

_PATIENCE = 30.0  # seconds
_MAY_NOT = (401, 403)
_ANSWERS = (200, 201, 202, 409, 422)


class Problem(msgspec.Struct, frozen=True):
    """What of an answer's problem details (RFC 9457) is told to a user."""

    title: str = ""
    detail: str = ""
    pointer: str = ""


class Remote:
    """The installation at ``url``; the bearer token, where one is needed, is in the environment as CHUAN_TOKEN.

    An authority that the machine does not know is named by REQUESTS_CA_BUNDLE. Raises ``ChuanError`` where the token could be
    read on its way.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        if token := os.environ.get("CHUAN_TOKEN"):
            parts = urlsplit(url)
            if parts.scheme != "https" and not is_loopback(parts.hostname):
                raise ChuanError(f"{self._url} would get CHUAN_TOKEN in the clear: use https://")
            self._session.headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body: bytes, content_type: str) -> requests.Response:
        """Return the answer: a success, or what is wrong with ``body``; raise ``ChuanError`` for any other."""
        try:
            # A redirected POST would go on as a GET.
            answer = self._session.post(
                self._url + path, body, headers={"Content-Type": content_type}, timeout=_PATIENCE, allow_redirects=False
            )
        except requests.exceptions.SSLError as error:
            raise ChuanError(
                f"{self._url} has no certificate we trust: REQUESTS_CA_BUNDLE names the authority's file ({error})"
            ) from error
        except (requests.RequestException, ValueError) as error:
            raise ChuanError(f"{self._url} does not answer ({type(error).__name__}); is `chuan run` there?") from error
        if answer.status_code in _MAY_NOT:
            raise ChuanError(f"{self._url} does not let us in: {problem(answer).detail} CHUAN_TOKEN holds the token")
        if answer.status_code in _ANSWERS:
            return answer
        found = problem(answer)
        raise ChuanError(f"{self._url}{path} answers {answer.status_code} {found.detail or found.title or answer.reason}")

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()


def problem(answer: requests.Response) -> Problem:
    """Return the problem details of an answer, empty ones when it has none."""
    try:
        return msgspec.json.decode(answer.content, type=Problem)
    except (msgspec.DecodeError, UnicodeError):
        return Problem()
