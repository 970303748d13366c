"""The working in words, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
from babel.numbers import format_decimal

from services.inspection.illegal_gain.working import IllegalGain, Line, Value
from shared import i18n

# Values that are stored names, and the family of their words.
_TERMS: Mapping[str, str] = {"basis": "start_basis", "source": "price_source", "direction": "deviation", "unit": "unit"}


class WrittenLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the working for people, with its article; ``verified`` is false where the law was not read."""

    vi: str
    en: str
    article: str
    verified: bool


def written(gain: IllegalGain) -> list[WrittenLine]:
    """Return the working line by line."""
    return [
        WrittenLine(vi=_text(line, "vi"), en=_text(line, "en"), article=line.article, verified=line.verified)
        for line in gain.lines
    ]


def _text(line: Line, locale: str) -> str:
    values = {name: _value(name, value, locale) for name, value in line.values.items()}
    text = i18n.translate(f"illegal_gain.{line.name}", locale, **values)
    return text if line.verified else f"{text} ({i18n.translate('illegal_gain.not_verified', locale)})"


def _value(name: str, value: Value, locale: str) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if locale == "vi" else f"{value:%d %B %Y}"
    if isinstance(value, Decimal | int):
        return str(format_decimal(value, locale=locale, decimal_quantization=False))
    return i18n.term(_TERMS[name], value, locale)
