"""What a batch says of sites, products and instruments: gathered in memory, written with one statement for each table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from services.inspection.registers.due import next_due
from services.inspection.registers.likeness import product_marks, site_marks, site_traits, traits_of, words
from services.inspection.tables import instruments, marks, products, site_products, sites
from shared.contracts.vocabulary import Product, Site
from shared.database.arrays import listing, one_of
from shared.database.upsert import sent_ahead, upsert
from shared.kernel.deadlines import local_day
from shared.kernel.ids import derived_id

REGISTER = "register"

_SITE_TEXTS = ("name", "province", "address", "tax_code")
_PRODUCT_TEXTS = ("name", "brand", "model", "gtin", "hs", "origin")
# Of these the marks are made by which a row is found.
_FINDING_SITES = ("name", "address", "tax_code")
_FINDING_PRODUCTS = ("name", "brand", "model", "gtin")
_INSTRUMENT_FACTS = ("instrument_type", "province", "verified_on", "due_on")
_STATEMENT = ("registered", "told_by", "said_at")

Row = dict[str, Any]
K = TypeVar("K")


class _Said(NamedTuple):
    """When one and the same thing was said, first and last, and by whom last."""

    since: datetime
    last: datetime
    told_by: str


class News(NamedTuple):
    """What was told differently from what is stored, statement by statement, and which sites nobody had heard of."""

    sites: list[Site]
    products: list[tuple[str, Product]]
    unheard_sites: set[str]


def product_id(product: Product) -> str:
    """Return a short id of what findings about one product share, as in planning; a brand may be too long for an index."""
    return _id_of(product.key)


@lru_cache(maxsize=8192)
def _id_of(key: str) -> str:
    return derived_id("product", key)


class Heard:
    """Statements, folded: of several about one thing the later holds, and a register's before those of events."""

    def __init__(self) -> None:
        self._said_of_sites: dict[Site, _Said] = {}
        self._said_of_products: dict[Product, _Said] = {}
        self._ids: dict[Product, str] = {}
        self._sites: dict[str, Row] = {}
        self._products: dict[str, Row] = {}
        self._pairs: dict[tuple[str, str], Row] = {}
        self._instruments: dict[tuple[str, str], Row] = {}

    def site(self, site: Site, at: datetime, told_by: str) -> None:
        """Take a statement about a site."""
        self._said_of_sites[site] = _again(self._said_of_sites.get(site), at, told_by)

    def product(self, product: Product, at: datetime, told_by: str) -> str:
        """Take a statement about a product and return its id."""
        self._said_of_products[product] = _again(self._said_of_products.get(product), at, told_by)
        if product not in self._ids:
            self._ids[product] = product_id(product)
        return self._ids[product]

    def met(self, product: str, site: str, at: datetime) -> None:
        """Note that a product was met at a site."""
        before = self._pairs.get((product, site))
        since, last = (at, at) if before is None else (min(at, before["since"]), max(at, before["said_at"]))
        self._pairs[product, site] = {"product_id": product, "site_id": site, "since": since, "said_at": last}

    def instrument(
        self,
        instrument_id: str,
        instrument_type: str,
        at_site: tuple[str, str],
        verified_on: date | None,
        at: datetime,
        told_by: str,
    ) -> None:
        """Take a statement about an instrument; ``at_site`` is the site's id and province."""
        site_id, province = at_site
        row = {
            "site_id": site_id,
            "instrument_id": instrument_id,
            "instrument_type": instrument_type,
            "province": province,
            "verified_on": verified_on,
            "due_on": next_due(instrument_type, verified_on, local_day(at)),
            **_statement(_Said(at, at, told_by)),
        }
        _put(self._instruments, (site_id, instrument_id), row, ())

    def news(self, connection: sa.Connection) -> News:
        """Fold what was said, and return what of it is new or told differently from what is stored."""
        for site, said in self._said_of_sites.items():
            _put(self._sites, site.id, _site_row(site, said), _SITE_TEXTS)
        for product, said in self._said_of_products.items():
            key = self._ids[product]
            _put(self._products, key, _product_row(product, key, said), _PRODUCT_TEXTS)
        known_sites = _known(connection, sites, _FINDING_SITES, self._sites)
        known_products = _known(connection, products, _FINDING_PRODUCTS, self._products)
        return News(
            [site for site in self._said_of_sites if _differs(site, known_sites.get(site.id), _FINDING_SITES)],
            [
                (key, product)
                for product, key in self._ids.items()
                if _differs(product, known_products.get(key), _FINDING_PRODUCTS)
            ],
            self._sites.keys() - known_sites.keys(),
        )

    def save(self, connection: sa.Connection, news: News) -> None:
        """Write everything."""
        with sent_ahead(connection):
            upsert(connection, sites, list(self._sites.values()), merge=_merged(sites, _SITE_TEXTS))
            upsert(connection, products, list(self._products.values()), merge=_merged(products, _PRODUCT_TEXTS))
            upsert(
                connection,
                site_products,
                list(self._pairs.values()),
                merge={"since": _least("site_products"), "said_at": _greatest("site_products")},
            )
            upsert(connection, instruments, list(self._instruments.values()), merge=_merged(instruments, (), _INSTRUMENT_FACTS))
            found = [*_site_marks(news.sites), *_product_marks(news.products)]
            upsert(connection, marks, list({tuple(row.values()): row for row in found}.values()))


def _again(before: _Said | None, at: datetime, told_by: str) -> _Said:
    if before is None:
        return _Said(at, at, told_by)
    return before._replace(since=at) if at < before.since else before if at < before.last else _Said(before.since, at, told_by)


def _statement(said: _Said) -> Row:
    return {"registered": said.told_by == REGISTER, "told_by": said.told_by, "since": said.since, "said_at": said.last}


def _site_row(site: Site, said: _Said) -> Row:
    return {"site_id": site.id, **{name: getattr(site, name) for name in _SITE_TEXTS}, **_statement(said)}


def _product_row(product: Product, key: str, said: _Said) -> Row:
    texts = {name: getattr(product, name) for name in _PRODUCT_TEXTS}
    return {"product_id": key, "product_group": product.group.value, **texts, **_statement(said)}


def _put(rows: dict[K, Row], key: K, row: Row, texts: Iterable[str]) -> None:
    before = rows.get(key)
    rows[key] = row if before is None else _folded(before, row, texts)


def _folded(before: Row, row: Row, texts: Iterable[str]) -> Row:
    is_later = (row["registered"], row["said_at"]) >= (before["registered"], before["said_at"])
    earlier, later = (before, row) if is_later else (row, before)
    kept = {name: earlier[name] for name in texts if not later[name]}
    return {**later, **kept, "since": min(before["since"], row["since"])}


def _merged(table: sa.Table, texts: Iterable[str], facts: Iterable[str] = ()) -> dict[str, str]:
    """Return the same in SQL: a later statement holds, but what it leaves open stays as it was known."""
    name = table.name
    is_later = f"(excluded.registered, excluded.said_at) >= ({name}.registered, {name}.said_at)"
    later = {one: f"CASE WHEN {is_later} THEN excluded.{one} ELSE {name}.{one} END" for one in (*facts, *_STATEMENT)}
    filled = {
        one: (f"CASE WHEN {name}.{one} = '' OR (excluded.{one} <> '' AND {is_later}) THEN excluded.{one} ELSE {name}.{one} END")
        for one in texts
    }
    return {**later, **filled, "since": _least(name)}


def _least(table: str) -> str:
    return f"CASE WHEN excluded.since < {table}.since THEN excluded.since ELSE {table}.since END"


def _greatest(table: str) -> str:
    return f"CASE WHEN excluded.said_at > {table}.said_at THEN excluded.said_at ELSE {table}.said_at END"


def _known(
    connection: sa.Connection, table: sa.Table, told: tuple[str, ...], wanted: Mapping[str, Row]
) -> dict[str, Mapping[Any, Any]]:
    if not wanted:
        return {}
    (key,) = table.primary_key
    is_sqlite = connection.dialect.name == "sqlite"
    listed = listing(sorted(wanted), is_sqlite=is_sqlite)
    found = connection.execute(_question(table, key, told, is_sqlite=is_sqlite), {"wanted": listed})
    return {row[key.name]: row for row in found.mappings()}


@cache
def _question(table: sa.Table, key: sa.Column[str], told: tuple[str, ...], *, is_sqlite: bool) -> sa.Select[Any]:
    return sa.select(key, *(table.c[name] for name in told)).where(one_of(key, "wanted", is_sqlite=is_sqlite))


def _differs(told: Site | Product, known: Mapping[Any, Any] | None, names: Sequence[str]) -> bool:
    """Tell whether a statement leads to marks that what is known did not lead to."""
    return known is None or any(getattr(told, name) not in ("", known[name]) for name in names)


def _site_marks(told: Iterable[Site]) -> Iterable[Row]:
    for site in told:
        yield from _marked("site", site_marks(site_traits(site)), site.id)
        yield from _marked("site_word", words(site.name, site.address), site.id)


def _product_marks(told: Iterable[tuple[str, Product]]) -> Iterable[Row]:
    for key, product in told:
        yield from _marked("product", product_marks(traits_of(product)), key)
        yield from _marked("product_word", words(product.name, product.brand, product.model), key)


def _marked(kind: str, found: Iterable[str], key: str) -> Iterable[Row]:
    return ({"kind": kind, "mark": mark, "owner_id": key} for mark in found)
