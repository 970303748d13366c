"""What may stand in the query of an address, read strictly: a misspelt name is refused, not ignored."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from services.reporting.periods import Period
from services.reporting.queries import Slice
from services.reporting.reports import By
from shared.contracts.envelope import check_year


class PeriodQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which legal days, both ends included, which part of the figure, and what must have been known by the end of which day.

    ``provinces_on`` is the day whose provinces are meant, that of the period's end unless another is given.
    """

    first: date | None = msgspec.field(name="from", default=None)
    last: date | None = msgspec.field(name="to", default=None)
    province: str | None = None
    product_group: str | None = None
    kind: str | None = None
    provinces_on: date | None = None
    cut_off: date | None = None

    def __post_init__(self) -> None:
        if self.cut_off is not None:
            check_year("cut_off", self.cut_off)

    def period(self, otherwise: Period) -> Period:
        """Return the period asked for, completed from the one shown ``otherwise``."""
        if self.first is None and self.last is not None:
            return Period(self.last.replace(month=1, day=1), self.last)
        first = self.first or otherwise.first
        return Period(first, self.last or max(first, otherwise.last))

    @property
    def where(self) -> Slice:
        return Slice(province=self.province, product_group=self.product_group, kind=self.kind, provinces_on=self.provinces_on)


class TotalsQuery(PeriodQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the totals of all reports are written."""

    format: Literal["json", "csv"] = "json"


class ReportQuery(PeriodQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a report is laid out and written; ``lang`` is the language of a page."""

    by: By = By.KIND
    format: Literal["json", "csv", "html"] = "json"
    lang: Literal["vi", "en"] = "vi"


class EventsQuery(PeriodQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page of the events behind a figure, and how it is written; ``lang`` is the language of a page."""

    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    format: Literal["json", "html"] = "json"
    lang: Literal["vi", "en"] = "vi"


class ConsoleQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which language the overview is written."""

    lang: Literal["vi", "en"] = "vi"


class IssueDay(msgspec.Struct, frozen=True, kw_only=True):
    """The first day of an issued report's period."""

    period_from: date
