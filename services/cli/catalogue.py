"""The catalogue of event types: what each says, what its order holds for, who publishes it and who listens."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from services.cli.hosting import SERVICES
from shared.contracts.codec import encode
from shared.contracts.envelope import Contract, Data
from shared.contracts.registry import contracts, sample_events
from shared.kernel.errors import NotFound
from shared.kernel.nearest import unknown
from shared.messaging.subscription import subscribed_types


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event type; ``subject`` shows which fields make up what the order of events holds for."""

    type: str
    version: int
    publisher: str
    subject: str
    about: str
    subscribers: list[str]


class Page(Entry, frozen=True, kw_only=True):
    """One event type in full: the JSON Schema of its data, a valid event, and one of each other shape it may have."""

    schema: dict[str, Any]
    sample: msgspec.Raw
    other_samples: list[msgspec.Raw]


def entries() -> list[Entry]:
    """Return all event types in order of their names."""
    subscribed = {name: subscribed_types(service) for name, service in SERVICES.items()}
    return [_entry(one, subscribed) for one in contracts().values()]


def page(event_type: str) -> Page:
    """Return one event type in full; raise ``NotFound`` for one that does not exist."""
    published = contracts().get(event_type)
    if published is None:
        raise NotFound(unknown("event type", event_type, contracts(), otherwise="`chuan events` lists them"))
    entry = next(one for one in entries() if one.type == event_type)
    first, *others = (msgspec.Raw(encode(event)) for event in sample_events(published))
    return Page(**msgspec.structs.asdict(entry), schema=msgspec.json.schema(published.data), sample=first, other_samples=others)


def _entry(published: Contract, subscribed: dict[str, list[str]]) -> Entry:
    return Entry(
        type=published.event_type,
        version=published.version,
        publisher=published.publisher,
        subject=" or ".join(_subject_rules(published.data.sample())),
        about=(inspect.getdoc(published.data) or "").split("\n\n")[0].replace("\n", " ").replace("``", ""),
        subscribers=[name for name, types in subscribed.items() if published.event_type in types],
    )


def _subject_rules(data: Data) -> dict[str, None]:
    """Return how the order key is made of fields: of all that a sample has and, where that differs, of what it must have."""
    needed = {one.name: getattr(data, one.name) for one in msgspec.structs.fields(data) if one.required}
    return dict.fromkeys(map(_subject_rule, (data, type(data)(**needed))))


def _subject_rule(data: Data) -> str:
    """Return the order key of a sample with each value replaced by the name of the field it comes from."""
    kind, slash, rest = data.order_key().partition("/")
    fields = {value: name for name, value in _texts(msgspec.to_builtins(data))}
    longest_first = sorted(map(re.escape, fields), key=len, reverse=True)
    return kind + slash + re.sub("|".join(longest_first), lambda found: f"{{{fields[found[0]]}}}", rest)


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and value of every text in nested objects, inner names with a dot before them."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, f"{name}.{key}" if name else key)
    elif isinstance(value, str) and value:
        yield name, value
