"""Turns the view into a page: words, numbers and dates of one language, links to the figures behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from services.reporting.console.bars import Bar, bars
from services.reporting.console.view import View
from services.reporting.console.words import words
from services.reporting.model import local_day
from services.reporting.periods import Period, month_of
from services.reporting.reports import By, Figure, Report, Row
from shared.i18n import LOCALES, province_name, term
from shared.i18n.citations import cited
from shared.kernel.clock import HANOI
from shared.kernel.provinces import MERGED


def render(view: View, locale: str) -> str:
    """Return the page as HTML."""
    language = Language(locale)
    by_province = partial(language.province, on=view.by_province.provinces_on)
    return _template().render(
        view=view,
        language=language,
        locales=LOCALES,
        events_link=lambda name: _events_link(name, view.period),
        report_link=lambda name, form: f"/v1/reports/{name}?{_query(view.period, format=form)}",
        charts=[
            ("by_month", language.word("violations_by_month"), _chart(view.by_month, language, language.month_of_key)),
            ("by_province", language.word("violations_by_province"), _chart(view.by_province, language, by_province)),
            (
                "by_product_group",
                language.word("violations_by_product"),
                _chart(view.by_product, language, language.product_group),
            ),
        ],
    )


@cache
def _template() -> Template:
    # Compiled once: the template is part of the program and does not change while it runs.
    environment = Environment(
        loader=PackageLoader("services.reporting.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("overview.html")


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


def _chart(report: Report, language: Language, label: Callable[[str], str]) -> Markup:
    """Draw a report: months in their order, anything else by size. Nothing of nothing."""
    rows = report.rows if report.by is By.MONTH else sorted(report.rows, key=lambda row: (-row.value, -row.previous, row.key))
    drawn = [_bar(label(row.key), row, language, _link(report, row.key)) for row in rows]
    return bars(drawn, labelled_by=f"by_{report.by.value}", number=language.number) if drawn else Markup("")


def _bar(label: str, row: Row, language: Language, link: str) -> Bar:
    in_words = language.word("bar", label=label, value=language.number(row.value), previous=language.number(row.previous))
    return Bar(label=label, value=row.value, previous=row.previous, words=in_words, link=link)


def _link(report: Report, key: str) -> str:
    """Return where the events behind one row of a report are."""
    if report.by is not By.MONTH:
        return _events_link(report.name, Period(report.first, report.last), **{report.by.value: key})
    month = month_of(date.fromisoformat(f"{key}-01"))
    return _events_link(report.name, Period(max(month.first, report.first), min(month.last, report.last)))


def _events_link(name: str, period: Period, **part: str) -> str:
    return f"/v1/reports/{name}/events?{_query(period, **part)}"


def _query(period: Period, **more: str) -> str:
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat(), **more})
