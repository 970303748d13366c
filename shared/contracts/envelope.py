"""The CloudEvents 1.0 envelope and the base of every event's data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import msgspec

from shared.kernel.clock import HANOI
from shared.kernel.errors import Reason, Refused
from shared.kernel.ids import event_key

# A legal time outside these years is a typing error, not an observation. They are counted in legal days: the last evening
# elsewhere lies in the next year here, and so would everything that follows from it.
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_FIRST_MOMENT = datetime(_FIRST_YEAR, 1, 1, tzinfo=HANOI).astimezone(UTC)
_MOMENT_AFTER = datetime(_LAST_YEAR + 1, 1, 1, tzinfo=HANOI).astimezone(UTC)

# What happened lies before its publication. A month is left for clocks that go wrong and for decisions that take effect later;
# a wrong year or a month and a day that changed places would start statutory clocks where nobody looks for them.
_LEAD = timedelta(days=31)
# A year from now may be tried out beforehand. What lies further ahead is a typing error, and a clock that follows the events
# must not follow that one.
_AHEAD = timedelta(days=366)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def check_year(name: str, moment: date) -> None:
    """Raise ``ValueError`` unless ``moment``, a date or a time with its zone, lies in the years a fact can lie in."""
    if isinstance(moment, datetime):
        lies_in_them = _FIRST_MOMENT <= moment < _MOMENT_AFTER
    else:
        lies_in_them = _FIRST_YEAR <= moment.year <= _LAST_YEAR
    if not lies_in_them:
        raise ValueError(f"{name} must lie between {_FIRST_YEAR} and {_LAST_YEAR}")


def check_lead(observed_at: datetime, published_at: datetime) -> None:
    """Raise ``ValueError`` when a legal time lies so far after the publication that it cannot be right."""
    if observed_at > published_at + _LEAD:
        raise ValueError(f"observed_at lies more than {_LEAD.days} days after the event's time {published_at:%Y-%m-%d}")


def check_arrival(event: Event[Any], arrived: datetime) -> None:
    """Raise ``Refused`` when a partner's event was published so long after it arrived that its time cannot be right.

    Our own services tell business time, which a simulated year may carry beyond the present.
    """
    if not event.source.startswith(OWN_SOURCE) and event.time > arrived + _AHEAD:
        detail = f"time lies more than {_AHEAD.days} days after {arrived:%Y-%m-%d}, when the event arrived"
        raise Refused(Reason.INVALID_DATA, detail, "/time")


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the data of every event.

    ``observed_at`` is the legal time: when the fact happened, never when it reached us (that is the envelope's ``time``).
    """

    type: ClassVar[str]
    version: ClassVar[int]

    observed_at: Moment

    def __post_init__(self) -> None:
        if self.observed_at.tzinfo is None:
            raise ValueError("observed_at needs a time zone, for example 2025-03-14T09:30:00+07:00")
        check_year("observed_at", self.observed_at)

    def order_key(self) -> str:
        """Return what the order of events must hold for; it is the envelope's ``subject``."""
        raise TypeError(f"{type(self).__name__} does not say what its order holds for")

    @property
    def province(self) -> str:
        """Two-digit province code for roll-ups, empty where the fact has no place."""
        site = getattr(self, "site", None)
        return site.province if site is not None else ""

    @property
    def product_group(self) -> str:
        """Product group for roll-ups, empty where the fact has no product."""
        product = getattr(self, "product", None)
        return str(product.group) if product is not None else ""

    @property
    def kind(self) -> str:
        """The finer kind of the fact for roll-ups, empty where the event type says it all."""
        return ""

    @classmethod
    def sample(cls) -> Data:
        """Return a valid instance for the documentation and the contract tests."""
        raise TypeError(f"{cls.__name__} shows no sample")

    @classmethod
    def samples(cls) -> Sequence[Data]:
        """Return valid instances of all its shapes, ``sample()`` first."""
        return [cls.sample()]


D = TypeVar("D", bound=Data)
C = TypeVar("C", bound=type[Data])


class Event(msgspec.Struct, Generic[D], frozen=True, kw_only=True):
    """One event: the envelope's attributes and its typed ``data``.

    ``edited`` names the edit of the dead-letter desk that the bytes come from, and is empty where nobody changed them.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: D
    dataversion: int = 1
    correlationid: str = ""
    causationid: str = ""
    traceparent: str = ""
    edited: str = ""

    @property
    def key(self) -> str:
        """The identity under which inboxes know this event."""
        return event_key(self.source, self.id)


class Contract(msgspec.Struct, frozen=True):
    """One published event type and the class of its data."""

    event_type: str
    version: int
    data: type[Data]

    @property
    def publisher(self) -> str:
        return self.event_type.partition(".")[0]

    @property
    def is_own(self) -> bool:
        """Whether one of this project's services publishes it, and nobody else may."""
        return self.publisher in OWN_PUBLISHERS


OWN_PUBLISHERS = frozenset({"planning", "inspection", "notification", "reporting"})
OWN_SOURCE = "/chuan/"  # how the sources of their events begin
CONTRACTS: dict[str, Contract] = {}


def contract(event_type: str, *, version: int = 1) -> Callable[[C], C]:
    """Publish the decorated class as the data of ``event_type``; the type is also its routing key."""

    def publish(cls: C) -> C:
        if event_type in CONTRACTS:
            raise ValueError(f"{event_type} is published twice: {CONTRACTS[event_type].data.__name__}, {cls.__name__}")
        for duty in ("order_key", "sample"):
            if all(duty not in vars(base) for base in cls.__mro__ if base is not Data):
                raise TypeError(f"{cls.__name__} must define {duty}()")
        cls.type, cls.version = event_type, version
        CONTRACTS[event_type] = Contract(event_type, version, cls)
        return cls

    return publish


def upcaster(data: type[Data], version: int) -> Callable[[dict[str, Any]], dict[str, Any]] | None:
    """Return the class's ``upcast_v1_v2``-style method that lifts a payload from ``version`` to the next."""
    return getattr(data, f"upcast_v{version}_v{version + 1}", None)
