"""A measuring instrument, measurement or prepackage in breach is suspended by a notice (Form 6) in 3 working days."""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import found, measure_on
from services.planning.model.clocks import ClockRule
from shared.contracts.vocabulary import MEASUREMENT_TRACKS
from shared.kernel.deadlines import Term, Unit

CLOCKS = (
    ClockRule(
        duty="suspension_notice",
        rows=("M01",),
        vi="Ra thông báo tạm đình chỉ trong 3 ngày làm việc",
        en="Issue the suspension notice within 3 working days",
        started_by=tuple(map(found, MEASUREMENT_TRACKS)),
        stopped_by=tuple(map(measure_on, MEASUREMENT_TRACKS)),
        limit=Term(3, Unit.WORKING_DAY),
        warn_before=timedelta(days=1),
        source="TT 28/2013/TT-BKHCN Điều 16(1)(b)",
    ),
)
