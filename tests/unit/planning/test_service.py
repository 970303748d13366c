"""What planning answers over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from services.planning.model.targeting import Capacity, SelectionOrder
from services.planning.plan_file import read_plan
from services.planning.service import PlanningService
from shared.contracts.partners import Activity
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.clock import EventClock
from shared.kernel.errors import InvalidInput
from shared.organisation.file import read_organisation
from tests.unit.planning.story import Planning, Story, hanoi, survey
from tests.unit.planning.test_plan_file import PLAN

NOW = "2025-03-14T10:00:00"


class _Room:
    """A room without threads: the database of the test, and a clock that stands still."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning
        self.clock = EventClock(hanoi(NOW))

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        with self._planning.transaction(self.clock.now()) as uow:
            yield uow

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self._planning.database.reading() as connection:
            yield connection


@pytest.fixture
def service(planning: Planning) -> PlanningService:
    """Give the service class as nameko would, with its room put in."""
    service = PlanningService()
    service.room = _Room(planning)  # type: ignore[assignment]
    service.organisation = read_organisation(None)
    return service


def asked(query: str = "") -> Request:
    """Return a request with a query string."""
    return Request(EnvironBuilder(query_string=query).get_environ())


def read(answer: Any) -> Any:
    """Return an answer as a client reads it."""
    return msgspec.json.decode(msgspec.json.encode(answer))


def test_a_plan_is_made_once_and_shown(planning: Planning, service: PlanningService) -> None:
    """201 the first time, 200 the second, and its progress is there to read."""
    plan = read_plan(PLAN.encode())
    assert [service.approve_plan(asked(), body=plan).status for _ in range(2)] == [201, 200]
    planning.react(survey(1, NOW, Activity.TRAINING_CLASS, count=5))
    [listed] = read(service.plans(asked("year=2025")))
    assert (listed["plan_id"], listed["items"], listed["items_reached"]) == (plan.plan_id, 2, 1)
    assert read(service.plan(asked(), plan_id=plan.plan_id))["key_tasks"][1]["reached"] is True


def test_clocks_are_listed_by_state(planning: Planning, service: PlanningService) -> None:
    """The counts are of all clocks, the list of those asked for."""
    story = Story(1)
    planning.react(story.violation(NOW), story.opened(NOW), story.measure(NOW))
    answer = read(service.clocks(asked("state=running&limit=5")))
    assert answer["counts"] == {"running": 1, "met": 1, "met_recorded_late": 0, "missed": 0, "over_on_arrival": 0}
    [clock] = answer["clocks"]
    assert (clock["duty"], clock["due_at"]) == ("handling_decision", "2025-03-19T16:59:59.999999Z")
    assert (clock["site"]["id"], clock["vi"]) == (story.site.id, "Ra quyết định xử lý trong 3 ngày làm việc từ khi nhận báo cáo")


def test_risk_and_proposals_are_listed(planning: Planning, service: PlanningService) -> None:
    """A violation shows in both, for its province."""
    planning.react(Story(1).violation(NOW))
    [proposal] = read(service.proposals(asked("province=46")))
    [site] = read(service.risk_of_sites(asked("province=46")))
    assert proposal["site"]["id"] == site["site_id"] == "SAMPLE-SITE-0001"
    assert site["score"] == "0.50"
    assert read(service.proposals(asked("province=01"))) == read(service.risk_of_sites(asked("province=01"))) == []


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "limit=-1", "limit=99999999999999999999", "limit=%C2%B2"])
def test_a_limit_is_a_number_in_bounds(service: PlanningService, query: str) -> None:
    """A list is never longer than asked for, and never longer than a thousand."""
    with pytest.raises(InvalidInput, match="Expected `int`") as error:
        service.proposals(asked(query))
    assert error.value.pointer == "/limit"


def test_an_unknown_state_is_refused(service: PlanningService) -> None:
    """The refusal names the states there are."""
    with pytest.raises(InvalidInput, match="running, met, met_recorded_late, missed, over_on_arrival"):
        service.clocks(asked("state=late"))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("yaer=2025", "yaer"),
        ("year=1025", ">= 1990"),
    ],
)
def test_a_question_that_is_wrong_is_not_answered_as_another(service: PlanningService, query: str, told: str) -> None:
    """A misspelt name would else give the list of everything."""
    with pytest.raises(InvalidInput, match=told):
        service.plans(asked(query))


def test_a_province_that_is_none_is_refused(service: PlanningService) -> None:
    """It is not one where nothing happened."""
    for question in (service.proposals, service.risk_of_sites, service.random_rate):
        with pytest.raises(InvalidInput, match="'99'"):
            question(asked("province=99"))


def test_chooses_the_visits_of_a_month(planning: Planning, service: PlanningService) -> None:
    """201 the first time, 200 after that; the proposals of the month come with rank, harm and reasons."""
    planning.react(*(Story(number).verdict("2024-01-10T09:00:00") for number in range(1, 4)))
    wanted = SelectionOrder(month="2025-04", capacity=Capacity(otherwise=2))
    assert [service.select_visits(asked(), wanted).status for _ in range(2)] == [201, 200]
    shown = read(service.proposals(asked("month=2025-04&province=46")))
    assert [one["rank"] for one in shown] == [1, 2]
    assert {"expected_harm", "at_random", "chosen_by", "reasons"} <= set(shown[0])
    assert read(service.random_rate(asked()))["visited"] == 0
    with pytest.raises(InvalidInput, match="month"):
        service.proposals(asked("month=April"))


def test_the_organisation_of_a_day(service: PlanningService) -> None:
    """63 provinces and their sub-departments on the last day, 34 on the first; without a day it is today's."""
    last, first, today = (read(service.units(asked(query))) for query in ("on=2025-06-30", "on=2025-07-01", ""))
    assert [len(one["provinces"]) for one in (last, first, today)] == [63, 34, 63]
    assert today["on"] == NOW[:10]
    of_lao_cai = [
        [unit["code"] for unit in one["units"] if unit["name"]["vi"].endswith("Lào Cai (mẫu)")] for one in (last, first)
    ]
    assert of_lao_cai == [["SAMPLE-UNIT-10", "SAMPLE-TBT-POINT-10"], ["SAMPLE-UNIT-15", "SAMPLE-TBT-POINT-15"]]
    assert {one["code"]: one["parts"] for one in first["provinces"]}["15"] == ["15", "10"]
    with pytest.raises(InvalidInput, match="2025-07-01"):
        service.units(asked("on=July"))


def test_a_plan_of_a_unit_that_has_ended_is_refused(service: PlanningService) -> None:
    """Approved on 1 July 2025 the plan of a former province's sub-department has nobody to carry it out; a day before it had."""
    text = PLAN.replace("SAMPLE-UNIT-46", "SAMPLE-UNIT-10").replace('"46"', '"10"')
    plans = [read_plan(text.replace("2025-01-10", day).encode()) for day in ("2025-06-30", "2025-07-01")]
    assert service.approve_plan(asked(), body=plans[0]).status == 201
    with pytest.raises(InvalidInput, match="its duties are those of SAMPLE-UNIT-15") as error:
        service.approve_plan(asked(), body=plans[1])
    assert error.value.pointer == "/unit"
