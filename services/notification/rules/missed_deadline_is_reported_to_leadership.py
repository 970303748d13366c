"""A statutory clock that ran out is told to the province that let it, and to the leadership."""

from __future__ import annotations

from services.notification.authorities import LEADERSHIP, sub_department
from services.notification.model import Decision, Rule
from shared.contracts.planning import DeadlineMissed


def decide(deadline: DeadlineMissed) -> Decision:
    """Report every missed deadline, also one that was over before its start reached us."""
    province = (sub_department(deadline.province),) if deadline.province else ()
    return Decision(
        about=deadline.clock_id,
        recipients=(*province, LEADERSHIP),
        province=deadline.province,
        product_group=deadline.product_group,
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
            "late_on_arrival": deadline.late_on_arrival,
            "cut_short": deadline.cut_short,
        },
    )


RULE = Rule(kind="deadline_missed", listens_to=DeadlineMissed, decide=decide)
