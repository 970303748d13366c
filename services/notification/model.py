"""What a notice is, who gets it, and when a failed delivery is tried again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shared.contracts.envelope import Data, Event
from shared.kernel.ids import derived_id

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A rule's decision that somebody must be told.

    ``about`` is the id of what it is about: one notice of a kind is issued for it, however often it is announced, and none
    for an event that was published after the moment ``until`` which it is of use.
    ``recipients`` are roles. Wording takes its facts from two places: ``shown_to_all`` may stand in a title and in the
    public feed; ``shown_to_authorities`` only in the text that recipients get, for the name of an inspected site stays
    secret before the conclusion (Law 04/2011/QH13 Art. 47(2)(d), Law 05/2007/QH12 Art. 40).
    """

    about: str
    recipients: tuple[str, ...]
    province: str = ""
    product_group: str = ""
    until: datetime | None = None
    shown_to_all: Mapping[str, Any]
    shown_to_authorities: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Decides on each event of a type whether a notice of ``kind`` is due; ``kind`` is stored, and names the template."""

    kind: str
    listens_to: type[Data]
    decide: Callable[[Any], Decision | None]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A text in both languages. Titles never name a site."""

    title_vi: str
    text_vi: str
    title_en: str
    text_en: str

    def title(self, locale: str) -> str:
        """Return the title in ``locale``."""
        return self.title_en if locale == "en" else self.title_vi

    def text(self, locale: str) -> str:
        """Return the text in ``locale``."""
        return self.text_en if locale == "en" else self.text_vi


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """The holder of a role for a time; ``channels`` is each channel's name with the address it needs."""

    id: str
    name: Mapping[str, str]
    locale: str
    channels: Mapping[str, Mapping[str, str]]


class Notice(NamedTuple):
    """An issued notice: what all of its recipients get."""

    notice_id: str
    kind: str
    about: str
    province: str
    product_group: str
    issued_at: datetime
    wording: Wording


class Letter(NamedTuple):
    """One delivery as a channel gets it: the same id and the same content on every attempt."""

    delivery_id: str
    notice: Notice
    recipient: Recipient


# Waits before each attempt (Standard Webhooks 1.0.0): the first at once, the last a day after the one before, about
# three days in all. What has failed ten times waits for a person.
LADDER = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after ``attempts`` failures, or None when it has been tried often enough."""
    return now + LADDER[attempts] if attempts < len(LADDER) else None


def notice_id(kind: str, event: Event[Any], about: str) -> str:
    """Return the id of the notice of ``kind`` about one thing: the same for a repeated announcement of it."""
    return derived_id("notice", kind, event.subject, about)


def delivery_id(notice: str, recipient: str, channel: str) -> str:
    """Return the id of a delivery; mail and webhooks carry it, so that a receiver knows a repetition."""
    return derived_id("delivery", notice, recipient, channel)


def feed_item_id(notice: str) -> str:
    """Return the id a notice has in the public feed; it does not lead to the notice itself."""
    return derived_id("feed", notice)
