"""What the inspection service does: judge findings, and do in its cases what officers decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.inspection.docket import Docket, acts_of, locked_case, open_case_about
from services.inspection.illegal_gain import work_out
from services.inspection.illegal_gain.writing import WrittenLine, written
from services.inspection.model.cases import Case
from services.inspection.model.findings import Finding
from services.inspection.procedure.deeds import AssessRisk, OfficerDeed, OrderMeasure, RecordIllegalGain, ReopenCase, ValidateRisk
from services.inspection.procedure.lawfulness import is_for_the_agency, take
from services.inspection.procedure.measures import article_of
from services.inspection.proceedings import Proceedings
from services.inspection.queries import case_of_id
from services.inspection.risk import Assessment, assess
from services.inspection.rules import rulebook
from shared.contracts.envelope import Event
from shared.contracts.vocabulary import Outcome, RiskLevel
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted


class Officer(NamedTuple):
    """Who acts; some acts are for the head of the agency alone."""

    name: str
    heads_agency: bool

    def check_name(self) -> None:
        """Raise ``InvalidInput`` for nobody: the record would say that the system acted by itself."""
        if not self.name.strip():
            raise InvalidInput("say by name who acts")


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
            elif verdict.kept:
                proceedings.accept(event, finding, verdict)
    docket.save(uow.connection)


def act(case_id: str, deed: OfficerDeed, officer: Officer, uow: UnitOfWork) -> None:
    """Do what an officer decided in a case.

    Raises ``NotFound``; ``Conflict`` when it is not lawful as the case stands, or the very same measure was ordered before;
    ``NotPermitted`` when it is for the head of the agency to decide; ``InvalidInput`` for a measure without an article, and
    for a level or an amount that does not follow from what it is worked out from.
    """
    case = locked_case(uow.connection, case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    deed = _completed(deed, case, officer, uow.connection)
    docket = Docket([case], {})
    Proceedings(docket, uow).act(case, deed, max(uow.now, case.closed_at or case.opened_at), officer=officer.name)
    docket.save(uow.connection)


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """What would come of an act that can be done now: the article it rests on, and the act as it would be recorded.

    ``risk`` and ``illegal_gain`` are the working of an act that records one.
    """

    act: str
    source: str
    recorded: OfficerDeed
    risk: Assessment | None = None
    illegal_gain: list[WrittenLine] | None = None


def rehearse(case_id: str, deed: OfficerDeed, officer: Officer, connection: sa.Connection) -> Rehearsal:
    """Tell what would come of an act, and do nothing; raise what ``act`` would."""
    case = case_of_id(connection, case_id)
    deed = _completed(deed, case, officer, connection)
    _, source = take(case.standing, case.track, deed, officer=officer.name)
    return Rehearsal(
        act=deed.name,
        source=source,
        recorded=deed,
        risk=assess(deed.scenarios, deed.items_in_use) if isinstance(deed, AssessRisk) else None,
        illegal_gain=written(work_out(deed.facts)) if isinstance(deed, RecordIllegalGain) else None,
    )


def _completed(deed: OfficerDeed, case: Case, officer: Officer, connection: sa.Connection) -> OfficerDeed:
    """Return the deed with what follows from it; raise what ``act`` does, but for what the procedure itself objects to."""
    officer.check_name()
    if isinstance(deed, OrderMeasure):
        deed = _with_article(deed, case)
        if any(one.deed == deed for one in acts_of(connection, case.id)):
            raise Conflict(f"{deed.measure} was ordered before in case {case.id}, on the same article and with the same note")
    elif isinstance(deed, ReopenCase) and (other := open_case_about(connection, case.key)) not in (None, case.id):
        raise Conflict(f"case {other} is open about the same product at the same site: go on in it")
    elif isinstance(deed, AssessRisk):
        deed = _with_level(deed)
    elif isinstance(deed, ValidateRisk) and case.risk.proposed not in (deed.level, RiskLevel.NOT_STATED):
        raise Conflict(f"the assessment that waits to be validated says {case.risk.proposed}, not {deed.level}")
    elif isinstance(deed, RecordIllegalGain):
        deed = _with_amount(deed)
    if not officer.heads_agency and is_for_the_agency(case.standing, case.track, deed):
        raise NotPermitted(f"{deed.name} is for the head of the agency to decide; {officer.name} may propose it")
    return deed


def _with_article(order: OrderMeasure, case: Case) -> OrderMeasure:
    source = order.source or article_of(order.measure, case.track)
    if not source:
        raise InvalidInput(f"the track {case.track} names no article for {order.measure}: say which one it rests on", "/source")
    return msgspec.structs.replace(order, source=source)


def _with_level(deed: AssessRisk) -> AssessRisk:
    level = assess(deed.scenarios, deed.items_in_use).level
    if deed.level not in (RiskLevel.NOT_STATED, level):
        raise InvalidInput(f"these scenarios come to {level}, not {deed.level}: leave the level out", "/level")
    return msgspec.structs.replace(deed, level=level)


def _with_amount(deed: RecordIllegalGain) -> RecordIllegalGain:
    amount = work_out(deed.facts).amount
    if deed.amount not in (None, amount):
        raise InvalidInput(f"these facts come to {amount} VND, not {deed.amount}: leave the amount out", "/amount")
    return msgspec.structs.replace(deed, amount=amount)
