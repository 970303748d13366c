"""An inspection team that finds goods in breach stops their sale and reports to the quality inspection agency in 24 hours.

The first measure ordered in the case is that report: it names site, goods and act to the agency.
"""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import found, measure_on
from services.planning.model.clocks import ClockRule
from shared.contracts.vocabulary import Track
from shared.kernel.deadlines import Term, Unit


def _within_24_hours(row: str, track: Track, source: str) -> ClockRule:
    return ClockRule(
        duty="report_to_agency",
        rows=(row,),
        vi="Báo cáo cơ quan kiểm tra chất lượng trong 24 giờ",
        en="Report to the quality inspection agency within 24 hours",
        started_by=(found(track),),
        stopped_by=(measure_on(track),),
        limit=Term(24, Unit.HOUR),
        warn_before=timedelta(hours=4),
        source=source,
    )


CLOCKS = (
    _within_24_hours("Q01", Track.LABELS_AND_MARKS, "Luật 05/2007/QH12 Điều 40(1)(a)"),
    _within_24_hours("Q02", Track.TEST_RESULTS, "Luật 05/2007/QH12 Điều 40(2)(a)"),
)
