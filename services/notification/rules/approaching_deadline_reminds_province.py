"""A statutory clock that is close to its end is told to the sub-department that must act: the one of the site's province."""

from __future__ import annotations

from services.notification.authorities import LEADERSHIP, sub_department
from services.notification.model import Decision, Rule
from shared.contracts.planning import DeadlineApproaching


def decide(deadline: DeadlineApproaching) -> Decision:
    """Remind the province before the time is over, and not after; a duty without a site is the national authority's own."""
    return Decision(
        about=deadline.clock_id,
        recipients=(sub_department(deadline.province) if deadline.province else LEADERSHIP,),
        province=deadline.province,
        product_group=deadline.product_group,
        until=deadline.due_at,
        shown_to_all={
            "duty": deadline.duty,
            "source": deadline.source,
            "due_at": deadline.due_at,
            "province": deadline.province,
        },
        shown_to_authorities={
            "about": deadline.about,
            "case_id": deadline.case_id,
            "title": deadline.title,
            "unit": deadline.unit,
            "site": deadline.site,
            "product": deadline.product,
        },
    )


RULE = Rule(kind="deadline_reminder", listens_to=DeadlineApproaching, decide=decide)
