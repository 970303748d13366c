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

# When something last conformed: a violation that arrives late was remedied by then. ``item`` is one instrument; ``parameters``,
# a JSON list, are those that were found kept together: laboratories test in panels, so that one row serves a whole panel.
conformities = sa.Table(
    "conformities",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("product_key", sa.Text, primary_key=True),
    sa.Column("violation_kind", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("parameters", sa.Text, primary_key=True),
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
    sa.Column("illegal_gain", sa.BigInteger, nullable=False),
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

# Registers: what is known of sites, products, instruments and bodies. Rows fill by themselves from the events that pass and by
# import; ``registered`` rows were stated by a register, and what events say later does not overwrite them. ``since`` is the
# earliest legal time at which something was heard of, ``said_at`` that of the latest statement. A tax code or GTIN that is none
# is kept as it came.
sites = sa.Table(
    "sites",
    metadata,
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
sa.Index("sites_by_province", sites.c.province, sites.c.site_id)

products = sa.Table(
    "products",
    metadata,
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
sa.Index("products_by_group", products.c.product_group, products.c.product_id)

# Which product was met at which site.
site_products = sa.Table(
    "site_products",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("since", Instant, nullable=False),
    sa.Column("said_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("site_products_of_site", site_products.c.site_id)

# ``due_on`` is the day by which the instrument must be verified again; empty where the law sets no period.
instruments = sa.Table(
    "instruments",
    metadata,
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
sa.Index("instruments_due", instruments.c.due_on, instruments.c.site_id, instruments.c.instrument_id)
sa.Index("instruments_due_in", instruments.c.province, instruments.c.due_on, instruments.c.site_id, instruments.c.instrument_id)

# Verification, calibration, testing, inspection and certification bodies; only registers state them. ``scope`` is JSON.
bodies = sa.Table(
    "bodies",
    metadata,
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

# By what rows are found: ``kind`` of row, a mark of it (a word, a GTIN, the beginning of a brand, a model), and the row.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("owner_id", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

# Foreign alerts and complaints, kept so that a product that is heard of later is compared with them too.
concerns = sa.Table(
    "concerns",
    metadata,
    sa.Column("concern_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("observed_at", Instant, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("site", sa.Text),
)

# What a concern may be about: a suggestion until an officer confirms or rejects it. ``subject`` and ``parts`` are JSON.
matches = sa.Table(
    "matches",
    metadata,
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
sa.Index("matches_by_time", matches.c.observed_at, matches.c.match_id)
sa.Index("matches_by_state", matches.c.state, matches.c.observed_at, matches.c.match_id)
sa.Index("matches_of_subject", matches.c.subject_id)
sa.Index("matches_of_concern", matches.c.concern_id)
