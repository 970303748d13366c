"""An electrical appliance disturbs radio no more than QCVN 9:2012/BKHCN permits, whatever the frequency.

The regulation limits emission alone. Its limits are those of TCVN 7492-1 (CISPR 14-1) for quasi-peak levels of household
appliances; these and the day from which it is mandatory are typed from memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import Disturbance, Emissions, SampleTested

# As many decimals as a level may have: cut off there, a limit still parts the levels as it does uncut.
_DECIMALS = Decimal("1e-12")


class Band(msgspec.Struct, frozen=True):
    """A limit from a frequency to another one in MHz, both included: it moves evenly from its first to its last value.

    ``by_logarithm`` is for one that moves evenly with the logarithm of the frequency.
    """

    lowest: Decimal
    highest: Decimal
    first: Decimal
    last: Decimal
    by_logarithm: bool = False

    def at(self, frequency: Decimal) -> Decimal:
        """Return the limit at a frequency of this band."""
        if self.first == self.last or frequency == self.highest:
            return self.last
        way = (
            (frequency / self.lowest).ln() / (self.highest / self.lowest).ln()
            if self.by_logarithm
            else (frequency - self.lowest) / (self.highest - self.lowest)
        )
        limit = self.first + (self.last - self.first) * way
        return limit if limit == limit.quantize(_DECIMALS) else limit.quantize(_DECIMALS, ROUND_FLOOR)


_Bands = Mapping[Disturbance, tuple[Band, ...]]
_UNITS = {Disturbance.VOLTAGE: "dBuV", Disturbance.POWER: "dBpW"}


def _band(lowest: str, highest: str, first: int, last: int, *, by_logarithm: bool = False) -> Band:
    return Band(Decimal(lowest), Decimal(highest), Decimal(first), Decimal(last), by_logarithm)


@judges(
    SampleTested,
    kind=ViolationKind.ELECTROMAGNETIC_DISTURBANCE,
    versions=[
        Version(
            valid_from=date(2013, 6, 1),
            source="QCVN 9:2012/BKHCN, TT 11/2012/TT-BKHCN, sửa đổi bởi TT 07/2018/TT-BKHCN, TCVN 7492-1 (chưa kiểm chứng)",
            limits={
                Disturbance.VOLTAGE: (
                    _band("0.15", "0.5", 66, 56, by_logarithm=True),
                    _band("0.5", "5", 56, 56),
                    _band("5", "30", 60, 60),
                ),
                Disturbance.POWER: (_band("30", "300", 45, 55),),
            },
            verified=False,
        )
    ],
)
def appliance_disturbance_within_limit(sample: SampleTested, version: Version[_Bands]) -> Judgement | None:
    """Judge the levels at frequencies that have a limit; nothing for other tests, inconclusive when none has."""
    if not isinstance(sample.finding, Emissions):
        return None
    return judge(_comparisons(sample.finding, version.limits), version.decide)


def _comparisons(emissions: Emissions, limits: _Bands) -> Iterator[Comparison]:
    for one in emissions.readings:
        # Where two bands meet the lower limit applies.
        at = [band.at(one.frequency_mhz) for band in limits[one.disturbance] if band.lowest <= one.frequency_mhz <= band.highest]
        if at:
            unit = _UNITS[one.disturbance]
            yield Comparison(f"disturbance_{one.disturbance}", one.level_db, Limit(min(at)), unit, one.uncertainty_db)
