"""The floor of two hops: bare pika and psycopg, one event at a time; store and commit, publish with confirm, acknowledge.

``python -m tests.benchmarks.peers.floor first|second``
"""

from __future__ import annotations

import sys

import msgspec
import pika
import psycopg

from tests.benchmarks.peers.work import broker_url, plain_database_url

FIRST, SECOND = "floor.first", "floor.second"
TABLES = "create table inbox_1 (id uuid primary key, body text); create table inbox_2 (id uuid primary key, body text)"
_STORE = "insert into {} (id, body) values (%s, %s) on conflict do nothing"


class _Event(msgspec.Struct):
    id: str


_read = msgspec.json.Decoder(_Event).decode


def main() -> None:
    """Take what comes to the first or the second queue, and hand it on from the first to the second."""
    first = sys.argv[1] == "first"
    statement = _STORE.format("inbox_1" if first else "inbox_2")
    database = psycopg.connect(plain_database_url(), autocommit=True)
    connection = pika.BlockingConnection(pika.URLParameters(broker_url()))
    channel, onward = connection.channel(), connection.channel()
    onward.confirm_delivery()
    channel.basic_qos(prefetch_count=100)
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=pika.DeliveryMode.Persistent)
    for method, _, body in channel.consume(FIRST if first else SECOND):
        database.execute(statement, (_read(body).id, body.decode()))
        if first:
            onward.basic_publish("", SECOND, body, properties, mandatory=True)
        channel.basic_ack(method.delivery_tag)


if __name__ == "__main__":
    main()
