"""An installation with some events in it, and what a machine reads of it, to compare the pages with."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.cli.sample_year.places import on_its_day
from services.cli.sample_year.streams import STREAMS
from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from tests.e2e.shell import running
from tests.servers.processes import wait_until

TOKEN = "sample-token"  # noqa: S105 - of these tests alone
_A_YEAR_AGO = timedelta(days=365, hours=6)
_NOW = timedelta(seconds=1)
_LOOKS = (_A_YEAR_AGO, _A_YEAR_AGO, _NOW, _NOW, _NOW, _NOW)  # of each stream; every other one finds something


@dataclass(frozen=True)
class Installation:
    """All services, running, where they are reached."""

    url: str

    @property
    def entrance(self) -> str:
        """The same with the token as password, as an officer's browser sends it once it has asked for it."""
        return self.url.replace("://", f"://officer:{TOKEN}@")

    def answer(self, path: str, body: bytes | None = None, content_type: str = "") -> tuple[int, bytes]:
        """Return the status and the body of what a path answers."""
        password = base64.b64encode(f"officer:{TOKEN}".encode()).decode()
        headers = {"Authorization": f"Basic {password}"}
        if body is not None:
            headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": content_type}
        request = urllib.request.Request(f"{self.url}{path}", body, headers)  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, answer.read()

    def read(self, path: str) -> Any:
        """Return the JSON that a path answers."""
        return json.loads(self.answer(path)[1])

    def acknowledged(self, notice_id: str) -> list[Any]:
        """Return who has acknowledged a notice, and when."""
        return list(self.read(f"/v1/notices/{notice_id}")["acknowledgements"])

    def unread_notice(self) -> str:
        """Return the id of a notice that nobody has acknowledged yet."""
        ids = [str(one["notice_id"]) for one in self.read("/v1/notices")["notices"]]
        return next(one for one in ids if not self.acknowledged(one))


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """Run all services with tokens, and give them once a few events of every stream have reached the figures."""
    tokens = folder / "tokens.json"
    holder = {"name": "officer", "roles": ["officer", "publisher"]}
    tokens.write_text(json.dumps({hashlib.sha256(TOKEN.encode()).hexdigest(): holder}), encoding="utf-8")
    with running(folder / "data", CHUAN_TOKENS_FILE=str(tokens)) as url:
        made = Installation(url)
        batch = b"[" + b",".join(map(encode, _events(datetime.now(UTC)))) + b"]"
        assert made.answer("/v1/events", batch, "application/cloudevents-batch+json")[0] == 202
        assert wait_until(lambda: _has_figures(made), 30), "no notice came, or no figure"
        yield made


def _events(now: datetime) -> Iterator[Event[Any]]:
    """Yield what the sample year's streams find now, and found a year ago: so there is a figure to compare with."""
    rng = random.Random(5)
    for stream in STREAMS:
        for number, ago in enumerate(_LOOKS):
            at = (now - ago).replace(microsecond=0)
            name = f"SAMPLE-{stream.code}-{number:06}"
            data = on_its_day(stream.draw(rng).look(rng, at, name, number % 2 == 1))
            yield Event(
                id=name,
                source=f"/sample/{data.type.partition('.')[0]}",
                type=data.type,
                subject=data.order_key(),
                time=at,
                data=data,
                dataversion=data.version,
            )


def _has_figures(made: Installation) -> bool:
    values = {one["name"]: one["value"] for one in made.read("/v1/reports")["totals"]}
    return all(values[name] for name in ("violations", "cases_opened", "foreign_alerts", "notices_delivered"))
