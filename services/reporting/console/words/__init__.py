"""The overview page's own words, Vietnamese and English; terms that services share are in ``shared.i18n``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po


@cache
def words(locale: str) -> Mapping[str, str]:
    """Return the texts of the page by id."""
    with files(__name__).joinpath(f"{locale}.po").open("rb") as file:
        messages = read_po(file, locale=locale, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}
