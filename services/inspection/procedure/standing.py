"""Where a case stands: finitely many values, so that every state that can be reached can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from services.inspection.procedure.deeds import (
    AnyDeed,
    AssessRisk,
    CloseCase,
    Conclude,
    Deed,
    EstablishContinuation,
    FindSeriousViolation,
    FindTermExpired,
    FindThreat,
    JoinViolation,
    OrderMeasure,
    ProposePublication,
    Publish,
    Refer,
    ReopenCase,
    Resume,
    Transfer,
    Unseal,
    ValidateRisk,
)
from services.inspection.procedure.measures import DISPOSING, SEALING, STOPPING


class Phase(StrEnum):
    """How far a case has come. Stored: never rename a value."""

    DETECTED = "detected"
    REMEDYING = "remedying"
    AGGRAVATED = "aggravated"
    PUBLISHED = "published"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


class Ground(StrEnum):
    """What makes a case graver than its first measure could settle. Stored: never rename a value."""

    CONTINUED = "continued"
    THREAT = "threat"
    SERIOUS = "serious"
    TERM_EXPIRED = "term_expired"


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the next act depends on.

    ``tested``: a test result shows the violation. ``proposed_by``: the officer who proposed to publish. ``defied``: the
    violation went on after the public notice. ``stopped``, ``sealed``: such a measure is in force. ``disposed``: re-export,
    destruction or recycling was ordered. ``handed_over``: another authority has the file or was told. ``assessed_by``: the
    officer whose risk assessment waits for a second person.
    """

    phase: Phase = Phase.DETECTED
    grounds: tuple[Ground, ...] = ()
    tested: bool = False
    concluded: bool = False
    proposed_by: str = ""
    published: bool = False
    defied: bool = False
    stopped: bool = False
    sealed: bool = False
    disposed: bool = False
    handed_over: bool = False
    assessed_by: str = ""

    def after(self, deed: AnyDeed, phase: Phase, officer: str) -> Standing:
        """Return the standing in ``phase`` after ``deed``, which has been found lawful."""
        effect = _EFFECTS.get(type(deed))
        if effect is None:
            return self if phase is self.phase else msgspec.structs.replace(self, phase=phase)
        return msgspec.structs.replace(self, phase=phase, **effect(self, deed, officer))


def _ordered(now: Standing, order: OrderMeasure, _officer: str) -> dict[str, Any]:
    return {
        "stopped": now.stopped or order.measure in STOPPING,
        "sealed": now.sealed or order.measure in SEALING,
        "disposed": now.disposed or order.measure in DISPOSING,
    }


def _reopened(_now: Standing, _deed: AnyDeed, _officer: str) -> dict[str, Any]:
    # What was concluded and proposed was about the violation as it stood then: all but the tests is done anew.
    return {name: value for name, value in msgspec.structs.asdict(Standing()).items() if name not in ("phase", "tested")}


def _adds(ground: Ground) -> Callable[[Standing, AnyDeed, str], dict[str, Any]]:
    return lambda now, _deed, _officer: {"grounds": tuple(sorted({*now.grounds, ground}))}


# What an act changes beside the phase.
_EFFECTS: Mapping[type[Deed], Callable[[Standing, Any, str], dict[str, Any]]] = {
    JoinViolation: lambda now, joined, _: {"tested": now.tested or joined.tested},
    OrderMeasure: _ordered,
    EstablishContinuation: lambda now, _, __: {
        "grounds": tuple(sorted({*now.grounds, Ground.CONTINUED})),
        "defied": now.published,
    },
    FindThreat: _adds(Ground.THREAT),
    FindSeriousViolation: _adds(Ground.SERIOUS),
    FindTermExpired: _adds(Ground.TERM_EXPIRED),
    Conclude: lambda *_: {"concluded": True},
    ProposePublication: lambda _, __, officer: {"proposed_by": officer},
    Publish: lambda *_: {"published": True},
    Transfer: lambda *_: {"handed_over": True},
    Refer: lambda *_: {"handed_over": True},
    Resume: lambda *_: {"stopped": False},
    Unseal: lambda *_: {"sealed": False},
    AssessRisk: lambda _, __, officer: {"assessed_by": officer},
    ValidateRisk: lambda *_: {"assessed_by": ""},
    CloseCase: lambda *_: {"stopped": False, "sealed": False},
    ReopenCase: _reopened,
}
