"""A fuel dispenser errs by at most 1.5 times its maximum permissible error (MPE).

TT 15/2015/TT-BKHCN Art. 6(3) limits the result of a retail measurement to 1.5 times the positive limit of the MPE. The
same distance is held on the other side, because the MPE of ĐLVN 10 is ± and must be kept for the whole verification period
(TT 23/2013/TT-BKHCN Art. 4(1)).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import DispenserCheck, InstrumentChecked


class ErrorLimits(msgspec.Struct, frozen=True):
    """The relative errors in percent that are still permitted; positive is to the customer's disadvantage."""

    highest: Decimal
    lowest: Decimal


def _limits(mpe_percent: str) -> ErrorLimits:
    limit = Decimal("1.5") * Decimal(mpe_percent)
    return ErrorLimits(limit, -limit)


@judges(
    InstrumentChecked,
    kind=ViolationKind.DISPENSER_ERROR,
    versions=[
        # The day ĐLVN 10:2011 took effect and its 0.5 % are not confirmed, nor the factor of 1.5 before TT 15/2015.
        Version(
            valid_from=date(2011, 1, 1),
            valid_to=date(2013, 8, 18),
            source="ĐLVN 10:2011",
            limits=_limits("0.5"),
            verified=False,
        ),
        Version(
            valid_from=date(2013, 8, 19),
            valid_to=date(2016, 3, 31),
            source="ĐLVN 10:2013, QĐ 2503/QĐ-TĐC",
            limits=_limits("0.3"),
            verified=False,
        ),
        # A 2017 edition of ĐLVN 10 is known of but was not read.
        Version(
            valid_from=date(2016, 4, 1),
            source="TT 15/2015/TT-BKHCN Điều 6(3), ĐLVN 10:2013",
            limits=_limits("0.3"),
            verified=False,
        ),
    ],
)
def dispenser_error_within_limit(check: InstrumentChecked, version: Version[ErrorLimits]) -> Judgement | None:
    """Hold each error against both limits."""
    if not isinstance(check.finding, DispenserCheck):
        return None
    highest = Limit(version.limits.highest)
    lowest = Limit(version.limits.lowest, at_least=True)
    return judge(
        (
            Comparison("dispenser_error", error, limit, "%")
            for error in check.finding.errors_percent
            for limit in (highest, lowest)
        ),
        version.decide,
    )
