"""An agency in whose quality system a check found nonconformities reports its corrective action in 2 months."""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import CORRECTION_REPORTED, NONCONFORMITY_FOUND
from services.planning.model.clocks import ClockRule
from shared.kernel.deadlines import Term, Unit

CLOCKS = (
    ClockRule(
        duty="corrective_action_report",
        rows=("I02",),
        vi="Báo cáo thực hiện hành động khắc phục trong 2 tháng từ ngày ký biên bản kiểm tra",
        en="Report corrective action within 2 months of the signed minutes of the check",
        started_by=(NONCONFORMITY_FOUND,),
        stopped_by=(CORRECTION_REPORTED,),
        limit=Term(2, Unit.MONTH),
        warn_before=timedelta(days=14),
        source="TT 26/2014/TT-BKHCN Điều 37",
    ),
)
