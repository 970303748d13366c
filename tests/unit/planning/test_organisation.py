"""The organisation as data: units over time, checked as a whole, and what plans name of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.cli import sample_year
from services.planning.plan_file import read_plan
from services.planning.rules.plan_names_units_in_force import objections
from shared.kernel.errors import InvalidInput
from shared.organisation import Organisation, UnitKind
from shared.organisation.file import SAMPLES, read_organisation
from tests.unit.planning.test_plan_file import PLAN

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)


def unit(code: str, **more: Any) -> dict[str, Any]:
    """Return an entry of a file."""
    return {"code": code, "kind": "department", "name": {"vi": "Mẫu", "en": "Sample"}, **more}


def written(tmp_path: Path, *units: dict[str, Any], **more: Any) -> Path:
    """Return a file of an authority's own."""
    path = tmp_path / "organisation.yaml"
    path.write_bytes(msgspec.json.encode({"units": units, **more}))
    return path


@pytest.fixture(scope="module")
def samples() -> Organisation:
    """Give the organisation that comes with the project."""
    return read_organisation(None)


def test_sub_departments_and_tbt_points_follow_the_provinces(samples: Organisation) -> None:
    """One of each in each of 63 provinces on 30 June 2025, and of 34 the day after; each point belongs to its own."""
    for day, number in ((LAST, 63), (FIRST, 34)):
        units = samples.on(day)
        for kind in (UnitKind.SUB_DEPARTMENT, UnitKind.TBT_POINT):
            assert len({one.province for one in units if one.kind is kind}) == number
        assert all(one.parent == f"SAMPLE-UNIT-{one.province}" for one in units if one.kind is UnitKind.TBT_POINT)
    ended = samples.find("SAMPLE-UNIT-10", LAST)
    assert ended is not None
    assert (ended.into, samples.find("SAMPLE-UNIT-10", FIRST)) == ("SAMPLE-UNIT-15", None)
    names = [found.name.vi if (found := samples.find("SAMPLE-UNIT-15", day)) else "" for day in (LAST, FIRST)]
    assert [name.partition("Chất lượng ")[2] for name in names] == ["Yên Bái (mẫu)", "Lào Cai (mẫu)"]


def test_every_unit_of_a_day_is_below_its_own(samples: Organisation) -> None:
    """Nobody is lost and nobody comes before whom they belong to, on either side of every change."""
    days = {day for one in samples.entries for day in (one.unit.valid_from, one.unit.valid_to) if day}
    for day in sorted(days | {date(1990, 1, 1), date(2099, 1, 1)}):
        units = samples.on(day)
        assert len(units) == sum(entry.unit.stands_on(day) for entry in samples.entries)
        seen = {""}
        for one in units:
            assert one.parent in seen
            seen.add(one.code)


D = date
PARENT = unit("P")


@pytest.mark.parametrize(
    ("units", "pointer", "told"),
    [
        ([unit("A", valid_from=D(2025, 2, 1), valid_to=D(2025, 1, 1))], "/units/0", "put the days in order"),
        (
            [unit("A", valid_to=D(2025, 1, 1)), unit("A", valid_from=D(2025, 1, 3))],
            "/units/1",
            "stands up to 2025-01-01 and again",
        ),
        ([unit("A", valid_to=D(2025, 1, 1)), unit("A", valid_from=D(2025, 1, 1))], "/units/1", "begin on the day after"),
        ([unit("A"), unit("A")], "/units/1", "an open end"),
        ([unit("A", parent="P")], "/units/0", "which is no unit: add it"),
        ([PARENT | {"valid_to": D(2025, 6, 30)}, unit("A", parent="P")], "/units/1", "does not stand on 2025-07-01"),
        ([PARENT | {"valid_from": D(2025, 7, 1)}, unit("A", parent="P")], "/units/1", "does not stand on 0001-01-01"),
        ([unit("A", parent="A")], "/units/0", "A belongs to A: a circle"),
        (
            [unit("A", parent="B"), unit("B", parent="C"), unit("C", parent="A")],
            "/units/0",
            "A belongs to B belongs to C belongs to A",
        ),
        (
            [
                unit("A", parent="B"),
                unit("B", valid_to=D(2025, 6, 30)),
                unit("B", parent="A", valid_from=D(2025, 7, 1)),
            ],
            "/units/2",
            "a circle",
        ),
        ([unit("A", province="03")], "/units/0", "which is no province"),
        ([unit("A", province="10")], "/units/0", "give it valid_to: 2025-06-30"),
        ([unit("A", province="10", valid_to=D(2025, 7, 1))], "/units/0", "ended on 2025-06-30"),
        ([unit("A", into="B"), unit("B")], "/units/0", "has no end"),
        ([unit("A", into="B", valid_to=D(2025, 6, 30))], "/units/0", "does not stand on the day after"),
    ],
)
def test_a_file_that_is_no_organisation_is_refused(tmp_path: Path, units: list[Any], pointer: str, told: str) -> None:
    """With the file, the entry and what to do."""
    with pytest.raises(InvalidInput, match=r"organisation\.yaml: ") as error:
        read_organisation(written(tmp_path, *units))
    assert told in error.value.detail
    assert error.value.pointer == pointer


def test_units_may_change_their_parent_and_end_together(tmp_path: Path) -> None:
    """What the checks must let through: a parent that changes its name, a child that ends with it, a province to its last day."""
    of_own = read_organisation(
        written(
            tmp_path,
            unit("P", valid_to=LAST),
            unit("P", valid_from=FIRST),
            unit("Q", valid_to=LAST, into="P"),
            unit("A", parent="Q", valid_to=LAST, province="10"),
            unit("A", parent="P", valid_from=FIRST, province="15"),
        )
    )
    parents = [found.parent if (found := of_own.find("A", day)) else "" for day in (LAST, FIRST)]
    assert parents == ["Q", "P"]


@pytest.mark.parametrize("text", ["units: [", "units: {}\n", "- a list", "", "units: [{code: A}]", "\x80"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    """In a sentence that names it, not in a traceback."""
    path = tmp_path / "organisation.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidInput, match=r"organisation\.yaml"):
        read_organisation(path)
    with pytest.raises(InvalidInput, match="No such file"):
        read_organisation(tmp_path / "missing.yaml")


def test_the_sample_plans_name_units_of_the_samples(samples: Organisation) -> None:
    """Every one of them is known by its code, so that the check means something in the sample year."""
    of_own = Organisation(samples.entries)
    for plan in sample_year.plan(2025):
        assert not list(objections(read_plan(msgspec.json.encode(plan)), of_own))


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        ("unit: SAMPLE-UNIT-46\nunit_province", "unit: ANOTHER\nunit_province", "/unit"),
        ("        target: 2\n", "        target: 2\n        lead: ANOTHER\n", "/key_tasks/0/items/0/lead"),
        (
            "        target: 2\n",
            "        target: 2\n        cooperating: [SAMPLE-UNIT-46, ANOTHER]\n",
            "/key_tasks/0/items/0/cooperating/1",
        ),
        ("    title: Đào tạo\n", "    title: Đào tạo\n    cooperating: [ANOTHER]\n", "/key_tasks/1/cooperating/0"),
    ],
)
def test_an_own_organisation_knows_every_unit(samples: Organisation, old: str, new: str, pointer: str) -> None:
    """A responsible or cooperating unit that nobody has entered is refused, in its place; the samples let it pass."""
    assert old in PLAN
    wanted = read_plan(PLAN.replace(old, new).encode())
    [(place, told)] = objections(wanted, Organisation(samples.entries))
    assert place == pointer
    assert "CHUAN_ORGANISATION" in told
    assert not list(objections(wanted, samples))


def test_a_unit_counts_on_the_day_of_the_approval(tmp_path: Path) -> None:
    """The day before it begins and the day after it ended are told apart; both of its own days are right."""
    first, last = date(2025, 1, 10), date(2025, 3, 31)
    own = read_organisation(written(tmp_path, unit("SAMPLE-UNIT-46", valid_from=first, valid_to=last, province="46")))
    one_day = timedelta(days=1)
    told = {}
    for day in (first - one_day, first, last, last + one_day):
        told[day] = [text for _, text in objections(read_plan(PLAN.replace("2025-01-10", f"{day}").encode()), own)]
    assert (told[first], told[last]) == ([], [])
    assert "begins on 2025-01-10" in told[first - one_day][0]
    assert "ended on 2025-03-31" in told[last + one_day][0]


def test_the_samples_can_be_copied(tmp_path: Path) -> None:
    """The file that comes with the project is where an authority's own begins."""
    path = tmp_path / "own.yaml"
    path.write_bytes(SAMPLES.read_bytes())
    assert [entry.unit for entry in read_organisation(path).entries] == [entry.unit for entry in read_organisation(None).entries]
    assert not read_organisation(path).is_sample
