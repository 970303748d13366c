"""Compares the letters that notification believes to have sent with those the office got."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import sqlalchemy as sa

from tests.chaos.ledger import Ledger


def compare_letters(connection: sa.Connection, office: Path, ledger: Ledger) -> None:
    """Count letters that are missing, that came with two contents, and that came again as they were."""
    accepted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    refused: set[str] = set()
    for line in office.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        letter = entry["letter"].strip("<>").partition("@")[0]
        if entry["fate"] == "accepted":
            accepted[letter][entry["content"]] += 1
        else:
            refused.add(letter)
    rows = connection.execute(sa.text("select delivery_id, state from notification.deliveries where channel = 'email'")).all()
    got = {"delivered": accepted.keys(), "failed": refused}
    missing = [row.delivery_id for row in rows if row.delivery_id not in got.get(row.state, ())]
    unannounced = accepted.keys() - {row.delivery_id for row in rows}
    silent = connection.scalars(
        sa.text("select notice_id from notification.notices except select notice_id from notification.deliveries")
    ).all()
    ledger.notices = len(rows)
    ledger.notices_missing = len(missing) + len(silent)
    ledger.notices_twice = sum(len(contents) > 1 for contents in accepted.values())
    ledger.resent = sum(contents.total() - len(contents) for contents in accepted.values())
    ledger.unexplained += len(unannounced)
    if missing or silent:
        ledger.findings.append(f"letters missing: {missing[:5]}; notices without a letter: {list(silent)[:5]}")
    if unannounced:
        ledger.findings.append(f"letters nobody wrote: {sorted(unannounced)[:5]}")
