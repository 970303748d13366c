"""What JSON leaves open, closed: duplicate keys, depth, NUL, and numbers and texts with no one meaning."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

import msgspec

from shared.kernel.errors import InvalidInput, Reason, Refused
from shared.kernel.wellformed import NUL, step, told

MAX_DEPTH = 64
WRITTEN_NUL = b"\\u0000"
_LONGEST_NAME = 120
_UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)

_read_any = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def check_json(raw: bytes) -> None:
    """Raise ``Refused`` unless ``raw`` is JSON with one meaning.

    A text equal to its own canonical re-encoding cannot hide a duplicate key or an odd literal; only others are
    scanned the slow way.
    """
    try:
        canonical = _encode(_read_any(raw)) == raw
    except RecursionError as error:
        raise Refused(Reason.TOO_DEEP, f"nested too deep; at most {MAX_DEPTH} levels are accepted") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        if raw.startswith(_UTF_16):
            raise Refused(Reason.NOT_JSON, "this is UTF-16, and JSON is UTF-8: save it as UTF-8") from error
        raise Refused(Reason.NOT_JSON, re.sub(r" - at `[^`]*`$", "", str(error))) from error
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _check_depth(raw)
    if WRITTEN_NUL in raw:
        check_no_nul(_read_any(raw))
    if not canonical:
        json.loads(raw, object_pairs_hook=_refuse_duplicates)


def read_json(raw: bytes, kind: Any = Any) -> Any:
    """Return JSON from outside that is no event as ``kind``; raises ``InvalidInput``."""
    try:
        check_json(raw)
        return msgspec.json.decode(raw, type=kind)
    except Refused as error:
        raise InvalidInput(error.detail, error.pointer) from error
    except msgspec.DecodeError as error:
        raise InvalidInput(*told(error)) from error


def _check_depth(raw: bytes) -> None:
    depth = 0
    for token in re.finditer(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', raw):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Refused(Reason.TOO_DEEP, f"nested deeper than {MAX_DEPTH} levels")
        elif first in b"]}":
            depth -= 1


def check_no_nul(value: Any, pointer: str = "") -> None:
    """Raise ``Refused`` for a text with the character NUL: PostgreSQL cannot store one."""
    if isinstance(value, str) and NUL in value:
        raise Refused(Reason.INVALID_DATA, "a text must not contain the character NUL", pointer)
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for name, one in value.items():
            check_no_nul(str(name), pointer)
            check_no_nul(one, step(pointer, str(name)))


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise Refused(Reason.DUPLICATE_KEY, f"the key {name[:_LONGEST_NAME]!r} stands twice in one object")
        seen.add(name)
