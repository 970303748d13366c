"""The 34 provinces and centrally run cities as they stand since 1 July 2025 (General Statistics Office codes)."""

from __future__ import annotations

from typing import NamedTuple


class Province(NamedTuple):
    """One province: its Vietnamese name and the English spelling."""

    vi: str
    en: str


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
