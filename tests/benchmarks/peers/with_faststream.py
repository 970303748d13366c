"""FastStream on RabbitMQ: one subscriber, asynchronous SQLAlchemy on asyncpg, acknowledged when the handler has returned."""

from __future__ import annotations

import asyncio
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from sqlalchemy.ext.asyncio import create_async_engine

from tests.benchmarks.peers.work import ACCEPT, ADD, QUEUE, broker_url, cell, database_url

_AT_ONCE = 10

broker = RabbitBroker(broker_url(), default_channel=Channel(prefetch_count=_AT_ONCE), logger=None)
app = FastStream(broker, logger=None)
engine = create_async_engine(database_url("asyncpg"), pool_size=_AT_ONCE)


@broker.subscriber(RabbitQueue(QUEUE, declare=False), ack_policy=AckPolicy.NACK_ON_ERROR)
async def add(event: dict[str, Any]) -> None:
    """Take one event."""
    async with engine.begin() as connection:
        if (await connection.execute(ACCEPT, {"id": event["id"]})).first() is not None:
            await connection.execute(ADD, cell(event))


if __name__ == "__main__":
    asyncio.run(app.run())
