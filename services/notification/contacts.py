"""The recipients of notices: data with days of validity, from a YAML file that is checked as a whole before it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from services.notification.authorities import all_roles, competent, last_day, sub_department
from services.notification.model import Recipient
from shared.kernel.errors import InvalidInput
from shared.kernel.provinces import CODES, MERGED, spans
from shared.typed_files import in_file, read_yaml

SAMPLES = Path(__file__).with_name("contacts.yaml")

# Raises ``ValueError`` when a channel does not exist or the address is not one for it.
CheckAddress = Callable[[str, Mapping[str, str]], None]


class _Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    vi: str
    en: str


class _Holder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who holds a role, from a day to a day, both included."""

    name: _Named
    channels: dict[str, dict[str, str]]
    locale: Literal["vi", "en"] = "vi"
    valid_from: date | None = None
    valid_to: date | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    roles: dict[str, list[_Holder]]
    each_province: _Holder | None = None


class Contacts:
    """The holders of every role over time."""

    def __init__(self, holders: Mapping[str, list[_Holder]]) -> None:
        self._holders = holders

    def find(self, role: str, on: date) -> Recipient | None:
        """Return who held ``role`` on the local day ``on``, or None when the role is not in the contacts.

        The duties of a former province's role are those of the province it lies in, from the day it ended, and before that
        day too where the contacts do not name it.
        """
        for held in dict.fromkeys((competent(role, on), competent(role, MERGED))):
            for holder in self._holders.get(held, ()):
                if holder.valid_to is None or on <= holder.valid_to:
                    return Recipient(
                        id=held,
                        name={"vi": holder.name.vi, "en": holder.name.en},
                        locale=holder.locale,
                        channels=holder.channels,
                    )
        return None


def read_contacts(path: Path | None, check_address: CheckAddress) -> Contacts:
    """Read the contacts from ``path``, or the samples. Raises ``InvalidInput`` for a file that cannot be used."""
    path = path or SAMPLES
    with in_file(path):
        return _contacts(read_yaml(path.read_bytes(), _File), check_address)


def _contacts(file: _File, check_address: CheckAddress) -> Contacts:
    holders = {**_of_provinces(file.each_province), **file.roles}
    missing = sorted(all_roles() - holders.keys())
    if missing:
        raise InvalidInput(f"nobody holds {', '.join(missing)}", "/roles")
    for role, terms in holders.items():
        pointer = f"/roles/{role}"
        _check_terms(pointer, terms, last_day(role))
        for index, holder in enumerate(terms):
            _check_holder(f"{pointer}/{index}", holder, check_address)
    return Contacts(holders)


def _of_provinces(pattern: _Holder | None) -> dict[str, list[_Holder]]:
    if pattern is None:
        return {}
    return {
        sub_department(code): [
            msgspec.structs.replace(
                _filled(pattern, {"code": code, "vi": province.vi, "en": province.en}), valid_from=first, valid_to=last
            )
            for first, last, province in spans(code)
        ]
        for code in sorted(CODES)
    }


def _filled(pattern: _Holder, places: Mapping[str, str]) -> _Holder:
    def fill(text: str) -> str:
        for name, value in places.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    return msgspec.structs.replace(
        pattern,
        name=_Named(vi=fill(pattern.name.vi), en=fill(pattern.name.en)),
        channels={
            channel: {field: fill(value) for field, value in address.items()} for channel, address in pattern.channels.items()
        },
    )


def _check_terms(pointer: str, terms: list[_Holder], end: date | None) -> None:
    """Raise unless the holders follow one another from the beginning to an open end, or to ``end`` where the role has one."""
    starts: list[date | None] = [None, *(holder.valid_to and holder.valid_to + timedelta(days=1) for holder in terms)]
    after = starts.pop()
    is_held_to_the_end = bool(terms) and (after is None or (end is not None and after > end))
    if not is_held_to_the_end or [holder.valid_from for holder in terms] != starts:
        raise InvalidInput(
            "the holders of a role must follow one another without a gap, the last one open or, of a former province, "
            "to its last day",
            pointer,
        )


def _check_holder(pointer: str, holder: _Holder, check_address: CheckAddress) -> None:
    if not (holder.name.vi.isprintable() and holder.name.en.isprintable()):
        raise InvalidInput("a name must be one line of text", f"{pointer}/name")
    if not holder.channels:
        raise InvalidInput("without a channel nothing can be delivered", f"{pointer}/channels")
    for channel, address in holder.channels.items():
        try:
            check_address(channel, address)
        except ValueError as error:
            raise InvalidInput(str(error), f"{pointer}/channels/{channel}") from error
