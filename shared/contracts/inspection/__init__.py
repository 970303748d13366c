"""Events the inspection service publishes, one file for each subject."""

from shared.contracts.inspection.cases import CaseClosed, CaseOpened, CloseReason, MeasureOrdered
from shared.contracts.inspection.findings import RuleReference, VerdictReached, ViolationDetected, ViolationKind

__all__ = [
    "CaseClosed",
    "CaseOpened",
    "CloseReason",
    "MeasureOrdered",
    "RuleReference",
    "VerdictReached",
    "ViolationDetected",
    "ViolationKind",
]
