"""A report and the events behind a figure as pages: what machines get as JSON, for people to read."""

from __future__ import annotations

from datetime import date

import msgspec

from services.reporting.console.addresses import Asked, as_page, events_address, report_address, row_of, within
from services.reporting.console.language import Language
from services.reporting.console.page import template
from services.reporting.periods import Period
from services.reporting.queries.events import Page
from services.reporting.queries.figures import known
from services.reporting.reports import By, Report, in_order
from services.reporting.requests import EventsQuery, PeriodQuery, ReportQuery
from shared.contracts.codec import decode
from shared.i18n import LOCALES


def report_page(report: Report, query: ReportQuery) -> str:
    """Return a report as HTML: each row leads to its events."""
    language = Language(query.lang)
    asked = {**_asked(query, Period(report.first, report.last)), "by": query.by.value}
    page = {**asked, **as_page(query.lang)}
    behind = {name: value for name, value in page.items() if name != "by"}
    return template("report.html").render(
        report=report,
        language=language,
        locales=LOCALES,
        address_in=lambda one: report_address(report.name, {**page, "lang": one}),
        part=_part(query, report.provinces_on, language),
        layouts=[(by, language.word(f"by_{by}"), report_address(report.name, {**page, "by": by.value})) for by in By],
        rows=[
            (language.row(report, row.key), row, events_address(report.name, {**behind, **row_of(report, row.key)}))
            for row in in_order(report)
        ],
        all_events=events_address(report.name, behind),
        data={form: report_address(report.name, {**asked, "format": form}) for form in ("json", "csv")},
    )


def events_page(found: Page, query: EventsQuery) -> str:
    """Return a page of the events behind a figure as HTML."""
    language = Language(query.lang)
    asked = _asked(query, Period(found.first, found.last))
    page = {**asked, "limit": str(query.limit), **as_page(query.lang)}
    return template("events.html").render(
        page=found,
        indicator=known(found.name),
        language=language,
        locales=LOCALES,
        address_in=lambda one: events_address(found.name, {**page, "after": query.after, "lang": one}),
        part=_part(query, query.provinces_on or found.last, language),
        events=[(one, decode(bytes(one.event))) for one in found.events],
        more=events_address(found.name, {**page, "after": found.next}) if found.next is not None else "",
        report=report_address(found.name, {**asked, **as_page(query.lang)}),
        json=events_address(found.name, asked),
    )


def _asked(query: PeriodQuery, period: Period) -> Asked:
    """Return what was asked for, with the days that it came to."""
    plain = msgspec.to_builtins(query)
    given = {name: plain[name] for name in PeriodQuery.__struct_encode_fields__ if plain[name] is not None}
    return {**given, **within(period)}


def _part(query: PeriodQuery, provinces_on: date, language: Language) -> str:
    """Say which part of the figure is shown, empty for the whole."""
    said = []
    if query.province is not None:
        said.append(language.province(query.province, provinces_on))
    if query.product_group is not None:
        said.append(language.product_group(query.product_group))
    if query.kind is not None:
        said.append(language.kind(query.kind))
    if query.cut_off is not None:
        said.append(language.word("known_by", day=language.day(query.cut_off)))
    return " · ".join(said)
