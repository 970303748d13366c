"""pika: publish, wait for the confirm, publish the next; called with the number of events, it prints the seconds."""

from __future__ import annotations

import sys
import time

import pika

from shared.contracts.inspection import ViolationDetected
from shared.messaging import topology
from tests.benchmarks import events
from tests.benchmarks.peers.work import broker_url


def main() -> None:
    """Publish that many events."""
    messages = events.bodies(int(sys.argv[1]))
    channel = pika.BlockingConnection(pika.URLParameters(broker_url())).channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=pika.DeliveryMode.Persistent)
    began = time.perf_counter()
    for body in messages:
        channel.basic_publish(topology.EVENTS, ViolationDetected.type, body, properties, mandatory=True)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
