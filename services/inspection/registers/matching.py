"""Which foreign alerts and complaints may be about which products and sites: suggestions, for an officer to confirm or reject.

Both ways: a concern is compared with what is known, and what is heard of for the first time with the concerns before it. Only
rows that share a mark are compared, so that the register may grow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.inspection.registers.heard import News, product_id
from services.inspection.registers.likeness import (
    SUGGESTED_FROM,
    Likeness,
    product_marks,
    products_alike,
    site_marks,
    site_traits,
    sites_alike,
    traits_of,
)
from services.inspection.tables import concerns, marks, matches, products, sites
from shared.contracts.envelope import Event
from shared.contracts.inspection import ConcernKind
from shared.contracts.partners import AlertPublished, ComplaintReceived
from shared.contracts.vocabulary import Product, Site
from shared.database.arrays import among
from shared.database.upsert import upsert
from shared.kernel.ids import derived_id

# How many rows of one mark are compared: a brand with more products than this is found by model or GTIN.
_MOST_OF_A_MARK = 200

_SCORED = ("score", "parts", "observed_at")

Row = dict[str, Any]


class MatchState(StrEnum):
    """Where a match stands. Stored: never rename a value."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class SubjectKind(StrEnum):
    """What a match is with. Stored: never rename a value."""

    PRODUCT = "product"
    SITE = "site"


class Concern(NamedTuple):
    """A foreign alert or a complaint, as far as it is compared."""

    concern_id: str
    kind: ConcernKind
    observed_at: datetime
    product: Product
    site: Site | None


def concern_of(event: Event[Any]) -> Concern | None:
    """Return the concern an event raises, or nothing."""
    data = event.data
    if isinstance(data, AlertPublished):
        return Concern(f"alert/{data.system}/{data.alert_number}", ConcernKind.ALERT, data.observed_at, data.product, None)
    if isinstance(data, ComplaintReceived):
        return Concern(f"complaint/{data.complaint_id}", ConcernKind.COMPLAINT, data.observed_at, data.product, data.site)
    return None


def stand_alone(connection: sa.Connection) -> None:
    """Let no other copy of the service compare at the same time: neither would see what the other has just heard.

    SQLite has one writer anyway.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('inspection'), hashtext('matching'))")


def suggest(connection: sa.Connection, raised: Sequence[Concern], news: News) -> None:
    """Store the concerns of a batch, compare them with what is known and what is new with older ones, and store suggestions."""
    latest = {one.concern_id: one for one in raised}
    upsert(connection, concerns, [_concern_row(one) for one in latest.values()], replace=("observed_at", "product", "site"))
    own = {one.concern_id: product_marks(traits_of(one.product)) for one in latest.values()}
    upsert(
        connection,
        marks,
        [{"kind": "concern", "mark": mark, "owner_id": key} for key, of_one in own.items() for mark in of_one],
    )
    found = [
        *_with_known_products(connection, latest, own),
        *_with_older_concerns(connection, products_in(connection, {key for key, _ in news.products}), latest),
        *_with_known_sites(connection, [one for one in latest.values() if one.site and one.site.id in news.unheard_sites]),
    ]
    # What more is known now may change a score, but nothing that was decided.
    better = {name: f"CASE WHEN matches.state = 'suggested' THEN excluded.{name} ELSE matches.{name} END" for name in _SCORED}
    upsert(connection, matches, list({row["match_id"]: row for row in found}.values()), merge=better)


def _with_known_products(connection: sa.Connection, raised: Mapping[str, Concern], own: Mapping[str, list[str]]) -> Iterator[Row]:
    candidates = _sharing(connection, "product", own)
    known = products_in(connection, {key for keys in candidates.values() for key in keys})
    for concern_id, keys in candidates.items():
        for key in keys:
            yield from _match(raised[concern_id], key, known[key])


def _with_older_concerns(connection: sa.Connection, new: Mapping[str, Product], raised: Mapping[str, Concern]) -> Iterator[Row]:
    candidates = _sharing(connection, "concern", {key: product_marks(traits_of(product)) for key, product in new.items()})
    older = _concerns(connection, {key for keys in candidates.values() for key in keys} - raised.keys())
    for key, concern_ids in candidates.items():
        for concern_id in concern_ids & older.keys():
            yield from _match(older[concern_id], key, new[key])


def _with_known_sites(connection: sa.Connection, raised: Sequence[Concern]) -> Iterator[Row]:
    """Compare the sites of complaints that were not known by their id."""
    named = {one.site.id: (one, one.site) for one in raised if one.site}
    candidates = _sharing(connection, "site", {key: site_marks(site_traits(site)) for key, (_, site) in named.items()})
    known = sites_in(connection, {key for keys in candidates.values() for key in keys})
    for site_id, keys in candidates.items():
        concern, site = named[site_id]
        for key in keys - {site_id}:
            yield from _row(concern, SubjectKind.SITE, key, sites_alike(site_traits(site), site_traits(known[key])))


def _match(concern: Concern, key: str, product: Product) -> Iterator[Row]:
    # What a complaint names by the very key of the register is no question.
    if concern.kind is ConcernKind.ALERT or key != product_id(concern.product):
        yield from _row(concern, SubjectKind.PRODUCT, key, products_alike(traits_of(concern.product), traits_of(product)))


def _row(concern: Concern, kind: SubjectKind, key: str, likeness: Likeness) -> Iterator[Row]:
    if likeness.score >= SUGGESTED_FROM:
        yield {
            "match_id": derived_id("match", concern.concern_id, kind, key),
            "concern_id": concern.concern_id,
            "subject_kind": kind.value,
            "subject_id": key,
            "score": likeness.score,
            "parts": msgspec.json.encode(likeness.parts).decode(),
            "observed_at": concern.observed_at,
            "state": MatchState.SUGGESTED.value,
            "decided_at": None,
            "officer": "",
            "reason": "",
        }


# ---------------------------------------------------------------------------------------------------------------------


def _sharing(connection: sa.Connection, kind: str, wanted: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return, for each of ``wanted`` with its marks, the rows of ``kind`` that share one."""
    asked = sorted({mark for of_one in wanted.values() for mark in of_one})
    if not asked:
        return {}
    place = sa.func.row_number().over(partition_by=marks.c.mark, order_by=marks.c.owner_id)
    found = (
        sa.select(marks.c.mark, marks.c.owner_id, place.label("place"))
        .where(marks.c.kind == kind, among(marks.c.mark, asked, connection))
        .subquery()
    )
    by_mark: dict[str, set[str]] = defaultdict(set)
    for mark, owner_id in connection.execute(sa.select(found.c.mark, found.c.owner_id).where(found.c.place <= _MOST_OF_A_MARK)):
        by_mark[mark].add(owner_id)
    return {key: set[str]().union(*(by_mark[mark] for mark in of_one)) for key, of_one in wanted.items()}


def products_in(connection: sa.Connection, keys: Collection[str]) -> dict[str, Product]:
    """Return products of the register by their ids."""
    rows = _rows(connection, products.c.product_id, keys)
    names = ("name", "brand", "model", "gtin", "hs", "origin")
    return {
        row["product_id"]: msgspec.convert({"group": row["product_group"], **{name: row[name] for name in names}}, Product)
        for row in rows
    }


def sites_in(connection: sa.Connection, keys: Collection[str]) -> dict[str, Site]:
    """Return sites of the register by their ids."""
    rows = _rows(connection, sites.c.site_id, keys)
    names = ("name", "province", "address", "tax_code")
    return {row["site_id"]: Site(id=row["site_id"], **{name: row[name] for name in names}) for row in rows}


def _concerns(connection: sa.Connection, keys: Collection[str]) -> dict[str, Concern]:
    return {row["concern_id"]: concern_in(row) for row in _rows(connection, concerns.c.concern_id, keys)}


def concern_in(row: Mapping[Any, Any]) -> Concern:
    """Read a concern out of a row of its table."""
    return Concern(
        row["concern_id"],
        ConcernKind(row["kind"]),
        row["observed_at"],
        msgspec.json.decode(row["product"], type=Product),
        msgspec.json.decode(row["site"], type=Site) if row["site"] else None,
    )


def _rows(connection: sa.Connection, key: sa.Column[str], wanted: Collection[str]) -> Iterable[Mapping[Any, Any]]:
    if not wanted:
        return ()
    return connection.execute(sa.select(key.table).where(among(key, sorted(wanted), connection))).mappings().all()


def _concern_row(concern: Concern) -> Row:
    return {
        "concern_id": concern.concern_id,
        "kind": concern.kind.value,
        "observed_at": concern.observed_at,
        "product": msgspec.json.encode(concern.product).decode(),
        "site": msgspec.json.encode(concern.site).decode() if concern.site else None,
    }
