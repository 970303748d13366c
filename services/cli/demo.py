"""``chuan demo``: a sample year through the four services, then the overview page."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from services.cli import sample_year
from services.cli.feeding import Line
from services.cli.process import embedded_settings, feed, print_summary
from services.cli.sample_year import officers, planners
from services.planning.handlers.plans import approve
from services.planning.plan_file import read_plan
from shared.contracts.codec import encode
from shared.kernel.clock import HANOI, EventClock
from shared.runner.launcher import Hosting

_SEED, _YEAR, _SIZE = 2022, 2025, 20_000


def demo(
    data: Annotated[Path | None, typer.Option(help="Data folder; default CHUAN_DATA_DIR or .chuan.")] = None,
    size: Annotated[int, typer.Option(help="About how many events.", min=100)] = _SIZE,
    seed: Annotated[int, typer.Option(help="Another seed is another year.")] = _SEED,
) -> None:
    """Feed a sample year to the four services and print what came of it.

    In a terminal it then serves the overview page until Ctrl-C; otherwise, or with CHUAN_ONCE=1, it ends, and its last
    line is one JSON object with the figures. All sites, people and figures of the year are samples.

    Example: CHUAN_ONCE=1 chuan demo --data .chuan
    """
    settings = embedded_settings(data)
    once = os.environ.get("CHUAN_ONCE") == "1" or not sys.stdout.isatty()
    summary = feed(settings, _lines(seed, size), total=size, prepare=_approve_plans, on_turn=_people_act, stay=not once)
    if once:
        print_summary(summary, as_json=False)
        print_summary(summary, as_json=True)


def _approve_plans(hosting: Hosting, clock: EventClock) -> None:
    """Approve the sample plans before the first event; on a later run they are known and nothing changes."""
    clock.advance_to(datetime(_YEAR - 1, 1, 1, tzinfo=HANOI).astimezone(UTC))
    for plan in sample_year.plan(_YEAR):
        with hosting.rooms["planning"].transaction() as uow:
            approve(read_plan(msgspec.json.encode(plan)), uow)


def _people_act(hosting: Hosting, moment: datetime) -> None:
    officers.decide(hosting.rooms["inspection"], moment)
    planners.choose(hosting.rooms["planning"], moment, _YEAR)


def _lines(seed: int, size: int) -> Iterator[Line]:
    for number, event in enumerate(sample_year.events(seed, _YEAR, size), start=1):
        yield Line(f"sample year:{number}", encode(event))
