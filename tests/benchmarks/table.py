"""The results as Markdown tables. ``python -m tests.benchmarks.table`` shows those of the last run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.ratios import TARGETS


def table(results: Mapping[str, Any]) -> str:
    """Return every measurement as a table: median, and minimum and maximum in brackets."""
    parts = {
        "ratios": _ratios,
        "consume": _consume,
        "publish": _publish,
        "latency": _latency,
        "report": _report,
        "rebuild": _rebuild,
        "memory": _memory,
        "embedded": _embedded,
    }
    return "\n\n".join("\n".join(draw(results)) for name, draw in parts.items() if name in results)


def _ratios(results: Mapping[str, Any]) -> Iterable[str]:
    by_round = results["ratios_by_round"]
    rows = [
        (
            f"`{name}`",
            _spread(by_round[name], 2),
            f"{sign} {target:g}",
            "yes" if _reached(results["ratios"][name], sign, target) else "**no**",
        )
        for name, (sign, target) in TARGETS.items()
    ]
    return _lines(("ratio", "median [min … max]", "target", "reached"), rows)


def _reached(value: float, sign: str, target: float) -> bool:
    return value >= target if sign == ">=" else value <= target


def _consume(results: Mapping[str, Any]) -> Iterable[str]:
    limit = results["consume"]["limit"]["events_per_second"]["median"]
    rows = []
    for name, one in results["consume"].items():
        rate, cost = one["events_per_second"], one["processor_microseconds_per_event"]
        shares = [f"{cost[part]['median']:.0f}" for part in ("contender", "broker", "database")]
        rows.append((name, _spread(rate), f"{100 * rate['median'] / limit:.1f} %", *shares))
    return _lines(("consumer", "events/s", "of the limit", "its own µs", "broker µs", "database µs"), rows)


def _publish(results: Mapping[str, Any]) -> Iterable[str]:
    rows = [(name, _spread(one["events_per_second"])) for name, one in results["publish"].items()]
    return _lines(("publisher", "confirmed events/s"), rows)


def _latency(results: Mapping[str, Any]) -> Iterable[str]:
    rows = [
        (name, _spread(one["p50_milliseconds"], 1), _spread(one["p99_milliseconds"], 1))
        for name, one in results["latency"].items()
    ]
    return _lines(("two hops", "p50 ms", "p99 ms"), rows)


def _report(results: Mapping[str, Any]) -> Iterable[str]:
    found = results["report"]
    sizes = [f"ms at {found[name]:,} events" for name in ("small_events", "large_events")]
    rows = [
        (name, _spread(one["small_milliseconds"], 2), _spread(one["large_milliseconds"], 2))
        for name, one in found["questions"].items()
    ]
    return _lines(("report", *sizes), rows)


def _rebuild(results: Mapping[str, Any]) -> Iterable[str]:
    found = results["rebuild"]
    row = (f"{found['events']:,} events", _spread(found["seconds"], 1), _spread(found["events_per_second"]))
    return _lines(("rebuild of", "seconds", "events/s"), [row])


def _memory(results: Mapping[str, Any]) -> Iterable[str]:
    rows = [
        (name, f"{one['started_mib']['median']:.0f}", f"{one['worked_mib']['median']:.0f}")
        for name, one in results["memory"].items()
    ]
    events = next(iter(results["memory"].values()))["after_events"]
    return _lines(("service", "MiB when started", f"MiB after a sample year of {events:,} events"), rows)


def _embedded(results: Mapping[str, Any]) -> Iterable[str]:
    found = results["embedded"]
    rows = [(name.replace("_", " "), str(value)) for name, value in found.items()]
    return _lines(("all four services in one process", ""), rows)


def _spread(figure: Mapping[str, float], digits: int = 0) -> str:
    low, middle, high = (f"{figure[name]:,.{digits}f}" for name in ("min", "median", "max"))
    return middle if low == high else f"{middle} [{low} … {high}]"


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows)]


if __name__ == "__main__":
    print(table(json.loads((Path("build") / "bench.json").read_text(encoding="utf-8"))))
