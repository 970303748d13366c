"""When an instrument must be verified again."""

from __future__ import annotations

from datetime import date

from services.inspection.rules.verification_is_valid import last_valid_day
from services.inspection.rules.verification_is_valid.group_2_instruments import GROUP_2


def next_due(instrument_type: str, verified_on: date | None, seen_on: date) -> date | None:
    """Return the last day of the verification; without a valid mark that is the day it was seen so, for it is due at once.

    Nothing for an instrument that is not on the list, or is verified once only.
    """
    instrument = GROUP_2.get(instrument_type)
    if instrument is None:
        return None
    if verified_on is None:
        return seen_on
    return None if instrument.months is None else last_valid_day(verified_on, instrument.months)
