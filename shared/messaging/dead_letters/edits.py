"""Other bytes for a letter, with four eyes: one person proposes them, another approves. The original stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import sqlalchemy as sa

from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import Conflict, InvalidInput, NotFound, Reason, Refused
from shared.kernel.ids import derived_id
from shared.messaging.dead_letters.audit import Deed, Person, reason_of, record
from shared.messaging.dead_letters.decisions import read_again, revive
from shared.messaging.dead_letters.letters import State, check_id
from shared.messaging.tables import desk_edits, inbox, quarantine


class EditState(StrEnum):
    """How an edit stands. Stored: never rename a value."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes that are to take the place of a letter's ``original`` ones."""

    id: str
    letter: str
    original: bytes
    proposed: bytes
    why: str
    proposed_by: str
    proposed_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None


class _Identity(msgspec.Struct):
    id: str
    source: str


def propose(desk: UnitOfWork, letter_id: str, body: bytes, why: str, now: datetime, *, by: Person, horizon: timedelta) -> Edit:
    """Store ``body`` as a proposal; nothing happens until another person approves it.

    Raises ``InvalidInput`` when it cannot be read or is another event than the letter's, ``Conflict`` when the letter does not
    wait or has a proposal already, ``NotFound`` without such a letter.
    """
    _check_proven(by)
    reason = reason_of(why)
    letter = _waiting(desk.connection, letter_id)
    original = _body(letter)
    if body == original:
        raise InvalidInput("the proposed bytes are those of the letter", "/body")
    if any(one.state == EditState.PROPOSED for one in edits(desk.connection, letter_id)):
        raise Conflict(f"letter {letter_id} has a proposal that waits for approval; reject it first")
    _read(letter, body, now - horizon)
    edit = Edit(
        id=derived_id("edit", desk.service, letter_id, by.name, now.isoformat()).replace("-", ""),
        letter=letter_id,
        original=original,
        proposed=body,
        why=reason,
        proposed_by=by.name,
        proposed_at=now,
        state=EditState.PROPOSED,
        decided_by=None,
        decided_at=None,
    )
    desk.connection.execute(desk_edits.insert().values(**msgspec.structs.asdict(edit)))
    record(desk, by, Deed.EDIT_PROPOSED, [letter_id], now, what=f"edit {edit.id}", why=reason)
    return edit


def approve(
    desk: UnitOfWork, edit_id: str, now: datetime, *, by: Person, horizon: timedelta, outlet: UnitOfWork | None = None
) -> Edit:
    """Let the edited event be tried: under its id, and saying which edit it comes from.

    Raises ``Conflict`` when ``by`` is not a second person, or something was decided meanwhile.
    """
    _check_proven(by)
    edit = _proposed(desk.connection, edit_id)
    if by.name == edit.proposed_by:
        raise Conflict(f"{by.name} proposed this edit: another person must approve it")
    letter = _waiting(desk.connection, edit.letter)
    read = _read(letter, edit.proposed, now - horizon)
    event = msgspec.structs.replace(read, edited=edit.id)
    if _is_event(letter):
        changes = {"body": encode(event).decode(), "subject": event.subject}
        revive(desk.connection, [{"letter": edit.letter, "due": now}], **changes)
    else:
        (outlet or desk).forward(event)
        desk.connection.execute(quarantine.update().where(quarantine.c.id == edit.letter).values(state=State.REPLAYED))
    return _decide(desk, edit, EditState.APPROVED, Deed.EDIT_APPROVED, edit.why, now, by)


def reject(desk: UnitOfWork, edit_id: str, why: str, now: datetime, *, by: Person) -> Edit:
    """Decide against a proposal, one's own or another's; the letter waits on."""
    return _decide(desk, _proposed(desk.connection, edit_id), EditState.REJECTED, Deed.EDIT_REJECTED, reason_of(why), now, by)


def edits(connection: sa.Connection, letter_id: str) -> list[Edit]:
    """Return all that was ever proposed for a letter, the first first."""
    chosen = sa.select(desk_edits).where(desk_edits.c.letter == letter_id).order_by(desk_edits.c.proposed_at)
    return [Edit(**row._mapping) for row in connection.execute(chosen)]  # noqa: SLF001 - a public attribute, named like a private one


def edit(connection: sa.Connection, edit_id: str) -> Edit | None:
    """Return one edit, None when there is none of this id."""
    check_id(edit_id)
    row = connection.execute(sa.select(desk_edits).where(desk_edits.c.id == edit_id)).first()
    return None if row is None else Edit(**row._mapping)  # noqa: SLF001 - a public attribute, named like a private one


def _check_proven(by: Person) -> None:
    if not by.proven:
        raise Conflict(
            f"{by.name} is not known by a token, and an edit takes two persons who are: set CHUAN_TOKENS_FILE, and on the "
            "command line CHUAN_TOKEN"
        )


def _waiting(connection: sa.Connection, letter_id: str) -> sa.Row[Any]:
    check_id(letter_id)
    questions = (
        (sa.select(inbox).where(inbox.c.key == letter_id, inbox.c.state != "done"), State.DEAD),
        (sa.select(quarantine).where(quarantine.c.id == letter_id), State.QUARANTINED),
    )
    for question, state in questions:
        row = connection.execute(question.with_for_update()).first()
        if row is not None and row.state != state:
            raise Conflict(f"letter {letter_id} is in the state {row.state}: only dead and quarantined ones can be edited")
        if row is not None:
            return row
    raise NotFound(f"no letter {letter_id} lies here")


def _is_event(letter: sa.Row[Any]) -> bool:
    return "key" in letter._fields


def _body(letter: sa.Row[Any]) -> bytes:
    return letter.body if isinstance(letter.body, bytes) else str(letter.body).encode()


def _read(letter: sa.Row[Any], body: bytes, oldest: datetime) -> Event[Any]:
    """Return the event that ``body`` holds; raise ``InvalidInput`` unless it is the letter's own."""
    if not _is_event(letter):
        event = read_again(letter, body, oldest)
        _check_identity(letter, event)
        return event
    try:
        event = decode(body)
    except Refused as error:
        raise InvalidInput(f"{error.reason}: {error.detail}", error.pointer) from error
    if event.key != letter.key:
        raise InvalidInput("an edited event keeps its id and its source", "/id")
    if event.type != letter.type:
        raise InvalidInput(f"an edited event keeps its type {letter.type}", "/type")
    return event


def _check_identity(item: sa.Row[Any], event: Event[Any]) -> None:
    try:
        was = msgspec.json.decode(item.body, type=_Identity)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return  # nobody can tell what it was
    same = (was.id, was.source) == (event.id, event.source)
    if item.reason == Reason.SAME_ID_OTHER_CONTENT and same:
        raise InvalidInput("its id was used before with other content: give it another id", "/id")
    if item.reason != Reason.SAME_ID_OTHER_CONTENT and not same:
        raise InvalidInput(f"an edited event keeps its id {was.id!r} and its source {was.source!r}", "/id")


def _proposed(connection: sa.Connection, edit_id: str) -> Edit:
    found = edit(connection, edit_id)
    if found is None:
        raise NotFound(f"no edit {edit_id} was proposed here")
    if found.state != EditState.PROPOSED:
        raise Conflict(f"edit {edit_id} was {found.state} by {found.decided_by}")
    return found


def _decide(desk: UnitOfWork, edit: Edit, state: EditState, deed: Deed, why: str, now: datetime, by: Person) -> Edit:
    decided = {"state": state, "decided_by": by.name, "decided_at": now}
    open_still = sa.and_(desk_edits.c.id == edit.id, desk_edits.c.state == EditState.PROPOSED)
    if not desk.connection.execute(desk_edits.update().where(open_still).values(**decided)).rowcount:
        raise Conflict(f"somebody else decided about edit {edit.id} at this moment")
    record(desk, by, deed, [edit.letter], now, what=f"edit {edit.id}", why=why)
    return msgspec.structs.replace(edit, **decided)
