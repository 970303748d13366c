"""A fuel dispenser errs by at most 1.5 times its maximum permissible error (MPE).

TT 15/2015/TT-BKHCN Art. 6(3) limits the result of a retail measurement to 1.5 times the positive limit of the MPE. The
same distance is held on the other side, because the MPE of ĐLVN 10 is ± and must be kept for the whole verification period
(TT 23/2013/TT-BKHCN Art. 4(1)).

The MPE in percent holds from 2 L on. Below it more is permitted, and for no volume less than twice the MPE of the minimum
measured quantity of the dispenser:
OIML R 117-1 as in Directive 2014/32/EU Annex VII (MI-005) 2.2 to 2.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import DispenserCheck, InstrumentChecked

# Volumes below this many litres -> the MPE in percent is multiplied, and applied to at least so many litres.
_SMALL_VOLUMES = (
    (Decimal("0.1"), 4, Decimal("0.1")),
    (Decimal("0.2"), 4, Decimal(0)),
    (Decimal("0.4"), 2, Decimal("0.4")),
    (Decimal(1), 2, Decimal(0)),
    (Decimal(2), 1, Decimal(2)),
)
# As many decimals as an error may have: cut off there, a limit still parts the errors as it does uncut.
_DECIMALS = Decimal("1e-12")


class ErrorLimits(msgspec.Struct, frozen=True):
    """The MPE in percent of 2 L and more, and how many times it a dispenser in use may err."""

    mpe_percent: Decimal
    times: Decimal = Decimal("1.5")

    def percent(self, litres: Decimal | None, minimum_litres: Decimal | None) -> Decimal:
        """Return the permitted error of a volume in percent; where the volume is not known, that of large ones.

        ``minimum_litres`` is the minimum measured quantity: no volume is permitted less than twice the MPE of that one.
        """
        least = 2 * self._mpe(minimum_litres) if minimum_litres else Decimal(0)
        if litres is None or (litres >= _SMALL_VOLUMES[-1][0] and self._mpe(litres) >= least):
            return self.times * self.mpe_percent
        permitted = self.times * max(self._mpe(litres), least) / litres
        return permitted if permitted == permitted.quantize(_DECIMALS) else permitted.quantize(_DECIMALS, ROUND_FLOOR)

    def _mpe(self, litres: Decimal) -> Decimal:
        """Return the MPE of a volume in hundredths of a litre."""
        for below, times, at_least in _SMALL_VOLUMES:
            if litres < below:
                return times * self.mpe_percent * max(litres, at_least)
        return self.mpe_percent * litres


@judges(
    InstrumentChecked,
    kind=ViolationKind.DISPENSER_ERROR,
    versions=[
        # The day ĐLVN 10:2011 took effect and its 0.5 % are not confirmed, nor the factor of 1.5 before TT 15/2015.
        Version(
            valid_from=date(2011, 1, 1),
            valid_to=date(2013, 8, 18),
            source="ĐLVN 10:2011",
            limits=ErrorLimits(Decimal("0.5")),
            verified=False,
        ),
        Version(
            valid_from=date(2013, 8, 19),
            valid_to=date(2016, 3, 31),
            source="ĐLVN 10:2013, QĐ 2503/QĐ-TĐC",
            limits=ErrorLimits(Decimal("0.3")),
            verified=False,
        ),
        # A 2017 edition of ĐLVN 10 is known of but was not read.
        Version(
            valid_from=date(2016, 4, 1),
            source="TT 15/2015/TT-BKHCN Điều 6(3), ĐLVN 10:2013",
            limits=ErrorLimits(Decimal("0.3")),
            verified=False,
        ),
    ],
)
def dispenser_error_within_limit(check: InstrumentChecked, version: Version[ErrorLimits]) -> Judgement | None:
    """Hold each error against both limits of its volume."""
    if not isinstance(check.finding, DispenserCheck):
        return None
    return judge(_comparisons(check.finding, version.limits), version.decide)


def _comparisons(check: DispenserCheck, limits: ErrorLimits) -> Iterator[Comparison]:
    volumes: Sequence[Decimal | None] = check.litres or [None] * len(check.errors_percent)
    for error, litres in zip(check.errors_percent, volumes, strict=True):
        permitted = limits.percent(litres, check.minimum_litres)
        yield Comparison("dispenser_error", error, Limit(permitted), "%", check.uncertainty_percent)
        yield Comparison("dispenser_error", error, Limit(-permitted, at_least=True), "%", check.uncertainty_percent)
