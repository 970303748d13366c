"""Loading a register: what is right in it is taken, what is wrong is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeAlias

import msgspec

from services.inspection.registers.entries import BodyEntry, Entry, InstrumentEntry, RefusedEntry, Register, SiteEntry, read
from services.inspection.registers.filling import save
from services.inspection.registers.heard import REGISTER, Heard
from services.inspection.tables import bodies
from shared.contracts.vocabulary import Product
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert

_BODY = ("name", "kind", "province", "tax_code", "basis", "scope", "valid_from", "valid_to", "said_at")


MOST_AT_ONCE = 1000  # entries in one request or transaction: nobody else writes registers meanwhile
Entries: TypeAlias = Annotated[list[dict[str, Any]], msgspec.Meta(max_length=MOST_AT_ONCE)]


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries were taken, and those that were not."""

    loaded: int
    refused: list[RefusedEntry]


def load(register: Register, given: Iterable[tuple[int, Any]], uow: UnitOfWork) -> Loaded:
    """Take the entries of a register; what it says holds from now on against what events say."""
    heard = Heard()
    stated: dict[str, BodyEntry] = {}
    refused: list[RefusedEntry] = []
    loaded = 0
    for entry in read(register, given):
        if isinstance(entry, RefusedEntry):
            refused.append(entry)
            continue
        loaded += 1
        if isinstance(entry, BodyEntry):
            stated[entry.id] = entry
        else:
            _hear(heard, entry, uow)
    save(heard, [], uow)
    upsert(uow.connection, bodies, [_body_row(entry, uow) for entry in stated.values()], replace=_BODY)
    return Loaded(loaded=loaded, refused=refused)


def _hear(heard: Heard, entry: Entry, uow: UnitOfWork) -> None:
    if isinstance(entry, SiteEntry):
        heard.site(entry, uow.now, REGISTER)
    elif isinstance(entry, Product):
        heard.product(entry, uow.now, REGISTER)
    elif isinstance(entry, InstrumentEntry):
        at_site = (entry.site_id, entry.province)
        heard.instrument(entry.instrument_id, entry.instrument_type, at_site, entry.verified_on, uow.now, REGISTER)


def _body_row(entry: BodyEntry, uow: UnitOfWork) -> dict[str, Any]:
    return {
        "body_id": entry.id,
        **{name: getattr(entry, name) for name in ("name", "kind", "province", "tax_code", "basis", "valid_from", "valid_to")},
        "scope": msgspec.json.encode(entry.scope).decode(),
        "said_at": uow.now,
    }
