"""Cases can be listed page by page, opened as a file, and their findings judged again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import pytest

from services.inspection.handlers import Officer, act
from services.inspection.model.cases import CaseState
from services.inspection.procedure.deeds import CloseCase
from services.inspection.queries import CaseQuery, case_file, list_cases, verdicts_on
from services.inspection.sampling import SamplingPlan
from services.inspection.tables import cases
from shared.contracts.codec import decode
from shared.contracts.inspection import CaseOpened, CloseReason
from shared.contracts.partners import PrepackagedLot, SampleTested
from shared.contracts.vocabulary import Measure, Outcome
from shared.kernel.errors import InvalidInput, NotFound
from shared.kernel.wellformed import read_query

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Ledger, Make

HEAD = Officer("SAMPLE-HEAD-1", heads_agency=True)


@pytest.fixture
def seven_cases(ledger: Ledger, make: Make) -> list[str]:
    """Open seven cases at seven sites, two of them at one moment; return their ids, the latest first."""
    for site in range(1, 8):
        ledger.judge([make.petrol("62", site=site)])
        ledger.now += timedelta(hours=0 if site == 4 else 1)
    opened = [(event.data.observed_at, event.data.case_id) for event in ledger.emitted(CaseOpened)]
    return [case_id for _, case_id in sorted(opened, reverse=True)]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(ledger: Ledger, seven_cases: list[str], limit: int) -> None:
    """Also where two cases were opened at one moment."""
    found: list[str] = []
    after = ""
    for _ in range(8):
        page = list_cases(ledger.connection, CaseQuery(limit=limit, after=after))
        found += [line.id for line in page.cases]
        assert len(page.cases) <= limit
        after = page.after
        if not after:
            break
    assert found == seven_cases


def test_cases_can_be_asked_for_by_state_and_province(ledger: Ledger, seven_cases: list[str]) -> None:
    """Both together narrow the list down."""
    ledger.run(lambda uow: act(seven_cases[0], CloseCase(reason=CloseReason.UNFOUNDED), HEAD, uow))

    def found(query: CaseQuery) -> set[str]:
        return {line.id for line in list_cases(ledger.connection, query).cases}

    assert found(CaseQuery(state=CaseState.CLOSED)) == {seven_cases[0]}
    assert found(CaseQuery(state=CaseState.OPEN)) == set(seven_cases[1:])
    in_hue = found(CaseQuery(province="46"))
    assert len(in_hue) == 4
    assert found(CaseQuery(province="46", state=CaseState.OPEN)) == in_hue - {seven_cases[0]}
    assert found(CaseQuery(province="96")) == set()


def test_a_province_has_the_cases_of_its_former_parts(ledger: Ledger, seven_cases: list[str]) -> None:
    """Who has taken over the former Lào Cai (10) finds its open cases under today's code."""
    ledger.connection.execute(cases.update().where(cases.c.id == seven_cases[0]).values(province="10"))
    found = {code: [line.id for line in list_cases(ledger.connection, CaseQuery(province=code)).cases] for code in ("10", "15")}
    assert found == {"10": [seven_cases[0]], "15": [seven_cases[0]]}


def test_arguments_of_a_url_are_read() -> None:
    """Numbers come as text there."""
    query = read_query({"state": "open", "province": "46", "limit": "20"}, CaseQuery)
    assert query == CaseQuery(state=CaseState.OPEN, province="46", limit=20)
    assert read_query({}, CaseQuery) == CaseQuery()


@pytest.mark.parametrize(
    ("name", "value"),
    [("state", "pending"), ("province", "99"), ("limit", "0"), ("limit", "501"), ("limit", "x"), ("colour", "red")],
)
def test_wrong_arguments_are_refused_by_name(name: str, value: str) -> None:
    """With what is wrong about them."""
    with pytest.raises(InvalidInput, match=name):
        read_query({name: value}, CaseQuery)


def test_a_page_after_no_case_is_refused(ledger: Ledger) -> None:
    """A cursor that was made up."""
    with pytest.raises(InvalidInput, match="SAMPLE-NONE"):
        list_cases(ledger.connection, CaseQuery(after="SAMPLE-NONE"))


def test_a_case_file_holds_all_that_led_to_it(ledger: Ledger, make: Make) -> None:
    """The findings as they came, the verdicts that are part of it, the measures."""
    first, second, remedy = make.petrol("62"), make.petrol("70", at=1), make.petrol("40", at=2)
    ledger.judge([first, second, remedy, make.petrol("40", site=2)])
    case_id = ledger.emitted(CaseOpened)[0].data.case_id
    found = case_file(ledger.connection, case_id)
    assert [decode(bytes(finding.event)) for finding in found.findings] == [first, second, remedy]
    assert [verdict.outcome for verdict in found.verdicts] == [
        Outcome.NONCONFORMING,
        Outcome.NONCONFORMING,
        Outcome.CONFORMING,
    ]
    assert [bool(verdict.violation_id) for verdict in found.verdicts] == [True, True, False]
    again = verdicts_on(ledger.connection, case_id, found.verdicts[0].finding_key, {})
    assert [(one.rule, one.breaches) for one in again] == [(found.verdicts[0].rule, found.verdicts[0].breaches)]
    assert (again[0].rule.name, again[0].rule.decision) == ("fuel_meets_qcvn_1", "simple_acceptance")
    assert [(measure.number, measure.measure) for measure in found.measures] == [(1, Measure.SEAL_AND_STOP_SALE)]
    assert (found.case.state, found.case.reason, found.case.findings) == (CaseState.CLOSED, CloseReason.REMEDIED, 2)
    assert msgspec.json.decode(msgspec.json.encode(found))["case"]["id"] == case_id


def test_a_finding_with_two_violations_is_filed_once(ledger: Ledger, make: Make) -> None:
    """With both of its verdicts."""
    check = make.pump("0.9", verified_on=None)
    ledger.judge([check])
    found = case_file(ledger.connection, ledger.emitted(CaseOpened)[0].data.case_id)
    assert [finding.key for finding in found.findings] == [check.key]
    assert [verdict.rule.name for verdict in found.verdicts] == ["dispenser_error_within_limit", "verification_is_valid"]
    assert found.case.findings == 2


def test_an_unknown_case_has_no_file(ledger: Ledger) -> None:
    """Nor is it an empty one."""
    with pytest.raises(NotFound):
        case_file(ledger.connection, "SAMPLE-NONE")


def test_a_finding_can_be_judged_by_the_law_of_another_day(ledger: Ledger, make: Make) -> None:
    """0.5 % was permitted until 18 August 2013; no rule is as old as 1995."""
    check = make.pump("0.5")
    ledger.judge([check, make.petrol("62")])
    case_id, other_case_id = (event.data.case_id for event in ledger.emitted(CaseOpened))

    def judged(**arguments: str) -> list[tuple[str, Outcome]]:
        return [(verdict.rule.name, verdict.outcome) for verdict in verdicts_on(ledger.connection, case_id, check.key, arguments)]

    valid = ("verification_is_valid", Outcome.CONFORMING)
    assert judged() == [("dispenser_error_within_limit", Outcome.NONCONFORMING), valid]
    assert judged(on=str(date(2025, 3, 14))) == judged()
    assert judged(on="2013-08-18") == [("dispenser_error_within_limit", Outcome.CONFORMING)]
    assert judged(on="1995-01-01") == []
    with pytest.raises(NotFound):
        verdicts_on(ledger.connection, other_case_id, check.key, {})


def test_a_day_that_is_none_is_refused(ledger: Ledger) -> None:
    """30 February never was law."""
    with pytest.raises(InvalidInput, match="2025-02-30"):
        verdicts_on(ledger.connection, "SAMPLE-CASE", "0" * 32, {"on": "2025-02-30"})


def test_the_plan_of_a_lot_stands_beside_its_verdict_with_its_curve(ledger: Ledger, make: Make) -> None:
    """In the case file as in the verdict worked out again: what share of bad lots such a sample lets through."""
    contents = [Decimal(460)] + [Decimal(501)] * 49
    data = msgspec.structs.replace(
        SampleTested.sample(), finding=PrepackagedLot(nominal=Decimal(500), unit="g", lot_size=400, contents=contents)
    )
    event = make.event(data)
    ledger.judge([event, make.petrol("62", site=2)])
    lot_case, petrol_case = (one.data.case_id for one in ledger.emitted(CaseOpened))
    (filed,) = case_file(ledger.connection, lot_case).verdicts
    (again,) = verdicts_on(ledger.connection, lot_case, event.key, {})
    for plan in (filed.plan, again.plan):
        assert plan == SamplingPlan(size=50, accept=3, lot=400).characterised()
    assert filed.plan is not None
    assert filed.plan.operating_characteristic[0].accepted == 1.0
    assert [one.plan for one in case_file(ledger.connection, petrol_case).verdicts] == [None]
