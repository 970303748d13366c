"""Rows of the table of statutory time limits that nothing in this system can start a clock for, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class WithoutClock(NamedTuple):
    """A row no clock runs for: the duty, the law, and the reason in both languages."""

    vi: str
    en: str
    source: str
    why_vi: str
    why_en: str


WITHOUT_CLOCK: Mapping[str, WithoutClock] = {
    "Q09": WithoutClock(
        vi="Ít nhất 50 % thành viên đoàn kiểm tra là kiểm soát viên chất lượng",
        en="At least 50 % of an inspection team are quality controllers",
        source="Luật 05/2007/QH12 Điều 48",
        why_vi="Đây là tỷ lệ thành viên, không phải thời hạn.",
        why_en="A share of members, not a time limit.",
    ),
    "M08": WithoutClock(
        vi="Cửa hàng xăng dầu tự kiểm tra cột đo ít nhất mỗi tháng một lần",
        en="A fuel station checks its dispensers at least once a month",
        source="TT 15/2015/TT-BKHCN",
        why_vi="Nghĩa vụ của cửa hàng; sổ tự kiểm tra để tại chỗ và chỉ xem khi kiểm tra, không hệ thống nào gửi về.",
        why_en="The station's own duty: its log stays on site for inspectors to see, and no system sends it.",
    ),
    "M09": WithoutClock(
        vi="Cửa hàng xăng dầu lưu mẫu mỗi lần giao nhận ít nhất 30 ngày",
        en="A fuel station retains a sample of each delivery for at least 30 days",
        source="TT 15/2015/TT-BKHCN Điều 7",
        why_vi="Nghĩa vụ của cửa hàng; không hệ thống nào báo việc giao nhận hay hủy mẫu lưu.",
        why_en="The station's own duty: no system tells of deliveries or of samples thrown away.",
    ),
}
