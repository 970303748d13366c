"""What the inspection service does: judge findings, and carry out the measures and closings that officers decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.inspection.docket import Docket, acts_of, locked_case
from services.inspection.model import Case, CaseState, Finding
from services.inspection.procedure.acts import CloseCase, OrderMeasure
from services.inspection.proceedings import Proceedings
from services.inspection.rules import rulebook
from shared.contracts.envelope import Event
from shared.contracts.vocabulary import Outcome
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import Conflict, NotFound


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


def order_measure(case_id: str, body: OrderMeasure, uow: UnitOfWork, officer: str) -> None:
    """Order a measure in an open case; raise ``NotFound``, or ``Conflict`` when it is closed or has the very same measure."""
    case = _locked(case_id, uow)
    if case.state is CaseState.CLOSED:
        raise Conflict(f"case {case_id} is closed: no more measures can be ordered in it")
    if any(act.deed == body for act in acts_of(uow.connection, case_id)):
        raise Conflict(f"{body.measure} was ordered before in case {case_id}, on the same article and with the same note")
    docket = Docket([case], {})
    Proceedings(docket, uow).order(case, body, max(uow.now, case.opened_at), officer=officer)
    docket.save(uow.connection)


def close_case(case_id: str, body: CloseCase, uow: UnitOfWork, officer: str) -> None:
    """Close an open case; raise ``NotFound``, or ``Conflict`` when it is closed."""
    case = _locked(case_id, uow)
    docket = Docket([case], {})
    Proceedings(docket, uow).close(case, body, max(uow.now, case.opened_at), officer=officer)
    docket.save(uow.connection)


def _locked(case_id: str, uow: UnitOfWork) -> Case:
    case = locked_case(uow.connection, case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    return case
