"""Identities that are the same however often the work behind them is repeated."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID, uuid5

_CHUAN = UUID("3f0b6a52-6d0e-5d0c-9d35-6e0f4c2f9a11")  # namespace of every id derived here; never change it


def derived_id(*parts: str) -> str:
    """Return the UUIDv5 of ``parts``: the same cause gives the same id after any restart."""
    return str(uuid5(_CHUAN, "\x1f".join(parts)))


def event_key(source: str, event_id: str) -> str:
    """Return the 32 hex digits under which an event is known: CloudEvents' identity is source and id together."""
    return blake2b(f"{source}\x00{event_id}".encode(), digest_size=16).hexdigest()


def fingerprint(payload: bytes) -> int:
    """Return a signed 64-bit digest of ``payload``, to notice two contents under one id."""
    return int.from_bytes(blake2b(payload, digest_size=8).digest(), "big", signed=True)
