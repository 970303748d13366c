"""``/v1/dead-letters/<service>``: the dead-letter desk over HTTP, for people with the role operator."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from werkzeug.wrappers import Request, Response

from shared.kernel.errors import InvalidInput, NotFound
from shared.messaging import dead_letters
from shared.messaging.dead_letters import DEFAULT_RATE, Act, Deed, Edit, Handle, Letter, Person, Rehearsed, Selection
from shared.room import Room
from shared.web.auth import LOCAL
from shared.web.entrypoint import read_json
from shared.web.reply import response
from shared.web.site import Route, Site

_MOST_LETTERS = 100

Why = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class Chosen(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which letters: one by ``id``, those whose cause begins with ``cause``, or ``all``; exactly one of them."""

    id: str = ""
    cause: str = ""
    all: bool = False

    def selection(self) -> Selection:
        """Return the selection; raise ``InvalidInput`` unless it is exactly one."""
        if sum(map(bool, (self.id, self.cause, self.all))) != 1:
            raise InvalidInput("say which letters: id, cause, or all")
        return Selection(id=self.id, cause=self.cause)


class ToReplay(Chosen, kw_only=True):
    """Letters to be tried again, ``rate`` a second."""

    rate: Annotated[float, msgspec.Meta(gt=0, le=dead_letters.HIGHEST_RATE)] = DEFAULT_RATE
    why: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class ToDrop(Chosen, kw_only=True):
    """Letters to be given up, and why."""

    why: Why


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """Why something is done."""

    why: Why


class Resumption(Reason, forbid_unknown_fields=True, kw_only=True):
    """Why consumption goes on although too much fails, and how many of the next failures may pass."""

    events: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class Proposal(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Other bytes for a letter, as text or, where they are none, in base64; and why."""

    body: str = ""
    body_base64: str = ""
    why: Why

    def content(self) -> bytes:
        """Return the proposed bytes; raise ``InvalidInput`` for what is no base64."""
        try:
            return base64.b64decode(self.body_base64, validate=True) if self.body_base64 else self.body.encode()
        except (binascii.Error, ValueError) as error:
            raise InvalidInput(str(error), "/body_base64") from error


class LetterFile(msgspec.Struct, kw_only=True):
    """A letter, what was done with it, and the edits that were proposed."""

    letter: dict[str, Any]
    acts: list[Act]
    edits: list[dict[str, Any]]


class Trail(msgspec.Struct, kw_only=True):
    """A piece of the audit trail; ``first_broken`` is the first row that was tampered with, 0 when it is whole."""

    acts: list[Act]
    first_broken: int


class Proposed(msgspec.Struct, kw_only=True):
    """A stored proposal, and what its bytes would come to in this service."""

    edit: dict[str, Any]
    rehearsed: Rehearsed


Answer = Callable[[Room, Request, dict[str, Any]], Any]


class DeskPages:
    """The resources of the desk, of every service of a process."""

    def __init__(self, rooms: Mapping[str, Room], handlers: Mapping[str, Handle]) -> None:
        self._rooms = rooms
        self._handlers = handlers

    def add_to(self, site: Site) -> None:
        """Serve them."""
        letters, acts = "/letters", "/acts"
        for method, path, answer, summary, body in (
            ("GET", "", self._groups, "What waits for a person, alike with alike", None),
            ("GET", letters, self._letters, "Single letters: all, or those of a cause", None),
            ("GET", f"{letters}/<letter>", self._letter, "One letter, what was done with it, its edits", None),
            ("GET", acts, self._acts, "The audit trail, checked", None),
            ("POST", "/rehearsals", self._rehearse, "Tell what a replay would come to", Chosen),
            ("POST", "/replays", self._replay, "Have letters tried again, at a rate", ToReplay),
            ("POST", "/drops", self._drop, "Give letters up for a reason", ToDrop),
            ("POST", f"{letters}/<letter>/notes", self._note, "Add a note to a letter", Reason),
            ("POST", f"{letters}/<letter>/edits", self._propose, "Propose other bytes for a letter", Proposal),
            ("POST", "/edits/<edit>/approval", self._approve, "Approve another person's edit", None),
            ("POST", "/edits/<edit>/rejection", self._reject, "Reject an edit", Reason),
            ("POST", "/resumption", self._resume, "Go on although too much fails", Resumption),
        ):
            whole = f"/v1/dead-letters/<service>{path}"
            answered = self._in_room(answer, body)
            site.add(Route(method=method, path=whole, answer=answered, summary=summary, body=body, role="operator"))

    def _in_room(self, answer: Answer, body: type[Any] | None) -> Callable[[Request, dict[str, Any]], Response]:
        def answered(request: Request, values: dict[str, Any]) -> Response:
            room = self._rooms.get(values["service"])
            if room is None:
                raise NotFound(f"this process has no service {values['service']!r}; it has {', '.join(sorted(self._rooms))}")
            if body is not None:
                values = {**values, "body": read_json(request, body)}
            return response(answer(room, request, values))

        return answered

    def _groups(self, room: Room, _request: Request, _values: dict[str, Any]) -> Any:
        with room.reading() as connection:
            return dead_letters.groups(connection, room.name)

    def _letters(self, room: Room, request: Request, _values: dict[str, Any]) -> Any:
        with room.reading() as connection:
            found = dead_letters.letters(
                connection, room.name, Selection(cause=request.args.get("cause", "")), limit=_MOST_LETTERS
            )
        return [shown(one) for one in found]

    def _letter(self, room: Room, _request: Request, values: dict[str, Any]) -> LetterFile:
        with room.reading() as connection:
            found = dead_letters.letter(connection, room.name, values["letter"])
            acts = dead_letters.acts(connection, letter=values["letter"])
            edits = dead_letters.edits(connection, values["letter"])
        if found is None:
            raise NotFound(f"{room.name} has no letter {values['letter']}")
        return LetterFile(letter=shown(found), acts=acts, edits=[shown(one) for one in edits])

    def _acts(self, room: Room, request: Request, _values: dict[str, Any]) -> Trail:
        after = request.args.get("after", 0, type=int)
        with room.reading() as connection:
            return Trail(acts=dead_letters.acts(connection, after=after), first_broken=dead_letters.first_broken(connection))

    def _rehearse(self, room: Room, request: Request, values: dict[str, Any]) -> Any:
        selection, by = values["body"].selection(), _person(request)
        found = dead_letters.rehearse(room, self._handlers[room.name], selection, _horizon(room))
        with room.transaction() as desk:
            dead_letters.record(desk, by, Deed.REHEARSED, [one.id for one in found], room.wall(), what=str(selection))
        return found

    def _replay(self, room: Room, request: Request, values: dict[str, Any]) -> Any:
        body, by = values["body"], _person(request)
        with room.transaction() as desk:
            return dead_letters.replay(
                desk, body.selection(), room.wall(), by=by, horizon=_horizon(room), why=body.why, rate=body.rate
            )

    def _drop(self, room: Room, request: Request, values: dict[str, Any]) -> Any:
        body, by = values["body"], _person(request)
        with room.transaction() as desk:
            return {"dropped": dead_letters.drop(desk, body.selection(), body.why, room.wall(), by=by)}

    def _note(self, room: Room, request: Request, values: dict[str, Any]) -> Any:
        self._letter(room, request, values)
        with room.transaction() as desk:
            dead_letters.note(desk, values["letter"], values["body"].why, room.wall(), by=_person(request))
        return self._letter(room, request, values)

    def _propose(self, room: Room, request: Request, values: dict[str, Any]) -> Proposed:
        body, by, letter = values["body"], _person(request), values["letter"]
        with room.transaction() as desk:
            edit = dead_letters.propose(desk, letter, body.content(), body.why, room.wall(), by=by, horizon=_horizon(room))
        tried = dead_letters.try_out(room, self._handlers[room.name], letter, edit.proposed)
        return Proposed(edit=shown(edit), rehearsed=tried)

    def _approve(self, room: Room, request: Request, values: dict[str, Any]) -> Any:
        with room.transaction() as desk:
            return shown(dead_letters.approve(desk, values["edit"], room.wall(), by=_person(request), horizon=_horizon(room)))

    def _reject(self, room: Room, request: Request, values: dict[str, Any]) -> Any:
        with room.transaction() as desk:
            return shown(dead_letters.reject(desk, values["edit"], values["body"].why, room.wall(), by=_person(request)))

    def _resume(self, room: Room, request: Request, values: dict[str, Any]) -> Any:
        body, by = values["body"], _person(request)
        with room.transaction() as desk:
            dead_letters.resume(desk, room.wall(), by=by, why=body.why, allowance=body.events)
        return {"resumed": True}


def shown(one: Letter | Edit) -> dict[str, Any]:
    """Return a letter or an edit for JSON: bytes as text, and in base64 where they are none."""
    fields: dict[str, Any] = msgspec.to_builtins(one, builtin_types=(bytes, datetime))
    for name, value in list(fields.items()):
        if isinstance(value, bytes):
            del fields[name]
            fields[f"{name}_base64"] = base64.b64encode(value).decode()
            with suppress(UnicodeDecodeError):
                fields[name] = value.decode()
                del fields[f"{name}_base64"]
    return fields


def _horizon(room: Room) -> timedelta:
    return timedelta(days=room.settings.replay_horizon_days)


def _person(request: Request) -> Person:
    """Return who asks: proven by a token or, where none are in use, whoever sits at this machine."""
    name = request.remote_user or LOCAL
    return Person(name, proven=name != LOCAL)
