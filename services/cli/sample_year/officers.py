"""What officers decide in the cases of the sample year, from risks and illegal gains to public notices and reopened cases.

Which cases it concerns follows from their ids, so that the same year always comes to the same decisions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

import sqlalchemy as sa

from services.inspection.docket import case_of
from services.inspection.handlers import Officer, act
from services.inspection.illegal_gain import MeasurementFacts, Price, PriceSource
from services.inspection.model.cases import Case, CaseState
from services.inspection.procedure.deeds import (
    AssessRisk,
    CloseCase,
    Conclude,
    Document,
    FindSeriousViolation,
    FindThreat,
    OfficerDeed,
    OrderMeasure,
    ProposePublication,
    Publish,
    RecordIllegalGain,
    Refer,
    ReopenCase,
    Transfer,
    ValidateRisk,
)
from services.inspection.procedure.lawfulness import objection_to
from services.inspection.procedure.standing import Phase
from services.inspection.registers.deciding import Decision
from services.inspection.registers.deciding import decide as decide_match
from services.inspection.registers.matching import MatchState
from services.inspection.risk import Scenario, Step
from services.inspection.tables import cases, matches
from shared.contracts.inspection import CloseReason, Referral, ReopenReason, ViolationKind
from shared.contracts.vocabulary import Measure, RiskLevel, Track
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert
from shared.kernel.deadlines import local_day
from shared.kernel.errors import Conflict
from shared.messaging.tables import timer_slots
from shared.room import Room

_TIMER = "sample officers"
_LOOKED_BACK = timedelta(days=28)
_PAPERS = [Document(title="Công văn (mẫu)", number="MAU-1"), Document(title="Biên bản kiểm tra (mẫu)", number="MAU-2")]


class _Share(NamedTuple):
    """One case, or match, in so many."""

    one_in: int

    def has(self, id_: str) -> bool:
        return int(id_[:6], 16) % self.one_in == 0


_DISPOSALS = (Measure.RE_EXPORT, Measure.RE_EXPORT, Measure.RECYCLE, Measure.DESTROY)
_GRAVE, _PUBLISHED, _TRANSFERRED, _REOPENED = _Share(12), _Share(2), _Share(4), _Share(40)
_CONFIRMED, _REJECTED, _MATCHER = _Share(8), _Share(5), "SAMPLE-OFFICER-TBT"
_ASSESSED, _GAINED = _Share(5), _Share(3)
_OF_THE_TEAM = (ProposePublication, AssessRisk, RecordIllegalGain)

_WORSE = AssessRisk(
    scenarios=(
        Scenario(
            harm="Mẫu: người sử dụng phải nằm viện",
            severity=3,
            steps=(
                Step(text="Mẫu: hàng hóa, phương tiện đo được sử dụng", probability="0.5"),
                Step(text="Mẫu: người sử dụng bị thương", probability="1/1000"),
            ),
        ),
    )
)


def decide(room: Room, moment: datetime) -> None:
    """Do what the officers of all provinces decide at ``moment``, once, however often it is asked for."""
    with room.transaction() as uow:
        done = uow.connection.scalar(sa.select(timer_slots.c.slot).where(timer_slots.c.timer == _TIMER)) or 0
        if done >= int(moment.timestamp()):
            return
        upsert(uow.connection, timer_slots, [{"timer": _TIMER, "slot": int(moment.timestamp())}], replace=["slot"])
        lately = sa.or_(cases.c.state == sa.literal_column("'open'"), cases.c.closed_at > moment - _LOOKED_BACK)
        rows = uow.connection.execute(sa.select(cases).where(lately).order_by(cases.c.id)).mappings().all()
        for case in map(case_of, rows):
            team = Officer(f"SAMPLE-OFFICER-{case.site.province}", heads_agency=False)
            head = Officer(f"SAMPLE-HEAD-{case.site.province}", heads_agency=True)
            for deed in _reopening(case) if case.state is CaseState.CLOSED else chain(_established(case), _decided(case)):
                try:
                    act(case.id, deed, team if isinstance(deed, _OF_THE_TEAM) else head, uow)
                except Conflict:
                    break  # what came before it was not lawful here, or another case about the same is open
        _decide_matches(uow, moment)


def _decide_matches(uow: UnitOfWork, moment: datetime) -> None:
    """Confirm or reject some of what was suggested lately; the rest waits, as it does."""
    suggested = matches.c.state == MatchState.SUGGESTED.value
    lately = uow.connection.scalars(
        sa.select(matches.c.match_id)
        .where(suggested, matches.c.observed_at > moment - _LOOKED_BACK)
        .order_by(matches.c.observed_at, matches.c.match_id)
    ).all()
    for match_id in lately:
        if _CONFIRMED.has(match_id):
            decide_match(match_id, MatchState.CONFIRMED, Decision(reason="Mẫu: cùng nhãn hiệu, cùng kiểu."), _MATCHER, uow)
        elif _REJECTED.has(match_id):
            decide_match(match_id, MatchState.REJECTED, Decision(reason="Mẫu: khác lô."), _MATCHER, uow)


def _established(case: Case) -> Iterator[OfficerDeed]:
    """Yield what is assessed and worked out in an open case, once for each."""
    if _ASSESSED.has(case.id) and not case.risk.validated_by:
        yield from (_WORSE, ValidateRisk(level=RiskLevel.HIGH))
    if _GAINED.has(case.id) and case.violation_kind is ViolationKind.DISPENSER_ERROR and not case.illegal_gain:
        number, day = int(case.id[:6], 16), local_day(case.opened_at)
        facts = MeasurementFacts(
            detected_on=day,
            previous_verification_on=day - timedelta(days=90 + number % 180),
            measured_error_percent=-(Decimal("0.6") + Decimal(number % 12) / 10),
            permitted_error_percent=Decimal("0.45"),
            quantity=Decimal(20_000 + 2_000 * (number % 80)),
            unit="L",
            prices_at_start=(Price(amount=21_300, source=PriceSource.LISTED),),
            prices_at_detection=(Price(amount=23_100, source=PriceSource.LISTED),),
        )
        yield RecordIllegalGain(facts=facts, note="Mẫu.")


def _decided(case: Case) -> Iterator[OfficerDeed]:
    """Yield what is decided in an open case; what the law of its track does not know is left."""
    now = case.standing
    if now.phase is Phase.REMEDYING and _GRAVE.has(case.id):
        findings: tuple[OfficerDeed, ...] = (
            FindThreat(note="Mẫu: đe dọa an toàn."),
            FindSeriousViolation(note="Mẫu: vi phạm nghiêm trọng."),
        )
        yield from [one for one in findings if not objection_to(now, case.track, one, officer=_TIMER)][:1]
    elif now.phase is Phase.AGGRAVATED and _PUBLISHED.has(case.id):
        yield from (Conclude(number="KL-MAU"), ProposePublication(), Publish(degree="Mẫu: vượt giới hạn cho phép."))
    elif now.phase is Phase.PUBLISHED and _TRANSFERRED.has(case.id):
        yield Transfer(authority="Cơ quan có thẩm quyền (mẫu)", documents=_PAPERS)
    elif now.phase is Phase.TRANSFERRED:
        yield CloseCase(reason=CloseReason.TRANSFERRED)
    elif case.track is Track.IMPORT and not now.handed_over:
        yield Refer(to=Referral.CUSTOMS, authority="Cơ quan hải quan (mẫu)")
        if now.tested:
            yield OrderMeasure(measure=_DISPOSALS[int(case.id[:6], 16) % len(_DISPOSALS)])
            yield CloseCase(reason=CloseReason.DISPOSED)


def _reopening(case: Case) -> Iterator[OfficerDeed]:
    if case.reason is CloseReason.REMEDIED and case.opening == 1 and _REOPENED.has(case.id):
        yield ReopenCase(reason=ReopenReason.NEW_EVIDENCE, note="Mẫu: có chứng cứ mới.")
