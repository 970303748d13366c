"""To bring to the desk what the broker has put aside."""

from __future__ import annotations

from contextlib import closing

from services.cli.databases import changing, opened, service_names, settings_of
from services.cli.dead_letters.choosing import who_acts
from services.cli.options import AsJson, DataFolder
from services.cli.output import print_json
from shared.kernel.errors import InvalidInput, Reason, Refused
from shared.messaging import dead_letters, quarantine, topology
from shared.messaging.brokers import Delivery, connect
from shared.messaging.dead_letters import Deed, Person
from shared.room import wall_time
from shared.settings import Settings

_AT_ONCE = 200
_PATIENCE = 1.0  # seconds without another message until a queue counts as empty

_WHY = {
    topology.DEAD: "delivered again and again: its reader died each time, or the queue was deleted",
    topology.UNROUTABLE: "no queue was bound to its type",
}


def collect(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Bring what the broker has put aside (chuan.dead, chuan.unroutable) to the desk, where it can be replayed.

    Each message goes to the desk of the service whose event it is, a partner's to that of inspection, and is taken off the
    broker when it is stored there. Publishing it again does no harm: inboxes know what they have handled.

    Example: chuan dead-letters collect && chuan dead-letters replay --cause not_delivered
    """
    settings = settings_of(data)
    url = settings.broker_url.get_secret_value()
    if not url.startswith("amqp"):
        raise InvalidInput("CHUAN_BROKER_URL names no RabbitMQ: the broker in the process puts nothing aside")
    by, collected = who_acts(settings), dict.fromkeys(_WHY, 0)
    broker = connect(url)
    for queue in collected:
        with closing(broker.subscribe(queue, prefetch=_AT_ONCE)) as reader:
            while taken := reader.take(_AT_ONCE, timeout=_PATIENCE):
                _store(settings, queue, taken, by)
                reader.ack(taken)
                collected[queue] += len(taken)
    if as_json:
        print_json(collected)
    else:
        print(", ".join(f"{queue}: {number:,}" for queue, number in collected.items()))


def _store(settings: Settings, queue: str, taken: list[Delivery], by: Person) -> None:
    # What a service's outbox sends must be what its user on the broker may publish.
    names = service_names()
    by_desk: dict[str, list[Delivery]] = {}
    for delivery in taken:
        publisher = delivery.type.partition(".")[0]
        by_desk.setdefault(publisher if publisher in names else "inspection", []).append(delivery)
    for name, deliveries in by_desk.items():
        error = Refused(Reason.NOT_DELIVERED, _WHY[queue])
        items = [quarantine.Item(delivery.body, f"queue {queue}", error) for delivery in deliveries]
        with opened(settings, name) as database, changing(database) as desk:
            quarantine.store(desk.connection, name, items, wall_time())
            dead_letters.record(desk, by, Deed.COLLECTED, [item.id for item in items], wall_time(), what=queue)
