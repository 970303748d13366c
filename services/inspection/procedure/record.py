"""What the acts of a case say of it, for reading: everything in order, the measures, the risk assessments; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from services.inspection.procedure.acts import Act
from services.inspection.procedure.deeds import AssessRisk, OrderMeasure, ValidateRisk
from services.inspection.risk import Assessment, assess
from shared.contracts.vocabulary import Measure, Track


class FiledAct(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a case; ``officer`` is empty where the system acted by itself."""

    number: int
    act: str
    track: Track
    acted_at: datetime
    recorded_at: datetime
    officer: str
    data: msgspec.Raw
    previous: str
    hash: str

    @classmethod
    def of(cls, act: Act) -> FiledAct:
        return cls(
            number=act.number,
            act=act.deed.name,
            track=act.track,
            acted_at=act.acted_at,
            recorded_at=act.recorded_at,
            officer=act.officer,
            data=msgspec.Raw(act.data.encode()),
            previous=act.previous,
            hash=act.hash,
        )


class FiledMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that was ordered in a case."""

    number: int
    measure: Measure
    source: str
    ordered_at: datetime
    note: str


class FiledAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """A risk assessment that an officer put on record, in the act of this ``number``; not validated, it changes nothing."""

    number: int
    officer: str
    assessed_at: datetime
    validated_by: str
    assessment: Assessment
    note: str


def measures_in(acts: Sequence[Act]) -> Iterator[FiledMeasure]:
    """Yield the measures, numbered from 1."""
    ordered = ((act, act.deed) for act in acts if isinstance(act.deed, OrderMeasure))
    for number, (act, order) in enumerate(ordered, start=1):
        yield FiledMeasure(number=number, measure=order.measure, source=order.source, ordered_at=act.acted_at, note=order.note)


def assessments_in(acts: Sequence[Act]) -> list[FiledAssessment]:
    """Return the risk assessments with their working; a validation is of the one before it."""
    found: list[FiledAssessment] = []
    for act in acts:
        match act.deed:
            case AssessRisk() as deed:
                found.append(
                    FiledAssessment(
                        number=act.number,
                        officer=act.officer,
                        assessed_at=act.acted_at,
                        validated_by="",
                        assessment=assess(deed.scenarios, deed.items_in_use),
                        note=deed.note,
                    )
                )
            case ValidateRisk():
                found[-1] = msgspec.structs.replace(found[-1], validated_by=act.officer)
    return found
