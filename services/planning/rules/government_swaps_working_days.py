"""Working days the Government swapped that the ``holidays`` library does not know of yet.

Add a line for the day off and one for the day worked in exchange; the library's own swaps need none.
"""

from __future__ import annotations

from datetime import date

from shared.kernel.calendar import WorkingCalendar

SWAPS: dict[date, bool] = {
    date(2026, 1, 2): False,  # announced on 25 December 2025 for the public sector
    date(2026, 1, 10): True,
}

WORKING_DAYS = WorkingCalendar(SWAPS)
