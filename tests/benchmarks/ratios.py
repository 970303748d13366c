"""What is to be reached: our figures against those of the others, of the same round of the same run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.benchmarks import consuming
from tests.benchmarks.figures import spread

TARGETS = {
    "vs_best_peer": (">=", 15.0),
    "vs_limit": (">=", 0.75),
    "product_vs_limit": (">=", 0.3),
    "relay_vs_confirm_each": (">=", 8.0),
    "latency_vs_floor": ("<=", 2.0),
    "report_10m_vs_10k": ("<=", 1.5),
}


def ratios(results: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each ratio by its rounds; the report's is that of the question that grows most."""
    consume, publish, latency = results["consume"], results["publish"], results["latency"]
    rate = {name: one["events_per_second"]["rounds"] for name, one in consume.items()}
    sent = {name: one["events_per_second"]["rounds"] for name, one in publish.items()}
    p99 = {name: one["p99_milliseconds"]["rounds"] for name, one in latency.items()}
    best_peer = [max(peers) for peers in zip(*(rate[name] for name in consuming.peers()), strict=True)]
    best_pair = [max(peers) for peers in zip(*(rate[name] for name in consuming.peers(2)), strict=True)]
    questions = results["report"]["questions"].values()
    growth = [_by_round(one["large_milliseconds"]["rounds"], one["small_milliseconds"]["rounds"]) for one in questions]
    return {
        "vs_best_peer": spread(_by_round(rate["kit"], best_peer)),
        "vs_best_peer_with_2_processes": spread(_by_round(rate["kit, 2 processes"], best_pair)),
        "vs_limit": spread(_by_round(rate["kit"], rate["limit"])),
        "product_vs_limit": spread(_by_round(rate["product"], rate["limit"])),
        "relay_vs_confirm_each": spread(_by_round(sent["relay"], sent["pika confirm each"])),
        "latency_vs_floor": spread(_by_round(p99["inspection to notification"], p99["floor"])),
        "report_10m_vs_10k": max((spread(one) for one in growth), key=lambda one: one["median"]),
    }


def _by_round(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]
