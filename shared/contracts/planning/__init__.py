"""Events the planning service publishes, one file for each subject."""

from shared.contracts.planning.deadlines import DeadlineApproaching, DeadlineMissed
from shared.contracts.planning.drafts import DraftMoved, NotNotified, TbtNotificationDue, TbtNotificationRuledOut
from shared.contracts.planning.plans import ItemProgressed, PlanApproved, ShortfallExplained
from shared.contracts.planning.proposals import InspectionProposed
from shared.contracts.planning.tasks import DirectiveReturned, ReturnReason, TaskAssigned, TaskDone
from shared.contracts.planning.work import WorkRecorded

__all__ = [
    "DeadlineApproaching",
    "DeadlineMissed",
    "DirectiveReturned",
    "DraftMoved",
    "InspectionProposed",
    "ItemProgressed",
    "NotNotified",
    "PlanApproved",
    "ReturnReason",
    "ShortfallExplained",
    "TaskAssigned",
    "TaskDone",
    "TbtNotificationDue",
    "TbtNotificationRuledOut",
    "WorkRecorded",
]
