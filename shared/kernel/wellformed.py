"""Values from outside as typed ones, and where what is wrong with them stands (JSON pointer, RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from shared.kernel.errors import InvalidInput

_PATH = re.compile(r" - at (?:`key` in )?`\$?(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_LONGEST_NAME = 120
NUL = "\0"  # what PostgreSQL stores in no text

T = TypeVar("T")


def step(pointer: str, name: str) -> str:
    """Return ``pointer`` one level deeper; a name of absurd length is cut, for the pointer is stored and shown."""
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')[:_LONGEST_NAME]}"


def told(error: Exception) -> tuple[str, str]:
    """Return what msgspec found wrong, in words, and the pointer to it or to the map it is in, empty for the whole."""
    text, pointer = str(error), ""
    found = _PATH.search(text)
    for name, index in _STEP.findall(found["path"]) if found else ():
        if index == "...":
            break  # some value of a map; msgspec does not say which
        pointer = step(pointer, name or index)
    return text[: found.start()] if found else text, pointer


def well_formed(value: Any, kind: Any, *, strict: bool = True) -> Any:
    """Return plain values as ``kind``, texts as what they stand for unless ``strict``; raises ``InvalidInput``."""
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise InvalidInput(*told(error)) from error


def read_query(arguments: Mapping[str, str], kind: type[T]) -> T:
    """Return the arguments of an address as ``kind``; raises ``InvalidInput`` for one that is unknown or wrong."""
    query: T = well_formed({name: arguments[name] for name in arguments}, kind, strict=False)
    return query
