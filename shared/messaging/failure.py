"""A handler's fault in words that a database can keep, and that put alike with alike."""

from __future__ import annotations

import re
import traceback

# What differs between two events that failed alike: quoted values, identifiers, numbers.
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\b[\w/-]*\d[\w/.,:-]*")


def describe(error: BaseException) -> str:
    """Return the class and the text of an error, bounded, as every database can store it."""
    text = f"{type(error).__name__}: {error}"[:2000]
    return text.replace("\0", "\\0").encode(errors="backslashreplace").decode()


def handler_of(error: BaseException) -> str:
    """Return the innermost function of a service that ``error`` came through, empty when it came through none."""
    for frame, _line in reversed(list(traceback.walk_tb(error.__traceback__))):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("services."):
            return f"{module}.{frame.f_code.co_qualname}"
    return ""


def cause_of(error: str | None) -> str:
    """Return the first line of a described error with what is particular to one event left out."""
    first = (error or "").partition("\n")[0]
    kind, colon, text = first.partition(": ")
    return f"{kind}{colon}{_PARTICULAR.sub('…', text)}"
