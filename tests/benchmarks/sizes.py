"""How much is measured: the full run, and a quick one that only proves that everything can be measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Numbers of events, and of rounds in which the contenders take turns."""

    rounds: int
    slow: int  # for those that take one event at a time
    fast: int  # for those that take batches
    confirmed_each: int
    pipelined: int
    latency_rate: int  # events a second
    latency_seconds: int
    rebuilt: int
    rebuild_rounds: int
    small_journal: int
    large_journal: int
    questions: int
    memory: int
    embedded: int


FULL = Sizes(
    rounds=5,
    slow=5_000,
    fast=100_000,
    confirmed_each=3_000,
    pipelined=50_000,
    latency_rate=200,
    latency_seconds=30,
    rebuilt=1_000_000,
    rebuild_rounds=1,
    small_journal=10_000,
    large_journal=10_000_000,
    questions=200,
    memory=20_000,
    embedded=1_000_000,
)

QUICK = Sizes(
    rounds=1,
    slow=500,
    fast=5_000,
    confirmed_each=300,
    pipelined=3_000,
    latency_rate=50,
    latency_seconds=3,
    rebuilt=5_000,
    rebuild_rounds=1,
    small_journal=1_000,
    large_journal=100_000,
    questions=20,
    memory=1_000,
    embedded=3_000,
)
