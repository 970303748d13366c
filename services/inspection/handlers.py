"""What the inspection service does: judge findings, and carry out the measures and closings that officers decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from services.inspection.docket import Docket, locked_case
from services.inspection.model import Case, CaseState, Finding
from services.inspection.proceedings import Proceedings
from services.inspection.rules import rulebook
from services.inspection.tables import measures
from shared.contracts.envelope import Event
from shared.contracts.inspection import CloseReason
from shared.contracts.vocabulary import LongText, Measure, Outcome, Text
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import Conflict, NotFound


class OrderMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An officer orders a measure in a case; ``source`` is the article that empowers it."""

    measure: Measure
    source: Text
    note: LongText = ""


class CloseCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An officer closes a case."""

    reason: CloseReason
    note: LongText = ""


def judge(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Judge the findings in ``events`` in order of arrival, and let cases open, grow and close."""
    book = rulebook()
    judged = [(event, Finding.of(event), reached) for event in events if (reached := book.verdicts(event.data))]
    docket = Docket.of(uow.connection, [(finding, reached) for _, finding, reached in judged])
    proceedings = Proceedings(docket, uow)
    for event, finding, reached in judged:
        docket.record(event, finding, reached)
        for verdict in reached:
            proceedings.announce(event, finding, verdict)
            if verdict.outcome is Outcome.NONCONFORMING:
                proceedings.pursue(event, finding, verdict)
            elif verdict.outcome is Outcome.CONFORMING:
                proceedings.accept(event, finding, verdict)
    docket.save(uow.connection)


def order_measure(case_id: str, body: OrderMeasure, uow: UnitOfWork) -> None:
    """Order a measure in an open case; raise ``NotFound``, or ``Conflict`` when it is closed or has the very same measure."""
    case = _locked(case_id, uow)
    if case.state is CaseState.CLOSED:
        raise Conflict(f"case {case_id} is closed: no more measures can be ordered in it")
    earlier = uow.connection.execute(sa.select(measures).where(measures.c.case_id == case_id)).all()
    if any((one.measure, one.source, one.note) == (body.measure, body.source, body.note) for one in earlier):
        raise Conflict(f"{body.measure} was ordered before in case {case_id}, on the same article and with the same note")
    docket = Docket([case], {})
    Proceedings(docket, uow).order(
        case, body.measure, body.source, number=len(earlier) + 1, ordered_at=max(uow.now, case.opened_at), note=body.note
    )
    docket.save(uow.connection)


def close_case(case_id: str, body: CloseCase, uow: UnitOfWork) -> None:
    """Close an open case; raise ``NotFound``, or ``Conflict`` when it is closed."""
    case = _locked(case_id, uow)
    docket = Docket([case], {})
    Proceedings(docket, uow).close(case, body.reason, max(uow.now, case.opened_at), note=body.note)
    docket.save(uow.connection)


def _locked(case_id: str, uow: UnitOfWork) -> Case:
    case = locked_case(uow.connection, case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    return case
