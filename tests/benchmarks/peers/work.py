"""The durable work of every peer, in one transaction: store an event's id once, and add the event to its roll-up cell."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

QUEUE = "bench"

metadata = sa.MetaData()
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.Uuid(as_uuid=False), primary_key=True),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
)
rollup = sa.Table(
    "rollup",
    metadata,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("events", sa.BigInteger, nullable=False),
)

ACCEPT = insert(inbox).on_conflict_do_nothing().returning(inbox.c.id)
_cell = insert(rollup)
ADD = _cell.on_conflict_do_update(
    index_elements=list(rollup.primary_key), set_={"events": rollup.c.events + _cell.excluded.events}
)


def cell(event: dict[str, Any]) -> dict[str, Any]:
    """Return the row that an event adds to the roll-up."""
    data = event["data"]
    return {
        "province": data["site"]["province"],
        "kind": data["violation_kind"],
        "day": date.fromisoformat(data["observed_at"][:10]),
        "events": 1,
    }


def record(connection: sa.Connection, event: dict[str, Any]) -> None:
    """Do the work inside the transaction of ``connection``; an event that came before adds nothing."""
    if connection.execute(ACCEPT, {"id": event["id"]}).first() is not None:
        connection.execute(ADD, cell(event))


def broker_url() -> str:
    """Return where RabbitMQ is."""
    return os.environ["BENCH_BROKER_URL"]


def database_url(driver: str) -> str:
    """Return where PostgreSQL is, for SQLAlchemy with the given driver."""
    return (
        sa.make_url(os.environ["BENCH_DATABASE_URL"]).set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False)
    )


def plain_database_url() -> str:
    """Return where PostgreSQL is, for a driver without SQLAlchemy."""
    return sa.make_url(os.environ["BENCH_DATABASE_URL"]).set(drivername="postgresql").render_as_string(hide_password=False)
