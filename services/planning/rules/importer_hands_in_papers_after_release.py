"""An importer whose goods of group 2 were released before their papers of conformity hands these in within 15 working days.

The decree could not be read: number and day are typed from memory.
"""

from __future__ import annotations

from datetime import date, timedelta

from services.planning.model.acts import papers
from services.planning.model.clocks import ClockRule
from shared.contracts.partners import PapersAfterRelease
from shared.kernel.deadlines import Term, Unit

CLOCKS = (
    ClockRule(
        duty="import_papers",
        vi="Người nhập khẩu nộp kết quả đánh giá sự phù hợp trong 15 ngày làm việc từ ngày thông quan",
        en="The importer hands in the conformity assessment within 15 working days of customs clearance",
        started_by=(papers(PapersAfterRelease.OWED),),
        stopped_by=(papers(PapersAfterRelease.HANDED_IN),),
        limit=Term(15, Unit.WORKING_DAY),
        warn_before=timedelta(days=3),
        source="NĐ 132/2008/NĐ-CP Điều 7, sửa đổi bởi NĐ 74/2018/NĐ-CP (chưa kiểm chứng)",
        verified=False,
        valid_from=date(2018, 7, 1),
    ),
)
