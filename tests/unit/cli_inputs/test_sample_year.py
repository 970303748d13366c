"""The sample year is repeatable, plausible, and valid in every rule of the published language."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Any

import msgspec
import pytest

from services.cli.sample_year import events, plan
from services.inspection.rules import rulebook
from services.inspection.rules.verification_is_valid.group_2_instruments import GROUP_2
from services.planning.model.drafts import Draft, Reached
from services.planning.model.plans import YearPlan
from services.planning.rules.activities_count_towards_items import COUNTED, activity_of, amount_of, is_counted
from services.planning.rules.drafts_advance_stage_by_stage import objection_to
from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import (
    AlertPublished,
    DispenserCheck,
    DraftAdvanced,
    DraftKind,
    DraftStage,
    InstrumentChecked,
    ScaleCheck,
)
from shared.contracts.registry import contracts
from shared.contracts.vocabulary import Outcome
from shared.kernel.clock import HANOI
from shared.kernel.provinces import CODES, MERGED, PROVINCES, province_on

YEAR = 2025


@pytest.fixture(scope="module")
def year() -> list[Event[Any]]:
    """Return the sample year at its usual size."""
    return list(events(7, YEAR))


def test_same_seed_gives_the_same_bytes_and_another_seed_another_year() -> None:
    """The stream depends on its arguments alone."""
    first, again, other = ([encode(event) for event in events(seed, YEAR, 1500)] for seed in (1, 1, 2))
    assert first == again
    assert set(first).isdisjoint(other)


def test_two_samples_never_share_an_id() -> None:
    """Seed, year and size are part of the ids: no event of one sample can pass for one of another."""
    samples = [(1, YEAR, 1500), (2, YEAR, 1500), (1, YEAR, 1600), (1, YEAR - 1, 1500)]
    ids = [event.id for sample in samples for event in events(*sample)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("size", [500, 1500, 20_000])
def test_size_is_kept(size: int) -> None:
    """About as many events are made as were asked for."""
    assert sum(1 for _ in events(3, YEAR, size)) == pytest.approx(size, rel=0.05)


def test_events_come_in_order_of_legal_time_within_the_two_years(year: list[Event[Any]]) -> None:
    """The clock that follows the events never has to go back."""
    times = [event.data.observed_at for event in year]
    assert times == sorted(times)
    assert {moment.astimezone(HANOI).year for moment in times} == {YEAR - 1, YEAR}


def test_every_event_passes_the_edge(year: list[Event[Any]]) -> None:
    """What is made is what the strict reader accepts, unchanged."""
    for event in year:
        read = decode(encode(event), edge=True)
        assert (read.id, read.time, read.data) == (event.id, event.time, event.data)


def test_all_kinds_come_from_all_provinces(year: list[Event[Any]]) -> None:
    """Every type of the partners; all 63 provinces up to 30 June 2025 and the 34 from 1 July on."""
    assert {event.type for event in year} == {name for name, one in contracts().items() if not one.is_own}
    named: dict[bool, set[str]] = {True: set(), False: set()}
    for event in year:
        named[event.data.observed_at.astimezone(HANOI).date() < MERGED].add(event.data.province)
    assert named[True] - {""} == CODES
    assert named[False] - {""} == set(PROVINCES)


def test_a_site_stays_where_it_is_when_its_province_is_merged(year: list[Event[Any]]) -> None:
    """It names one former province before, and the one that this became part of since; so does the unit that reports."""
    places: dict[str, set[str]] = {}
    for event in year:
        site = getattr(event.data, "site", None) or getattr(event.data, "importer", None)
        if site is not None:
            places.setdefault(site.id, set()).add(site.province)
        if event.data.province and event.type == "survey.answered":
            assert event.data.unit == f"SAMPLE-UNIT-{event.data.province}"
    assert any(len(one) > 1 for one in places.values())
    for named in places.values():
        assert len(named) <= 2
        assert len({province_on(code, MERGED) for code in named}) == 1


def test_people_and_places_are_plainly_samples(year: list[Event[Any]]) -> None:
    """Nobody can mistake a made-up site for a real one."""
    for event in year:
        assert event.id.startswith("SAMPLE-")
        assert event.source.startswith("/sample/")
        site = getattr(event.data, "site", None) or getattr(event.data, "importer", None)
        if site is not None:
            assert site.id.startswith("SAMPLE-")
            assert "mẫu" in site.name


def test_most_findings_conform_and_about_one_in_twenty_does_not(year: list[Event[Any]]) -> None:
    """Every violation kind occurs in both years, at a rate that an inspectorate would believe."""
    outcomes: dict[tuple[ViolationKind, int], Counter[Outcome]] = {}
    for event in year:
        for verdict in rulebook().verdicts(event.data):
            about = verdict.violation_kind, event.data.observed_at.astimezone(HANOI).year
            outcomes.setdefault(about, Counter())[verdict.outcome] += 1
    assert outcomes.keys() == {(kind, one) for kind in ViolationKind for one in (YEAR - 1, YEAR)}
    for kind, counted in outcomes.items():
        share = counted[Outcome.NONCONFORMING] / counted.total()
        # Helmets certified to the old regulation were lawful until the end of 2024.
        assert (share == 0) if kind == (ViolationKind.CERTIFICATE_SUPERSEDED, 2024) else (0.005 < share < 0.13), (kind, share)
        assert counted[Outcome.INCONCLUSIVE] == 0
    total = sum(outcomes.values(), Counter())
    assert 0.03 < total[Outcome.NONCONFORMING] / total.total() < 0.07


def test_every_rule_is_met(year: list[Event[Any]]) -> None:
    """No rule and no instrument of group 2 is without an example: the sample year shows each of them at work."""
    seen = {verdict.rule.name for event in year for verdict in rulebook().verdicts(event.data)}
    assert {rule.name for rule in rulebook().rules} - seen == set()
    checks = [event.data.finding for event in year if isinstance(event.data, InstrumentChecked)]
    assert {event.data.instrument_type for event in year if isinstance(event.data, InstrumentChecked)} == set(GROUP_2)
    assert any(isinstance(one, ScaleCheck) for one in checks)
    assert any(isinstance(one, DispenserCheck) and one.litres for one in checks)


def test_violations_are_followed_up_in_time_late_or_never(year: list[Event[Any]]) -> None:
    """Some sites are back in order within three days, some later, some not before the year ends."""
    broken: dict[tuple[str, ...], Any] = {}
    days: Counter[str] = Counter()
    for event in year:
        data = event.data
        for verdict in rulebook().verdicts(data):
            site = getattr(data, "site", None) or data.importer
            about = (site.id, data.product.key, getattr(data, "instrument_id", ""), str(verdict.violation_kind))
            if verdict.outcome is Outcome.NONCONFORMING:
                broken.setdefault(about, data.observed_at)
            elif about in broken:
                taken = data.observed_at - broken.pop(about)
                days["soon" if taken <= timedelta(days=4) else "late"] += 1
    assert days["soon"] > 200
    assert days["late"] > 100
    assert len(broken) > 30


def test_a_few_events_arrive_late_and_some_very_late(year: list[Event[Any]]) -> None:
    """Arrival is never before the fact; a few per cent take hours, some of them longer than any clock runs."""
    delays = [event.time - event.data.observed_at for event in year]
    assert min(delays) > timedelta(0)
    assert 0.02 < sum(delay > timedelta(hours=1) for delay in delays) / len(delays) < 0.05
    assert sum(delay > timedelta(days=6) for delay in delays) > 20


def test_seasons_show(year: list[Event[Any]]) -> None:
    """Helmets are looked at before September, hardly anything happens at Tết, and foreign alerts come on Fridays."""
    local = [(event, event.data.observed_at.astimezone(HANOI).date()) for event in year]
    helmets = Counter(day.month for event, day in local if event.data.product_group == "helmet")
    assert helmets.most_common(1)[0][0] == 8
    by_day = Counter(day.isoformat() for _, day in local)
    assert by_day["2025-01-29"] < by_day["2025-01-14"] / 4
    assert {day.weekday() for event, day in local if isinstance(event.data, AlertPublished)} == {4}


@pytest.mark.parametrize(("of_year", "standards", "national", "local"), [(YEAR - 1, 389, 29, 25), (YEAR, 496, 32, 31)])
@pytest.mark.parametrize("size", [800, 20_000])
def test_figures_of_the_review(size: int, of_year: int, standards: int, national: int, local: int) -> None:
    """496 standards (+27.5 %), 32 national and 31 local regulations (+24 %), whatever the size of the sample."""
    done = drafted(events(11, YEAR, size), of_year)
    assert done[DraftKind.NATIONAL_STANDARD, DraftStage.ISSUED] == standards
    assert done[DraftKind.NATIONAL_REGULATION, DraftStage.APPRAISED] == national
    assert done[DraftKind.LOCAL_REGULATION, DraftStage.APPRAISED] == local


def drafted(year: Iterable[Event[Any]], of_year: int) -> Counter[tuple[DraftKind, DraftStage]]:
    """Add up what drafts hold, by kind and the stage they reached."""
    done: Counter[tuple[DraftKind, DraftStage]] = Counter()
    for event in year:
        data = event.data
        if isinstance(data, DraftAdvanced) and data.observed_at.astimezone(HANOI).year == of_year:
            done[data.draft_kind, data.stage] += data.count
    return done


def test_drafts_of_the_sample_year_go_the_lawful_way(year: list[Event[Any]]) -> None:
    """Stage by stage and in time, but for the urgent one that is closed to comments too early."""
    steps: dict[str, list[Reached]] = {}
    broken = []
    for data in (event.data for event in year if isinstance(event.data, DraftAdvanced)):
        before = steps.setdefault(data.draft_id, [])
        step = Reached(stage=data.stage, at=data.observed_at, urgent=data.urgent, in_force_on=data.in_force_on)
        draft = Draft(draft_id=data.draft_id, kind=data.draft_kind, title=data.title, unit=data.unit, urgent=data.urgent)
        if before and objection_to(draft, before, step) is not None:
            broken.append((data.draft_id, data.stage))
        before.append(step)
    assert broken == [(f"SAMPLE-DRAFT-{YEAR}-1", DraftStage.COMMENTS_CLOSED)]


def test_plans_are_valid_and_partly_reached(year: list[Event[Any]]) -> None:
    """The planning service reads both plans; the year reaches most survey items and misses some."""
    national, hue = sorted((msgspec.convert(one, YearPlan) for one in plan(YEAR)), key=lambda one: one.unit_province)
    assert (national.year, len(national.key_tasks), hue.unit_province) == (YEAR, 10, "46")
    done: Counter[str] = Counter()
    for event in year:
        if event.type not in COUNTED or event.data.observed_at.astimezone(HANOI).year != YEAR:
            continue
        for one in (national, hue):
            for item in one.items():
                if item.counts.event == event.type and is_counted(item.counts.wanted(), activity_of(event).facts):
                    done[f"{one.plan_id}/{item.id}"] += amount_of(event.data)
    assert drafted(year, YEAR)[DraftKind.NATIONAL_STANDARD, DraftStage.ISSUED] == 496
    assert done[f"{hue.plan_id}/inspections"] == 2
    assert done[f"{hue.plan_id}/classes"] == 5
    targets = {f"{one.plan_id}/{item.id}": item.target for one in (national, hue) for item in one.items()}
    reached = {name: done[name] >= target for name, target in targets.items() if name in done}
    assert sum(reached.values()) >= 10
    assert not all(reached.values())


def test_plan_of_another_year_names_that_year() -> None:
    """The files are written for one year; ids, titles and days follow the year asked for."""
    for one in plan(2031):
        read = msgspec.convert(one, YearPlan)
        assert (read.year, read.approved_on.year) == (2031, 2031)
        assert "2031" in read.plan_id
        assert "2025" not in read.title


def test_memory_stays_flat() -> None:
    """The stream is made a day at a time: a long one needs no more room than its first tenth."""
    stream = events(5, YEAR, 40_000)
    tracemalloc.start()
    try:
        for _ in islice(stream, 4_000):
            pass
        early, _ = tracemalloc.get_traced_memory()
        for _ in stream:
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < early + 8_000_000
