"""The illegal gain by NĐ 86/2012/NĐ-CP: the worked example, both sides of every limit and day, and no surprise between."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.illegal_gain import (
    GainFacts,
    MeasurementFacts,
    PrepackageFacts,
    Price,
    PriceSource,
    work_out,
)
from services.inspection.illegal_gain.facts import StartBasis
from services.inspection.illegal_gain.fines import VERSIONS, Fine, fine_for, fines_on
from services.inspection.illegal_gain.writing import written
from shared import i18n
from shared.kernel.errors import InvalidInput

DAY = date(2025, 3, 14)
VERIFIED = date(2024, 9, 2)


def listed(amount: int) -> tuple[Price, ...]:
    """Return a listed price."""
    return (Price(amount=amount, source=PriceSource.LISTED),)


# A dispenser gives 1.20 % too little where 0.45 % are permitted; 180,000 L sold since its last verification.
PUMP = MeasurementFacts(
    detected_on=DAY,
    prices_at_start=listed(21_300),
    prices_at_detection=listed(23_100),
    unit="L",
    measured_error_percent=Decimal("-1.20"),
    permitted_error_percent=Decimal("0.45"),
    quantity=Decimal(180_000),
    previous_verification_on=VERIFIED,
)
RICE = PrepackageFacts(
    detected_on=DAY,
    prices_at_start=listed(90_000),
    prices_at_detection=listed(100_000),
    unit="kg",
    price_for=Decimal(5),
    permitted_mean=Decimal(5),
    actual_mean=Decimal("4.9"),
    packages=1_000,
    sale_started_on=date(2025, 1, 2),
)


def changed(facts: GainFacts, **fields: object) -> GainFacts:
    """Return the facts with other fields."""
    return msgspec.structs.replace(facts, **fields)


def test_the_worked_example() -> None:
    """180,000 L × 0.75 % × 22,200 VND; the fine is that of gains from 10 to 50 million."""
    gain = work_out(PUMP)
    assert gain.amount == 29_970_000
    assert (gain.started_on, gain.detected_on) == (VERIFIED, DAY)
    assert gain.fine == Fine(50_000_000, 10_000_000, 20_000_000)


def test_the_working_is_shown_line_by_line_with_its_articles() -> None:
    """In Vietnamese and English, as an officer puts it into the file."""
    lines = written(work_out(PUMP))
    latest = "Thời điểm bắt đầu vi phạm là mốc gần nhất với thời điểm phát hiện"
    fine = "Khung phạt tiền: từ 10.000.000 đồng đến 20.000.000 đồng; buộc nộp lại số tiền thu lợi bất chính"
    assert [(line.vi, line.article.removeprefix("NĐ 86/2012/NĐ-CP Điều ")) for line in lines] == [
        ("Mốc đã biết: kiểm định phương tiện đo gần nhất trước đó, ngày 02/09/2024", "9(3)(b)"),
        (f"{latest}: kiểm định phương tiện đo gần nhất trước đó, ngày 02/09/2024", "9(3)"),
        ("Thời gian vi phạm: từ ngày 02/09/2024 đến ngày 14/03/2025", "9(1)"),
        ("Sai lệch (thiếu) = |-1,2 %| − 0,45 % = 0,75 %", "10(2)"),
        ("Lượng hàng hóa, dịch vụ sai lệch = 180.000 L × 0,75 % = 1.350 L", "10(2)"),
        ("Giá tại thời điểm bắt đầu: 21.300 đồng cho 1 L (giá niêm yết)", "11(1)(a)"),
        ("Giá tại thời điểm phát hiện: 23.100 đồng cho 1 L (giá niêm yết)", "11(1)(a)"),
        ("Giá trung bình cộng = (21.300 + 23.100) / 2 = 22.200 đồng cho 1 L", "11(2)"),
        ("Số tiền thu lợi bất chính = 1.350 L × 22.200 đồng / 1 L = 29.970.000 đồng", "12"),
        (f"{fine} (chưa kiểm chứng với văn bản luật)", "NĐ 119/2017/NĐ-CP Điều 14"),
    ]
    assert lines[-2].en == "Illegal gain = 1,350 L × 22,200 VND / 1 L = 29,970,000 VND"
    assert [line.verified for line in lines] == [True] * 9 + [False]


def test_prepackages_are_short_by_their_mean() -> None:
    """1,000 packages × 0.1 kg at 95,000 VND for 5 kg; no band of fines is known for them."""
    gain = work_out(RICE)
    assert (gain.amount, gain.fine) == (1_900_000, None)
    assert [line.name for line in gain.lines][3:5] == ["shortage", "quantity_of_packages"]
    assert "Chưa có khung phạt tiền" in written(gain)[-1].vi


@pytest.mark.parametrize("error", ["-1.20", "1.20"])
def test_too_much_counts_like_too_little(error: str) -> None:
    """The law takes the deviation in either direction."""
    assert work_out(changed(PUMP, measured_error_percent=Decimal(error))).amount == 29_970_000


@pytest.mark.parametrize("error", ["0.45", "-0.45", "0"])
def test_an_error_up_to_the_limit_is_no_gain(error: str) -> None:
    """The limit itself is permitted."""
    with pytest.raises(InvalidInput, match="within the limit"):
        work_out(changed(PUMP, measured_error_percent=Decimal(error)))
    beyond = Decimal("0.450001").copy_sign(Decimal(error))
    assert work_out(changed(PUMP, measured_error_percent=beyond)).amount == 39  # 39.96 VND: the fraction is left


def test_a_mean_that_is_permitted_is_no_gain() -> None:
    """Only a mean below it is."""
    with pytest.raises(InvalidInput, match="not below"):
        work_out(changed(RICE, actual_mean=Decimal(5)))
    assert work_out(changed(RICE, actual_mean=Decimal("4.999"))).amount == 19_000


@pytest.mark.parametrize(
    ("days", "basis"),
    [
        ({"previous_inspection_on": VERIFIED - timedelta(days=1)}, StartBasis.PREVIOUS_VERIFICATION),
        ({"previous_inspection_on": VERIFIED + timedelta(days=1)}, StartBasis.PREVIOUS_INSPECTION),
        ({"error_recorded_on": VERIFIED - timedelta(days=1)}, StartBasis.PREVIOUS_VERIFICATION),
        ({"error_recorded_on": VERIFIED + timedelta(days=1)}, StartBasis.ERROR_RECORDED),
    ],
)
def test_the_period_begins_on_the_latest_day(days: dict[str, date], basis: StartBasis) -> None:
    """Whichever of the three it is; all that are known stand in the working."""
    gain = work_out(changed(PUMP, **days))
    assert gain.started_on == max(VERIFIED, *days.values())
    (start,) = (line for line in gain.lines if line.name == "start")
    assert start.values["basis"] == basis
    assert sum(line.name == "start_known" for line in gain.lines) == 2


def test_prepackages_begin_with_their_sale_or_the_previous_inspection() -> None:
    """The later of the two."""
    assert work_out(RICE).started_on == date(2025, 1, 2)
    assert work_out(changed(RICE, previous_inspection_on=date(2025, 1, 1))).started_on == date(2025, 1, 2)
    assert work_out(changed(RICE, previous_inspection_on=date(2025, 1, 3))).started_on == date(2025, 1, 3)


def test_a_day_after_the_detection_begins_nothing() -> None:
    """The day itself may; without any day there is no period."""
    assert work_out(changed(PUMP, previous_verification_on=DAY)).started_on == DAY
    with pytest.raises(InvalidInput, match="after the day of detection") as refused:
        work_out(changed(PUMP, previous_verification_on=DAY + timedelta(days=1)))
    assert refused.value.pointer == "/facts/previous_verification_on"
    with pytest.raises(InvalidInput, match="at least one day"):
        work_out(changed(PUMP, previous_verification_on=None))


def test_a_gain_that_there_cannot_be_is_refused() -> None:
    """A slip of the finger in a quantity or a price; up to 10^15 VND it is worked out, stored and added up."""
    million_billion = changed(PUMP, quantity=Decimal(10**15), prices_at_start=listed(10**3), prices_at_detection=listed(10**3))
    most = changed(million_billion, permitted_error_percent=Decimal(0), measured_error_percent=Decimal("0.1"))
    assert work_out(most).amount == 10**15
    with pytest.raises(InvalidInput, match="cannot be right") as refused:
        work_out(changed(most, prices_at_start=listed(1002)))
    assert refused.value.pointer == "/facts"
    with pytest.raises(InvalidInput, match="cannot be right"):
        work_out(changed(most, price_for=Decimal("1e-12"), prices_at_start=listed(10**15)))


def test_the_decree_holds_from_its_day_on() -> None:
    """15 December 2012; what was detected the day before is not worked out by it."""
    first = date(2012, 12, 15)
    assert work_out(changed(PUMP, detected_on=first, previous_verification_on=first)).amount == 29_970_000
    with pytest.raises(InvalidInput, match="in force from 2012-12-15"):
        work_out(changed(PUMP, detected_on=first - timedelta(days=1), previous_verification_on=first - timedelta(days=9)))


@pytest.mark.parametrize("place", range(len(PriceSource)))
def test_prices_are_taken_in_the_order_of_the_law(place: int) -> None:
    """Whatever comes after in that order counts for nothing, in whichever order it is stated."""
    prices = [Price(amount=100 * (place + 1), source=source) for place, source in enumerate(PriceSource)]
    facts = changed(PUMP, prices_at_start=tuple(reversed(prices[place:])), prices_at_detection=tuple(prices[place:]))
    (price,) = (line for line in work_out(facts).lines if line.name == "price")
    assert price.values["price"] == 100 * (place + 1)


@pytest.mark.parametrize(
    ("source", "article"),
    [
        (PriceSource.TRANSACTION, "11(1)(a)"),
        (PriceSource.CUSTOMS_DECLARATION, "11(1)(a)"),
        (PriceSource.FINANCE_OFFICE, "11(1)(b)"),
        (PriceSource.VALUATION_COUNCIL, "11(1)(c)"),
    ],
)
def test_a_price_names_its_point(source: PriceSource, article: str) -> None:
    """The three points of Art. 11(1)."""
    facts = changed(PUMP, prices_at_start=(Price(amount=1, source=source),))
    (line,) = (line for line in work_out(facts).lines if line.name == "price_at_start")
    assert line.article.endswith(article)


MILLION = 1_000_000


@pytest.mark.parametrize(
    ("gain", "least", "most"),
    [
        (0, 5, 10),
        (10 * MILLION, 5, 10),
        (10 * MILLION + 1, 10, 20),
        (50 * MILLION, 10, 20),
        (50 * MILLION + 1, 20, 40),
        (100 * MILLION, 20, 40),
    ],
)
def test_a_band_ends_with_its_bound(gain: int, least: int, most: int) -> None:
    """One dong more is the next band."""
    band = fine_for(gain, VERSIONS[-1])
    assert band is not None
    assert (band.least, band.most) == (least * MILLION, most * MILLION)


def test_above_the_last_known_band_no_fine_is_claimed() -> None:
    """The line says so and names what the law on measurement itself provides."""
    assert fine_for(100 * MILLION + 1, VERSIONS[-1]) is None
    gain = work_out(changed(PUMP, quantity=Decimal(1_800_000)))
    assert (gain.fine, gain.lines[-1].name, gain.lines[-1].article) == (None, "fine_unknown", "Luật 04/2011/QH13 Điều 52(5)")


def test_fines_hold_from_their_day_on() -> None:
    """Before the first bands that are known none is claimed; all of them are marked as not verified."""
    first = VERSIONS[0].valid_from
    assert fines_on(first) is VERSIONS[0]
    assert fines_on(first - timedelta(days=1)) is None
    before = changed(PUMP, detected_on=first - timedelta(days=1), previous_verification_on=first - timedelta(days=9))
    assert work_out(before).fine is None
    assert not any(one.verified for one in VERSIONS)


NUMBERS = st.decimals(min_value=0, max_value=10**6, places=4)


@given(quantity=NUMBERS, error=NUMBERS, more=NUMBERS)
def test_more_quantity_or_deviation_is_never_less_gain(quantity: Decimal, error: Decimal, more: Decimal) -> None:
    """And the amount is the exact one, cut off at the dong."""
    quantity, error = quantity + 1, error + Decimal("0.4501")
    gain = work_out(changed(PUMP, quantity=quantity, measured_error_percent=error)).amount
    assert gain <= work_out(changed(PUMP, quantity=quantity + more, measured_error_percent=error)).amount
    assert gain <= work_out(changed(PUMP, quantity=quantity, measured_error_percent=-error - more)).amount
    assert gain == int(quantity * (error - Decimal("0.45")) / 100 * 22_200)


@pytest.mark.parametrize(
    "fields",
    [{"quantity": "0"}, {"quantity": "-1"}, {"quantity": "NaN"}, {"permitted_error_percent": "-0.1"}, {"price_for": "0"}],
    ids=str,
)
def test_what_cannot_be_sold_is_refused(fields: dict[str, str]) -> None:
    """As it comes in over HTTP."""
    stated = msgspec.to_builtins(PUMP) | fields
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(stated, GainFacts, strict=False)


def test_every_name_has_a_word() -> None:
    """All prices' sources and all days that can begin a period are told in both languages."""
    for locale in i18n.LOCALES:
        words = i18n.catalogue(locale)
        assert not [one for one in PriceSource if f"price_source.{one}" not in words]
        assert not [one for one in StartBasis if f"start_basis.{one}" not in words]
