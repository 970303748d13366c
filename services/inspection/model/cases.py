"""Cases: what their acts make of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from services.inspection.model.findings import CaseKey
from services.inspection.procedure.acts import Act
from services.inspection.procedure.deeds import (
    AcceptConformity,
    AnyDeed,
    AssessRisk,
    CloseCase,
    EstablishContinuation,
    JoinViolation,
    OpenCase,
    OrderMeasure,
    RecordIllegalGain,
    ReopenCase,
    ValidateRisk,
)
from services.inspection.procedure.lawfulness import take
from services.inspection.procedure.standing import Standing
from services.inspection.risk import worst
from shared.contracts.inspection import CloseReason, ViolationKind
from shared.contracts.vocabulary import Product, RiskLevel, Site, Track
from shared.kernel.errors import Conflict
from shared.kernel.ids import derived_id


class CaseState(StrEnum):
    """Where a case stands. Stored."""

    OPEN = "open"
    CLOSED = "closed"


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter breached in a case, of one ``item`` where instruments are concerned; ``WHOLE`` where none is told apart.

    ``violated_at`` and ``conformed_at`` are the latest legal times at which it was found breached and found kept.
    """

    kind: ViolationKind
    item: str
    parameter: str
    violated_at: datetime
    conformed_at: datetime | None = None


class CaseRisk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How dangerous a case is: the ``level`` in force, and the ``proposed`` one that waits for a second person.

    The level is the worst of its violations' default ones, until one that an officer assessed is validated.
    """

    level: RiskLevel = RiskLevel.NOT_STATED
    proposed: RiskLevel = RiskLevel.NOT_STATED
    validated_by: str = ""

    def after(self, deed: AnyDeed, officer: str, known: Collection[ViolationKind]) -> CaseRisk:
        """Return the risk after an act in a case with violations of the ``known`` kinds; what was validated holds for these."""
        match deed:
            case JoinViolation() if not (self.validated_by and deed.kind in known):
                return msgspec.structs.replace(self, level=worst((self.level, deed.risk_level)))
            case AssessRisk():
                return msgspec.structs.replace(self, proposed=deed.level)
            case ValidateRisk():
                return CaseRisk(level=deed.level, validated_by=officer)
        return self


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What the authority pursues against one product at one site, until it is remedied, transferred or unfounded.

    A case is what its acts make of it (``fold``). Legal times that arrive out of order change nothing: each matter keeps
    its latest ones. ``measured_at`` is when the first measure since the (last) opening was ordered, ``opening`` how often
    the case was opened, ``acts`` how many acts there are so far, and ``head`` the hash of the last one.
    ``illegal_gain`` in VND is the one put on record last.
    """

    id: str
    site: Site
    product: Product
    track: Track
    violation_kind: ViolationKind
    violation_id: str
    opened_at: datetime
    state: CaseState = CaseState.OPEN
    findings: int = 0
    matters: tuple[Matter, ...] = ()
    closed_at: datetime | None = None
    reason: CloseReason | None = None
    note: str = ""
    standing: Standing = Standing()
    measured_at: datetime | None = None
    opening: int = 1
    acts: int = 0
    head: str = ""
    risk: CaseRisk = CaseRisk()
    illegal_gain: int = 0

    @property
    def key(self) -> CaseKey:
        return (self.site.id, self.product.key)

    @classmethod
    def opened_by(cls, act: Act, deed: OpenCase) -> Case:
        """Return the case that an opening makes."""
        return cls(
            id=act.case_id,
            site=deed.site,
            product=deed.product,
            track=act.track,
            violation_kind=deed.violation_kind,
            violation_id=deed.violation_id,
            opened_at=act.acted_at,
            acts=act.number,
            head=act.hash,
        )

    def after(self, act: Act) -> Case:
        """Return what an act makes of the case; raise ``Conflict`` for one that is not lawful as the case stands."""
        standing, _ = take(self.standing, self.track, act.deed, officer=act.officer)
        risk = self.risk.after(act.deed, act.officer, {matter.kind for matter in self.matters})
        gain = act.deed.amount or 0 if isinstance(act.deed, RecordIllegalGain) else self.illegal_gain
        return msgspec.structs.replace(
            self._told(act),
            track=act.track,
            standing=standing,
            risk=risk,
            illegal_gain=gain,
            acts=act.number,
            head=act.hash,
        )

    def _told(self, act: Act) -> Case:
        match act.deed:
            case JoinViolation() as joined:
                return self.join(joined.kind, joined.item, joined.violated_at, joined.breached)
            case AcceptConformity() as accepted:
                return self.conform(accepted.kind, accepted.item, accepted.kept, accepted.conformed_at)
            case OrderMeasure() if self.measured_at is None:
                return msgspec.structs.replace(self, measured_at=act.acted_at)
            case CloseCase() as closing:
                return self.close(closing.reason, act.acted_at, closing.note)
            case ReopenCase():
                return msgspec.structs.replace(
                    self,
                    state=CaseState.OPEN,
                    opening=self.opening + 1,
                    closed_at=None,
                    reason=None,
                    note="",
                    measured_at=act.acted_at,
                )
        return self

    def goes_on_with(self, joined: JoinViolation) -> EstablishContinuation | None:
        """Return what must be put on record when a violation shows that the same kind went on after the first measure.

        Who sells petrol with too much benzene after the order about its sulfur goes on violating.
        """
        known = any((one.kind, one.item) == (joined.kind, joined.item) for one in self.matters)
        if not known or self.measured_at is None or joined.violated_at <= self.measured_at:
            return None
        return EstablishContinuation(violation_id=joined.violation_id)

    def join(self, kind: ViolationKind, item: str, violated_at: datetime, breached: Mapping[str, datetime | None]) -> Case:
        """Return the case with one more violation; ``breached`` has the latest conforming verdict known of each parameter."""
        matters = self._by_key()
        for parameter, conformed_at in breached.items():
            first = Matter(kind=kind, item=item, parameter=parameter, violated_at=violated_at)
            known = matters.get((kind, item, parameter), first)
            matters[kind, item, parameter] = msgspec.structs.replace(
                known, violated_at=max(violated_at, known.violated_at), conformed_at=later(conformed_at, known.conformed_at)
            )
        return msgspec.structs.replace(self, matters=_in_order(matters), findings=self.findings + 1)

    def concerned(self, kind: ViolationKind, item: str, parameters: Iterable[str]) -> tuple[str, ...]:
        """Return those of ``parameters`` whose breach is a matter of the case."""
        matters = self._by_key()
        return tuple(parameter for parameter in parameters if (kind, item, parameter) in matters)

    def conform(self, kind: ViolationKind, item: str, kept: Iterable[str], conformed_at: datetime) -> Case:
        """Return the case after parameters were found kept, which only counts for the matters it has."""
        matters = self._by_key()
        for parameter in self.concerned(kind, item, kept):
            known = matters[kind, item, parameter]
            matters[kind, item, parameter] = msgspec.structs.replace(known, conformed_at=later(conformed_at, known.conformed_at))
        return msgspec.structs.replace(self, matters=_in_order(matters))

    def close(self, reason: CloseReason, closed_at: datetime, note: str = "") -> Case:
        """Return the closed case; raise ``Conflict`` when it was closed before."""
        if self.state is CaseState.CLOSED:
            raise Conflict(f"case {self.id} is closed since {self.closed_at:%Y-%m-%d}: {self.reason}")
        return msgspec.structs.replace(self, state=CaseState.CLOSED, reason=reason, closed_at=closed_at, note=note)

    def _by_key(self) -> dict[tuple[ViolationKind, str, str], Matter]:
        return {(one.kind, one.item, one.parameter): one for one in self.matters}


def _in_order(matters: Mapping[tuple[ViolationKind, str, str], Matter]) -> tuple[Matter, ...]:
    return tuple(matter for _, matter in sorted(matters.items()))


def fold(acts: Iterable[Act]) -> Case | None:
    """Return what ``acts``, all those of one case in their order, make of it; nothing when there are none.

    Raises ``Conflict`` when the first one opens no case.
    """
    case: Case | None = None
    for act in acts:
        if case is not None:
            case = case.after(act)
        elif isinstance(act.deed, OpenCase):
            case = Case.opened_by(act, act.deed)
        else:
            raise Conflict(f"case {act.case_id} does not begin with its opening")
    return case


def case_id_of(key: CaseKey, violation_event_id: str) -> str:
    """Return the id of the case that the violation announced by this event opens."""
    return derived_id(*key, violation_event_id)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two moments, either of which may be unknown."""
    known = [moment for moment in (one, other) if moment is not None]
    return max(known, default=None)
