"""A task with a time of its own is done by then: what a superior asked for, or what the unit gave itself.

This is no time limit of the law; it runs like one.
"""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import TASK_DONE, TASK_DUE, TASK_RETURNED
from services.planning.model.clocks import ClockRule
from shared.kernel.deadlines import Until

CLOCKS = (
    ClockRule(
        duty="task",
        vi="Hoàn thành nhiệm vụ được giao đúng thời hạn ghi trong văn bản",
        en="Do an assigned task by the time its paper sets",
        started_by=(TASK_DUE,),
        stopped_by=(TASK_DONE, TASK_RETURNED),
        limit=Until(),
        warn_before=timedelta(days=1),
        source="Văn bản giao nhiệm vụ",
    ),
)
