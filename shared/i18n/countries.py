"""Names of countries as sources write them in English, in the words of a reader's language (Unicode CLDR, by Babel)."""

from __future__ import annotations

from functools import cache

from babel import Locale

# English names that sources use and CLDR does not.
_OTHERWISE = {
    "czech republic": "CZ",
    "hong kong": "HK",
    "people's republic of china": "CN",
    "republic of korea": "KR",
    "russian federation": "RU",
    "south korea": "KR",
    "the netherlands": "NL",
    "the united states": "US",
    "turkey": "TR",
    "united states of america": "US",
    "viet nam": "VN",
}


def country_name(name: str, locale: str) -> str:
    """Return a country's name in ``locale``; a name that is not known, and every name in English, as the source wrote it."""
    code = _codes().get(name.strip().casefold())
    return name if code is None or locale == "en" else Locale(locale).territories[code]


@cache
def _codes() -> dict[str, str]:
    named = {name.casefold(): code for code, name in Locale("en").territories.items() if code.isalpha()}
    return {**named, **_OTHERWISE}
