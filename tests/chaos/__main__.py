"""``python -m tests.chaos``: one run; SEED, EVENTS and FAULTS may stand in the environment. Its last line is the ledger."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import run
from tests.chaos.world import world
from tests.servers.packages import SERVERS, install, missing
from tests.servers.state import ROOT


def main() -> int:
    """Run once and return 0 if every event is accounted for; the logs are kept if not."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    for name, default in (("seed", 1), ("events", 20_000), ("faults", 30)):
        parser.add_argument(f"--{name}", type=int, default=int(os.environ.get(name.upper()) or default))
    arguments = parser.parse_args()
    reason = install(missing(*SERVERS))
    if absent := missing(*SERVERS):
        print(f"{', '.join(absent)}: not installed, and {reason}", file=sys.stderr)
        return 2
    (ROOT / ".chuan").mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything that was started is stopped
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=ROOT / ".chuan"))
    with world(folder) as made:
        ledger = run(made, arguments.seed, arguments.events, arguments.faults)
    for finding in ledger.findings:
        print(finding)
    if ledger.balanced:
        shutil.rmtree(folder)
    else:
        print(f"the logs are in {folder}")
    print(ledger.as_json(), flush=True)
    return 0 if ledger.balanced else 1


if __name__ == "__main__":
    sys.exit(main())
