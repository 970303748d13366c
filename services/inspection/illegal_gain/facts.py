"""What an officer has to establish before an illegal gain can be worked out (NĐ 86/2012/NĐ-CP Arts 8 to 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from shared.contracts.vocabulary import UnitSymbol
from shared.kernel.quantities import check_number

MOST_VND = 10**15
Vnd = Annotated[int, msgspec.Meta(ge=1, le=MOST_VND)]


class PriceSource(StrEnum):
    """Where a price is from, in the order in which the law takes them (Art. 11(1)). Stored: never rename a value."""

    TRANSACTION = "transaction"
    LISTED = "listed"
    CONTRACT = "contract"
    INVOICE = "invoice"
    CUSTOMS_DECLARATION = "customs_declaration"
    FINANCE_OFFICE = "finance_office"
    VALUATION_COUNCIL = "valuation_council"


class StartBasis(StrEnum):
    """What shows that the violation had not begun before a day (Art. 9(2), 9(3)). Stored: never rename a value."""

    PREVIOUS_INSPECTION = "previous_inspection"
    PREVIOUS_VERIFICATION = "previous_verification"
    ERROR_RECORDED = "error_recorded"
    SALE_STARTED = "sale_started"


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A price in VND and where it is from."""

    amount: Vnd
    source: PriceSource


Prices = Annotated[tuple[Price, ...], msgspec.Meta(min_length=1, max_length=20)]


class _Facts(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True, forbid_unknown_fields=True):
    """What both kinds of gain have in common.

    Prices are for the quantity ``price_for`` in ``unit``, of the day the violation began and of the day it was detected.
    """

    detected_on: date
    prices_at_start: Prices
    prices_at_detection: Prices
    unit: UnitSymbol
    price_for: Decimal = Decimal(1)
    previous_inspection_on: date | None = None


class MeasurementFacts(_Facts, frozen=True, kw_only=True, tag="measurement"):
    """A measurement in trade erred beyond its limit (Art. 8(2)); ``quantity`` is what was measured and sold since it began.

    Errors are in percent of the quantity. The sign of the measured one tells too little (−) from too much (+).
    """

    measured_error_percent: Decimal
    permitted_error_percent: Decimal
    quantity: Decimal
    previous_verification_on: date | None = None
    error_recorded_on: date | None = None

    def __post_init__(self) -> None:
        _check(self.quantity, self.price_for, zero=(self.permitted_error_percent, abs(self.measured_error_percent)))


class PrepackageFacts(_Facts, frozen=True, kw_only=True, tag="prepackage"):
    """Prepackages hold less on average than permitted (Art. 8(1)); contents are in ``unit``."""

    permitted_mean: Decimal
    actual_mean: Decimal
    packages: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    sale_started_on: date | None = None

    def __post_init__(self) -> None:
        _check(self.permitted_mean, self.price_for, zero=(self.actual_mean,))


GainFacts: TypeAlias = MeasurementFacts | PrepackageFacts


def _check(*positive: Decimal, zero: tuple[Decimal, ...]) -> None:
    """Raise ``ValueError`` unless all are sane numbers, those of ``zero`` at least 0 and the others above it."""
    for value in (*positive, *zero):
        check_number(value)
    if min(positive) <= 0 or min(zero) < 0:
        raise ValueError("quantities, contents and limits cannot be negative, and what is sold or priced is more than nothing")
