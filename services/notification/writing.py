"""The words of a notice: one Jinja template per kind, both languages in it, loaded by the kind's name.

A template ``templates/<kind>.j2`` has the blocks ``title_vi``, ``body_vi``, ``title_en`` and ``body_en``, and with
``public_vi`` and ``public_en`` the kind is published in the feed as well. Titles and public blocks are given only what a
decision shows to all: a template that named a site there would not render.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, Undefined, pass_context
from jinja2.runtime import Context

from services.notification.model import Decision, Wording
from shared import i18n
from shared.contracts.vocabulary import Breach, Product
from shared.i18n.citations import cited
from shared.i18n.countries import country_name
from shared.kernel.clock import HANOI
from shared.kernel.provinces import MERGED
from shared.organisation import Organisation

TEMPLATES = Path(__file__).with_name("templates")

_NOBODY = Organisation(())
_LONGEST = 500  # characters of one fact
_TITLE = 300  # characters, as the contract allows
_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A notice in words; ``public`` is its version for everyone, None when it is not for everyone."""

    wording: Wording
    public: Wording | None


class Writer:
    """Writes notices; units of the ``organisation`` are called by their names."""

    def __init__(self, templates: Path = TEMPLATES, *, organisation: Organisation = _NOBODY) -> None:
        self._organisation = organisation
        # Plain text: what becomes HTML later is escaped there, as a whole.
        self._templates = Environment(  # noqa: S701
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {
            "term": _term,
            "province": _province,
            "quantity": _quantity,
            "moment": _moment,
            "day": _day,
            "year": _year,
            "goods": _goods,
            "country": _country,
            "cited": _cited,
            "breach": _breach,
            "risk_type": _risk_type,
            "period": _period,
            "unit": _unit,
        }

    def write(self, kind: str, decision: Decision, on: date = MERGED) -> Written:
        """Put a decision into words, with the names of provinces and units as of a day, without one today's.

        Raises ``jinja2.UndefinedError`` when the template asks for what it must not show.
        """
        template = self._templates.get_template(f"{kind}.j2")
        open_facts = {**decision.shown_to_all, "provinces_on": on, "organisation": self._organisation}
        titles = {f"title_{locale}": one_line(_block(template, "title", locale, open_facts))[:_TITLE] for locale in i18n.LOCALES}
        all_facts = {**open_facts, **decision.shown_to_authorities}
        return Written(
            wording=Wording(**titles, **_texts(template, "body", all_facts)),
            public=Wording(**titles, **_texts(template, "public", open_facts)) if "public_vi" in template.blocks else None,
        )


def one_line(text: str) -> str:
    """Return ``text`` without anything that could begin a new line or hide what it says (Unicode category C and line ends)."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())


def _texts(template: Template, part: str, facts: Mapping[str, Any]) -> dict[str, str]:
    return {f"text_{locale}": _paragraphs(_block(template, part, locale, facts)) for locale in i18n.LOCALES}


def _block(template: Template, part: str, locale: str, facts: Mapping[str, Any]) -> str:
    return "".join(template.blocks[f"{part}_{locale}"](template.new_context({**facts, "locale": locale})))


def _paragraphs(text: str) -> str:
    return _EMPTY_LINES.sub("\n\n", text.strip())


def _shown(value: object) -> object:
    """Finish what a template prints: no fact of an event may forge a line of a notice, or fill it."""
    if isinstance(value, Undefined):
        return value
    text = one_line(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@pass_context
def _term(context: Context, name: str, family: str) -> str:
    return i18n.term(family, name, context["locale"])


@pass_context
def _province(context: Context, code: str) -> str:
    return i18n.province_name(code, context["locale"], context["provinces_on"])


@pass_context
def _quantity(context: Context, value: Decimal, unit: str) -> str:
    number = format_decimal(value, locale=context["locale"], decimal_quantization=False)
    return number if unit == "1" else f"{number} {i18n.term('unit', unit, context['locale'])}"


@pass_context
def _goods(context: Context, product: Product) -> str:
    """Name goods by their group and as their maker does, once where the two say the same."""
    group = i18n.term("product_group", product.group, context["locale"])
    named = ", ".join(part for part in (product.name, product.brand, product.model) if part)
    return named if product.name.casefold() == group.casefold() else f"{group} – {named}"


@pass_context
def _country(context: Context, name: str) -> str:
    return country_name(name, context["locale"])


@pass_context
def _cited(context: Context, source: str) -> str:
    return cited(source, context["locale"])


@pass_context
def _breach(context: Context, breach: Breach) -> str:
    """Say what does not conform: that a mark is missing, or a value beside its limit."""
    locale = context["locale"]
    if missing := i18n.catalogue(locale).get(f"missing.{breach.parameter}"):
        return missing
    reported = ""
    if breach.reported is not None:
        reported = i18n.translate("breach.reported", locale, value=_quantity(context, breach.reported, breach.reported_unit))
    return i18n.translate(
        "breach.line",
        locale,
        parameter=i18n.term("parameter", breach.parameter, locale),
        measured=_quantity(context, breach.measured, breach.unit),
        reported=reported,
        limit=_quantity(context, breach.limit, breach.unit),
    )


@pass_context
def _risk_type(context: Context, name: str) -> str:
    return i18n.term("risk_type", name.strip().lower().replace(" ", "_"), context["locale"])


@pass_context
def _period(context: Context, key: str) -> str:
    """Write out a reporting period: ``2025``, ``2025-03``, ``2025-H1``, ``2025-Q1``, ``2025-W07``."""
    year, _, part = key.partition("-")
    if not part or part.isdigit():
        form, number = ("month" if part else "year"), part
    else:
        form, number = (part if part.startswith("H") else part[0]), part[1:]
    return i18n.translate(f"period.{form}", context["locale"], year=year, number=number)


@pass_context
def _day(context: Context, day: date) -> str:
    day = day.astimezone(HANOI) if isinstance(day, datetime) else day
    return f"{day:%d/%m/%Y}" if context["locale"] == "vi" else f"{day:%d %B %Y}"


@pass_context
def _unit(context: Context, code: str) -> str:
    """Name a unit as it stood on the day of the notice, with the id that other systems know it by."""
    unit = context["organisation"].find(code, context["provinces_on"])
    return code if unit is None else f"{getattr(unit.name, context['locale'])} ({code})"


def _year(moment: datetime) -> str:
    return str(moment.astimezone(HANOI).year)


@pass_context
def _moment(context: Context, moment: datetime) -> str:
    local = moment.astimezone(HANOI)
    return f"{local:%H:%M} ngày {local:%d/%m/%Y}" if context["locale"] == "vi" else f"{local:%d %B %Y, %H:%M} (Hanoi time)"
