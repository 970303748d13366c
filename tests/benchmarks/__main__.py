"""``make bench``: run every measurement and write build/bench.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

from tests.benchmarks import embedded

_FILE = Path("build") / "bench.json"


def main() -> None:
    """Measure, show and store; ``python -m tests.benchmarks EVENTS`` changes the size of the embedded run."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    results = {
        "machine": {"system": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()},
        "embedded": embedded.measure(events),
    }
    _FILE.parent.mkdir(exist_ok=True)
    _FILE.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
