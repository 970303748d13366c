"""aio-pika with publisher confirms, AT_ONCE publishes awaited together; prints the seconds.

``python -m tests.benchmarks.peers.publish_with_aio_pika COUNT AT_ONCE``
"""

from __future__ import annotations

import asyncio
import sys
import time

import aio_pika

from shared.contracts.inspection import ViolationDetected
from shared.messaging import topology
from tests.benchmarks import events
from tests.benchmarks.peers.work import broker_url


async def publish(count: int, at_once: int) -> float:
    """Publish ``count`` events and return how long it took."""
    bodies = events.bodies(count)
    async with await aio_pika.connect_robust(broker_url()) as connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange(topology.EVENTS)
        began = time.perf_counter()
        for start in range(0, count, at_once):
            messages = [
                aio_pika.Message(body, content_type="application/json", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                for body in bodies[start : start + at_once]
            ]
            await asyncio.gather(*(exchange.publish(message, ViolationDetected.type, mandatory=True) for message in messages))
        return time.perf_counter() - began


if __name__ == "__main__":
    print(asyncio.run(publish(int(sys.argv[1]), int(sys.argv[2]))))
