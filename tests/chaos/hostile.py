"""Bodies that nobody should send: each must end in quarantine, with its bytes, and cost nobody anything."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
import random
import zlib
from base64 import b64decode
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from shared.contracts.codec import decode
from shared.contracts.registry import contracts
from shared.kernel.errors import Refused
from shared.messaging.quarantine import Item

# What a bomb swells to: more than a service may ever need. All but zlib take it in pieces.
_INFLATED = 240 << 20
_PIECE = 16 << 20

# 64 MiB of zeros as Brotli, and nobody has to have Brotli to send it.
_BROTLI = b64decode("z///fwAkAOKxQHLv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf/Aw==")


class Hostile(NamedTuple):
    """A body with what its sender claims about it; ``number`` makes its bytes its own."""

    kind: str
    type: str
    body: bytes
    content_type: str = "application/cloudevents+json"
    content_encoding: str | None = None
    compression: str | None = None

    @property
    def quarantine_id(self) -> str:
        """The id under which every service that gets the body must keep it."""
        try:
            decode(self.body)
        except Refused as error:
            return Item(self.body, "", error).id
        raise AssertionError(f"{self.kind} is readable")


def make(chance: random.Random) -> Hostile:
    """Return a hostile body of some kind, different from every other one."""
    kind = chance.choice(sorted(_KINDS))
    return _KINDS[kind](chance.choice(sorted(contracts())), chance.randbytes(8))


def _compressed(
    kind: str, claim: str, bomb: Callable[[], bytes], mark: Callable[[bytes], bytes]
) -> Callable[[str, bytes], Hostile]:
    def build(event_type: str, own: bytes) -> Hostile:
        return Hostile(kind, event_type, bomb() + mark(own), "application/json", "utf-8", compression=claim)

    return build


@cache
def _zeros(compress: Callable[[bytes], bytes], piece: int = _PIECE) -> bytes:
    return compress(bytes(piece)) * (_INFLATED // piece)


def _text(kind: str, write: Callable[[str], str]) -> Callable[[str, bytes], Hostile]:
    return lambda event_type, own: Hostile(kind, event_type, write(own.hex()).encode())


def _pickled(event_type: str, own: bytes) -> Hostile:
    # Who unpickles this calls a function of the sender's choice; all it would do is fail.
    return Hostile("pickle", event_type, pickle.dumps((own, _Call())), "application/x-python-serialize", "binary")


class _Call:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return exec, ("raise SystemExit('unpickled')",)


@cache
def _zstandard() -> bytes:
    """Return a frame of blocks that each repeat one byte 128 KiB times (RFC 8878)."""
    block, count = 128 * 1024, _INFLATED // (128 * 1024)
    blocks = b"".join(((block << 3) | 2 | (number == count)).to_bytes(3, "little") + b"\x00" for number in range(1, count + 1))
    return b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x58" + blocks


def _skipped(own: bytes) -> bytes:
    """Return a Zstandard frame that every decoder skips."""
    return b"\x50\x2a\x4d\x18" + len(own).to_bytes(4, "little") + own


def _as_it_is(own: bytes) -> bytes:
    return own


_KINDS: dict[str, Callable[[str, bytes], Hostile]] = {
    "zlib": _compressed("zlib", "application/x-gzip", lambda: _zeros(zlib.compress, _INFLATED), _as_it_is),
    "gzip": _compressed("gzip", "gzip", lambda: _zeros(gzip.compress), gzip.compress),
    "bzip2": _compressed("bzip2", "application/x-bz2", lambda: _zeros(bz2.compress), bz2.compress),
    "lzma": _compressed("lzma", "application/x-lzma", lambda: _zeros(lzma.compress), lzma.compress),
    "zstandard": _compressed("zstandard", "application/zstd", _zstandard, _skipped),
    "brotli": _compressed("brotli", "application/x-brotli", lambda: _BROTLI, _as_it_is),
    "deep": _text("deep", lambda own: f'["{own}",' + "[" * 100_000),
    "huge": _text("huge", lambda own: f'{{"id": "{own}", "data": "{"x" * 700_000}"}}'),
    "number": _text("number", lambda own: f'{{"id": "{own}", "data": {"9" * 5000}}}'),
    "nan": _text("nan", lambda own: f'{{"id": "{own}", "data": {{"value": NaN, "other": 1e999}}}}'),
    "twice": _text("twice", lambda own: f'{{"id": "{own}", "id": "other", "specversion": "1.0"}}'),
    "empty": lambda event_type, own: Hostile("empty", event_type, b" " * (1 + int.from_bytes(own[:2], "big"))),
    "bytes": lambda event_type, own: Hostile("bytes", event_type, b"\xff\xfe\x00" + own),
    "pickle": _pickled,
    "yaml": lambda event_type, own: Hostile(
        "yaml", event_type, b"!!python/object/apply:os.getpid []  # " + own.hex().encode(), "application/x-yaml"
    ),
}
