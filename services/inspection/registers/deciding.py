"""Matches as officers see and decide them: nothing is linked before a person has said so, by name and with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from services.inspection.registers.asking import Page, PageQuery, Row, page_of
from services.inspection.registers.matching import MatchState, SubjectKind, concern_in, products_in, sites_in
from services.inspection.tables import concerns, matches, site_products, sites
from shared.contracts.inspection import ConcernKind, MatchConfirmed
from shared.contracts.vocabulary import Site
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert
from shared.kernel.errors import Conflict, NotFound

# A product that was not met at a site for a year is not looked for there first.
_MET_LATELY = timedelta(days=365)
_MOST_SITES = 50


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a match is confirmed or rejected."""

    reason: Annotated[str, msgspec.Meta(min_length=3, max_length=2000)]


class MatchQuery(PageQuery, frozen=True, kw_only=True):
    """Which matches are asked for, the earliest concern first."""

    state: MatchState | None = None
    subject: Annotated[str, msgspec.Meta(max_length=120)] = ""
    concern: Annotated[str, msgspec.Meta(max_length=300)] = ""


def list_matches(connection: sa.Connection, query: MatchQuery) -> Page:
    """Return matches with their scores and parts."""
    wanted = sa.select(matches)
    if query.state is not None:
        wanted = wanted.where(matches.c.state == query.state.value)
    if query.subject:
        wanted = wanted.where(matches.c.subject_id == query.subject)
    if query.concern:
        wanted = wanted.where(matches.c.concern_id == query.concern)
    return page_of(connection, wanted, (matches.c.observed_at, matches.c.match_id), query, _shown)


def match(connection: sa.Connection, match_id: str) -> Row:
    """Return a match with both sides of it; raise ``NotFound``."""
    return _whole(connection, _stored(connection, match_id))


def decide(match_id: str, state: MatchState, decision: Decision, officer: str, uow: UnitOfWork) -> Row:
    """Confirm or reject a suggestion, and announce what was confirmed.

    Raises ``NotFound``, and ``Conflict`` for a match that was decided before.
    """
    row = _stored(uow.connection, match_id, lock=True)
    if row["state"] != MatchState.SUGGESTED:
        raise Conflict(f"match {match_id} was {row['state']} before, by {row['officer']}: {row['reason']}")
    decided = {
        **row,
        "state": state.value,
        "decided_at": max(uow.now, row["observed_at"]),
        "officer": officer,
        "reason": decision.reason,
    }
    upsert(uow.connection, matches, [decided], replace=("state", "decided_at", "officer", "reason"))
    if state is MatchState.CONFIRMED:
        uow.emit(_confirmed(uow.connection, decided), key=match_id)
    return _whole(uow.connection, decided)


def _confirmed(connection: sa.Connection, row: Row) -> MatchConfirmed:
    concern = concern_in(_concern_row(connection, row["concern_id"]))
    if row["subject_kind"] == SubjectKind.SITE:
        product, met = concern.product, list(sites_in(connection, [row["subject_id"]]).values())
    else:
        product = products_in(connection, [row["subject_id"]])[row["subject_id"]]
        met = _sites_with(connection, row) if concern.kind is ConcernKind.ALERT else []
    return MatchConfirmed(
        observed_at=row["decided_at"],
        match_id=row["match_id"],
        concern=concern.kind,
        concern_id=row["concern_id"],
        product=product,
        sites=met,
        score=row["score"],
        reason=row["reason"],
    )


def _sites_with(connection: sa.Connection, row: Row) -> list[Site]:
    """Return the sites where the product was met lately; a complaint names its site itself."""
    met = (
        sa.select(sites)
        .join(site_products, site_products.c.site_id == sites.c.site_id)
        .where(site_products.c.product_id == row["subject_id"], site_products.c.said_at >= row["decided_at"] - _MET_LATELY)
        .order_by(site_products.c.said_at.desc(), sites.c.site_id)
        .limit(_MOST_SITES)
    )
    return [
        Site(id=one["site_id"], name=one["name"], province=one["province"], address=one["address"], tax_code=one["tax_code"])
        for one in connection.execute(met).mappings()
    ]


def _stored(connection: sa.Connection, match_id: str, *, lock: bool = False) -> Row:
    wanted = sa.select(matches).where(matches.c.match_id == match_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).mappings().first()
    if row is None:
        raise NotFound(f"no match {match_id}")
    return dict(row)


def _concern_row(connection: sa.Connection, concern_id: str) -> Any:
    return connection.execute(sa.select(concerns).where(concerns.c.concern_id == concern_id)).mappings().one()


def _whole(connection: sa.Connection, row: Row) -> Row:
    concern = concern_in(_concern_row(connection, row["concern_id"]))
    find = sites_in if row["subject_kind"] == SubjectKind.SITE else products_in
    subject = find(connection, [row["subject_id"]])[row["subject_id"]]
    return {
        **_shown(row),
        "concern": {"kind": concern.kind, "product": concern.product, "site": concern.site},
        "subject": subject,
    }


def _shown(row: Any) -> Row:
    return {**row, "parts": msgspec.json.decode(row["parts"])}
