"""An electrical appliance of the list of QCVN 4:2009/BKHCN does not give its user a shock.

The list and its days are those of TT 21/2009/TT-BKHCN. The limits are those of TCVN 5699-1 (IEC 60335-1) 13.2, 13.3 and 27.5
for supplies of up to 250 V and are typed from memory; PVC cables are on the list, but their standard has other ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import Appliance, ApplianceKind, SampleTested

_FIRST_LIST = frozenset(
    {
        ApplianceKind.INSTANTANEOUS_WATER_HEATER,
        ApplianceKind.STORAGE_WATER_HEATER,
        ApplianceKind.HAIR_DRYER,
        ApplianceKind.KETTLE,
        ApplianceKind.RICE_COOKER,
        ApplianceKind.FAN,
    }
)
_MOTOR_OPERATED = frozenset({ApplianceKind.FAN, ApplianceKind.HAND_DRYER})


class ShockLimits(msgspec.Struct, frozen=True):
    """What the appliances of a list must keep, by their class of protection against electric shock.

    Currents are in mA, voltages in V, resistances in Ω. A stationary one of class I may leak so much for each kW, at least
    what others of its class may and at most ``most_leakage``; one with a motor ``motor_leakage`` where that is more.
    """

    listed: frozenset[ApplianceKind]
    leakage: Mapping[str, Decimal]
    leakage_per_kw: Decimal
    most_leakage: Decimal
    motor_leakage: Decimal
    withstand: Mapping[str, Decimal]
    earth: Decimal

    def of(self, appliance: Appliance) -> Mapping[str, Limit]:
        """Return the limits of one appliance; none for a cable."""
        if appliance.appliance is ApplianceKind.PVC_CABLE:
            return {}
        protection = appliance.protection_class
        limits = {
            "leakage_current": Limit(self._leakage(appliance)),
            "withstand_voltage": Limit(self.withstand[protection], at_least=True),
        }
        return {**limits, "earth_resistance": Limit(self.earth)} if protection in ("0I", "I") else limits

    def _leakage(self, appliance: Appliance) -> Decimal:
        usual = self.leakage[appliance.protection_class]
        if appliance.protection_class != "I" or not appliance.stationary:
            return usual
        by_power = self.leakage_per_kw * (appliance.rated_watts or 0) / 1000
        heating = min(max(usual, by_power), self.most_leakage)
        return max(heating, self.motor_leakage) if appliance.appliance in _MOTOR_OPERATED else heating


def _limits(listed: frozenset[ApplianceKind]) -> ShockLimits:
    return ShockLimits(
        listed=listed,
        leakage={
            "0": Decimal("0.5"),
            "0I": Decimal("0.5"),
            "I": Decimal("0.75"),
            "II": Decimal("0.25"),
            "III": Decimal("0.5"),
        },
        leakage_per_kw=Decimal("0.75"),
        most_leakage=Decimal(5),
        motor_leakage=Decimal("3.5"),
        withstand={"0": Decimal(1000), "0I": Decimal(1000), "I": Decimal(1000), "II": Decimal(3000), "III": Decimal(500)},
        earth=Decimal("0.1"),
    )


@judges(
    SampleTested,
    kind=ViolationKind.ELECTRICAL_SAFETY,
    versions=[
        Version(
            valid_from=date(2010, 6, 1),
            valid_to=date(2010, 12, 31),
            source="QCVN 4:2009/BKHCN, TT 21/2009/TT-BKHCN, TCVN 5699-1 (chưa kiểm chứng)",
            limits=_limits(_FIRST_LIST),
            verified=False,
        ),
        # Amendment 1 came with TT 21/2016/TT-BKHCN; from which day it holds is not known, and what is held here is as before.
        Version(
            valid_from=date(2011, 1, 1),
            source="QCVN 4:2009/BKHCN, TT 21/2009/TT-BKHCN, sửa đổi bởi TT 21/2016/TT-BKHCN, TCVN 5699-1 (chưa kiểm chứng)",
            limits=_limits(frozenset(ApplianceKind)),
            verified=False,
        ),
    ],
)
def appliance_meets_qcvn_4(sample: SampleTested, version: Version[ShockLimits]) -> Judgement | None:
    """Judge every measured parameter that has a limit; nothing for what is not on the list, inconclusive when none has."""
    appliance = sample.finding
    if not isinstance(appliance, Appliance) or appliance.appliance not in version.limits.listed:
        return None
    limits = version.limits.of(appliance)
    comparisons = (Comparison.of(one, limits[one.parameter]) for one in appliance.results if one.parameter in limits)
    return judge(comparisons, version.decide)
