"""The tables of the inspection service."""

from __future__ import annotations

import sqlalchemy as sa

from shared.database.types import Instant, Key

metadata = sa.MetaData()

# What was judged: the whole event as it came, so that its verdicts can be worked out again by the law of any day. Legal
# time leads the keys of what grows with every event: new rows go to the end of the table and not all over it.
findings = sa.Table(
    "findings",
    metadata,
    sa.Column("observed_at", Instant, primary_key=True),
    sa.Column("key", Key(), primary_key=True),
    sa.Column("event", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

verdicts = sa.Table(
    "verdicts",
    metadata,
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

# When something last conformed: a violation that arrives late was remedied by then. ``item`` is one instrument.
conformities = sa.Table(
    "conformities",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("product_key", sa.Text, primary_key=True),
    sa.Column("violation_kind", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("conformed_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

cases = sa.Table(
    "cases",
    metadata,
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
)
# One case for each site and product while it is open.
sa.Index(
    "cases_open",
    cases.c.site_id,
    cases.c.product_key,
    unique=True,
    sqlite_where=cases.c.state == "open",
    postgresql_where=cases.c.state == "open",
)
sa.Index("cases_by_time", cases.c.opened_at, cases.c.id)
sa.Index("cases_by_province", cases.c.province, cases.c.opened_at, cases.c.id)

# The verdicts that are part of a case: its violations, and what conformed afterwards.
case_findings = sa.Table(
    "case_findings",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("observed_at", Instant, primary_key=True),
    sa.Column("finding_key", Key(), primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("violation_id", sa.Text),
    sqlite_with_rowid=False,
)

# Everything that happens in a case: only ever appended to. The row of ``cases`` is what these make of it.
case_acts = sa.Table(
    "case_acts",
    metadata,
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

# The papers of a case, each by the number of the act that issued it: the very bytes, which are never made again.
case_papers = sa.Table(
    "case_papers",
    metadata,
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
sa.Index("case_papers_series", case_papers.c.unit, case_papers.c.form, case_papers.c.year, case_papers.c.serial, unique=True)

# The last number given in each series; its row is locked until the paper that takes the next one is stored.
paper_series = sa.Table(
    "paper_series",
    metadata,
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
