"""Findings, verdicts, cases, what is in a case, its acts and its papers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database.types import Instant, Key

revision = "inspection_0001"
down_revision = None
branch_labels = ("inspection",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_findings()
    _create_cases()
    _create_papers()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("paper_series", "case_papers", "case_acts", "case_findings", "cases", "conformities", "verdicts", "findings"):
        op.drop_table(table)


def _create_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("observed_at", Instant, primary_key=True),
        sa.Column("key", Key(), primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verdicts",
        sa.Column("observed_at", Instant, primary_key=True),
        sa.Column("finding_key", Key(), primary_key=True),
        sa.Column("rule", sa.Text, primary_key=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("violation_kind", sa.Text, nullable=False),
        sa.Column("breaches", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conformities",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("product_key", sa.Text, primary_key=True),
        sa.Column("violation_kind", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("conformed_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("product_key", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("track", sa.Text, nullable=False),
        sa.Column("violation_kind", sa.Text, nullable=False),
        sa.Column("violation_id", sa.Text, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("findings", sa.Integer, nullable=False),
        sa.Column("matters", sa.Text, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("reason", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("measured_at", Instant),
        sa.Column("opening", sa.Integer, nullable=False),
        sa.Column("acts", sa.Integer, nullable=False),
        sa.Column("head", sa.Text, nullable=False),
        sa.Column("risk_level", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "cases_open", "cases", ["site_id", "product_key"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("cases_by_time", "cases", ["opened_at", "id"])
    op.create_index("cases_by_province", "cases", ["province", "opened_at", "id"])
    op.create_table(
        "case_findings",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("observed_at", Instant, primary_key=True),
        sa.Column("finding_key", Key(), primary_key=True),
        sa.Column("rule", sa.Text, primary_key=True),
        sa.Column("violation_id", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_acts",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("track", sa.Text, nullable=False),
        sa.Column("acted_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_papers() -> None:
    op.create_table(
        "case_papers",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("pdf_sha256", sa.Text, nullable=False),
        sa.Column("docx_sha256", sa.Text, nullable=False),
        sa.Column("pdf", sa.LargeBinary, nullable=False),
        sa.Column("docx", sa.LargeBinary, nullable=False),
    )
    op.create_index("case_papers_series", "case_papers", ["unit", "form", "year", "serial"], unique=True)
    op.create_table(
        "paper_series",
        sa.Column("unit", sa.Text, primary_key=True),
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
