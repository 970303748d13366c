"""Whatever happens in a case is an act: the case is what its acts make of it, and their chain shows any change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from services.inspection.docket import acts_of, case_of
from services.inspection.handlers import Officer, act
from services.inspection.model.cases import fold
from services.inspection.procedure.acts import Act, ChainBroken, check_chain
from services.inspection.procedure.deeds import CloseCase, OrderMeasure
from services.inspection.tables import cases
from shared.contracts.inspection import CloseReason
from shared.contracts.vocabulary import Measure, Track
from shared.kernel.errors import Conflict
from tests.unit.inspection.conftest import Ledger
from tests.unit.inspection.test_batches import FACTS, told

if TYPE_CHECKING:
    from shared.database.engine import Database
    from tests.unit.inspection.conftest import Make

OFFICER = "SAMPLE-OFFICER-1"


@pytest.fixture
def acts(ledger: Ledger, make: Make) -> list[Act]:
    """Return the acts of a case in which one violation goes on, with an officer's order and closing."""
    ledger.judge([make.pump("0.9", verified_on=None)], [make.pump("0.1", at=1, verified_on=None)])
    case_id = str(ledger.connection.scalar(sa.select(cases.c.id)))
    order = OrderMeasure(measure=Measure.HANDLING_DECISION, source="Luật 04/2011/QH13 Điều 47(2)(b)")
    ledger.run(lambda uow: act(case_id, order, Officer(OFFICER, heads_agency=False), uow))
    ledger.run(lambda uow: act(case_id, CloseCase(reason=CloseReason.UNFOUNDED), Officer(OFFICER, heads_agency=False), uow))
    return acts_of(ledger.connection, case_id)


def test_acts_are_kept_in_order_with_who_did_them(acts: list[Act]) -> None:
    """The system's own acts have no officer."""
    assert [(one.number, one.deed.name, one.officer) for one in acts] == [
        (1, "open_case", ""),
        (2, "join_violation", ""),
        (3, "order_measure", ""),
        (4, "join_violation", ""),
        (5, "accept_conformity", ""),
        (6, "join_violation", ""),
        (7, "establish_continuation", ""),
        (8, "order_measure", OFFICER),
        (9, "close_case", OFFICER),
    ]
    check_chain(acts)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FACTS)
def test_the_row_of_a_case_is_what_its_acts_make_of_it(
    database: Database, make: Make, facts: list[tuple[str, str, int, int]]
) -> None:
    """Whatever happens to it, and however often it opens."""
    with database.rehearsing() as connection:
        Ledger(connection).judge(*([event] for event in told(make, facts)))
        rows = connection.execute(sa.select(cases)).mappings().all()
        for row in rows:
            recorded = acts_of(connection, row["id"])
            check_chain(recorded)
            assert fold(recorded) == case_of(row)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 40},
        {"case_id": "SAMPLE-OTHER"},
        {"track": Track.LABELS_AND_MARKS},
        {"officer": "SAMPLE-OFFICER-2"},
        {"data": '{"act":"close_case","reason":"remedied"}'},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("place", range(9))
def test_an_altered_act_is_found(acts: list[Act], change: dict[str, Any], place: int) -> None:
    """Whatever is altered, in whichever act, the first one that differs is named."""
    acts[place] = msgspec.structs.replace(acts[place], **change)
    with pytest.raises(ChainBroken) as broken:
        check_chain(acts)
    assert broken.value.number == place + 1


@pytest.mark.parametrize("place", range(8))
def test_an_act_that_is_gone_is_missed(acts: list[Act], place: int) -> None:
    """The act after it stands in its place."""
    del acts[place]
    with pytest.raises(ChainBroken) as broken:
        check_chain(acts)
    assert broken.value.number == place + 1


def test_a_missing_end_shows_against_the_case(acts: list[Act]) -> None:
    """The chain alone cannot know how long it should be; the case's own count and head can."""
    whole, cut = fold(acts), fold(acts[:-1])
    assert whole is not None
    assert cut is not None
    check_chain(acts[:-1])
    assert (whole.acts, whole.head) == (9, acts[-1].hash) != (cut.acts, cut.head)


def test_a_history_that_does_not_begin_is_refused(acts: list[Act]) -> None:
    """Nothing can happen in a case that was never opened."""
    with pytest.raises(Conflict, match="does not begin"):
        fold(acts[1:])
