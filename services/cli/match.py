"""``chuan match``: what foreign alerts and complaints may be about, and officers' decisions on it."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.databases import reading, settings_of
from services.cli.options import AsJson, DataFolder, Url
from services.cli.orders import carry_out, well_formed
from services.cli.output import local, print_json, print_table
from services.inspection.registers.deciding import Decision, MatchQuery, decide, list_matches
from services.inspection.registers.deciding import match as whole
from services.inspection.registers.matching import MatchState
from shared.kernel.wellformed import read_query

match = typer.Typer(help="Suggestions of what alerts and complaints are about, and decisions on them.")

MatchId = Annotated[str, typer.Argument(help="The id of the match.", metavar="MATCH")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
By = Annotated[str, typer.Option("--officer", help="Who decides; with --url it is the holder of the token.")]


@match.callback()
def _group() -> None:
    """Suggestions of what alerts and complaints are about, and decisions on them."""


@match.command(name="list")
def list_(
    state: Annotated[MatchState | None, typer.Option(help="Only those that stand so.")] = None,
    subject: Annotated[str, typer.Option(help="Only those with this site or product, by its id.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=500)] = 50,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List matches, the earliest alert or complaint first, with the parts of their scores; – is what one side does not state.

    Example: chuan match list --state suggested
    """
    asked = {"state": state.value if state else "", "subject": subject, "limit": str(limit)}
    query = read_query({name: value for name, value in asked.items() if value}, MatchQuery)
    with reading(settings_of(data), "inspection") as connection:
        page = list_matches(connection, query)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["match_id"],
            one["concern_id"],
            one["subject_kind"],
            one["subject_id"],
            one["score"],
            ", ".join(f"{name} {'–' if part is None else part}" for name, part in one["parts"].items()),
            one["state"],
            local(one["observed_at"]),
        )
        for one in page.items
    ]
    print_table(("match", "concern", "with", "id", "score", "parts", "state", "observed"), rows)


@match.command()
def show(match_id: MatchId, data: DataFolder = None) -> None:
    """Show a match with both sides of it, as JSON.

    Example: chuan match show 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11
    """
    with reading(settings_of(data), "inspection") as connection:
        print_json(whole(connection, match_id))


@match.command()
def confirm(match_id: MatchId, reason: Reason, officer: By = "", url: Url = "", data: DataFolder = None) -> None:
    """Confirm that an alert or a complaint is about this product or site: their risk rises.

    Example: chuan match confirm 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11 --reason "Cùng kiểu, cùng lô" --officer mau-1
    """
    _decide(match_id, MatchState.CONFIRMED, reason, officer, url, data)


@match.command()
def reject(match_id: MatchId, reason: Reason, officer: By = "", url: Url = "", data: DataFolder = None) -> None:
    """Reject a suggested match.

    Example: chuan match reject 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11 --reason "Kiểu khác" --officer mau-1
    """
    _decide(match_id, MatchState.REJECTED, reason, officer, url, data)


def _decide(match_id: str, state: MatchState, reason: str, officer: str, url: str, data: DataFolder) -> None:
    decision = well_formed({"reason": reason}, Decision)
    if not url and not officer.strip():
        raise typer.BadParameter("say who decides", param_hint="--officer")
    path = f"/v1/matches/{quote(match_id, safe='')}/{'confirm' if state is MatchState.CONFIRMED else 'reject'}"
    carry_out(partial(decide, match_id, state, decision, officer), path, decision, service="inspection", url=url, data=data)
    print(f"{match_id}: {state}")
