"""Words, numbers and dates as one language writes them."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from services.reporting.console.words import words
from services.reporting.model import local_day
from services.reporting.reports import By, Figure, Report
from shared.i18n import catalogue, province_name, term
from shared.i18n.citations import cited
from shared.kernel.clock import HANOI
from shared.kernel.provinces import MERGED

# What the kinds of some report or other are names of.
_KINDS = (
    "violation_kind",
    "outcome",
    "measure",
    "close_reason",
    "reopen_reason",
    "activity",
    "risk_level",
    "track",
    "duty",
    "notice_kind",
    "channel",
    "concern_kind",
    "draft_kind",
    "draft_stage",
    "not_notified",
    "tbt_notification",
    "alert_system",
    "event_type",
)


class Language:
    """Words, numbers and dates as one language writes them."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def word(self, text_id: str, **values: object) -> str:
        """Return one of the page's own texts. Raises ``KeyError`` for an unknown one."""
        text = words(self.locale)[text_id]
        return text.format(**values) if values else text

    def term(self, family: str, name: str) -> str:
        """Return the word for a stored name."""
        return term(family, name, self.locale)

    def source(self, text: str) -> str:
        """Return a legal source, written out."""
        return cited(text, self.locale)

    def number(self, value: int) -> str:
        """Return a whole number with its thousands apart."""
        return format_decimal(value, locale=self.locale)

    def change(self, figure: Figure) -> str:
        """Return how a figure changed, with its sign and, where there is one, its percentage."""
        if not figure.change:
            return "="
        sign = "+" if figure.change > 0 else "−"
        if figure.change_percent is None:
            return f"{sign}{self.number(abs(figure.change))}"
        return f"{sign}{format_decimal(abs(figure.change_percent), format='#,##0.0', locale=self.locale)}%"

    def day(self, day: date) -> str:
        """Return a legal day."""
        return format_date(day, "dd/MM/yyyy" if self.locale == "vi" else "d MMM yyyy", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """Return a moment as the clocks of Viet Nam show it."""
        form = "HH:mm dd/MM/yyyy" if self.locale == "vi" else "d MMM yyyy, HH:mm"
        return format_datetime(moment.astimezone(HANOI), form, locale=self.locale)

    def month(self, day: date) -> str:
        """Return the month that ``day`` lies in."""
        return format_date(day, "MM/yyyy" if self.locale == "vi" else "MMM yyyy", locale=self.locale)

    def month_of_key(self, key: str) -> str:
        """Return a month from its key in a report, for example ``2025-03``."""
        return self.month(date.fromisoformat(f"{key}-01"))

    def province(self, code: str, on: date = MERGED) -> str:
        """Return a province's name as of a day, without one today's."""
        return province_name(code, self.locale, on) if code else self.word("unknown")

    def province_at(self, code: str, moment: datetime) -> str:
        """Return what a province was called at a moment."""
        return self.province(code, local_day(moment))

    def product_group(self, name: str) -> str:
        """Return the word for a product group."""
        return self.term("product_group", name) if name else self.word("unknown")

    def kind(self, name: str) -> str:
        """Return the words for a kind that a report counts by, part by part; a part without a word is shown as it is."""
        return " · ".join(map(self._kind, name.split("/"))) if name else self.word("unknown")

    def row(self, report: Report, key: str) -> str:
        """Return what a row of a report is called."""
        match report.by:
            case By.MONTH:
                return self.month_of_key(key)
            case By.PROVINCE:
                return self.province(key, report.provinces_on)
            case By.PRODUCT_GROUP:
                return self.product_group(key)
            case By.KIND:
                return self.kind(key)

    def _kind(self, name: str) -> str:
        known = catalogue(self.locale)
        return next((known[f"{family}.{name}"] for family in _KINDS if f"{family}.{name}" in known), name.replace("_", " "))
