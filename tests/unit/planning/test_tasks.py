"""Tasks: taken up from directives, set by units, done and sent back; each with its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.planning.handlers import tasks
from services.planning.model.tasks import Doing, NewTask, Returning, TaskState
from services.planning.queries.tasks import tasks_given
from shared.contracts.envelope import Event
from shared.contracts.partners import DirectiveAnswered, DirectiveReceived
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed, DirectiveReturned, ReturnReason, TaskAssigned, TaskDone
from shared.kernel.errors import Conflict, NotFound
from tests.unit.planning.story import Planning, hanoi, published

UNIT: dict[str, Any] = {"unit": "SAMPLE-UNIT-46", "unit_province": "46"}
RECEIVED = "2025-03-11T09:30:00"
DUE = "2025-03-14T17:00:00"


def directive(due: str | None = DUE, *, at: str = RECEIVED, number: int = 1) -> Event[Any]:
    """Receive a directive, published at ``at``."""
    data = DirectiveReceived(
        observed_at=hanoi(RECEIVED),
        directive_id=f"D-{number}",
        number=f"{number}/TĐC (mẫu)",
        issuer="Cơ quan cấp trên (mẫu)",
        title="Báo cáo mẫu",
        due_at=hanoi(due) if due else None,
        **UNIT,
    )
    return published(data, f"directive {number}", at=hanoi(at))


def answer(at: str, *, number: int = 1) -> Event[Any]:
    """Answer a directive."""
    data = DirectiveAnswered(observed_at=hanoi(at), directive_id=f"D-{number}", number="45/CC (mẫu)", **UNIT)
    return published(data, f"answer {number}")


def shown(planning: Planning, **asked: Any) -> list[tuple[str, str, str | None]]:
    """Return tasks as they are listed: id, state and reason."""
    with planning.database.reading() as connection:
        return [(row["task_id"], row["state"], row["reason"]) for row in tasks_given(connection, **asked)]


def test_a_directive_becomes_a_task_with_its_time(planning: Planning) -> None:
    """Warned of a day before, missed after it, exactly at the time its paper sets."""
    planning.react(directive())
    assert shown(planning) == [("D-1", "open", None)]
    assert planning.clock("task")["due_at"] == hanoi(DUE)
    [warning] = planning.announce("2025-03-13T17:00:01")
    assert (warning.type, warning.data.title, warning.data.unit, warning.data.province) == (
        DeadlineApproaching.type,
        "Báo cáo mẫu",
        "SAMPLE-UNIT-46",
        "46",
    )
    assert planning.announce(DUE) == []
    [missed] = planning.announce("2025-03-14T17:00:01")
    assert (missed.type, missed.data.subject_kind, missed.data.late_on_arrival) == (DeadlineMissed.type, "task", False)


def test_a_directive_without_a_time_has_no_clock(planning: Planning) -> None:
    """It is a task all the same."""
    planning.react(directive(None))
    assert shown(planning) == [("D-1", "open", None)]
    assert planning.rows_of("clocks") == []


@pytest.mark.parametrize("answer_first", [False, True])
def test_the_answer_ends_the_task_in_any_order(planning: Planning, answer_first: bool) -> None:
    """Done and met, whichever event arrives first."""
    events = [directive(), answer("2025-03-13T08:00:00")]
    for event in reversed(events) if answer_first else events:
        planning.react(event)
    assert shown(planning) == [("D-1", "done", "")]
    assert planning.clock("task")["state"] == "met"


@pytest.mark.parametrize(("published_at", "late"), [(DUE, False), ("2025-03-14T17:00:01", True)])
def test_a_directive_whose_time_was_over_on_arrival_goes_back(planning: Planning, published_at: str, late: bool) -> None:
    """Published at its last moment it is taken up; a second later it is returned with the reason, once."""
    planning.react(directive(at=published_at))
    returned = planning.emitted(DirectiveReturned)
    if not late:
        assert (returned, shown(planning)) == ([], [("D-1", "open", None)])
        return
    [event] = returned
    assert (event.data.reason, event.data.number, event.causationid) == (ReturnReason.ARRIVED_LATE, "1/TĐC (mẫu)", "directive 1")
    assert shown(planning) == [("D-1", "returned", "arrived_late")]
    [missed] = planning.announce("2025-03-15T00:00:00")
    assert missed.data.late_on_arrival is True
    assert planning.clock("task")["state"] == "over_on_arrival"
    planning.react(directive(at=published_at))
    assert len(planning.emitted(DirectiveReturned)) == 1


def act(planning: Planning, now: str, what: Any, *given: Any) -> Any:
    """Do something as an officer would over HTTP."""
    with planning.transaction(hanoi(now)) as uow:
        return what(*given, uow)


def test_a_directive_for_somebody_else_is_sent_back(planning: Planning) -> None:
    """With who said so and why; the clock stops, and saying it twice tells nobody twice."""
    planning.react(directive())
    back = Returning(by="Văn thư (mẫu)", reason=ReturnReason.WRONG_RECIPIENT, note="Thuộc Sở")
    for _ in range(2):
        act(planning, "2025-03-12T08:00:00", tasks.give_back, "D-1", back)
    [event] = planning.emitted(DirectiveReturned)
    assert (event.data.reason, event.data.by, event.data.note) == (ReturnReason.WRONG_RECIPIENT, "Văn thư (mẫu)", "Thuộc Sở")
    assert shown(planning, state=TaskState.RETURNED) == [("D-1", "returned", "wrong_recipient")]
    assert planning.clock("task")["state"] == "met"
    assert planning.announce("2025-04-01T00:00:00") == []


def test_a_unit_sets_itself_a_task(planning: Planning) -> None:
    """Assigned once, done by its unit, listed by unit and state."""
    wanted = NewTask(task_id="DX-1", title="Kiểm tra đột xuất mẫu", due_at=hanoi(DUE), **UNIT)
    assert act(planning, RECEIVED, tasks.assign, wanted) is True
    assert act(planning, RECEIVED, tasks.assign, wanted) is False
    assert len(planning.emitted(TaskAssigned)) == 1
    assert shown(planning, unit="SAMPLE-UNIT-46", state=TaskState.OPEN) == [("DX-1", "open", None)]
    act(planning, "2025-03-12T08:00:00", tasks.finish, "DX-1", Doing(by="Phòng mẫu"))
    assert shown(planning) == [("DX-1", "done", "")]
    [event] = planning.emitted(TaskDone)
    assert (event.data.by, planning.clock("task")["state"]) == ("Phòng mẫu", "met")


def test_what_makes_no_sense_is_refused(planning: Planning) -> None:
    """An unknown task, an own or a done task sent back, and an id that is another task's."""
    back = Returning(by="Văn thư (mẫu)", reason=ReturnReason.WRONG_RECIPIENT)
    with pytest.raises(NotFound):
        act(planning, RECEIVED, tasks.give_back, "D-9", back)
    act(planning, RECEIVED, tasks.assign, NewTask(task_id="DX-1", title="Việc mẫu", **UNIT))
    with pytest.raises(Conflict, match="nobody to return it to"):
        act(planning, RECEIVED, tasks.give_back, "DX-1", back)
    planning.react(directive())
    act(planning, "2025-03-12T08:00:00", tasks.finish, "D-1", Doing(by="Phòng mẫu"))
    with pytest.raises(Conflict, match="was done"):
        act(planning, "2025-03-12T09:00:00", tasks.give_back, "D-1", back)
    with pytest.raises(Conflict, match="another task"):
        act(planning, RECEIVED, tasks.assign, NewTask(task_id="DX-1", title="Việc khác", **UNIT))
    assert isinstance(planning.rows_of("tasks")[0]["given_at"], datetime)
