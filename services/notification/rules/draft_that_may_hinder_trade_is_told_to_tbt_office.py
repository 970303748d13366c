"""A draft regulation that is to be notified to the WTO is told to the TBT office; a local one to its province's TBT point too."""

from __future__ import annotations

from services.notification.authorities import TBT_OFFICE, sub_department
from services.notification.model import Decision, Rule
from shared.contracts.planning import TbtNotificationDue


def decide(draft: TbtNotificationDue) -> Decision:
    """Hand every such draft over, with the articles and the least time for comments."""
    point = (sub_department(draft.province),) if draft.province else ()
    return Decision(
        about=draft.draft_id,
        recipients=(TBT_OFFICE, *point),
        province=draft.province,
        shown_to_all={
            "draft_kind": draft.draft_kind,
            "title": draft.title,
            "province": draft.province,
            "urgent": draft.urgent,
            "assessed": draft.assessed,
            "articles": draft.articles,
            "source": draft.source,
            "comments_until": draft.comments_until,
        },
        shown_to_authorities={"draft_id": draft.draft_id, "unit": draft.unit},
    )


RULE = Rule(kind="tbt_notification_due", listens_to=TbtNotificationDue, decide=decide)
