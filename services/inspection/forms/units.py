"""Who issues a paper: the sub-department of the site's province, or the national agency."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from shared.i18n import province_name
from shared.kernel.provinces import province_on

_COMMISSION_SINCE = date(2025, 3, 1)


class Unit(NamedTuple):
    """An issuing unit; ``code`` is stored with every number it gives, ``symbol`` stands in them."""

    code: str
    parent: str
    name: str
    symbol: str
    place: str


def sub_department(province: str, on: date) -> Unit:
    """Return the sub-department (Chi cục) that leads inspections where ``province``, as the case names it, lies on a day."""
    province = province_on(province, on)
    place = province_name(province, "vi", on)
    return Unit(
        f"sub_department_{province}",
        f"Sở Khoa học và Công nghệ {place}",
        "Chi cục Tiêu chuẩn Đo lường Chất lượng",
        "CCTĐC",
        place,
    )


def national(on: date) -> Unit:
    """Return the national agency: a directorate, and since 1 March 2025 a commission."""
    name = (
        "Ủy ban Tiêu chuẩn Đo lường Chất lượng Quốc gia" if on >= _COMMISSION_SINCE else "Tổng cục Tiêu chuẩn Đo lường Chất lượng"
    )
    return Unit("national", "Bộ Khoa học và Công nghệ", name, "TĐC", "Hà Nội")
