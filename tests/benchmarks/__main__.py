"""``make bench``: run every measurement in turn, write build/bench.json and show the table."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks import asking, consuming, embedded, latency, machine, memory, publishing, rebuilding
from tests.benchmarks.ratios import ratios
from tests.benchmarks.sizes import FULL, QUICK, Sizes
from tests.benchmarks.table import table
from tests.servers import use

_FILE = Path("build") / "bench.json"
_QUIET_SECONDS = 60

MEASUREMENTS: dict[str, Callable[[Sizes], dict[str, Any]]] = {
    "consume": consuming.measure,
    "publish": publishing.measure,
    "latency": latency.measure,
    "report": asking.measure,
    "rebuild": rebuilding.measure,
    "memory": memory.measure,
    "embedded": lambda sizes: embedded.measure(sizes.embedded),
}


def main() -> None:
    """Measure, store and show."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure the kit, its peers and the limits.")
    parser.add_argument("--quick", action="store_true", help="small sizes: only proves that everything can be measured")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, default=list(MEASUREMENTS), help="measure only these")
    options = parser.parse_args()
    results = run(QUICK if options.quick else FULL, options.only)
    _FILE.parent.mkdir(exist_ok=True)
    _FILE.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(results))


def run(sizes: Sizes, names: list[str]) -> dict[str, Any]:
    """Take the named measurements; each says how loaded the machine was when it began, and how long it took."""
    results: dict[str, Any] = {"machine": machine.describe()}
    try:
        for name in names:
            load = machine.wait_for_quiet(0 if sizes is QUICK else _QUIET_SECONDS)
            began = time.monotonic()
            print(f"--- {name} (load {load})", file=sys.stderr)
            results[name] = MEASUREMENTS[name](sizes)
            results["machine"].setdefault("load_before", {})[name] = load
            results["machine"].setdefault("seconds_taken", {})[name] = round(time.monotonic() - began)
    finally:
        use.leave(os.getpid())
    if {"consume", "publish", "latency", "report"} <= results.keys():
        by_round = ratios(results)
        results["ratios"] = {name: spread["median"] for name, spread in by_round.items()}
        results["ratios_by_round"] = by_round
    return results


if __name__ == "__main__":
    main()
