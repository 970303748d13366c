"""The way from a source's lines to events: bounded lines, typed fields, checked events, named refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, TypeAlias

import msgspec

from shared.contracts.codec import MAX_BYTES, decode, encode
from shared.contracts.envelope import Data, Event
from shared.contracts.strict_json import check_json
from shared.kernel.errors import Reason, Refused
from shared.kernel.wellformed import step


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A source record that became no event: where it stands and what is wrong; ``line`` counts from 1.

    ``pointer`` is the JSON pointer of the field, in the source record or, below ``/data``, in the event made of it.
    """

    file: str
    line: int
    reason: Reason
    detail: str
    pointer: str = ""


Read: TypeAlias = Callable[[BinaryIO, str], Iterator[Event[Any] | Refusal]]


class Record:
    """The fields of one source record; what nobody asked for can be listed, so that nothing is lost unseen."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self._unread = dict.fromkeys(fields)

    def text(self, name: str) -> str:
        """Return a field as text without outer blanks, empty when it is missing; raises ``Refused`` for other types."""
        self._unread.pop(name, None)
        value = self._fields.get(name)
        if isinstance(value, list):
            return "; ".join(_text(one, name) for one in value)
        return _text(value, name)

    def needed(self, name: str) -> str:
        """Return a field that must not be empty; raises ``Refused`` naming it."""
        value = self.text(name)
        if not value:
            raise Refused(Reason.INVALID_DATA, f"the record has no {name}", step("", name))
        return value

    def unread(self) -> Iterator[tuple[str, str]]:
        """Yield name and text of every field that was not asked for and is not empty."""
        for name in list(self._unread):
            if value := self.text(name):
                yield name, value


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Refused(Reason.INVALID_DATA, f"expected a text, got {type(value).__name__}", step("", name))
    return "\n".join(line.strip() for line in str(value).strip().splitlines() if line.strip())


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield the number and the bytes of every line that is not blank; nothing but the number when it is too long."""
    number = 0
    while line := file.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            while not line.endswith(b"\n") and (line := file.readline(MAX_BYTES)):
                pass
            yield number, None
        elif line.strip():
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def json_record(line: bytes) -> Record:
    """Read one line of a JSON lines file; raises ``Refused``."""
    check_json(line)
    try:
        return Record(msgspec.json.decode(line, type=dict[str, Any]))
    except msgspec.ValidationError as error:
        raise Refused(Reason.INVALID_DATA, f"a record must be an object: {error}") from error


def convert(number: int, line: bytes | None, name: str, make: Callable[[bytes], Event[Any]]) -> Event[Any] | Refusal:
    """Return the event that ``make`` builds of a line, as the edge would accept it, or the refusal."""
    try:
        if line is None:
            raise Refused(Reason.TOO_LARGE, f"a line of more than {MAX_BYTES} bytes")  # noqa: TRY301
        return decode(encode(_made(make, line)), edge=True)
    except Refused as refused:
        return Refusal(file=name, line=number, reason=refused.reason, detail=refused.detail, pointer=refused.pointer)


def _made(make: Callable[[bytes], Event[Any]], line: bytes) -> Event[Any]:
    try:
        return make(line)
    except ValueError as error:  # how the contract's structs refuse what their fields do not allow together
        raise Refused(Reason.INVALID_DATA, str(error), "/data") from error


def event(source: str, event_id: str, data: Data) -> Event[Data]:
    """Return ``data`` in an envelope. Its ``time`` is the legal time: the sources do not tell when they were read."""
    return Event(
        id=event_id,
        source=source,
        type=data.type,
        subject=data.order_key(),
        time=data.observed_at,
        data=data,
        dataversion=data.version,
    )
