"""Reports, and other duties that come round, fall due on days of the calendar; a plan in force says who owes which.

"Before the 31st of March" ends with the 30th. Where the law gives a month or a half-year but no day, its last day counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from services.planning.model.acts import PERIOD_DONE, period_began
from services.planning.model.clocks import ClockRule
from services.planning.rules.item_types_have_clocks_of_their_own import CLOCKS as OF_ITEM_TYPES
from shared.kernel.deadlines import EachMonth, EachWeek, EachYear, Limit, before

_HALF_YEARLY = EachYear(((6, 30), (12, 31)))
_CASCADE = "TT 55/2020/TT-BCT Điều 8, 9"
_WEEKS_AHEAD, _DAYS_AHEAD = timedelta(days=14), timedelta(days=3)


def _due(
    row: str,
    duty: str,
    limit: Limit,
    vi: str,
    en: str,
    source: str,
    *,
    verified: bool = True,
    of_year_before: bool = False,
    warn_before: timedelta = _WEEKS_AHEAD,
) -> ClockRule:
    return ClockRule(
        duty=duty,
        rows=(row,),
        vi=vi,
        en=en,
        started_by=(period_began(duty),),
        stopped_by=(PERIOD_DONE,),
        limit=limit,
        warn_before=warn_before,
        source=source,
        verified=verified,
        of_year_before=of_year_before,
    )


def _cascade(row: str, duty: str, limit: Limit, vi: str, en: str, ahead: timedelta) -> ClockRule:
    return _due(row, duty, limit, vi, en, _CASCADE, verified=False, warn_before=ahead)


CLOCKS = (
    _due(
        "R01",
        "quantity_mark_use_report",
        before(1, 31),
        "Cơ sở báo cáo tình hình sử dụng dấu định lượng trước ngày 31 tháng 01",
        "A business reports its use of the quantity mark before 31 January",
        "TT 21/2014/TT-BKHCN Điều 25",
        of_year_before=True,
    ),
    _due(
        "R02",
        "prepackage_supervision_report",
        before(3, 31),
        "Chi cục tổng hợp báo cáo về hàng đóng gói sẵn trước ngày 31 tháng 3",
        "The sub-department reports on prepackages before 31 March",
        "TT 21/2014/TT-BKHCN Điều 28(5)",
        of_year_before=True,
    ),
    _due(
        "R03",
        "verification_body_report",
        before(3, 31),
        "Tổ chức kiểm định, hiệu chuẩn, thử nghiệm báo cáo hoạt động trước ngày 31 tháng 3",
        "A verification, calibration or testing body reports before 31 March",
        "NĐ 105/2016/NĐ-CP Điều 11",
        of_year_before=True,
    ),
    _due(
        "R04",
        "control_verification_report",
        before(5, 30),
        "Chi cục báo cáo kiểm định đối chứng trước ngày 30 tháng 5",
        "The sub-department reports on control verification before 30 May",
        "TT 23/2013/TT-BKHCN Điều 29(4)",
    ),
    _due(
        "R05",
        "control_verification_numbers",
        before(6, 30),
        "Thông báo số lượng phương tiện đo phải kiểm định đối chứng trước ngày 30 tháng 6",
        "Notify the numbers of instruments for control verification before 30 June",
        "TT 23/2013/TT-BKHCN Điều 27(4)",
    ),
    _due(
        "R06",
        "market_scales_report",
        EachYear(((12, 15),)),
        "Ban quản lý chợ báo cáo về phép đo khối lượng, định kỳ ngày 15 tháng 12",
        "A market board reports on weighing by 15 December",
        "TT 09/2017/TT-BKHCN Điều 11(6)",
    ),
    _cascade(
        "R08",
        "weekly_report_team",
        EachWeek(3),
        "Đội báo cáo tuần vào thứ Tư",
        "The team's weekly report, on Wednesday",
        timedelta(days=1),
    ),
    _cascade(
        "R08",
        "weekly_report_province",
        EachWeek(4),
        "Địa phương báo cáo tuần vào thứ Năm",
        "The province's weekly report, on Thursday",
        timedelta(days=1),
    ),
    _cascade(
        "R08",
        "weekly_report_national",
        EachWeek(5),
        "Cơ quan trung ương báo cáo tuần vào thứ Sáu",
        "The national weekly report, on Friday",
        timedelta(days=1),
    ),
    _cascade(
        "R09",
        "monthly_report_team",
        EachMonth(17),
        "Đội báo cáo tháng ngày 17",
        "The team's monthly report, on the 17th",
        _DAYS_AHEAD,
    ),
    _cascade(
        "R09",
        "monthly_report_province",
        EachMonth(20),
        "Địa phương báo cáo tháng ngày 20",
        "The province's monthly report, on the 20th",
        _DAYS_AHEAD,
    ),
    _cascade(
        "R09",
        "monthly_report_national",
        EachMonth(23),
        "Cơ quan trung ương báo cáo tháng ngày 23",
        "The national monthly report, on the 23rd",
        _DAYS_AHEAD,
    ),
    _due(
        "S05",
        "drafting_plan_adjustment",
        before(10, 1),
        "Gửi đề nghị điều chỉnh kế hoạch xây dựng TCVN, QCVN trước ngày 01 tháng 10",
        "Send adjustments of the drafting plan before 1 October",
        "TT 11/2021/TT-BKHCN Điều 4; TT 26/2019/TT-BKHCN Điều 5",
    ),
    _due(
        "S06",
        "drafting_progress_report",
        _HALF_YEARLY,
        "Thông báo tình hình thực hiện kế hoạch xây dựng TCVN, QCVN sáu tháng một lần",
        "Report progress of the drafting plan every 6 months",
        "TT 11/2021/TT-BKHCN Điều 4; TT 26/2019/TT-BKHCN Điều 5",
        verified=False,  # the period is the law's, its last day is our reading
    ),
    _due(
        "S07",
        "local_regulations_report",
        EachYear(((12, 31),)),
        "Thông báo kế hoạch xây dựng QCĐP trong quý IV",
        "Report the plan of local regulations in the fourth quarter",
        "TT 26/2019/TT-BKHCN Điều 6",
    ),
    _due(
        "T01",
        "tbt_activity_report",
        _HALF_YEARLY,
        "Điểm TBT báo cáo kết quả hoạt động sáu tháng một lần",
        "A TBT point reports its activity every 6 months",
        "TT 16/2018/TT-BKHCN Điều 16(2)(đ)",
        verified=False,  # the period is the law's, its last day is our reading
    ),
)

PERIODIC: Mapping[str, ClockRule] = {
    rule.duty: rule for rule in (*CLOCKS, *OF_ITEM_TYPES) if rule.started_by == (period_began(rule.duty),)
}
