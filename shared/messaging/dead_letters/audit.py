"""The audit trail of the desk: who did what, when and why. Rows are only added, and each seals the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from zlib import crc32

import msgspec
import sqlalchemy as sa

from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all
from shared.kernel.errors import InvalidInput
from shared.messaging.tables import desk_acts

_AT_ONCE = 1000


class Deed(StrEnum):
    """What a person can do at the desk. Stored: never rename a value."""

    REHEARSED = "rehearsed"
    REPLAYED = "replayed"
    DROPPED = "dropped"
    NOTED = "noted"
    EDIT_PROPOSED = "edit_proposed"
    EDIT_APPROVED = "edit_approved"
    EDIT_REJECTED = "edit_rejected"
    RESUMED = "resumed"
    COLLECTED = "collected"


class Person(msgspec.Struct, frozen=True):
    """Who acts. ``proven`` is whether a token of theirs says so, or only the machine they sit at."""

    name: str
    proven: bool


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the trail; ``digest`` is the SHA-256 of it and of the row before."""

    number: int
    at: datetime
    actor: str
    act: str
    letter: str
    what: str
    why: str
    digest: str


def record(
    desk: UnitOfWork, by: Person, deed: Deed, letters: Sequence[str], now: datetime, *, what: str = "", why: str = ""
) -> None:
    """Add a row for each of ``letters`` (an empty text for an act about no single one), in the desk's transaction."""
    connection = desk.connection
    if connection.dialect.name == "postgresql":
        # Of two acts at once one must see the other's digest.
        pair = {"service": crc32(desk.service.encode()) - 2**31, "duty": crc32(b"desk") - 2**31}
        connection.execute(sa.text("select pg_advisory_xact_lock(:service, :duty)"), pair)
    last = connection.execute(
        sa.select(desk_acts.c.number, desk_acts.c.digest).order_by(desk_acts.c.number.desc()).limit(1)
    ).first()
    number, digest = (last.number, last.digest) if last else (0, "")
    rows = []
    for letter in letters:
        number += 1
        act = Act(number=number, at=now, actor=by.name, act=deed, letter=letter, what=what, why=why, digest="")
        digest = _seal(act, digest)
        rows.append({**msgspec.structs.asdict(act), "act": str(deed), "digest": digest})
    insert_all(connection, desk_acts, rows)


def note(desk: UnitOfWork, letter: str, text: str, now: datetime, *, by: Person) -> None:
    """Add a note to a letter. Raises ``InvalidInput`` for an empty one."""
    record(desk, by, Deed.NOTED, [letter], now, why=reason_of(text))


def acts(connection: sa.Connection, *, letter: str = "", after: int = 0, limit: int = 200) -> list[Act]:
    """Return acts in their order: of one letter, or all, those with a number above ``after``."""
    chosen = sa.select(desk_acts).where(desk_acts.c.number > after).order_by(desk_acts.c.number).limit(limit)
    if letter:
        chosen = chosen.where(desk_acts.c.letter == letter)
    return [Act(**row._mapping) for row in connection.execute(chosen)]  # noqa: SLF001 - a public attribute, named like a private one


def first_broken(connection: sa.Connection) -> int:
    """Return the number of the first row that was changed, moved or is missing, 0 when the trail is whole.

    Rows missing at the end leave no trace here: compare the last digest with one noted elsewhere.
    """
    number, digest = 0, ""
    while some := acts(connection, after=number, limit=_AT_ONCE):
        for act in some:
            if act.number != number + 1 or act.digest != _seal(act, digest):
                return number + 1
            number, digest = act.number, act.digest
    return 0


def reason_of(text: str) -> str:
    """Return ``text`` on one line; raise ``InvalidInput`` when it says nothing."""
    if not text.strip():
        raise InvalidInput("a reason is needed: it is all that will tell later why this was done")
    return " ".join(text.split())[:2000]


def _seal(act: Act, before: str) -> str:
    fields = [before, act.number, act.at.isoformat(), act.actor, str(act.act), act.letter, act.what, act.why]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()
