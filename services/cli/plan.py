"""``chuan plan``: year plans from files."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from services.cli.databases import changing, event_clock, locked, settings_of
from services.cli.options import AsJson, DataFolder
from services.cli.output import print_json
from services.planning.handlers.plans import Approval, approve
from services.planning.model.plans import YearPlan
from services.planning.plan_file import MAX_BYTES, read_plan
from shared.client.remote import Remote, problem
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.kernel.errors import InvalidInput
from shared.settings import Settings

plan = typer.Typer(help="Year plans with key tasks and targets.")


@plan.callback()
def _group() -> None:
    """Year plans with key tasks and targets."""


@plan.command()
def load(
    file: Annotated[Path, typer.Argument(help="A plan as YAML or JSON.", metavar="FILE", exists=True, dir_okay=False)],
    url: Annotated[str, typer.Option("--url", help="Send it to a running chuan, with the token in CHUAN_TOKEN.")] = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put a year plan into force, from the day it was approved on. A changed plan is its next revision.

    Without --url it is stored in the data folder; what follows from it is published when chuan starts next.

    Example: chuan plan load plan-2025.yaml --data .chuan
    """
    with file.open("rb") as source:
        raw = source.read(MAX_BYTES + 1)
    try:
        wanted = read_plan(raw)
    except InvalidInput as error:
        raise InvalidInput(f"{file}: {error.detail}", error.pointer) from error
    approval = _send(wanted, url) if url else _store(wanted, settings_of(data))
    if as_json:
        print_json(approval)
    else:
        state = "in force" if approval.new else "was in force already"
        print(f"{approval.plan_id}: revision {approval.revision} {state}, {len(wanted.items())} items")


def _store(wanted: YearPlan, settings: Settings) -> Approval:
    with locked(settings, otherwise="give --url to send the plan to it"):
        database = Database(settings.service_database_url(), "planning", pool_size=1)
        try:
            if database.is_sqlite:
                migrate(database)
            # Where the clock follows the events, the plan too is published at the events' time.
            with changing(database, now=event_clock(settings)) as uow:
                return approve(wanted, uow)
        finally:
            database.close()


def _send(wanted: YearPlan, url: str) -> Approval:
    with closing(Remote(url)) as remote:
        answer = remote.post("/v1/plans", msgspec.json.encode(wanted), "application/json")
    if not answer.ok:
        said = problem(answer)
        raise InvalidInput(f"{url} refused the plan: {said.detail or said.title}", said.pointer)
    return msgspec.json.decode(answer.content, type=Approval)
