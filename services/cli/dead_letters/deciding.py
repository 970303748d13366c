"""To rehearse, to replay, to give up, and to leave a note."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer

from services.cli.databases import INTAKE, changing, desk_names, event_clock, locked, opened, settings_of
from services.cli.dead_letters.choosing import (
    Cause,
    Everything,
    LetterId,
    OneId,
    at_the_desk_of,
    check_found,
    desks,
    find,
    horizon_of,
    selection_of,
    who_acts,
)
from services.cli.options import AsJson, DataFolder
from services.cli.output import local, print_json, visible
from shared.kernel.clock import EventClock, SystemClock
from shared.messaging import dead_letters
from shared.messaging.brokers.memory import MemoryBroker
from shared.messaging.dead_letters import DEFAULT_RATE, Deed, Person, Rehearsed, Selection
from shared.room import Room, wall_time
from shared.settings import Settings

_LEFT_SHOWN = 20

Why = Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")]


def replay(
    letter_id: LetterId = "",
    cause: Cause = "",
    everything: Everything = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Run the handlers in a transaction that is rolled back, and tell what came out.")
    ] = False,
    rate: Annotated[float, typer.Option("--rate", help="Most events tried again in a second.")] = DEFAULT_RATE,
    reason: Why = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Have dead events tried again, and read quarantined bytes again.

    Dead events get all their attempts anew. What is readable now is published; inboxes know what they have handled, so
    nothing is done twice. On SQLite it is done when chuan starts next. Exit code 2: something could not be replayed, or
    in a dry run, would not succeed.

    Example: chuan dead-letters replay --cause "newer_version" --dry-run
    """
    settings, selection = settings_of(data), selection_of(letter_id, cause, everything)
    by = who_acts(settings)
    if dry_run:
        _rehearse(settings, selection, by, as_json)
        return
    now, results = wall_time(), {}
    with locked(settings):
        for name in desk_names(settings):
            with desks(settings, name) as (own, outlet):
                results[name] = dead_letters.replay(
                    own, selection, now, by=by, horizon=horizon_of(settings), why=reason, rate=rate, outlet=outlet
                )
    check_found(settings, selection, sum(one.events + one.published + len(one.left) for one in results.values()))
    left = [(name, one) for name, result in results.items() for one in result.left]
    events, published = sum(one.events for one in results.values()), sum(one.published for one in results.values())
    until = max((one.until for one in results.values() if one.until), default=None)
    if as_json:
        print_json({"events": events, "published": published, "until": until, "left": [one for _, one in left]})
    else:
        for name, one in left[:_LEFT_SHOWN]:
            typer.echo(visible(f"{name} {one.id} ({one.origin}): {one.why}"), err=True)
        last = f"; the last of them at {local(until)}" if until and events > 1 else ""
        print(f"tried again: {events:,}, published: {published:,}, left as they are: {len(left):,}{last}")
    if left:
        raise typer.Exit(2)


def drop(
    reason: Annotated[str, typer.Option("--reason", help="Why they are given up; kept with each letter.")],
    letter_id: LetterId = "",
    cause: Cause = "",
    everything: Everything = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Give letters up for a reason. They are kept, in the state ``dropped``, and are not tried again.

    Example: chuan dead-letters drop 3f0b6a526d0e5d0c9d356e0f4c2f9a11 --reason "test message of the laboratory"
    """
    settings, selection = settings_of(data), selection_of(letter_id, cause, everything)
    by, dropped = who_acts(settings), 0
    with locked(settings):
        for name in desk_names(settings):
            with opened(settings, name) as database, changing(database) as uow:
                dropped += dead_letters.drop(uow, selection, reason, wall_time(), by=by)
    check_found(settings, selection, dropped)
    if as_json:
        print_json({"dropped": dropped})
    else:
        print(f"{dropped:,} {'letter' if dropped == 1 else 'letters'} dropped")


def note(
    letter_id: OneId,
    text: Annotated[str, typer.Argument(help="What the next person should know.", metavar="TEXT")],
    data: DataFolder = None,
) -> None:
    """Add a note to a letter; `show` prints it.

    Example: chuan dead-letters note 3f0b6a526d0e5d0c9d356e0f4c2f9a11 "the laboratory sends a corrected one"
    """
    settings = settings_of(data)
    by = who_acts(settings)
    for letter in find(settings, letter_id):
        with at_the_desk_of(settings, letter) as (desk, _outlet):
            dead_letters.note(desk, letter_id, text, wall_time(), by=by)
    print("noted")


def resume(
    service: Annotated[str, typer.Argument(help="The service that stopped.", metavar="SERVICE")],
    reason: Annotated[str, typer.Option("--reason", help="Why it may go on; kept in the audit trail.")],
    events: Annotated[int, typer.Option("--events", min=0, help="How many of the next failures may go to the desk.")] = 0,
    data: DataFolder = None,
) -> None:
    """Let a service go on that stopped because too many events failed. It goes on by itself once most of them succeed.

    Example: chuan dead-letters resume inspection --reason "these really are wrong" --events 300
    """
    settings = settings_of(data)
    by = who_acts(settings)
    with locked(settings), desks(settings, service) as (desk, _outlet):
        dead_letters.resume(desk, wall_time(), by=by, why=reason, allowance=events)
    print(f"{service} goes on")


def _rehearse(settings: Settings, selection: Selection, by: Person, as_json: bool) -> None:
    found: dict[str, list[Rehearsed]] = {}
    with locked(settings):
        now = event_clock(settings)
        for name in desk_names(settings):
            found[name] = _rehearsed_in(settings, name, selection, now)
            with opened(settings, name) as database, changing(database) as desk:
                letters = [one.id for one in found[name]]
                dead_letters.record(desk, by, Deed.REHEARSED, letters, wall_time(), what=str(selection))
    every = [(name, one) for name, some in found.items() for one in some]
    check_found(settings, selection, len(every))
    failing = [one for _, one in every if one.error]
    if as_json:
        print_json({"dry_run": True, "letters": found, "would_succeed": len(every) - len(failing), "would_fail": len(failing)})
    else:
        for name, one in every:
            emits = ", ".join(f"{event.type} {event.subject}" for event in one.emits) or "nothing"
            whose = " ".join(filter(None, (name, one.id, one.type)))
            print(visible(f"{whose}: " + (one.error or f"would succeed and publish {emits}")))
        print(f"would succeed: {len(every) - len(failing):,}, would fail: {len(failing):,} (dry run: nothing was changed)")
    if failing:
        raise typer.Exit(2)


def _rehearsed_in(settings: Settings, name: str, selection: Selection, now: datetime | None) -> list[Rehearsed]:
    from services.cli.hosting import SERVICES  # noqa: PLC0415 - only a rehearsal needs the services themselves
    from shared.runner.direct import handlers_of  # noqa: PLC0415

    clock = EventClock(now) if now else SystemClock()
    with closing(Room(name, settings, clock, MemoryBroker())) as room:
        # The intake holds only what could not be read, and handles nothing.
        handle = (lambda _events, _uow: None) if name == INTAKE else handlers_of(SERVICES[name], room)
        return dead_letters.rehearse(room, handle, selection, horizon_of(settings))
