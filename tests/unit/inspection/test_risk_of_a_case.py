"""A case bears the worst level of its violations until a second person validates another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import sqlalchemy as sa

from services.inspection.docket import acts_of, case_of
from services.inspection.handlers import Officer, act
from services.inspection.model.cases import CaseRisk, fold
from services.inspection.procedure.deeds import AssessRisk, JoinViolation, OfficerDeed, ValidateRisk
from services.inspection.queries import CaseQuery, case_file, list_cases
from services.inspection.tables import cases
from shared.contracts.inspection import ActTaken, CaseOpened, ViolationDetected, ViolationKind
from shared.contracts.vocabulary import RiskLevel
from shared.kernel.errors import Conflict, InvalidInput
from tests.unit.inspection.test_risk import scenario

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Ledger, Make

ONE, OTHER = Officer("SAMPLE-OFFICER-1", heads_agency=False), Officer("SAMPLE-OFFICER-2", heads_agency=False)
GRAVE = AssessRisk(scenarios=(scenario(4, "0.0001"), scenario(1, "0.001")))


class Opened:
    """A case that a petrol sample opened, at medium by default."""

    def __init__(self, ledger: Ledger, make: Make) -> None:
        ledger.judge([make.petrol("62")])
        self.ledger = ledger
        self.id = str(ledger.connection.scalar(sa.select(cases.c.id)))

    def do(self, deed: OfficerDeed, officer: Officer) -> None:
        self.ledger.run(lambda uow: act(self.id, deed, officer, uow))

    @property
    def row(self) -> Any:
        return self.ledger.connection.execute(sa.select(cases).where(cases.c.id == self.id)).mappings().one()

    @property
    def risk(self) -> CaseRisk:
        return case_of(self.row).risk


@pytest.fixture
def opened(ledger: Ledger, make: Make) -> Opened:
    """Return the case."""
    return Opened(ledger, make)


def test_a_violation_and_its_case_bear_the_default_level(opened: Opened) -> None:
    """In the events, in the row and in the list."""
    (violation,) = opened.ledger.emitted(ViolationDetected)
    (case,) = opened.ledger.emitted(CaseOpened)
    assert violation.data.risk_level is case.data.risk_level is opened.risk.level is RiskLevel.MEDIUM
    assert violation.data.risk_basis.probability == "1/2000"
    connection = opened.ledger.connection
    assert [one.id for one in list_cases(connection, CaseQuery(risk_level=RiskLevel.MEDIUM)).cases] == [opened.id]
    assert list_cases(connection, CaseQuery(risk_level=RiskLevel.HIGH)).cases == []


def test_an_assessment_holds_once_a_second_person_validates_it(opened: Opened) -> None:
    """Before that it is only proposed; the level in force, its working and both names are in the file."""
    opened.do(GRAVE, ONE)
    assert opened.risk == CaseRisk(level=RiskLevel.MEDIUM, proposed=RiskLevel.HIGH)
    with pytest.raises(Conflict, match="not the officer who assessed"):
        opened.do(ValidateRisk(level=RiskLevel.HIGH), ONE)
    opened.do(ValidateRisk(level=RiskLevel.HIGH), OTHER)
    assert opened.risk == CaseRisk(level=RiskLevel.HIGH, validated_by=OTHER.name)
    assert opened.row["risk_level"] == "high"
    (filed,) = case_file(opened.ledger.connection, opened.id).risk_assessments
    assert (filed.officer, filed.validated_by, filed.assessment.level) == (ONE.name, OTHER.name, RiskLevel.HIGH)
    assert filed.assessment.is_sensitive
    told = [(one.data.act, one.data.risk_level) for one in opened.ledger.emitted(ActTaken)]
    assert told == [("assess_risk", RiskLevel.HIGH), ("validate_risk", RiskLevel.HIGH)]
    assert fold(acts_of(opened.ledger.connection, opened.id)) == case_of(opened.row)


def test_nobody_validates_what_does_not_wait_or_says_something_else(opened: Opened) -> None:
    """Who validates names the level, so that an assessment that came in between is not validated unseen."""
    with pytest.raises(Conflict, match="a risk assessment waits"):
        opened.do(ValidateRisk(level=RiskLevel.MEDIUM), OTHER)
    opened.do(GRAVE, ONE)
    with pytest.raises(Conflict, match="says high, not low"):
        opened.do(ValidateRisk(level=RiskLevel.LOW), OTHER)
    opened.do(ValidateRisk(level=RiskLevel.HIGH), OTHER)
    with pytest.raises(Conflict, match="a risk assessment waits"):
        opened.do(ValidateRisk(level=RiskLevel.HIGH), OTHER)


def test_the_level_is_worked_out_and_never_claimed(opened: Opened) -> None:
    """The right one may be stated too; an act on record keeps it, whatever becomes of the matrix."""
    with pytest.raises(InvalidInput, match="come to high, not low"):
        opened.do(msgspec.structs.replace(GRAVE, level=RiskLevel.LOW), ONE)
    opened.do(msgspec.structs.replace(GRAVE, level=RiskLevel.HIGH), ONE)
    assert '"level":"high"' in acts_of(opened.ledger.connection, opened.id)[-1].data


def test_an_assessment_covers_the_kinds_of_violation_there_were(opened: Opened, make: Make) -> None:
    """Another of the same kind changes nothing; what was validated low does not stay low when another kind joins."""
    opened.do(AssessRisk(scenarios=(scenario(1, "0.0001"),)), ONE)
    opened.do(ValidateRisk(level=RiskLevel.LOW), OTHER)
    opened.ledger.judge([make.petrol("70", at=1)])
    case = case_of(opened.row)
    assert opened.ledger.emitted(ViolationDetected)[-1].data.risk_level is RiskLevel.MEDIUM
    assert (case.findings, case.risk.level) == (2, RiskLevel.LOW)
    other = JoinViolation(
        violation_id="SAMPLE",
        kind=ViolationKind.SCALE_ERROR,
        item="",
        violated_at=case.opened_at,
        breached={"shortage": None},
        risk_level=RiskLevel.MEDIUM,
    )
    assert case.risk.after(other, "", {ViolationKind.FUEL_QUALITY}).level is RiskLevel.MEDIUM
