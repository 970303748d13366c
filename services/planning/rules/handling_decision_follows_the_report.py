"""The agency decides on what the team reported: in 3 working days on goods, in 15 days on measurement.

The report is received with the first measure of the case. A decision, or the end of the case, satisfies the duty.
"""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import CLOSED, measure_on, ordered
from services.planning.model.clocks import ClockRule
from shared.contracts.vocabulary import MEASUREMENT_TRACKS, Measure, Track
from shared.kernel.deadlines import Term, Unit

_DUTY = "handling_decision"
_DONE_BY = (ordered(Measure.HANDLING_DECISION), CLOSED)

CLOCKS = (
    ClockRule(
        duty=_DUTY,
        rows=("Q06",),
        vi="Ra quyết định xử lý trong 3 ngày làm việc từ khi nhận báo cáo",
        en="Issue the handling decision within 3 working days of the report",
        started_by=(measure_on(Track.LABELS_AND_MARKS), measure_on(Track.TEST_RESULTS), measure_on(Track.PRODUCTION)),
        stopped_by=_DONE_BY,
        limit=Term(3, Unit.WORKING_DAY),
        warn_before=timedelta(days=1),
        source="Luật 05/2007/QH12 Điều 47(6)",
    ),
    ClockRule(
        duty=_DUTY,
        rows=("M05",),
        vi="Ra quyết định xử lý trong 15 ngày từ khi nhận báo cáo",
        en="Issue the handling decision within 15 days of the report",
        started_by=tuple(map(measure_on, MEASUREMENT_TRACKS)),
        stopped_by=_DONE_BY,
        limit=Term(15, Unit.DAY),
        warn_before=timedelta(days=3),
        source="Luật 04/2011/QH13 Điều 47(2)(b)",
    ),
)
