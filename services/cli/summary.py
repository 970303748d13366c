"""What came of a run: the figures as one Struct, and as text for a person."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from services.cli.feeding import Outcome
from services.notification.tables import deliveries
from services.planning.tables import clocks
from services.reporting.queries.figures import LIVE
from services.reporting.tables import cells, journal
from shared.contracts.envelope import OWN_SOURCE
from shared.kernel.errors import Reason
from shared.messaging.tables import UNSETTLED, inbox, quarantine
from shared.runner.launcher import Hosting

_IN_CONFLICT = (quarantine.c.reason == str(Reason.SAME_ID_OTHER_CONTENT), quarantine.c.state == "quarantined")


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of everything in the data folder, and how fast this run was.

    ``lines`` were read by this run, ``refused`` counts them by reason; ``events`` are the input events ever stored, ``new``
    those that this run brought, ``journalled`` all of them and all that followed; ``conflicting`` came under an id that other
    content had come under before. Latency is from publishing an event to the stored notice it led to.
    """

    lines: int
    events: int
    new: int
    journalled: int
    refused: dict[str, int]
    conflicting: int
    dead: int
    waiting_for_retry: int
    violations: dict[str, int]
    cases: dict[str, int]
    clocks: dict[str, int]
    deadlines_missed: dict[str, int]
    notices: dict[str, dict[str, int]]
    rollups: dict[str, dict[str, int]]
    seconds: float
    events_per_second: int
    latency_p50_ms: float | None
    latency_p99_ms: float | None
    url: str
    data: str


def input_events(hosting: Hosting) -> int:
    """Count the events of partners that are stored; reporting receives every event."""
    own = [f"{OWN_SOURCE}{name}" for name in hosting.rooms]
    with hosting.rooms["reporting"].reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).where(journal.c.source.not_in(own))) or 0


def summarise(hosting: Hosting, outcome: Outcome, stored_before: int) -> Summary:
    """Read the figures of all services; ``stored_before`` input events were there when the run began."""
    rooms = hosting.rooms
    with rooms["reporting"].reading() as connection:
        rollups = _rollups(connection)
        journalled = connection.scalar(sa.select(sa.func.count()).select_from(journal)) or 0
        # Here too reporting has noticed each of them.
        conflicting = connection.scalar(sa.select(sa.func.count()).where(*_IN_CONFLICT)) or 0
    with rooms["planning"].reading() as connection:
        clock_states = _counts(connection, clocks.c.state)
    with rooms["notification"].reading() as connection:
        notices = _nested(connection, deliveries.c.channel, deliveries.c.state)
    unsettled: dict[str, int] = {}
    for room in rooms.values():
        with room.reading() as connection:
            for state, number in _counts(connection, inbox.c.state, UNSETTLED).items():
                unsettled[state] = unsettled.get(state, 0) + number
    opened, reopened, closed = (
        sum(rollups.get(name, {}).values()) for name in ("cases_opened", "cases_reopened", "cases_closed")
    )
    events = input_events(hosting)
    return Summary(
        lines=outcome.lines,
        events=events,
        new=events - stored_before,
        journalled=journalled,
        refused=dict(sorted(outcome.refused.items())),
        conflicting=conflicting,
        dead=unsettled.get("dead", 0),
        waiting_for_retry=unsettled.get("retry", 0),
        violations=rollups.get("violations", {}),
        cases={"opened": opened, "closed": closed, "open": opened + reopened - closed} if opened else {},
        clocks={"started": sum(clock_states.values()), **clock_states} if clock_states else {},
        deadlines_missed=rollups.get("deadlines_missed", {}),
        notices=notices,
        rollups=rollups,
        seconds=round(outcome.seconds, 3),
        events_per_second=round(outcome.lines / outcome.seconds) if outcome.seconds else 0,
        latency_p50_ms=_percentile(outcome.latencies, 0.50),
        latency_p99_ms=_percentile(outcome.latencies, 0.99),
        url=hosting.settings.public_url,
        data=str(hosting.settings.data_dir),
    )


def render(summary: Summary) -> str:
    """Return the summary for a person."""
    refused = sum(summary.refused.values())
    known = summary.lines - refused - summary.new
    read = f"events a second; {summary.lines:,} in {summary.seconds:.1f} s" + (f", {known:,} known before" if known else "")
    letters = f"`chuan dead-letters list --data {summary.data}`"
    notices = {f"{by} {state}": number for by, states in summary.notices.items() for state, number in states.items()}
    lines = [
        "",
        _line("Sự kiện / Events", summary.events, f"{summary.journalled:,} with what followed from them"),
        *_block("Vi phạm / Violations", summary.violations),
        *_block("Vụ việc / Cases", summary.cases),
        *_block("Thời hạn / Clocks", summary.clocks),
        *_block("Quá hạn / Deadlines missed", summary.deadlines_missed),
        *_block("Thông báo / Notices", notices),
        *_block("Số liệu / Roll-ups", {name: sum(kinds.values()) for name, kinds in summary.rollups.items()}),
        "",
        _line("Tốc độ / Speed", summary.events_per_second, read),
    ]
    if summary.latency_p50_ms is not None:
        rest = f"ms p50 and {summary.latency_p99_ms:,.0f} ms p99 from an event to the stored notice"
        lines.append(_line("Độ trễ / Latency", round(summary.latency_p50_ms), rest))
    if refused:
        by_reason = ", ".join(f"{reason} {number}" for reason, number in summary.refused.items())
        lines.append(f"warning: lines refused: {refused:,} ({by_reason}); see {letters}")
    if summary.conflicting:
        rest = "with the id of an earlier event but other content, which changed nothing"
        lines.append(f"warning: events {rest}: {summary.conflicting:,}; see {letters}")
    if summary.dead or summary.waiting_for_retry:
        lines.append(f"warning: events dead: {summary.dead:,}, waiting: {summary.waiting_for_retry:,}; see {letters}")
    lines += [
        "",
        f"Notices  {summary.data}/outgoing",
        f"Reports  chuan report --data {summary.data}",
        f"Page     CHUAN_DATA_DIR={summary.data} chuan run, then {summary.url}",
    ]
    return "\n".join(lines)


def _line(title: str, number: int, rest: str) -> str:
    return f"{title:<34} {number:>11,}  {rest}"


def _block(title: str, figures: dict[str, int]) -> list[str]:
    if not figures:
        return ["", f"{title:<34} {0:>11}"]
    return ["", title, *(f"  {name:<32} {value:>11,}" for name, value in figures.items())]


def _rollups(connection: sa.Connection) -> dict[str, dict[str, int]]:
    """Return every report's figures by kind, over all time."""
    rows = connection.execute(
        sa.select(cells.c.indicator, cells.c.kind, sa.func.sum(cells.c.value))
        .where(cells.c.generation == LIVE, cells.c.grain == "month")
        .group_by(cells.c.indicator, cells.c.kind)
        .order_by(cells.c.indicator, cells.c.kind)
    )
    found: dict[str, dict[str, int]] = {}
    for indicator, kind, value in rows:
        found.setdefault(indicator, {})[kind or "total"] = int(value)
    return found


def _counts(connection: sa.Connection, column: sa.Column[str], *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
    statement = sa.select(column, sa.func.count()).where(*conditions).group_by(column).order_by(column)
    return {str(value): int(number) for value, number in connection.execute(statement)}


def _nested(connection: sa.Connection, outer: sa.Column[Any], inner: sa.Column[Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for one, two, number in connection.execute(
        sa.select(outer, inner, sa.func.count()).group_by(outer, inner).order_by(outer, inner)
    ):
        found.setdefault(str(one), {})[str(two)] = int(number)
    return found


def _percentile(values: list[float], share: float) -> float | None:
    """Return a percentile in milliseconds."""
    if not values:
        return None
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000, 1)
