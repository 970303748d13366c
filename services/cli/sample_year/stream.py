"""The sample year as one stream in order of legal time, made a day at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, TypeAlias

from services.cli.sample_year.activities import HUE, activities
from services.cli.sample_year.drafting import drafting
from services.cli.sample_year.papers import papers
from services.cli.sample_year.places import on_its_day
from services.cli.sample_year.season import Days
from services.cli.sample_year.streams import STREAMS
from services.cli.sample_year.subject import Look, Stream
from shared.contracts.envelope import Data, Event
from shared.kernel.clock import HANOI
from shared.kernel.ids import derived_id
from shared.kernel.provinces import PROVINCES

_SIZE = 20_000
_SMALL = 4_000  # below it only Huế reports its activities, lest they be all there is
_FOLLOWED = 1.045  # events in all for each first finding, later visits included
_OPENS, _OPEN_SECONDS = timedelta(hours=1), 9 * 3600  # 08:00 to 17:00 in Viet Nam, in UTC

_Visit: TypeAlias = tuple[datetime, int, str, Look]
_Plan: TypeAlias = Mapping[date, list[tuple[Stream, int]]]


def events(seed: int, year: int, size: int | None = None) -> Iterator[Event[Any]]:
    """Yield about ``size`` events (20,000) of ``year`` and the year before it, in order of legal time.

    The same arguments give the same events. A few per cent are published hours or days after they were observed.
    """
    wanted = _SIZE if size is None else size
    rng = Random(seed)  # noqa: S311 - repeatable, not secret
    days = Days(date(year - 1, 1, 1), date(year, 12, 31))
    reported: dict[date, list[Look]] = {}
    provinces = list(PROVINCES) if wanted >= _SMALL else [HUE]
    for one in (year - 1, year):
        for made in (activities, drafting):
            for day, looks in made(days, one, is_reviewed=one == year, provinces=provinces, rng=rng).items():
                reported.setdefault(day, []).extend(looks)
    for day, looks in papers(days, year).items():
        reported.setdefault(day, []).extend(looks)
    plan = _plan(days, year, wanted - sum(map(len, reported.values())), rng)
    batch = f"SAMPLE-{derived_id('sample-year', str(seed), str(year), str(wanted))[:8]}"
    yield from _Year(rng, days, year, batch).events(plan, reported)


def _plan(days: Days, year: int, size: int, rng: Random) -> _Plan:
    """Return how many first findings of each stream fall on each day."""
    plan: dict[date, list[tuple[Stream, int]]] = {day: [] for day in days.all}
    unit = max(size, 0) / _FOLLOWED / sum(stream.share * (1 + stream.was) for stream in STREAMS)
    for stream in STREAMS:
        for one, part in ((year - 1, stream.share * stream.was), (year, stream.share)):
            for day, number in days.counts(stream.season, round(unit * part), one, rng).items():
                plan[day].append((stream, number))
    return plan


class _Year:
    """The making of the stream: what was found calls for later visits, which wait here for their day."""

    def __init__(self, rng: Random, days: Days, year: int, batch: str) -> None:
        self._rng = rng
        self._days = days
        self._year = year
        self._batch = batch
        # Nothing is told after the year: the figures of the next one would begin with it.
        self._closes = datetime.combine(date(year, 12, 31), time.max, HANOI).astimezone(UTC).replace(microsecond=0)
        self._numbers: Counter[str] = Counter()
        self._visits: list[_Visit] = []
        self._ties = count()

    def events(self, plan: _Plan, reported: Mapping[date, list[Look]]) -> Iterator[Event[Any]]:
        """Yield the events of all days."""
        for day in self._days.all:
            opens = datetime(day.year, day.month, day.day, tzinfo=UTC) + _OPENS
            found = [self._first_look(stream, opens) for stream, number in plan[day] for _ in range(number)]
            found += [(number, look(self._rng, at, number, True)) for at, number, look in self._reports(reported, day, opens)]
            closes = opens + timedelta(seconds=_OPEN_SECONDS)
            while self._visits and self._visits[0][0] <= closes:
                found.append(self._later_look(*heappop(self._visits)))
            found.sort(key=lambda one: (one[1].observed_at, one[0]))
            for number, data in found:
                yield self._publish(number, data)

    def _reports(self, reported: Mapping[date, list[Look]], day: date, opens: datetime) -> Iterator[tuple[datetime, str, Look]]:
        for look in reported.get(day, ()):
            yield self._moment(opens), self._number("UNIT"), look

    def _first_look(self, stream: Stream, opens: datetime) -> tuple[str, Data]:
        risk, look, again = stream.draw(self._rng)
        at, number = self._moment(opens), self._number(stream.code)
        if at.year < self._year:
            risk *= stream.was_risk
        conforms = self._rng.random() >= risk
        if not conforms:
            self._come_again(at, stream.code, again or look)
        return number, look(self._rng, at, number, conforms)

    def _later_look(self, at: datetime, _tie: int, code: str, look: Look) -> tuple[str, Data]:
        conforms = self._rng.random() > 0.12  # noqa: PLR2004 - one in eight is still not in order
        if not conforms:
            self._come_again(at, code, look)
        number = self._number(code)
        return number, look(self._rng, at, number, conforms)

    def _come_again(self, at: datetime, code: str, look: Look) -> None:
        """Plan the next visit: for most within three working days, for some in some weeks, for a few never."""
        chance = self._rng.random()
        if chance > 0.9:  # noqa: PLR2004
            return
        later = 1 + int(self._rng.random() * 2) if chance < 0.6 else 4 + int(self._rng.random() * 32)  # noqa: PLR2004
        day = self._days.working_after(at.date(), later)
        if day is not None:
            opens = datetime(day.year, day.month, day.day, tzinfo=UTC) + _OPENS
            heappush(self._visits, (self._moment(opens), next(self._ties), code, look))

    def _moment(self, opens: datetime) -> datetime:
        return opens + timedelta(seconds=int(self._rng.random() * _OPEN_SECONDS))

    def _number(self, code: str) -> str:
        self._numbers[code] += 1
        return f"{self._batch}-{code}-{self._numbers[code]:06}"

    def _publish(self, number: str, found: Data) -> Event[Any]:
        """Put the finding into its envelope, mostly within minutes."""
        data = on_its_day(found)
        chance = self._rng.random()
        if chance < 0.97:  # noqa: PLR2004
            delay = 5 + 900 * self._rng.random()
        elif chance < 0.996:  # noqa: PLR2004 - hours: the report within 24 hours is at stake
            delay = 3600 * (6 + 54 * self._rng.random())
        else:  # days: every clock is over before we hear of it
            delay = 86_400 * (6 + 19 * self._rng.random())
        return Event(
            id=number,
            source=f"/sample/{data.type.partition('.')[0]}",
            type=data.type,
            subject=data.order_key(),
            time=min(data.observed_at + timedelta(seconds=int(delay)), max(self._closes, data.observed_at)),
            data=data,
            dataversion=data.version,
        )
