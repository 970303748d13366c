"""An instrument of group 2 in use has been verified and its verification has not lapsed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.inspection.acceptance import CONFORMING, INCONCLUSIVE, Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges, legal_day
from services.inspection.rules.verification_is_valid.group_2_instruments import GROUP_2, Instrument
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import InstrumentChecked

_MARK = Limit(Decimal(1), at_least=True)


@judges(
    InstrumentChecked,
    kind=ViolationKind.VERIFICATION_LAPSED,
    as_a_whole=True,  # no mark at all is put right by a verification that is young enough
    versions=[
        Version(
            valid_from=date(2020, 1, 1),
            source="TT 23/2013/TT-BKHCN Điều 4(1), sửa đổi bởi TT 07/2019/TT-BKHCN",
            limits=GROUP_2,
        )
    ],
)
def verification_is_valid(check: InstrumentChecked, version: Version[Mapping[str, Instrument]]) -> Judgement | None:
    """Judge by the age of the last verification; nothing for an instrument that is not on the list.

    A verification dated after the check says nothing of the day of the check: inconclusive.
    """
    instrument = version.limits.get(check.instrument_type)
    if instrument is None:
        return None
    if check.verified_on is None:
        return judge([Comparison("verification_mark", Decimal(0), _MARK, "1")], version.decide)
    age = (legal_day(check) - check.verified_on).days
    if age < 0:
        return INCONCLUSIVE
    if instrument.months is None:
        return CONFORMING
    permitted = (last_valid_day(check.verified_on, instrument.months) - check.verified_on).days
    return judge([Comparison("verification_age", Decimal(age), Limit(Decimal(permitted)), "d")], version.decide)


def last_valid_day(verified_on: date, months: int) -> date:
    """Return the last day of a verification: the same day of the month, or its last day where it has no such day.

    Civil Code 91/2015/QH13 Art. 147(2) and 148(3): the first day does not count, and the last one counts whole.
    """
    year, month = divmod(verified_on.year * 12 + verified_on.month - 1 + months, 12)
    return date(year, month + 1, min(verified_on.day, monthrange(year, month + 1)[1]))
