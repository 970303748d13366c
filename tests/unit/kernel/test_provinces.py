"""63 provinces up to 30 June 2025, 34 since: every former one lies in one of today's."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from shared.contracts.vocabulary import Site, check_province
from shared.i18n import province_name
from shared.kernel.provinces import CODES, PROVINCES, parts_of, province_named, province_on, provinces_on, spans

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)


def test_the_number_changes_with_the_day() -> None:
    """63 on 30 June 2025, 34 on 1 July; Huế became a city, and a name, on 1 January."""
    assert (len(provinces_on(date(1997, 1, 1))), len(provinces_on(LAST)), len(provinces_on(FIRST))) == (63, 63, 34)
    assert provinces_on(FIRST) == PROVINCES
    assert [provinces_on(date(*day))["46"].vi for day in ((2024, 12, 31), (2025, 1, 1))] == ["Thừa Thiên Huế", "Huế"]


def test_every_former_province_lies_in_one_of_today() -> None:
    """The parts of the 34 are the 63, each once; 11 have no part but themselves."""
    parts = [code for province in PROVINCES for code in parts_of(province, FIRST)]
    assert sorted(parts) == sorted(CODES)
    assert sum(len(parts_of(code)) == 1 for code in PROVINCES) == 11
    assert all(province_on(part, FIRST) == province for province in PROVINCES for part in parts_of(province))


def test_on_its_last_day_a_province_is_itself() -> None:
    """Rolled up from 1 July 2025, not a day earlier."""
    assert [province_on(code, LAST) for code in sorted(CODES)] == sorted(CODES)
    assert {province_on(code, FIRST) for code in CODES} == set(PROVINCES)
    assert (parts_of("15", LAST), parts_of("15", FIRST)) == (("15",), ("15", "10"))


@pytest.mark.parametrize(
    ("province", "former"),
    [
        ("Lào Cai", {"Yên Bái", "Lào Cai"}),
        ("Phú Thọ", {"Phú Thọ", "Vĩnh Phúc", "Hoà Bình"}),
        ("Bắc Ninh", {"Bắc Giang", "Bắc Ninh"}),
        ("Quảng Trị", {"Quảng Bình", "Quảng Trị"}),
        ("Gia Lai", {"Bình Định", "Gia Lai"}),
        ("Lâm Đồng", {"Lâm Đồng", "Đắk Nông", "Bình Thuận"}),
        ("Hồ Chí Minh", {"Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"}),
        ("Tây Ninh", {"Long An", "Tây Ninh"}),
        ("Đồng Tháp", {"Tiền Giang", "Đồng Tháp"}),
        ("An Giang", {"Kiên Giang", "An Giang"}),
        ("Vĩnh Long", {"Vĩnh Long", "Bến Tre", "Trà Vinh"}),
        ("Huế", {"Huế"}),
    ],
)
def test_a_code_that_went_on_means_the_province_it_lies_in(province: str, former: set[str]) -> None:
    """Some codes changed their name on the day: what 15 was called, Yên Bái, is a part of what it is called, Lào Cai."""
    code = next(code for code, one in PROVINCES.items() if one.vi == province)
    assert {province_name(part, "vi", LAST) for part in parts_of(code)} == former


def test_the_names_of_a_code_follow_one_another() -> None:
    """No gap, no overlap, as ``provinces_on`` has them on each side of every change."""
    for code in CODES:
        known = spans(code)
        assert known[0][0] is None
        assert (known[-1][1] is None) == (code in PROVINCES)
        for (_, last, _), (first, _, _) in pairwise(known):
            assert last is not None
            assert last + timedelta(days=1) == first
        for first, last, name in known:
            for day in (first, last):
                assert day is None or provinces_on(day)[code] == name
    with pytest.raises(KeyError):
        spans("99")


def test_a_fact_may_name_a_former_province() -> None:
    """What an event of 2024 says is kept as it was said; what never was a province is refused."""
    assert Site(id="SAMPLE-1", name="Cửa hàng mẫu", province="10").province == "10"
    with pytest.raises(ValueError, match="nor a former one"):
        check_province("03")


def test_a_name_is_that_of_the_day() -> None:
    """And of a province that has ended, its last one."""
    assert [province_name("15", "vi", day) for day in (LAST, FIRST)] == ["Yên Bái", "Lào Cai"]
    assert province_name("15", "vi") == "Lào Cai"
    assert province_name("02", "en") == "Ha Giang"
    assert province_named("", FIRST) is None
