"""Works out again what several events decide together: two copies that met at one subject must have left the same."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from services.inspection import tables as inspection
from services.inspection.docket import case_of
from services.inspection.rules.case_is_ready_to_close import is_ready_to_close
from services.planning import tables as planning
from services.planning.handlers.clocks import subject_of
from services.planning.model.acts import Moment
from services.planning.model.clocks import clocks_of
from services.planning.model.told import moments_of
from services.planning.rules import clock_rules
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from shared.contracts.codec import decode
from tests.chaos.ledger import Ledger

_SHOWN = 5
_CHUNK = 2000

# The moments of each act, by what it was done to and its name.
Known = dict[str, dict[str, set[Moment]]]


def check_consistency(connection: sa.Connection, ledger: Ledger) -> None:
    """Count moments, clocks and cases that are not what the events say."""
    told = _told(connection)
    connection.execution_options(schema_translate_map={None: "planning"})
    wrong = {"moments": _wrong_moments(connection, told), "clocks": _wrong_clocks(connection, told)}
    connection.execution_options(schema_translate_map={None: "inspection"})
    wrong["cases"] = _wrong_cases(connection)
    connection.execution_options(schema_translate_map={})
    for what, ids in wrong.items():
        ledger.inconsistent += len(ids)
        if ids:
            ledger.findings.append(f"{len(ids)} {what} are not what the events say, for example {ids[:_SHOWN]}")


def _told(connection: sa.Connection) -> Known:
    """Return the moments that the journal tells of, each first known when it was first published."""
    first: dict[tuple[str, str, Any], Any] = {}
    bodies = connection.execution_options(yield_per=_CHUNK).scalars(sa.text("select body from reporting.journal"))
    for body in bodies:
        for name, moment in moments_of(decode(body.encode())):
            place = (moment.about, name, moment.at)
            first[place] = min(moment.known_at, first.get(place, moment.known_at))
    return _by_name(first)


def _by_name(first: dict[tuple[str, str, Any], Any]) -> Known:
    known: Known = defaultdict(lambda: defaultdict(set))
    for (about, name, at), known_at in first.items():
        known[about][name].add(Moment(at, known_at, about))
    return known


def _wrong_moments(connection: sa.Connection, told: Known) -> list[str]:
    rows = connection.execute(sa.select(planning.moments))
    stored = _by_name({(row.about, row.name, row.acted_at): row.known_at for row in rows})
    return sorted(about for about in stored.keys() | told.keys() if stored.get(about) != told.get(about))


def _wrong_clocks(connection: sa.Connection, told: Known) -> list[str]:
    stored = {row.clock_id: row for row in connection.execute(sa.select(planning.clocks))}
    wrong, expected = [], set()
    known = sa.select(planning.subjects).where(planning.subjects.c.kind != "")
    for subject in map(subject_of, connection.execute(known)):
        acts: Any = {**told.get(subject.origin, {}), **told.get(subject.subject_id, {})}
        for clock in clocks_of(subject, acts, clock_rules(), WORKING_DAYS):
            expected.add(clock.clock_id)
            row = stored.get(clock.clock_id)
            if row is None or (row.due_at, row.satisfied_at) != (clock.due_at, clock.satisfied_at):
                wrong.append(clock.clock_id)
    return wrong + sorted(stored.keys() - expected)


def _wrong_cases(connection: sa.Connection) -> list[str]:
    """Return the cases that miscount their violations, and the open ones whose every matter has been remedied."""
    links = sa.select(inspection.case_findings.c.case_id, sa.func.count(inspection.case_findings.c.violation_id))
    violations = dict(connection.execute(links.group_by(inspection.case_findings.c.case_id)).tuples().all())
    conformed: dict[tuple[str, ...], list[tuple[list[str], datetime]]] = {}
    for *subject, parameters, at in connection.execute(sa.select(inspection.conformities)):
        conformed.setdefault(tuple(subject), []).append((msgspec.json.decode(parameters), at))
    wrong = []
    for row in connection.execute(sa.select(inspection.cases)).mappings():
        case: Any = case_of(row)
        for matter in case.matters:
            for kept, at in conformed.get((*case.key, matter.kind.value, matter.item), ()):
                case = case.conform(matter.kind, matter.item, kept, at)
        should_be_closed = row["state"] == "open" and is_ready_to_close(case.matters)
        if should_be_closed or case.findings != violations.get(case.id, 0):
            wrong.append(case.id)
    return wrong
