"""Events the inspection service publishes, one file for each subject."""

from shared.contracts.inspection.cases import (
    ActTaken,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CloseReason,
    MeasureOrdered,
    PublicationDecided,
    Referral,
    ReopenReason,
)
from shared.contracts.inspection.findings import RiskBasis, RuleReference, VerdictReached, ViolationDetected, ViolationKind
from shared.contracts.inspection.matches import ConcernKind, MatchConfirmed

__all__ = [
    "ActTaken",
    "CaseClosed",
    "CaseOpened",
    "CaseReopened",
    "CloseReason",
    "ConcernKind",
    "MatchConfirmed",
    "MeasureOrdered",
    "PublicationDecided",
    "Referral",
    "ReopenReason",
    "RiskBasis",
    "RuleReference",
    "VerdictReached",
    "ViolationDetected",
    "ViolationKind",
]
