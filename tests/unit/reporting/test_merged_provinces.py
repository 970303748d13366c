"""Reports before and after the provinces were merged: comparable, and opening to the events as they were said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.reporting import queries
from services.reporting.queries import Slice
from services.reporting.reports import By
from shared.contracts.inspection import ViolationDetected
from shared.contracts.vocabulary import Site
from shared.database.engine import Database
from shared.kernel.errors import InvalidInput
from tests.unit.reporting.made_up import event_of, take_in

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)
YEAR_END = date(2025, 12, 31)

# What was then Yên Bái (15) and Lào Cai (10) is Lào Cai (15) since; Hà Nội (01) stayed. A late one still says 10.
_SAID = [
    (datetime(2024, 6, 30, 16, 59, tzinfo=UTC), "10"),  # 23:59 in Viet Nam
    (datetime(2024, 6, 30, 17, tzinfo=UTC), "10"),  # midnight: 1 July
    (datetime(2024, 8, 1, tzinfo=UTC), "15"),
    (datetime(2024, 8, 2, tzinfo=UTC), "01"),
    (datetime(2025, 6, 30, 16, 59, tzinfo=UTC), "10"),
    (datetime(2025, 6, 30, 16, 59, tzinfo=UTC), "15"),
    (datetime(2025, 6, 30, 17, tzinfo=UTC), "15"),
    (datetime(2025, 8, 1, tzinfo=UTC), "15"),
    (datetime(2025, 8, 2, tzinfo=UTC), "10"),
    (datetime(2025, 8, 2, tzinfo=UTC), "01"),
]


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with violations on both sides of the day, this year and the year before."""
    sample = ViolationDetected.sample()
    take_in(
        database,
        [event_of(_of(sample, at, province, f"SAMPLE-{number}"), f"{number}") for number, (at, province) in enumerate(_SAID)],
    )
    return database


def _of(sample: ViolationDetected, at: datetime, province: str, violation: str) -> ViolationDetected:
    site = Site(id=f"SAMPLE-SITE-{province}", name="Cửa hàng mẫu", province=province)
    fields = {name: getattr(sample, name) for name in sample.__struct_fields__}
    return ViolationDetected(**{**fields, "observed_at": at, "site": site, "violation_id": violation})


def laid_out(database: Database, first: date, last: date, **asked: date) -> dict[str, tuple[int, int]]:
    """Return violations by province, this year's and last year's."""
    with database.reading() as connection:
        found = queries.report(connection, "violations", first, last, By.PROVINCE, where=Slice(**asked))  # type: ignore[arg-type]
    return {row.key: (row.value, row.previous) for row in found.rows}


def test_a_period_is_laid_out_by_the_provinces_of_its_last_day(filled: Database) -> None:
    """Up to 30 June by the 63; one that ends on 1 July by the 34, what came before rolled up, this year and last year."""
    assert laid_out(filled, date(2025, 1, 1), LAST) == {"10": (1, 1), "15": (1, 0)}
    assert laid_out(filled, date(2025, 1, 1), FIRST) == {"15": (3, 2)}
    assert laid_out(filled, LAST, LAST) == {"10": (1, 1), "15": (1, 0)}
    assert laid_out(filled, FIRST, FIRST) == {"15": (1, 1)}


def test_the_second_halves_are_comparable(filled: Database) -> None:
    """2025 by the 34 beside 2024 by the same 34, though 2024 was said by the 63 and one of 2025 still is."""
    assert laid_out(filled, FIRST, YEAR_END) == {"01": (1, 1), "15": (3, 2)}


def test_an_old_period_can_be_asked_by_todays_provinces(filled: Database) -> None:
    """The first half of 2025 by the provinces of 1 July; the day before is as it was."""
    half = (date(2025, 1, 1), LAST)
    assert laid_out(filled, *half, provinces_on=FIRST) == {"15": (2, 1)}
    assert laid_out(filled, *half, provinces_on=LAST) == laid_out(filled, *half)


def test_today_cannot_be_told_by_the_63(filled: Database) -> None:
    """What 15 means since July cannot be divided; a wrong figure is not given, and the error says what to ask for."""
    with pytest.raises(InvalidInput, match="end the period before") as error:
        laid_out(filled, date(2025, 1, 1), FIRST, provinces_on=LAST)
    assert error.value.pointer == "/provinces_on"
    for province, hint in (("10", "part of '15'"), ("99", "Hà Nội")):
        with filled.reading() as connection, pytest.raises(InvalidInput, match=hint):
            queries.totals(connection, FIRST, YEAR_END, where=Slice(province=province))


@pytest.mark.parametrize("cut_off", [None, YEAR_END])
@pytest.mark.parametrize(
    ("first", "last", "province"), [(FIRST, YEAR_END, "15"), (date(2025, 1, 1), LAST, "15"), (date(2025, 1, 1), LAST, "10")]
)
def test_a_figure_of_a_province_opens_to_its_events(
    filled: Database, first: date, last: date, province: str, cut_off: date | None
) -> None:
    """As many as it counts, and the total of the same part; each event says what it said."""
    wanted = laid_out(filled, first, last)[province][0]
    where = Slice(province=province)
    with filled.reading() as connection:
        page = queries.events_behind(connection, "violations", first, last, where=where, cut_off=cut_off)
        totals = queries.totals(connection, first, last, where=where, cut_off=cut_off).totals
    assert sum(one.value for one in page.events) == wanted == next(one.value for one in totals if one.name == "violations")
    said = {one.province for one in page.events}
    assert said == ({"10", "15"} if last == YEAR_END else {province})
