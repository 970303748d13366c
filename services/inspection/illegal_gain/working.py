"""The illegal gain: deviation, period, price, money (NĐ 86/2012/NĐ-CP Arts 8 to 12), each line with its article; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import msgspec

from services.inspection.illegal_gain.facts import (
    MOST_VND,
    GainFacts,
    MeasurementFacts,
    PrepackageFacts,
    Price,
    PriceSource,
    StartBasis,
)
from services.inspection.illegal_gain.fines import Fine, fine_for, fines_on
from shared.kernel.errors import InvalidInput

IN_FORCE = date(2012, 12, 15)
_DECREE = "NĐ 86/2012/NĐ-CP Điều"
_SHOWN = 6  # decimals of what is shown; what is reckoned with is exact

_ORDER = tuple(PriceSource)
_POINT_B, _POINT_C = {PriceSource.FINANCE_OFFICE: "11(1)(b)"}, {PriceSource.VALUATION_COUNCIL: "11(1)(c)"}
_PRICE_ARTICLE: Mapping[PriceSource, str] = dict.fromkeys(PriceSource, "11(1)(a)") | _POINT_B | _POINT_C

Value: TypeAlias = str | int | Decimal | date


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the working: what it says by ``name``, with these values, by which article."""

    name: str
    article: str
    values: dict[str, Value]
    verified: bool = True


class IllegalGain(msgspec.Struct, frozen=True, kw_only=True):
    """The gain in VND and how it was come to; ``fine`` is nothing where no band is known."""

    amount: int
    started_on: date
    detected_on: date
    fine: Fine | None
    lines: tuple[Line, ...]


def work_out(facts: GainFacts) -> IllegalGain:
    """Work out the gain; a fraction of a dong is left to the violator.

    Raises ``InvalidInput`` when nothing exceeds the limit, no day shows when the violation began, one lies after its
    detection, the decree was not in force, or more comes out than there can be.
    """
    if facts.detected_on < IN_FORCE:
        raise InvalidInput(f"NĐ 86/2012/NĐ-CP is in force from {IN_FORCE} on, not on {facts.detected_on}", "/facts/detected_on")
    started_on, period = _period(facts)
    deviation, first = _deviation(facts)
    price, priced = _price(facts)
    amount = int(deviation * price / Fraction(facts.price_for))
    if amount > MOST_VND:
        raise InvalidInput(f"a gain of {amount:.1e} VND cannot be right: check quantity, prices and price_for", "/facts")
    gain = _line(
        "gain",
        "12",
        quantity=_shown(deviation),
        unit=facts.unit,
        price=_shown(price),
        price_for=facts.price_for,
        amount=amount,
    )
    fine, fined = _fine(facts, amount)
    return IllegalGain(
        amount=amount,
        started_on=started_on,
        detected_on=facts.detected_on,
        fine=fine,
        lines=(*period, *first, *priced, gain, fined),
    )


def _line(name: str, article: str, **values: Value) -> Line:
    return Line(name=name, article=f"{_DECREE} {article}", values=values)


def _shown(value: Fraction) -> Decimal:
    """Return what is shown of an exact value: as many decimals as it has, but no more than six."""
    rounded = Decimal(round(value * 10**_SHOWN)).scaleb(-_SHOWN).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def _starts(facts: GainFacts) -> Iterator[tuple[date, StartBasis, str]]:
    """Yield the days that are known, each with what it is and its article."""
    listed: tuple[tuple[date | None, StartBasis, str], ...]
    if isinstance(facts, MeasurementFacts):
        listed = (
            (facts.previous_inspection_on, StartBasis.PREVIOUS_INSPECTION, "9(3)(a)"),
            (facts.previous_verification_on, StartBasis.PREVIOUS_VERIFICATION, "9(3)(b)"),
            (facts.error_recorded_on, StartBasis.ERROR_RECORDED, "9(3)(c)"),
        )
    else:
        listed = (
            (facts.sale_started_on, StartBasis.SALE_STARTED, "9(2)(a)"),
            (facts.previous_inspection_on, StartBasis.PREVIOUS_INSPECTION, "9(2)(b)"),
        )
    yield from ((day, basis, article) for day, basis, article in listed if day is not None)


def _period(facts: GainFacts) -> tuple[date, Sequence[Line]]:
    starts = list(_starts(facts))
    if not starts:
        raise InvalidInput("name at least one day that shows when the violation began (NĐ 86/2012/NĐ-CP Điều 9)", "/facts")
    for day, basis, _ in starts:
        if day > facts.detected_on:
            place = f"/facts/{basis}_on"
            raise InvalidInput(f"{day} lies after the day of detection, {facts.detected_on}: it cannot begin the period", place)
    started_on, basis, _ = max(starts)
    known = [_line("start_known", place, day=day, basis=one) for day, one, place in starts]
    whole = "9(3)" if isinstance(facts, MeasurementFacts) else "9(2)"
    start = _line("start", whole, day=started_on, basis=basis)
    return started_on, (*known, start, _line("period", "9(1)", start=started_on, end=facts.detected_on))


def _deviation(facts: GainFacts) -> tuple[Fraction, Sequence[Line]]:
    """Return the quantity that was measured wrongly."""
    if isinstance(facts, MeasurementFacts):
        return _deviation_of_measurement(facts)
    return _deviation_of_prepackages(facts)


def _deviation_of_measurement(facts: MeasurementFacts) -> tuple[Fraction, Sequence[Line]]:
    measured, permitted = facts.measured_error_percent, facts.permitted_error_percent
    share = Fraction(abs(measured)) - Fraction(permitted)
    if share <= 0:
        raise InvalidInput(
            f"an error of {measured} % lies within the limit of {permitted} %: no illegal gain ({_DECREE} 8(2))",
            "/facts/measured_error_percent",
        )
    deviation = Fraction(facts.quantity) * share / 100
    shown = _shown(share)
    direction = "too_little" if measured < 0 else "too_much"
    return deviation, (
        _line("deviation", "10(2)", measured=measured, permitted=permitted, deviation=shown, direction=direction),
        _line("quantity", "10(2)", sold=facts.quantity, deviation=shown, quantity=_shown(deviation), unit=facts.unit),
    )


def _deviation_of_prepackages(facts: PrepackageFacts) -> tuple[Fraction, Sequence[Line]]:
    shortage = Fraction(facts.permitted_mean) - Fraction(facts.actual_mean)
    if shortage <= 0:
        raise InvalidInput(
            f"a mean of {facts.actual_mean} {facts.unit} is not below the permitted {facts.permitted_mean} {facts.unit}: "
            f"no illegal gain ({_DECREE} 8(1))",
            "/facts/actual_mean",
        )
    deviation = facts.packages * shortage
    means: dict[str, Value] = {"permitted": facts.permitted_mean, "actual": facts.actual_mean}
    return deviation, (
        _line("shortage", "10(1)", **means, shortage=_shown(shortage), unit=facts.unit),
        _line(
            "quantity_of_packages",
            "10(1)",
            packages=facts.packages,
            shortage=_shown(shortage),
            quantity=_shown(deviation),
            unit=facts.unit,
        ),
    )


def _price(facts: GainFacts) -> tuple[Fraction, Sequence[Line]]:
    """Return the mean of the two prices that come first in the order of the law."""
    start, end = _first(facts.prices_at_start), _first(facts.prices_at_detection)
    mean = Fraction(start.amount + end.amount, 2)
    per: dict[str, Value] = {"price_for": facts.price_for, "unit": facts.unit}
    return mean, (
        _line("price_at_start", _PRICE_ARTICLE[start.source], price=start.amount, source=start.source, **per),
        _line("price_at_detection", _PRICE_ARTICLE[end.source], price=end.amount, source=end.source, **per),
        _line("price", "11(2)", start=start.amount, end=end.amount, price=_shown(mean), **per),
    )


def _first(prices: Sequence[Price]) -> Price:
    return min(prices, key=lambda one: _ORDER.index(one.source))


def _fine(facts: GainFacts, amount: int) -> tuple[Fine | None, Line]:
    """Return the fine and its line; where no band is known, the line says so and names what the law itself provides."""
    fines = fines_on(facts.detected_on) if isinstance(facts, MeasurementFacts) else None
    fine = fine_for(amount, fines) if fines else None
    if fines and fine:
        values: dict[str, Value] = {"least": fine.least, "most": fine.most}
        return fine, Line(name="fine", article=fines.source, values=values, verified=fines.verified)
    return None, Line(name="fine_unknown", article="Luật 04/2011/QH13 Điều 52(5)", values={"amount": amount})
