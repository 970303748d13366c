"""An illegal gain is put on record in a case about measurement, and any act can be rehearsed before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy as sa

from services.inspection.docket import acts_of, case_of
from services.inspection.handlers import Officer, act, rehearse
from services.inspection.model.cases import Case, fold
from services.inspection.procedure.deeds import AssessRisk, Conclude, OrderMeasure, RecordIllegalGain
from services.inspection.queries import case_file
from services.inspection.tables import cases
from shared.contracts.inspection import ActTaken
from shared.contracts.vocabulary import Measure, RiskLevel
from shared.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from tests.unit.inspection.test_illegal_gain import PUMP, changed
from tests.unit.inspection.test_risk import scenario

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Ledger, Make

OFFICER = Officer("SAMPLE-OFFICER-1", heads_agency=False)
GAIN = RecordIllegalGain(facts=PUMP)


def opened(ledger: Ledger) -> Case:
    """Return the only case."""
    return case_of(ledger.connection.execute(sa.select(cases)).mappings().one())


def record(ledger: Ledger, deed: RecordIllegalGain) -> None:
    """Put a gain on record."""
    case_id = opened(ledger).id
    ledger.run(lambda uow: act(case_id, deed, OFFICER, uow))


def test_a_gain_is_put_on_record_with_its_working(ledger: Ledger, make: Make) -> None:
    """In the case, in its file and in the chain of its acts."""
    ledger.judge([make.pump("-1.20")])
    record(ledger, GAIN)
    case = opened(ledger)
    assert case.illegal_gain == 29_970_000
    (filed,) = case_file(ledger.connection, case.id).illegal_gains
    assert (filed.number, filed.officer, filed.amount) == (case.acts, OFFICER.name, 29_970_000)
    assert filed.working[-2].vi.endswith("= 29.970.000 đồng")
    recorded = acts_of(ledger.connection, case.id)
    assert '"amount":29970000' in recorded[-1].data
    assert fold(recorded) == case


def test_a_correction_tells_the_difference(ledger: Ledger, make: Make) -> None:
    """So that what the events of a case add up to is what is on record in it."""
    ledger.judge([make.pump("-1.20")])
    record(ledger, GAIN)
    record(ledger, RecordIllegalGain(facts=changed(PUMP, quantity=PUMP.quantity / 2)))
    told = [one.data.illegal_gain for one in ledger.emitted(ActTaken)]
    assert told == [29_970_000, -14_985_000]
    assert opened(ledger).illegal_gain == sum(told)


def test_the_amount_is_worked_out_and_never_claimed(ledger: Ledger, make: Make) -> None:
    """The right one may be stated too."""
    ledger.judge([make.pump("-1.20")])
    with pytest.raises(InvalidInput, match="come to 29970000 VND, not 1"):
        record(ledger, msgspec.structs.replace(GAIN, amount=1))
    record(ledger, msgspec.structs.replace(GAIN, amount=29_970_000))


def test_only_measurement_knows_an_illegal_gain(ledger: Ledger, make: Make) -> None:
    """The decree is one on measurement; fuel of bad quality is no matter of it."""
    ledger.judge([make.petrol("62")])
    with pytest.raises(Conflict, match="record_illegal_gain cannot be done"):
        record(ledger, GAIN)


def test_a_rehearsal_tells_what_would_come_of_an_act_and_does_nothing(ledger: Ledger, make: Make) -> None:
    """The very act that would be recorded, its article, and the working."""
    ledger.judge([make.pump("-1.20")])
    before = opened(ledger)
    found = rehearse(before.id, GAIN, OFFICER, ledger.connection)
    assert (found.source, found.recorded) == (
        "NĐ 86/2012/NĐ-CP Điều 12",
        msgspec.structs.replace(GAIN, amount=29_970_000),
    )
    assert found.illegal_gain is not None
    risk = rehearse(before.id, AssessRisk(scenarios=(scenario(1, "0.6"),)), OFFICER, ledger.connection)
    assert risk.risk is not None
    assert risk.risk.level is RiskLevel.HIGH
    assert opened(ledger) == before
    assert msgspec.json.decode(msgspec.json.encode(risk))["recorded"]["act"] == "assess_risk"


def test_a_rehearsal_refuses_what_the_act_would_be_refused(ledger: Ledger, make: Make) -> None:
    """With the same errors."""
    ledger.judge([make.petrol("62")])
    case_id, connection = opened(ledger).id, ledger.connection
    with pytest.raises(Conflict, match="cannot be done"):
        rehearse(case_id, GAIN, OFFICER, connection)
    with pytest.raises(NotPermitted):
        rehearse(case_id, Conclude(number="1"), OFFICER, connection)
    with pytest.raises(InvalidInput, match="names no article"):
        rehearse(case_id, OrderMeasure(measure=Measure.RECALL), OFFICER, connection)
    with pytest.raises(NotFound):
        rehearse("SAMPLE-NO-CASE", GAIN, OFFICER, connection)
