"""Drafts of standards and regulations: moved by events of drafting bodies or by officers, handed over to the TBT office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.planning.handlers import clocks, progress
from services.planning.handlers.draft_files import File, files_of, save, step_row
from services.planning.handlers.locks import stand_beside
from services.planning.model.drafts import Advance, Draft, NewDraft, Reached, in_order, latest
from services.planning.rules.draft_that_may_hinder_trade_is_notified import notification_due
from services.planning.rules.drafts_advance_stage_by_stage import objection_to
from services.planning.tables import draft_notifications, draft_steps
from shared.contracts.envelope import Event
from shared.contracts.partners import DraftAdvanced, DraftStage, NotificationCirculated
from shared.contracts.planning import DraftMoved, TbtNotificationDue
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_new, upsert
from shared.kernel.deadlines import local_day
from shared.kernel.errors import Conflict, NotFound


class _Told(NamedTuple):
    """What somebody says of a draft: ``step`` it took, by an event or, without one, here."""

    draft: Draft
    step: Reached
    cause: Event[Any] | None = None


class Announced(NamedTuple):
    """What the moves of drafts announce: the stages they reached, and that some were handed over to the TBT office."""

    moved: Sequence[Event[Any]] = ()
    handed_over: Sequence[Event[Any]] = ()


def follow(events: Sequence[Event[Any]], uow: UnitOfWork) -> Announced:
    """Move the drafts that a batch tells of, and return what that announces.

    What an outside body reports has happened: a stage that was skipped or cut short is kept with the article it broke, which
    what comes to be known later can take back.
    """
    circulated = [one.data for one in events if one.type == NotificationCirculated.type and one.data.draft_id]
    known_as = [{"draft_id": one.draft_id, "symbol": one.symbol, "circulated_at": one.observed_at} for one in circulated]
    insert_new(uow.connection, draft_notifications, known_as)
    told = [_reported(event) for event in events if event.type == DraftAdvanced.type]
    about = {one.draft.draft_id for one in told} | {one.draft_id for one in circulated}
    if not about:
        return Announced()
    return _move(files_of(uow.connection, about), told, uow)


def register(new: NewDraft, uow: UnitOfWork) -> bool:
    """Take a draft into the pipeline, or correct what is known of it; tell whether it is new.

    Raises ``Conflict`` for the id of a draft of another kind.
    """
    stand_beside(uow.connection)
    file = files_of(uow.connection, [new.draft_id])[new.draft_id]
    draft = Draft(**{name: getattr(new, name) for name in Draft.__struct_fields__})
    if file.draft is None:
        planned = Reached(stage=DraftStage.PLANNED, at=uow.now, urgent=new.urgent)
        _pass_on(_move({new.draft_id: file}, [_Told(draft, planned)], uow), uow)
        return True
    if file.draft.kind is not draft.kind:
        raise Conflict(f"{new.draft_id!r} is the id of a {file.draft.kind}; choose one of its own")
    file.hear(draft, uow.now)
    handed_over = _hand_over(file, None, uow)
    save(uow.connection, [file])
    _pass_on(Announced(handed_over=[handed_over] if handed_over is not None else []), uow)
    return False


def advance(draft_id: str, wanted: Advance, uow: UnitOfWork) -> bool:
    """Let a draft reach a stage; tell whether it had not reached it today already.

    Raises ``Conflict`` with the article when that would skip a stage or cut its least time short.
    """
    stand_beside(uow.connection)
    file = files_of(uow.connection, [draft_id])[draft_id]
    if file.draft is None:
        raise NotFound(f"no draft {draft_id!r}")
    stands = latest(file.steps)
    if stands is not None and stands.stage is wanted.stage and local_day(stands.at) == local_day(uow.now):
        return False
    step = Reached(
        stage=wanted.stage,
        at=uow.now,
        urgent=file.draft.urgent,
        number=wanted.number,
        by=wanted.by,
        in_force_on=wanted.in_force_on,
    )
    if (objection := objection_to(file.draft, file.steps, step, file.circulated)) is not None:
        raise Conflict(f"{objection.detail} ({objection.source})")
    _pass_on(_move({draft_id: file}, [_Told(file.draft, step)], uow), uow)
    return True


# ---------------------------------------------------------------------------------------------------------------------


def _reported(event: Event[Any]) -> _Told:
    data = event.data
    draft = Draft(kind=data.draft_kind, **{name: getattr(data, name) for name in Draft.__struct_fields__ if name != "kind"})
    step = Reached(stage=data.stage, at=data.observed_at, urgent=data.urgent, number=data.number, in_force_on=data.in_force_on)
    return _Told(draft, step, event)


def _pass_on(announced: Announced, uow: UnitOfWork) -> None:
    """Let what an officer did run the clocks and advance the plans, as it does when an event tells of it."""
    clocks.follow([*announced.moved, *announced.handed_over], uow)
    progress.advance(announced.moved, uow)


def _move(files: Mapping[str, File], told: Sequence[_Told], uow: UnitOfWork) -> Announced:
    """Let drafts take steps: each is announced once, however often it is told of."""
    moved = []
    handed_over = []
    for one in told:
        file = files[one.draft.draft_id]
        draft = file.hear(one.draft, one.step.at)
        if any((known.stage, known.at) == (one.step.stage, one.step.at) for known in file.steps):
            continue
        file.steps = in_order([*file.steps, one.step])
        moved.append(uow.emit(_moved(draft, one.step, _broken_by(file, draft, one.step)), cause=one.cause, key=_key(one.step)))
        handed_over.append(_hand_over(file, one.cause, uow))
    changed = [files[name] for name in sorted(files)]
    # Of all steps anew: what comes late may show that a later stage, known before, skipped nothing.
    rows = [
        step_row(file.draft_id, step, _broken_by(file, file.draft, step))
        for file in changed
        if file.draft is not None
        for step in file.steps
    ]
    upsert(uow.connection, draft_steps, rows, replace=("objection",))
    save(uow.connection, changed)
    return Announced(moved, [event for event in handed_over if event is not None])


def _broken_by(file: File, draft: Draft, step: Reached) -> str:
    """Return the article that a step broke which an outside body took; officers are not let take such a one."""
    before = file.before(step)
    # A draft that was under way before it was first heard of did not skip what nobody told of.
    objection = objection_to(draft, before, step, file.circulated) if before and not step.by else None
    return objection.source if objection is not None else ""


def _key(step: Reached) -> str:
    return f"{step.stage} {step.at.isoformat()}"


def _moved(draft: Draft, step: Reached, article: str) -> DraftMoved:
    return DraftMoved(
        observed_at=step.at,
        draft_id=draft.draft_id,
        draft_kind=draft.kind,
        title=draft.title,
        unit=draft.unit,
        unit_province=draft.unit_province,
        urgent=step.urgent,
        stage=step.stage,
        count=draft.count,
        number=step.number,
        by=step.by,
        objection=article,
    )


def _hand_over(file: File, cause: Event[Any] | None, uow: UnitOfWork) -> Event[Any] | None:
    """Tell the TBT office of a draft sent for comments that is to be notified, once, unless it was circulated already."""
    sent = latest(file.steps, DraftStage.SENT_FOR_COMMENTS)
    if file.draft is None or sent is None or file.handed_over_at is not None or file.circulated:
        return None
    if latest(file.steps, DraftStage.ISSUED, DraftStage.WITHDRAWN) is not None:
        return None
    handed_over_at = uow.now if cause is None else uow.acted_at(cause)
    due = notification_due(file.draft, handed_over_at)
    if due is None:
        return None
    file.handed_over_at = handed_over_at
    draft = file.draft
    event = TbtNotificationDue(
        observed_at=handed_over_at,
        draft_id=draft.draft_id,
        draft_kind=draft.kind,
        title=draft.title,
        unit=draft.unit,
        unit_province=draft.unit_province,
        urgent=draft.urgent,
        articles=due.articles,
        source=due.source,
        assessed=due.assessed,
        comments_until=due.comments_until,
    )
    return uow.emit(event, cause=cause, key=draft.draft_id)
