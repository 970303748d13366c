"""How new the newest figure is: what operators watch."""

from __future__ import annotations

import sqlalchemy as sa

from services.reporting.tables import journal
from shared.observability import metrics


def measure_freshness(connection: sa.Connection) -> None:
    """Set the watermark: figures are folded in the transaction that writes the journal, so both end at the same event."""
    newest = connection.scalar(sa.select(journal.c.time).order_by(journal.c.seq.desc()).limit(1))
    metrics.ROLLUP_WATERMARK.set(newest.timestamp() if newest else 0)
