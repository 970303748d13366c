"""``chuan draft``: drafts of standards and regulations, stage by stage."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.databases import event_clock, reading, settings_of
from services.cli.options import AsJson, DataFolder, Officer, Url
from services.cli.orders import carry_out, well_formed
from services.cli.output import local, print_json, print_table
from services.planning.handlers import drafts, tbt_notifications
from services.planning.model.drafts import Advance, NewDraft, RulingOut
from services.planning.queries import drafts as pipeline
from shared.contracts.partners import DraftKind, DraftStage
from shared.contracts.planning import NotNotified
from shared.i18n import term
from shared.room import wall_time

draft = typer.Typer(help="Drafts of standards and regulations, stage by stage.")

DraftId = Annotated[str, typer.Argument(help="The draft's id.", metavar="DRAFT")]


@draft.callback()
def _group() -> None:
    """Drafts of standards and regulations, stage by stage."""


@draft.command("list")
def list_(
    kind: Annotated[DraftKind | None, typer.Option("--kind", help="Only this kind.")] = None,
    stage: Annotated[DraftStage | None, typer.Option("--stage", help="Only those that stand there.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="Only this unit's.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 100,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List drafts, those that moved last first.

    Example: chuan draft list --kind national_regulation --stage sent_for_comments
    """
    with reading(settings_of(data), "planning") as connection:
        found = pipeline.drafts_listed(connection, kind=kind, stage=stage, unit=unit, limit=limit)
    if as_json:
        print_json(found)
        return
    columns = ("draft_id", "kind", "title", "unit", "stage")
    print_table((*columns, "since"), [[*(row[name] for name in columns), local(row["stage_at"])] for row in found])


@draft.command()
def show(draft_id: DraftId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Show a draft: its stages so far, its clocks, and what may come next or why not yet.

    Example: chuan draft show SAMPLE-QCVN-2025-1
    """
    settings = settings_of(data)
    with reading(settings, "planning") as connection:
        found = pipeline.draft(connection, draft_id, event_clock(settings) or wall_time())
    if as_json:
        print_json(found)
        return
    print(f"{found['title']} ({found['kind']}, {found['unit']}{', urgent' if found['urgent'] else ''})")
    steps = [(one["stage"], local(one["reached_at"]), one["number"], one["officer"], one["objection"]) for one in found["steps"]]
    print_table(("stage", "reached", "paper", "by", "breaks"), steps)
    if found["handed_over_at"]:
        print(f"handed over to the TBT office {local(found['handed_over_at'])}")
    for one in found["notifications"]:
        print(f"circulated as {one['symbol']} {local(one['circulated_at'])}")
    if ruling := found["notification_ruled_out"]:
        why = term("not_notified", ruling["reason"], "en")
        print(f"no notification needed, {why}: {ruling['officer']} {local(ruling['ruled_out_at'])} ({ruling['source']})")
    print()
    print_table(
        ("clock", "due", "state", "source"),
        [
            (one["vi"] or one["duty"], local(one["due_at"]) if one["due_at"] else "", one["state"], one["source"])
            for one in found["clocks"]
        ],
    )
    print()
    print_table(
        ("next stage", "source", "not yet, because"),
        [(one["stage"], one["source"], f"{one['why_not']} ({one['breaks']})" if one["why_not"] else "") for one in found["next"]],
    )


@draft.command()
def stages(
    kind: Annotated[DraftKind | None, typer.Option("--kind", help="Only this kind.")] = None, as_json: AsJson = False
) -> None:
    """List the stages of each kind of draft: what each comes after, and the article.

    Example: chuan draft stages --kind national_standard
    """
    found = [row for row in pipeline.stages() if kind is None or row["kind"] == str(kind)]
    if as_json:
        print_json(found)
        return
    print_table(
        ("kind", "stage", "after", "article"),
        [(row["kind"], row["stage"], ", ".join(row["after"]) or "(begins)", row["source"]) for row in found],
    )


@draft.command()
def add(
    draft_id: DraftId,
    title: Annotated[str, typer.Argument(help="What is drafted.", metavar="TITLE")],
    kind: Annotated[DraftKind, typer.Option("--kind", help="A standard, a regulation or a plan.")],
    unit: Annotated[str, typer.Option("--unit", help="The unit that drafts it.")],
    province: Annotated[str, typer.Option("--province", help="The unit's province.")] = "",
    urgent: Annotated[bool, typer.Option("--urgent", help="A matter of health, safety or the environment.")] = False,
    count: Annotated[int, typer.Option("--count", min=1, help="How many standards or regulations it holds.")] = 1,
    affects_trade: Annotated[
        bool | None,
        typer.Option("--affects-trade/--no-effect-on-trade", help="Whether it may affect trade; not assessed without."),
    ] = None,
    follows_international: Annotated[
        bool | None,
        typer.Option(
            "--follows-international/--deviates", help="Whether it follows an international standard; not assessed without."
        ),
    ] = None,
    url: Url = "",
    data: DataFolder = None,
) -> None:
    """Take a draft into the pipeline; the same id again corrects what is known of it.

    Example: chuan draft add QCVN-2025-03 "QCVN về đồ chơi trẻ em" --kind national_regulation --unit SAMPLE-UNIT-NATIONAL
    """
    given = {
        "draft_id": draft_id,
        "kind": kind,
        "title": title,
        "unit": unit,
        "unit_province": province,
        "urgent": urgent,
        "count": count,
        "affects_trade": affects_trade,
        "follows_international": follows_international,
    }
    wanted = well_formed(given, NewDraft)
    carry_out(partial(drafts.register, wanted), "/v1/drafts", wanted, service="planning", url=url, data=data, begins=True)
    print(f"{draft_id}: in the pipeline")


@draft.command()
def advance(
    draft_id: DraftId,
    stage: Annotated[DraftStage, typer.Argument(help="The stage it reached.", metavar="STAGE")],
    by: Officer,
    number: Annotated[str, typer.Option("--number", help="The number of the paper.")] = "",
    in_force: Annotated[
        datetime | None,
        typer.Option("--in-force", formats=["%Y-%m-%d"], help="The day on which what was issued takes effect.", metavar="DAY"),
    ] = None,
    url: Url = "",
    data: DataFolder = None,
) -> None:
    """Let a draft reach a stage; one that may not be skipped or cut short is refused with the article.

    Example: chuan draft advance QCVN-2025-03 sent_for_comments --by "Ban soạn thảo (mẫu)" --number 15/TĐC
    """
    given = {"stage": stage, "by": by, "number": number, "in_force_on": in_force.date() if in_force is not None else None}
    wanted = well_formed(given, Advance)
    path = f"/v1/drafts/{quote(draft_id, safe='')}/stage"
    carry_out(partial(drafts.advance, draft_id, wanted), path, wanted, service="planning", url=url, data=data)
    print(f"{draft_id}: {stage}")


@draft.command("no-notification")
def no_notification(
    draft_id: DraftId,
    reason: Annotated[NotNotified, typer.Option("--because", help="Why the WTO need not be notified (TBT Agreement Art. 2.9).")],
    by: Officer,
    note: Annotated[str, typer.Option("--note", help="More words: which standard, which assessment.")] = "",
    url: Url = "",
    data: DataFolder = None,
) -> None:
    """Record that a draft handed over to the TBT office needs no notification to the WTO; its clock stops.

    Example: chuan draft no-notification QCVN-2025-03 --because follows_international --by "Văn phòng TBT Việt Nam"
    """
    wanted = well_formed({"reason": reason, "by": by, "note": note}, RulingOut)
    path = f"/v1/drafts/{quote(draft_id, safe='')}/no-notification"
    carry_out(partial(tbt_notifications.rule_out, draft_id, wanted), path, wanted, service="planning", url=url, data=data)
    print(f"{draft_id}: no notification to the WTO")
