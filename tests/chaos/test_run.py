"""A short run of the chaos, as part of every test run."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.servers.state import ROOT

_LEDGER = {
    *("events", "effect", "duplicates", "quarantined", "dead", "lost", "counted_twice"),
    *("notices_missing", "notices_twice", "faults", "seed"),
}
# As many faults as there are cards in the deck, so that every kind occurs.
_COMMAND = (sys.executable, "-m", "tests.chaos", "--seed", "20", "--events", "6000", "--faults", "26")


@pytest.mark.server("rabbitmq")
@pytest.mark.server("postgresql")
@pytest.mark.timeout(600)
def test_every_event_is_accounted_for_whatever_fails() -> None:
    """Nothing is lost, nothing is counted twice, every notice is accepted once, and the accounting sees planted faults."""
    done = subprocess.run(_COMMAND, cwd=ROOT, capture_output=True, text=True, check=False, timeout=580)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    ledger = json.loads(done.stdout.splitlines()[-1])
    assert ledger.keys() >= _LEDGER
    assert ledger["events"] == ledger["effect"] + ledger["duplicates"] + ledger["quarantined"]
    assert ledger["effect"] > 6000
    assert (ledger["faults"], ledger["seed"]) == (26, 20)
