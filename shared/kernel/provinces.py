"""Provinces over time: 63 before 1 July 2025, 34 since (General Statistics Office codes, names as of each day).

Sources: Nghị quyết 202/2025/QH15 (what became part of what; the new authorities worked from 1 July 2025), Nghị quyết
175/2024/QH15 (Thừa Thiên Huế became the city of Huế on 1 January 2025). A code that went on names the province that the
former one of that code lies in: 15 was Yên Bái and is Lào Cai, of which Yên Bái is a part. So what a fact of any day calls a
province says where it lies today, and nothing stored has to be rewritten.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Province(NamedTuple):
    """One province: its Vietnamese name and the English spelling."""

    vi: str
    en: str


# Since 1 July 2025.
PROVINCES: dict[str, Province] = {
    "01": Province("Hà Nội", "Hanoi"),
    "04": Province("Cao Bằng", "Cao Bang"),
    "08": Province("Tuyên Quang", "Tuyen Quang"),
    "11": Province("Điện Biên", "Dien Bien"),
    "12": Province("Lai Châu", "Lai Chau"),
    "14": Province("Sơn La", "Son La"),
    "15": Province("Lào Cai", "Lao Cai"),
    "19": Province("Thái Nguyên", "Thai Nguyen"),
    "20": Province("Lạng Sơn", "Lang Son"),
    "22": Province("Quảng Ninh", "Quang Ninh"),
    "24": Province("Bắc Ninh", "Bac Ninh"),
    "25": Province("Phú Thọ", "Phu Tho"),
    "31": Province("Hải Phòng", "Haiphong"),
    "33": Province("Hưng Yên", "Hung Yen"),
    "37": Province("Ninh Bình", "Ninh Binh"),
    "38": Province("Thanh Hoá", "Thanh Hoa"),
    "40": Province("Nghệ An", "Nghe An"),
    "42": Province("Hà Tĩnh", "Ha Tinh"),
    "44": Province("Quảng Trị", "Quang Tri"),
    "46": Province("Huế", "Hue"),
    "48": Province("Đà Nẵng", "Da Nang"),
    "51": Province("Quảng Ngãi", "Quang Ngai"),
    "52": Province("Gia Lai", "Gia Lai"),
    "56": Province("Khánh Hoà", "Khanh Hoa"),
    "66": Province("Đắk Lắk", "Dak Lak"),
    "68": Province("Lâm Đồng", "Lam Dong"),
    "75": Province("Đồng Nai", "Dong Nai"),
    "79": Province("Hồ Chí Minh", "Ho Chi Minh"),
    "80": Province("Tây Ninh", "Tay Ninh"),
    "82": Province("Đồng Tháp", "Dong Thap"),
    "86": Province("Vĩnh Long", "Vinh Long"),
    "91": Province("An Giang", "An Giang"),
    "92": Province("Cần Thơ", "Can Tho"),
    "96": Province("Cà Mau", "Ca Mau"),
}

# Before it: the codes that ended, and the province each lies in since.
_ENDED: dict[str, tuple[Province, str]] = {
    "02": (Province("Hà Giang", "Ha Giang"), "08"),
    "06": (Province("Bắc Kạn", "Bac Kan"), "19"),
    "10": (Province("Lào Cai", "Lao Cai"), "15"),
    "17": (Province("Hoà Bình", "Hoa Binh"), "25"),
    "26": (Province("Vĩnh Phúc", "Vinh Phuc"), "25"),
    "27": (Province("Bắc Ninh", "Bac Ninh"), "24"),
    "30": (Province("Hải Dương", "Hai Duong"), "31"),
    "34": (Province("Thái Bình", "Thai Binh"), "33"),
    "35": (Province("Hà Nam", "Ha Nam"), "37"),
    "36": (Province("Nam Định", "Nam Dinh"), "37"),
    "45": (Province("Quảng Trị", "Quang Tri"), "44"),
    "49": (Province("Quảng Nam", "Quang Nam"), "48"),
    "54": (Province("Phú Yên", "Phu Yen"), "66"),
    "58": (Province("Ninh Thuận", "Ninh Thuan"), "56"),
    "60": (Province("Bình Thuận", "Binh Thuan"), "68"),
    "62": (Province("Kon Tum", "Kon Tum"), "51"),
    "64": (Province("Gia Lai", "Gia Lai"), "52"),
    "67": (Province("Đắk Nông", "Dak Nong"), "68"),
    "70": (Province("Bình Phước", "Binh Phuoc"), "75"),
    "72": (Province("Tây Ninh", "Tay Ninh"), "80"),
    "74": (Province("Bình Dương", "Binh Duong"), "79"),
    "77": (Province("Bà Rịa - Vũng Tàu", "Ba Ria - Vung Tau"), "79"),
    "83": (Province("Bến Tre", "Ben Tre"), "86"),
    "84": (Province("Trà Vinh", "Tra Vinh"), "86"),
    "87": (Province("Đồng Tháp", "Dong Thap"), "82"),
    "89": (Province("An Giang", "An Giang"), "91"),
    "93": (Province("Hậu Giang", "Hau Giang"), "92"),
    "94": (Province("Sóc Trăng", "Soc Trang"), "92"),
    "95": (Province("Bạc Liêu", "Bac Lieu"), "96"),
}

# Before it: the codes that went on under another province's name.
_RENAMED: dict[str, Province] = {
    "15": Province("Yên Bái", "Yen Bai"),
    "24": Province("Bắc Giang", "Bac Giang"),
    "44": Province("Quảng Bình", "Quang Binh"),
    "52": Province("Bình Định", "Binh Dinh"),
    "80": Province("Long An", "Long An"),
    "82": Province("Tiền Giang", "Tien Giang"),
    "91": Province("Kiên Giang", "Kien Giang"),
}

MERGED = date(2025, 7, 1)
_HUE_A_CITY = date(2025, 1, 1)

_OF_2025 = dict(sorted({**PROVINCES, **_RENAMED, **{code: was for code, (was, _) in _ENDED.items()}}.items()))
_BEFORE_2025 = _OF_2025 | {"46": Province("Thừa Thiên Huế", "Thua Thien Hue")}
_STARTS = (date.min, _HUE_A_CITY, MERGED)
_IN_FORCE: tuple[Mapping[str, Province], ...] = (_BEFORE_2025, _OF_2025, PROVINCES)

_parts: defaultdict[str, list[str]] = defaultdict(list)
for _code, (_, _into) in _ENDED.items():
    _parts[_into].append(_code)

# Every code that a fact of any day may name: no code is new since 1 July 2025.
CODES = frozenset(_OF_2025)


def provinces_on(day: date) -> Mapping[str, Province]:
    """Return the provinces in force on ``day``, by code."""
    return _IN_FORCE[bisect_right(_STARTS, day) - 1]


def province_named(code: str, day: date) -> Province | None:
    """Return what ``code`` was called on ``day``, or at the end of its own days; None for what is no province."""
    return provinces_on(day).get(code) or _OF_2025.get(code)


def province_on(code: str, day: date) -> str:
    """Return the code of the province in which ``code``, as any fact names it, lies on ``day``; no province stays as it is."""
    return _ENDED[code][1] if day >= MERGED and code in _ENDED else code


def parts_of(code: str, day: date = MERGED) -> tuple[str, ...]:
    """Return every code under which a fact of any day can name what lies in the province ``code`` on ``day``."""
    return (code, *_parts.get(code, ())) if day >= MERGED else (code,)


def spans(code: str) -> tuple[tuple[date | None, date | None, Province], ...]:
    """Return the names of a code over time: first day, last day (None: open) and name. Raises ``KeyError`` for no code."""
    found: list[tuple[date | None, date | None, Province]] = []
    for start, in_force in zip(_STARTS, _IN_FORCE, strict=True):
        first = None if start == date.min else start
        province = in_force.get(code)
        if found and found[-1][1] is None and found[-1][2] != province:
            found[-1] = (found[-1][0], start - date.resolution, found[-1][2])
        if province is not None and not (found and found[-1][1] is None):
            found.append((first, None, province))
    if not found:
        raise KeyError(code)
    return tuple(found)
