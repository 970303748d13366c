"""A measuring instrument, measurement or prepackage in breach is suspended by a notice (Form 6) in 3 working days."""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.clocks import FIRST_MEASURE, FOUND, ClockRule
from shared.contracts.vocabulary import Track
from shared.kernel.deadlines import Term, Unit

CLOCKS = (
    ClockRule(
        duty="suspension_notice",
        vi="Ra thông báo tạm đình chỉ trong 3 ngày làm việc",
        en="Issue the suspension notice within 3 working days",
        tracks=frozenset({Track.METROLOGY}),
        started_by=FOUND,
        stopped_by=(FIRST_MEASURE,),
        term=Term(3, Unit.WORKING_DAY),
        warn_before=timedelta(days=1),
        source="TT 28/2013/TT-BKHCN Điều 16(1)(b)",
    ),
)
