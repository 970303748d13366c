"""Findings become verdicts, violations, cases, measures and closings: the same ones in whatever batches they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from services.inspection.handlers import Officer, act
from services.inspection.procedure.deeds import CloseCase, OrderMeasure, Refer
from services.inspection.tables import case_findings, cases, findings, verdicts
from shared.contracts.envelope import Event
from shared.contracts.inspection import (
    CaseClosed,
    CaseOpened,
    CloseReason,
    MeasureOrdered,
    Referral,
    VerdictReached,
    ViolationDetected,
    ViolationKind,
)
from shared.contracts.vocabulary import Measure, Outcome, Track
from shared.kernel.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Ledger, Make

HEAD = Officer("SAMPLE-HEAD-1", heads_agency=True)


def types(events: Sequence[Event[Any]]) -> list[str]:
    """Return the types without the publisher."""
    return [event.type.partition(".")[2] for event in events]


def test_a_violation_opens_a_case_and_orders_the_first_measure(ledger: Ledger, make: Make) -> None:
    """One finding tells the whole story, in order, each event caused by the one it follows from."""
    sample = make.petrol("62", late=2)
    ledger.judge([sample])
    verdict, violation, opened, ordered = ledger.emitted()
    assert types([verdict, violation, opened, ordered]) == [
        "verdict_reached",
        "violation_detected",
        "case_opened",
        "measure_ordered",
    ]
    assert (verdict.data.outcome, verdict.data.finding_id) == (Outcome.NONCONFORMING, sample.id)
    assert (violation.data.track, violation.data.violation_kind) == (Track.TEST_RESULTS, ViolationKind.FUEL_QUALITY)
    assert violation.data.breaches == verdict.data.breaches
    assert opened.data.violation_id == violation.data.violation_id
    assert (ordered.data.case_id, ordered.data.measure) == (opened.data.case_id, Measure.SEAL_AND_STOP_SALE)
    assert [event.causationid for event in ledger.emitted()] == [sample.id, sample.id, violation.id, violation.id]
    assert {event.correlationid for event in ledger.emitted()} == {sample.correlationid}


def test_verdicts_keep_the_legal_time_of_the_finding_and_acts_never_come_before_their_cause(ledger: Ledger, make: Make) -> None:
    """What was found on Monday and reported on Tuesday is acted on on Tuesday."""
    sample = make.petrol("62", at=-30, late=26)
    ledger.judge([sample])
    observed, acted = sample.data.observed_at, ledger.now
    assert [event.data.observed_at for event in ledger.emitted()] == [observed, observed, acted, acted]
    tomorrow = make.petrol("62", at=30, late=1, site=2)
    ledger.judge([tomorrow])
    assert ledger.emitted(CaseOpened)[-1].data.observed_at == tomorrow.time


def test_later_violations_join_the_open_case(ledger: Ledger, make: Make) -> None:
    """One case for a site and product, one first measure, however many findings."""
    ledger.judge([make.petrol("62"), make.petrol("70", at=1)], [make.petrol("80", at=2)])
    assert len(ledger.emitted(ViolationDetected)) == 3
    assert len(ledger.emitted(CaseOpened)) == len(ledger.emitted(MeasureOrdered)) == 1
    assert ledger.connection.scalar(sa.select(cases.c.findings)) == 3
    assert len(ledger.connection.execute(sa.select(case_findings)).all()) == 3


def test_another_site_or_product_has_a_case_of_its_own(ledger: Ledger, make: Make) -> None:
    """Neither joins the other."""
    ledger.judge([make.petrol("62", site=1), make.petrol("62", site=2), make.pump("0.9", site=1)])
    assert len({event.data.case_id for event in ledger.emitted(CaseOpened)}) == 3


def test_a_later_conforming_verdict_closes_the_case_as_remedied(ledger: Ledger, make: Make) -> None:
    """The closing tells how many violations there were, and a new violation opens a new case."""
    ledger.judge([make.petrol("62"), make.petrol("70", at=1)], [make.petrol("40", at=2)], [make.petrol("62", at=3)])
    (closed,) = ledger.emitted(CaseClosed)
    first, second = ledger.emitted(CaseOpened)
    assert (closed.data.case_id, closed.data.reason, closed.data.findings) == (first.data.case_id, CloseReason.REMEDIED, 2)
    assert second.data.case_id != first.data.case_id
    states = ledger.connection.execute(sa.select(cases.c.id, cases.c.state)).all()
    assert {tuple(row) for row in states} == {(first.data.case_id, "closed"), (second.data.case_id, "open")}


def test_a_case_may_close_and_another_open_in_one_batch(ledger: Ledger, make: Make) -> None:
    """Also where the case was open before the batch: only one of a site and product is ever open."""
    for round_number in range(8):  # ids are digests: some rounds write the new case before the old one in order of ids
        at = round_number * 10
        ledger.judge([make.petrol("62", at=at)], [make.petrol("40", at=at + 1), make.petrol("62", at=at + 2)])
        ledger.judge([make.petrol("40", at=at + 3)])
    assert ledger.connection.scalar(sa.select(sa.func.count()).where(cases.c.state == "open")) == 0
    assert len(ledger.emitted(CaseClosed)) == 16


@pytest.mark.parametrize("at", [-1, 0])
def test_a_conforming_verdict_of_an_earlier_or_the_same_time_closes_nothing(ledger: Ledger, make: Make, at: int) -> None:
    """It says nothing of the time after the violation."""
    ledger.judge([make.petrol("62")], [make.petrol("40", at=at)])
    assert ledger.emitted(CaseClosed) == []


@pytest.mark.parametrize("batches", [1, 2])
def test_a_violation_that_comes_after_its_remedy_is_pursued_and_closed_at_once(ledger: Ledger, make: Make, batches: int) -> None:
    """The legal times tell that it was remedied, in one batch or in two."""
    remedy, violation = make.petrol("40", at=5), make.petrol("62", at=0)
    ledger.judge(*([[remedy, violation]] if batches == 1 else [[remedy], [violation]]))
    assert types(ledger.emitted())[1:] == [
        "verdict_reached",
        "violation_detected",
        "case_opened",
        "measure_ordered",
        "case_closed",
    ]


def test_every_violation_of_a_case_must_be_remedied(ledger: Ledger, make: Make) -> None:
    """A dispenser that errs and has no valid mark is right only when both are."""
    ledger.judge([make.pump("0.9", verified_on=None)], [make.pump("0.1", at=1, verified_on=None)])
    assert len(ledger.emitted(ViolationDetected)) == 3
    assert ledger.emitted(CaseClosed) == []
    ledger.judge([make.pump("0.1", at=2)])
    assert len(ledger.emitted(CaseClosed)) == 1


def test_one_instrument_is_not_remedied_by_another_of_its_kind(ledger: Ledger, make: Make) -> None:
    """The dispenser next to it may be right while this one is not."""
    ledger.judge([make.pump("0.9", instrument=1)], [make.pump("0.1", at=1, instrument=2)])
    assert ledger.emitted(CaseClosed) == []
    ledger.judge([make.pump("0.1", at=2, instrument=1)])
    assert len(ledger.emitted(CaseClosed)) == 1


def test_conforming_goods_leave_only_a_verdict(ledger: Ledger, make: Make) -> None:
    """No case is made of them."""
    ledger.judge([make.petrol("50"), make.survey(mark=True)])
    assert types(ledger.emitted()) == ["verdict_reached", "verdict_reached"]
    assert ledger.connection.execute(sa.select(cases)).all() == []


def test_events_without_anything_to_judge_leave_nothing(ledger: Ledger, make: Make) -> None:
    """An answer about goods nobody looked at is no finding."""
    ledger.judge([make.survey(mark=None), make.lot(mark=None)], [])
    assert ledger.emitted() == []
    assert ledger.connection.execute(sa.select(findings)).all() == []


def test_missing_marks_are_pursued_at_the_shop_and_at_the_importer(ledger: Ledger, make: Make) -> None:
    """Two articles, two tracks."""
    ledger.judge([make.survey(mark=False), make.lot(mark=False)])
    shop, importer = ledger.emitted(MeasureOrdered)
    assert (shop.data.track, importer.data.track) == (Track.LABELS_AND_MARKS, Track.IMPORT)
    assert (shop.data.source, importer.data.source) == ("Luật 05/2007/QH12 Điều 40(1)(a)", "Luật 05/2007/QH12 Điều 36(1)")
    assert importer.data.site.id == "SAMPLE-IMPORTER-0001"


def test_findings_and_verdicts_are_stored_with_the_version_they_rest_on(ledger: Ledger, make: Make) -> None:
    """A verdict can be explained years later."""
    ledger.judge([make.petrol("62")])
    row = ledger.connection.execute(sa.select(verdicts)).one()
    assert (row.rule, str(row.valid_from), row.outcome) == ("fuel_meets_qcvn_1", "2023-06-15", "nonconforming")
    assert row.source.startswith("QCVN 1:2022/BKHCN")
    assert row.verified is True
    assert "62" in row.breaches


def test_an_event_id_that_is_too_long_to_publish_is_replaced_by_its_key(ledger: Ledger, make: Make) -> None:
    """Our own events stay readable for every subscriber."""
    sample = make.petrol("62", event_id="x" * 200)
    ledger.judge([sample])
    assert {event.data.finding_id for event in ledger.emitted(VerdictReached)} == {sample.key}


def test_an_officer_orders_a_further_measure(ledger: Ledger, make: Make) -> None:
    """It is announced at the legal time of the order, and the very same order is refused."""
    ledger.judge([make.petrol("62")])
    case_id = ledger.emitted(CaseOpened)[0].data.case_id
    ledger.now += timedelta(hours=30)
    order = OrderMeasure(measure=Measure.HANDLING_DECISION, source="Luật 05/2007/QH12 Điều 47(6)", note="QĐ 12")
    ledger.run(lambda uow: act(case_id, order, HEAD, uow))
    ordered = ledger.emitted(MeasureOrdered)[-1]
    assert (ordered.data.measure, ordered.data.note) == (Measure.HANDLING_DECISION, "QĐ 12")
    assert ordered.data.observed_at == ledger.now
    with pytest.raises(Conflict, match="ordered before"):
        ledger.run(lambda uow: act(case_id, order, HEAD, uow))
    again = OrderMeasure(measure=order.measure, source=order.source, note="QĐ 13")
    ledger.run(lambda uow: act(case_id, again, HEAD, uow))
    assert len({event.id for event in ledger.emitted(MeasureOrdered)}) == 3


@pytest.mark.parametrize("name", ["", " \n"])
def test_nobody_acts_in_a_case(ledger: Ledger, make: Make, name: str) -> None:
    """Without a name the record would say that the system had acted."""
    ledger.judge([make.petrol("62")])
    case_id = ledger.emitted(CaseOpened)[0].data.case_id
    with pytest.raises(InvalidInput, match="by name"):
        ledger.run(lambda uow: act(case_id, OrderMeasure(measure=Measure.RECALL), Officer(name, heads_agency=True), uow))


def test_an_officer_closes_a_case(ledger: Ledger, make: Make) -> None:
    """After that nothing more can be done in it, and the next violation opens another."""
    ledger.judge([make.petrol("62")])
    case_id = ledger.emitted(CaseOpened)[0].data.case_id
    closing = CloseCase(reason=CloseReason.TRANSFERRED, note="chuyển hồ sơ")
    with pytest.raises(Conflict, match="another authority told"):
        ledger.run(lambda uow: act(case_id, closing, HEAD, uow))
    refer = Refer(to=Referral.SANCTIONING_AUTHORITY, authority="Thanh tra mẫu")
    ledger.run(lambda uow: act(case_id, refer, HEAD, uow))
    ledger.run(lambda uow: act(case_id, closing, HEAD, uow))
    (closed,) = ledger.emitted(CaseClosed)
    assert (closed.data.reason, closed.data.note) == (CloseReason.TRANSFERRED, "chuyển hồ sơ")
    with pytest.raises(Conflict):
        ledger.run(lambda uow: act(case_id, closing, HEAD, uow))
    with pytest.raises(Conflict):
        ledger.run(lambda uow: act(case_id, OrderMeasure(measure=Measure.RECALL, source="SAMPLE"), HEAD, uow))
    ledger.judge([make.petrol("40", at=1)], [make.petrol("62", at=2)])
    assert len(ledger.emitted(CaseOpened)) == 2


def test_an_officers_act_is_never_dated_before_the_case(ledger: Ledger, make: Make) -> None:
    """A publisher whose clock is ahead opens cases in our future."""
    ledger.judge([make.petrol("62", late=3)])
    case_id = ledger.emitted(CaseOpened)[0].data.case_id
    ledger.run(lambda uow: act(case_id, CloseCase(reason=CloseReason.UNFOUNDED), HEAD, uow))
    assert ledger.emitted(CaseClosed)[0].data.observed_at == ledger.emitted(CaseOpened)[0].data.observed_at


def test_an_unknown_case_is_not_found(ledger: Ledger) -> None:
    """Neither for measures nor for closings."""
    with pytest.raises(NotFound):
        ledger.run(lambda uow: act("SAMPLE-NONE", CloseCase(reason=CloseReason.REMEDIED), HEAD, uow))
    with pytest.raises(NotFound):
        ledger.run(lambda uow: act("SAMPLE-NONE", OrderMeasure(measure=Measure.RECALL, source="SAMPLE"), HEAD, uow))


def test_a_batch_takes_few_statements_however_large(ledger: Ledger, make: Make) -> None:
    """Two reads, and one write for each table, two for cases that closed and cases that opened."""
    ledger.judge([make.petrol("62", site=site) for site in range(50)])
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(ledger.connection, "before_cursor_execute", count)
    batch = [make.petrol("40", at=1, site=site) for site in range(25)] + [
        make.petrol("62", at=2, site=site) for site in range(90)
    ]
    ledger.judge(batch)
    sa.event.remove(ledger.connection, "before_cursor_execute", count)
    words = [statement.split()[0] for statement in statements]
    assert (words.count("SELECT"), words.count("INSERT")) == (2, 8)  # one of the writes is the outbox
