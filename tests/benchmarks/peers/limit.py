"""The physical limit: a bare pika consumer, one statement for each 500 events, one acknowledgement for all of them.

No framework, no validation, no retries, no dead letters; what is malformed stops it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pika
import psycopg

from tests.benchmarks.peers.work import QUEUE, broker_url, plain_database_url

_BATCH = 500
_IDLE = 0.05  # seconds without an event after which a smaller batch is stored

_STORE = """
with e as (select * from unnest(%s::uuid[], %s::text[], %s::text[], %s::date[]) as t(id, province, kind, day)),
     ins as (insert into inbox (id) select id from e on conflict do nothing returning id)
insert into rollup as r (province, kind, day, events)
select province, kind, day, count(*) from e join ins using (id) group by 1, 2, 3 order by 1, 2, 3
on conflict (province, kind, day) do update set events = r.events + excluded.events
"""


class _Site(msgspec.Struct):
    province: str


class _Data(msgspec.Struct):
    observed_at: str
    site: _Site
    violation_kind: str


class _Event(msgspec.Struct):
    id: str
    data: _Data


_read = msgspec.json.Decoder(_Event).decode


def main() -> None:
    """Consume until stopped."""
    database = psycopg.connect(plain_database_url(), autocommit=True)
    channel = pika.BlockingConnection(pika.URLParameters(broker_url())).channel()
    channel.basic_qos(prefetch_count=3 * _BATCH)
    batch: list[bytes] = []
    for method, _, body in channel.consume(QUEUE, inactivity_timeout=_IDLE):
        if method is not None:
            batch.append(body)
            last = method.delivery_tag
        if batch and (method is None or len(batch) == _BATCH):
            _store(database, batch)
            channel.basic_ack(last, multiple=True)
            batch = []


def _store(database: psycopg.Connection, bodies: Sequence[bytes]) -> None:
    events = {event.id: event.data for event in map(_read, bodies)}
    data = events.values()
    columns = [one.site.province for one in data], [one.violation_kind for one in data], [one.observed_at[:10] for one in data]
    database.execute(_STORE, (list(events), *columns))


if __name__ == "__main__":
    main()
