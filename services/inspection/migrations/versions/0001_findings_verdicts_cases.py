"""Findings, verdicts, cases, what is in a case, its acts and its papers; registers and what is matched with them."""

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
    _create_registers()
    _create_matching()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("matches", "concerns", "marks", "bodies", "instruments", "site_products", "products", "sites"):
        op.drop_table(table)
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
        sa.Column("parameters", sa.Text, primary_key=True),
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
        sa.Column("risk_level", sa.Text, nullable=False),
        sa.Column("risk", sa.Text, nullable=False),
        sa.Column("illegal_gain", sa.BigInteger, nullable=False),
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


def _create_registers() -> None:
    op.create_table(
        "sites",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("tax_code", sa.Text, nullable=False),
        sa.Column("registered", sa.Boolean, nullable=False),
        sa.Column("told_by", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("said_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("sites_by_province", "sites", ["province", "site_id"])
    op.create_table(
        "products",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("product_group", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("brand", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("gtin", sa.Text, nullable=False),
        sa.Column("hs", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("registered", sa.Boolean, nullable=False),
        sa.Column("told_by", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("said_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("products_by_group", "products", ["product_group", "product_id"])
    op.create_table(
        "site_products",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("since", Instant, nullable=False),
        sa.Column("said_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("site_products_of_site", "site_products", ["site_id"])
    op.create_table(
        "instruments",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("instrument_id", sa.Text, primary_key=True),
        sa.Column("instrument_type", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("verified_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("registered", sa.Boolean, nullable=False),
        sa.Column("told_by", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("said_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("instruments_due", "instruments", ["due_on", "site_id", "instrument_id"])
    op.create_index("instruments_due_in", "instruments", ["province", "due_on", "site_id", "instrument_id"])
    op.create_table(
        "bodies",
        sa.Column("body_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("tax_code", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("said_at", Instant, nullable=False),
    )


def _create_matching() -> None:
    op.create_table(
        "marks",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("mark", sa.Text, primary_key=True),
        sa.Column("owner_id", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "concerns",
        sa.Column("concern_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("observed_at", Instant, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("site", sa.Text),
    )
    op.create_table(
        "matches",
        sa.Column("match_id", sa.Text, primary_key=True),
        sa.Column("concern_id", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("observed_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_at", Instant),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("matches_by_time", "matches", ["observed_at", "match_id"])
    op.create_index("matches_by_state", "matches", ["state", "observed_at", "match_id"])
    op.create_index("matches_of_subject", "matches", ["subject_id"])
    op.create_index("matches_of_concern", "matches", ["concern_id"])
