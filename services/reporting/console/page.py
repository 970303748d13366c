"""The overview as a page, with links to the figures behind it."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from services.reporting.console.addresses import as_page, events_address, report_address, row_of, within
from services.reporting.console.bars import Bar, bars
from services.reporting.console.language import Language
from services.reporting.console.view import View
from services.reporting.periods import Period
from services.reporting.reports import Report, Row, in_order
from shared.i18n import LOCALES


def render(view: View, locale: str) -> str:
    """Return the overview as HTML."""
    language = Language(locale)
    asked = {**within(view.period), **as_page(locale)}
    return template("overview.html").render(
        view=view,
        language=language,
        locales=LOCALES,
        address_in=lambda one: f"/?lang={one}",
        events_link=lambda name: events_address(name, asked),
        report_link=lambda name, form: report_address(name, {**asked, "format": form}),
        charts=[
            ("by_month", language.word("violations_by_month"), _chart(view.by_month, language)),
            ("by_province", language.word("violations_by_province"), _chart(view.by_province, language)),
            ("by_product_group", language.word("violations_by_product"), _chart(view.by_product, language)),
        ],
    )


@cache
def template(name: str) -> Template:
    """Return a page's template, compiled once: it is part of the program and does not change while it runs."""
    environment = Environment(
        loader=PackageLoader("services.reporting.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _chart(report: Report, language: Language) -> Markup:
    """Draw a report. Nothing of nothing."""
    drawn = [_bar(report, row, language) for row in in_order(report)]
    return bars(drawn, labelled_by=f"by_{report.by.value}", number=language.number) if drawn else Markup("")


def _bar(report: Report, row: Row, language: Language) -> Bar:
    label = language.row(report, row.key)
    in_words = language.word("bar", label=label, value=language.number(row.value), previous=language.number(row.previous))
    asked = {**within(Period(report.first, report.last)), **row_of(report, row.key), **as_page(language.locale)}
    return Bar(label=label, value=row.value, previous=row.previous, words=in_words, link=events_address(report.name, asked))
