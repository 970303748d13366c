"""Words that people read, Vietnamese and English, from the gettext catalogues beside this file.

A text id is ``family.name``, for example ``product_group.petrol``; the family of an enumeration's values is the name of
its class in snake case. Both languages of a new value are two lines in ``vi.po`` and ``en.po``.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from shared.kernel.provinces import MERGED, province_named

LOCALES = ("vi", "en")


def translate(text_id: str, locale: str, **values: object) -> str:
    """Return the text in ``locale`` with ``values`` put in its ``{places}``. Raises ``KeyError`` for an unknown text."""
    text = catalogue(locale)[text_id]
    return text.format(**values) if values else text


def term(family: str, name: str, locale: str) -> str:
    """Return the word for a stored name; a name without a word is shown as it is, with blanks for underscores."""
    return catalogue(locale).get(f"{family}.{name}") or name.replace("_", " ")


def province_name(code: str, locale: str, on: date = MERGED) -> str:
    """Return a province's name as of a day, without one today's; a code that is no province is shown as it is."""
    province = province_named(code, on)
    return code if province is None else getattr(province, locale)


@cache
def catalogue(locale: str) -> dict[str, str]:
    """Return all texts of ``locale`` by id, read once. Raises ``KeyError`` for a language there is no catalogue of."""
    if locale not in LOCALES:
        raise KeyError(f"no catalogue for {locale!r}; there are {', '.join(LOCALES)}")
    with files(__name__).joinpath(f"{locale}.po").open("rb") as file:
        messages = read_po(file, locale=locale, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}
