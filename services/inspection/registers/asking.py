"""What can be asked of the registers: pages of sites, products, instruments and bodies, found by words and by facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from services.inspection.registers.entries import BodyKind
from services.inspection.registers.likeness import words
from services.inspection.registers.numbers import gtins, tax_code
from services.inspection.tables import bodies, instruments, marks, products, site_products, sites
from shared.contracts.vocabulary import ProductGroup, check_province
from shared.kernel.errors import InvalidInput, NotFound
from shared.kernel.provinces import parts_of
from shared.kernel.wellformed import NUL

_MOST_ASKED_WORDS = 6

Row = dict[str, Any]


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page; ``after`` is what the page before gave for the next one."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    after: Annotated[str, msgspec.Meta(max_length=300)] = ""


class RegisterQuery(PageQuery, frozen=True, kw_only=True):
    """One page of a register; what is in a ``province`` is also what named one that has become part of it."""

    province: str = ""

    def __post_init__(self) -> None:
        if self.province:
            check_province(self.province)


class SiteQuery(RegisterQuery, frozen=True, kw_only=True):
    """Which sites are asked for; ``q`` are words, or beginnings of words, of name and address."""

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    tax_code: Annotated[str, msgspec.Meta(max_length=60)] = ""


class ProductQuery(RegisterQuery, frozen=True, kw_only=True):
    """Which products are asked for; ``q`` are words of name, brand and model, ``province`` one they were met in."""

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    group: ProductGroup | None = None
    gtin: Annotated[str, msgspec.Meta(max_length=60)] = ""


class InstrumentQuery(RegisterQuery, frozen=True, kw_only=True):
    """Which instruments are asked for: those of a site, or those that must be verified between two days."""

    site: Annotated[str, msgspec.Meta(max_length=120)] = ""
    due_from: date | None = None
    due_before: date | None = None


class BodyQuery(RegisterQuery, frozen=True, kw_only=True):
    """Which bodies are asked for; ``scope`` is an instrument type or a product group, ``on`` a day they must be valid on."""

    kind: BodyKind | None = None
    scope: Annotated[str, msgspec.Meta(max_length=120)] = ""
    on: date | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page; ``after`` asks for the next and is empty on the last one."""

    items: list[Row]
    after: str


def list_sites(connection: sa.Connection, query: SiteQuery) -> Page:
    """Return sites in order of their ids; raise ``InvalidInput`` for a tax code that is none."""
    wanted = sa.select(sites)
    if query.province:
        wanted = wanted.where(sites.c.province.in_(parts_of(query.province)))
    if query.tax_code.strip():
        checked = tax_code(query.tax_code)
        if checked.flaw:
            raise InvalidInput(checked.flaw, "/tax_code")
        wanted = wanted.where(sites.c.site_id.in_(_marked("site", f"tax:{checked.digits}")))
    wanted = wanted.where(*_having("site_word", sites.c.site_id, query.q))
    return page_of(connection, wanted, (sites.c.site_id,), query, _site)


def site(connection: sa.Connection, site_id: str) -> Row:
    """Return a site with the products met there and its instruments, at most 100 of each; raise ``NotFound``."""
    row = connection.execute(sa.select(sites).where(sites.c.site_id == site_id)).mappings().first()
    if row is None:
        raise NotFound(f"no site {site_id} is known")
    of_site = site_products.c.product_id == products.c.product_id
    met = (
        sa.select(products, site_products.c.said_at.label("met_at"))
        .join(site_products, of_site)
        .where(site_products.c.site_id == site_id)
        .order_by(site_products.c.said_at.desc())
        .limit(100)
    )
    its = sa.select(instruments).where(instruments.c.site_id == site_id).order_by(instruments.c.instrument_id).limit(100)
    return {
        **_site(row),
        "products": [_product(one) for one in connection.execute(met).mappings()],
        "instruments": [dict(one) for one in connection.execute(its).mappings()],
    }


def list_products(connection: sa.Connection, query: ProductQuery) -> Page:
    """Return products in order of their ids; raise ``InvalidInput`` for a GTIN that is none."""
    wanted = sa.select(products)
    if query.group is not None:
        wanted = wanted.where(products.c.product_group == query.group.value)
    if query.gtin.strip():
        found = gtins(query.gtin)
        if found.flaw:
            raise InvalidInput(found.flaw, "/gtin")
        wanted = wanted.where(products.c.product_id.in_(_marked("product", f"gtin:{found.numbers[0]}")))
    if query.province:
        at = sites.c.site_id == site_products.c.site_id
        met = sa.select(sa.literal(1)).select_from(site_products.join(sites, at))
        met = met.where(site_products.c.product_id == products.c.product_id, sites.c.province.in_(parts_of(query.province)))
        wanted = wanted.where(met.exists())
    wanted = wanted.where(*_having("product_word", products.c.product_id, query.q))
    return page_of(connection, wanted, (products.c.product_id,), query, _product)


def product(connection: sa.Connection, product_id: str) -> Row:
    """Return a product with the sites it was met at, the latest first and at most 100; raise ``NotFound``."""
    row = connection.execute(sa.select(products).where(products.c.product_id == product_id)).mappings().first()
    if row is None:
        raise NotFound(f"no product {product_id} is known")
    met = (
        sa.select(sites, site_products.c.said_at.label("met_at"))
        .join(site_products, site_products.c.site_id == sites.c.site_id)
        .where(site_products.c.product_id == product_id)
        .order_by(site_products.c.said_at.desc(), sites.c.site_id)
        .limit(100)
    )
    return {**_product(row), "sites": [_site(one) for one in connection.execute(met).mappings()]}


def list_instruments(connection: sa.Connection, query: InstrumentQuery) -> Page:
    """Return instruments, the earliest due first; those the law sets no period for are shown only with their site."""
    wanted = sa.select(instruments)
    if query.province:
        wanted = wanted.where(instruments.c.province.in_(parts_of(query.province)))
    if query.site:
        wanted = wanted.where(instruments.c.site_id == query.site)
        return page_of(connection, wanted, (instruments.c.site_id, instruments.c.instrument_id), query, dict)
    wanted = wanted.where(instruments.c.due_on.is_not(None))
    if query.due_from is not None:
        wanted = wanted.where(instruments.c.due_on >= query.due_from)
    if query.due_before is not None:
        wanted = wanted.where(instruments.c.due_on < query.due_before)
    place = (instruments.c.due_on, instruments.c.site_id, instruments.c.instrument_id)
    return page_of(connection, wanted, place, query, dict)


def list_bodies(connection: sa.Connection, query: BodyQuery) -> Page:
    """Return bodies in order of their ids."""
    wanted = sa.select(bodies)
    if query.province:
        wanted = wanted.where(bodies.c.province.in_(parts_of(query.province)))
    if query.kind is not None:
        wanted = wanted.where(bodies.c.kind == query.kind.value)
    if query.scope:
        wanted = wanted.where(bodies.c.scope.contains(f'"{query.scope}"', autoescape=True))
    if query.on is not None:
        still = sa.or_(bodies.c.valid_to.is_(None), bodies.c.valid_to >= query.on)
        wanted = wanted.where(bodies.c.valid_from <= query.on, still)
    return page_of(connection, wanted, (bodies.c.body_id,), query, _body)


def page_of(
    connection: sa.Connection, wanted: sa.Select[Any], place: Sequence[sa.Column[Any]], query: PageQuery, shown: Any
) -> Page:
    """Return the page after ``query.after``, which is the place of the last row before it, as JSON."""
    if query.after:
        wanted = wanted.where(sa.tuple_(*place) > sa.tuple_(*_place(query.after, place), types=[one.type for one in place]))
    rows = connection.execute(wanted.order_by(*place).limit(query.limit + 1)).mappings().all()
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    after = msgspec.json.encode([last[one.name] for one in place]).decode() if last else ""
    return Page(items=[shown(row) for row in rows[: query.limit]], after=after)


# ---------------------------------------------------------------------------------------------------------------------


def _place(after: str, place: Sequence[sa.Column[Any]]) -> list[Any]:
    try:
        values = msgspec.json.decode(after, type=list[Any])
        if len(values) != len(place) or NUL in "".join(map(str, values)):
            raise ValueError(after)  # noqa: TRY301
        return [msgspec.convert(value, _kind(column)) for value, column in zip(values, place, strict=True)]
    except (ValueError, msgspec.DecodeError) as error:
        raise InvalidInput("not what the page before gave for the next one", "/after") from error


def _kind(column: sa.Column[Any]) -> Any:
    kind = column.type.python_type
    return Annotated[datetime, msgspec.Meta(tz=True)] if kind is datetime else kind


def _having(kind: str, key: sa.Column[str], asked: str) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that a row has every asked word, or a word that begins so."""
    return [key.in_(_beginning(kind, word)) for word in words(asked)[:_MOST_ASKED_WORDS]]


def _marked(kind: str, mark: str) -> sa.Select[Any]:
    return sa.select(marks.c.owner_id).where(marks.c.kind == kind, marks.c.mark == mark)


def _beginning(kind: str, word: str) -> sa.Select[Any]:
    if not word.isascii():
        return _marked(kind, word)  # how other scripts are ordered is for the database to say
    after = word[:-1] + chr(ord(word[-1]) + 1)
    return sa.select(marks.c.owner_id).where(marks.c.kind == kind, marks.c.mark >= word, marks.c.mark < after)


def _site(row: Mapping[Any, Any]) -> Row:
    return {**row, "tax_code_flaw": tax_code(row["tax_code"]).flaw}


def _product(row: Mapping[Any, Any]) -> Row:
    found = gtins(row["gtin"])
    return {**row, "gtin_flaw": found.flaw, "company_prefixes": list(found.companies)}


def _body(row: Mapping[Any, Any]) -> Row:
    return {**row, "scope": msgspec.json.decode(row["scope"])}
