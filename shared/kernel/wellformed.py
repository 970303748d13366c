"""Values from outside as typed ones, and where what is wrong with them stands (JSON pointer, RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

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
    try:
        query: T = well_formed({name: arguments[name] for name in arguments}, kind, strict=False)
    except InvalidInput as error:
        raise InvalidInput(error.detail + _wanted(kind, error.pointer[1:]), error.pointer) from error
    return query


def _wanted(kind: type, name: str) -> str:
    """Say what an argument may be, where msgspec does not."""
    hint = get_type_hints(kind).get(name)
    one_of = {hint, *get_args(hint)}
    if date in one_of:
        return "; a day is written 2025-07-01"
    values = [str(value) for one in one_of if isinstance(one, type) and issubclass(one, Enum) for value in one]
    values += get_args(hint) if get_origin(hint) is Literal else ()
    return f"; it is one of {', '.join(values)}" if values else ""
