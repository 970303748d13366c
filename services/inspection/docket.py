"""The cases that a batch or a request may touch: loaded at once, changed in memory, saved at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.inspection.model.cases import Case, CaseState
from services.inspection.model.findings import CaseKey, Finding, Verdict
from services.inspection.procedure.acts import Act
from services.inspection.procedure.deeds import AnyDeed
from services.inspection.tables import case_acts, case_findings, cases, conformities, findings, verdicts
from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.vocabulary import Track
from shared.database.upsert import insert_all, sent_ahead, upsert

# What an open case gains or loses; the rest is fixed when it is opened.
_CHANGING = (
    "state",
    "phase",
    "track",
    "findings",
    "matters",
    "closed_at",
    "reason",
    "note",
    "standing",
    "measured_at",
    "opening",
    "acts",
    "head",
    "risk_level",
    "risk",
    "illegal_gain",
)
_JSON = ("site", "product", "matters", "standing", "risk")

# What verdicts of one kind are about: site id, product key, kind of violation, item.
Subject = tuple[str, str, str, str]
# When each set of parameters that was assessed together last conformed.
Conformed = Mapping[tuple[str, ...], datetime]
_CONFORMITY = (
    conformities.c.site_id,
    conformities.c.product_key,
    conformities.c.violation_kind,
    conformities.c.item,
    conformities.c.parameters,
)

# The state stands in the statement and is no parameter, so that the index of open cases fits every plan.
_IS_OPEN = cases.c.state == sa.literal_column("'open'")
_SITES: sa.BindParameter[Any] = sa.bindparam("sites", expanding=True)
# In order of the key, so that two workers lock in one order.
_OPEN_CASES = sa.select(cases).where(_IS_OPEN, cases.c.site_id.in_(_SITES)).order_by(cases.c.id).with_for_update()
_CONFORMED = sa.select(*_CONFORMITY, conformities.c.conformed_at).where(conformities.c.site_id.in_(_SITES))


class Docket:
    """Open cases by site and product, and when which parameters last conformed."""

    def __init__(self, open_cases: Iterable[Case], conformed: Mapping[Subject, Conformed]) -> None:
        self._open = {case.key: case for case in open_cases}
        self._conformed_before = conformed
        self._conformed_now: dict[Subject, dict[tuple[str, ...], datetime]] = {}
        self._changed: dict[str, Case] = {}
        self._findings: list[dict[str, Any]] = []
        self._verdicts: list[dict[str, Any]] = []
        self._links: list[dict[str, Any]] = []
        self._acts: list[dict[str, Any]] = []

    @classmethod
    def of(cls, connection: sa.Connection, judged: Iterable[tuple[Finding, Sequence[Verdict]]]) -> Docket:
        """Load what verdicts on these findings may change; the cases stay locked until the transaction ends."""
        sites: set[str] = set()
        violators: set[str] = set()
        for finding, reached in judged:
            if any(verdict.breached or verdict.kept for verdict in reached):
                sites.add(finding.site.id)
            if any(verdict.breached for verdict in reached):
                violators.add(finding.site.id)
        return cls(_open_cases(connection, sorted(sites)), _conformed_at(connection, sorted(violators)))

    def open_case(self, key: CaseKey) -> Case | None:
        """Return the open case about this product at this site."""
        return self._open.get(key)

    def conformed_at(self, subject: Subject, parameter: str) -> datetime | None:
        """Return the latest legal time at which a parameter was found kept, at a site where this batch finds a violation."""
        known = (one.get(subject, {}) for one in (self._conformed_before, self._conformed_now))
        return max((at for conformed in known for kept, at in conformed.items() if parameter in kept), default=None)

    def record(self, event: Event[Any], finding: Finding, reached: Iterable[Verdict]) -> None:
        """Keep a finding, with the event it came with, and the verdicts on it."""
        self._findings.append({"observed_at": finding.observed_at, "key": finding.key, "event": encode(event).decode()})
        self._verdicts += [_verdict_row(finding, verdict) for verdict in reached]

    def note_conformity(self, subject: Subject, kept: tuple[str, ...], conformed_at: datetime) -> None:
        """Remember what a verdict of this batch found kept, if anything."""
        if kept:
            known = self._conformed_now.setdefault(subject, {})
            known[kept] = max(conformed_at, known.get(kept, conformed_at))

    def put(self, case: Case) -> None:
        """Replace a case by what became of it."""
        self._changed[case.id] = case
        if case.state is CaseState.OPEN:
            self._open[case.key] = case
        else:
            self._open.pop(case.key, None)

    def link(self, case: Case, finding: Finding, verdict: Verdict, violation_id: str | None = None) -> None:
        """Make a verdict part of a case."""
        self._links.append(
            {
                "case_id": case.id,
                "observed_at": finding.observed_at,
                "finding_key": finding.key,
                "rule": verdict.rule.name,
                "violation_id": violation_id,
            }
        )

    def put_act(self, act: Act) -> None:
        """Keep an act."""
        self._acts.append(
            {
                "case_id": act.case_id,
                "number": act.number,
                "act": act.deed.name,
                "track": act.track.value,
                "acted_at": act.acted_at,
                "recorded_at": act.recorded_at,
                "officer": act.officer,
                "data": act.data,
                "previous": act.previous,
                "hash": act.hash,
            }
        )

    def save(self, connection: sa.Connection) -> None:
        """Write everything, one statement for each table; two for cases."""
        with sent_ahead(connection):
            insert_all(connection, findings, self._findings)
            insert_all(connection, verdicts, self._verdicts)
            # Closed ones first: only one case of a site and product may be open at any moment.
            for state in (CaseState.CLOSED, CaseState.OPEN):
                rows = [_case_row(case) for case in self._changed.values() if case.state is state]
                upsert(connection, cases, rows, replace=_CHANGING)
            insert_all(connection, case_findings, self._links)
            insert_all(connection, case_acts, self._acts)
        _keep_latest(connection, self._conformed_now)


def case_of(row: sa.RowMapping) -> Case:
    """Read a case out of a row of its table."""
    values = {name: msgspec.json.decode(row[name]) if name in _JSON else row[name] for name in Case.__struct_fields__}
    return msgspec.convert(values, Case)


def acts_of(connection: sa.Connection, case_id: str) -> list[Act]:
    """Return the acts of a case in their order."""
    query = sa.select(case_acts).where(case_acts.c.case_id == case_id).order_by(case_acts.c.number)
    return [
        Act(
            case_id=row.case_id,
            number=row.number,
            track=Track(row.track),
            acted_at=row.acted_at,
            recorded_at=row.recorded_at,
            officer=row.officer,
            deed=msgspec.json.decode(row.data, type=AnyDeed),
            data=row.data,
            previous=row.previous,
            hash=row.hash,
        )
        for row in connection.execute(query)
    ]


def locked_case(connection: sa.Connection, case_id: str) -> Case | None:
    """Return a case, locked until the transaction ends."""
    row = connection.execute(sa.select(cases).where(cases.c.id == case_id).with_for_update()).mappings().first()
    return case_of(row) if row else None


def open_case_about(connection: sa.Connection, key: CaseKey) -> str | None:
    """Return the id of the open case about this product at this site."""
    site_id, product_key = key
    query = sa.select(cases.c.id).where(_IS_OPEN, cases.c.site_id == site_id, cases.c.product_key == product_key)
    found: str | None = connection.scalar(query)
    return found


def _open_cases(connection: sa.Connection, sites: Sequence[str]) -> list[Case]:
    if not sites:
        return []
    return [case_of(row) for row in connection.execute(_OPEN_CASES, {"sites": sites}).mappings()]


def _conformed_at(connection: sa.Connection, sites: Sequence[str]) -> dict[Subject, dict[tuple[str, ...], datetime]]:
    found: dict[Subject, dict[tuple[str, ...], datetime]] = {}
    if not sites:
        return found
    for site, product, kind, item, parameters, at in connection.execute(_CONFORMED, {"sites": sites}):
        found.setdefault((site, product, kind, item), {})[tuple(msgspec.json.decode(parameters))] = at
    return found


def _keep_latest(connection: sa.Connection, conformed: Mapping[Subject, Conformed]) -> None:
    """Store when which parameters conformed, where that is later than what is stored."""
    if not conformed:
        return
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
    statement: Any = insert(conformities)
    latest = statement.excluded.conformed_at
    statement = statement.on_conflict_do_update(
        index_elements=_CONFORMITY, set_={"conformed_at": latest}, where=conformities.c.conformed_at < latest
    )
    # In order of the key, so that two workers cannot deadlock.
    rows = sorted(
        (*subject, msgspec.json.encode(kept).decode(), at) for subject, sets in conformed.items() for kept, at in sets.items()
    )
    names = [*(column.name for column in _CONFORMITY), "conformed_at"]
    connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])


def _verdict_row(finding: Finding, verdict: Verdict) -> dict[str, Any]:
    return {
        "observed_at": finding.observed_at,
        "finding_key": finding.key,
        "rule": verdict.rule.name,
        "valid_from": verdict.rule.valid_from,
        "source": verdict.rule.source,
        "verified": verdict.rule.verified,
        "decision": verdict.rule.decision,
        "outcome": verdict.outcome.value,
        "violation_kind": verdict.violation_kind.value,
        "breaches": msgspec.json.encode(verdict.breaches).decode(),
    }


def _case_row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "state": case.state.value,
        "phase": case.standing.phase.value,
        "site_id": case.site.id,
        "product_key": case.product.key,
        "province": case.site.province,
        "site": msgspec.json.encode(case.site).decode(),
        "product": msgspec.json.encode(case.product).decode(),
        "track": case.track.value,
        "violation_kind": case.violation_kind.value,
        "violation_id": case.violation_id,
        "opened_at": case.opened_at,
        "findings": case.findings,
        "matters": msgspec.json.encode(case.matters).decode(),
        "closed_at": case.closed_at,
        "reason": case.reason.value if case.reason else None,
        "note": case.note,
        "standing": msgspec.json.encode(case.standing).decode(),
        "measured_at": case.measured_at,
        "opening": case.opening,
        "acts": case.acts,
        "head": case.head,
        "risk_level": case.risk.level.value,
        "risk": msgspec.json.encode(case.risk).decode(),
        "illegal_gain": case.illegal_gain,
    }
