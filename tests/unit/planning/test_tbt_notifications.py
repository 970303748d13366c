"""The duty to notify a draft regulation to the WTO: it is open from the hand-over until it is notified or need not be."""

from __future__ import annotations

import pytest

from services.planning.handlers import tbt_notifications
from services.planning.model.drafts import RulingOut
from shared.contracts.partners import DraftKind, DraftStage
from shared.contracts.planning import NotNotified, TbtNotificationDue, TbtNotificationRuledOut
from shared.kernel.errors import Conflict, NotFound
from tests.unit.planning.story import Planning, hanoi
from tests.unit.planning.test_draft_rules import SENT
from tests.unit.planning.test_drafts import advance, circulated, register, shown, told

S, K = DraftStage, DraftKind


def rule_out(planning: Planning, now: str, reason: NotNotified = NotNotified.NO_SIGNIFICANT_EFFECT) -> bool:
    """Let the TBT office determine that no notification is needed."""
    ruling = RulingOut(reason=reason, by="Văn phòng TBT (mẫu)", note="Chỉ áp dụng trong nước (mẫu)")
    with planning.transaction(hanoi(now)) as uow:
        return tbt_notifications.rule_out("D-1", ruling, uow)


@pytest.mark.parametrize(
    ("kind", "reason", "source"),
    [
        (
            K.NATIONAL_REGULATION,
            NotNotified.NO_SIGNIFICANT_EFFECT,
            "TT 26/2019/TT-BKHCN Điều 7(3)(a1); TT 16/2018/TT-BKHCN Điều 4(2)(a); Hiệp định TBT Điều 2.9",
        ),
        (
            K.LOCAL_REGULATION,
            NotNotified.FOLLOWS_INTERNATIONAL,
            "TT 26/2019/TT-BKHCN Điều 8(3)(a); Hiệp định TBT Điều 2.9",
        ),
    ],
)
def test_the_tbt_office_rules_a_notification_out(planning: Planning, kind: DraftKind, reason: NotNotified, source: str) -> None:
    """Who, when, why and by which articles are kept and announced, once; the clock that ran since the hand-over stops."""
    planning.react(told(S.SENT_FOR_COMMENTS, SENT, kind))
    assert planning.clock("tbt_notification")["state"] == "running"
    assert [rule_out(planning, f"2025-03-20T{hour}:00:00", reason) for hour in ("09", "10")] == [True, False]
    clock = planning.clock("tbt_notification")
    assert (clock["state"], clock["satisfied_at"], clock["due_at"]) == ("met", hanoi("2025-03-20T09:00:00"), None)
    [event] = planning.emitted(TbtNotificationRuledOut)
    assert (event.data.reason, event.data.source, event.data.observed_at) == (reason, source, hanoi("2025-03-20T09:00:00"))
    ruling = shown(planning)["notification_ruled_out"]
    assert (ruling["reason"], ruling["officer"], ruling["source"]) == (reason, "Văn phòng TBT (mẫu)", source)
    planning.react(told(S.SENT_FOR_COMMENTS, "2025-06-03T08:00:00", kind, affects_trade=True))
    assert len(planning.emitted(TbtNotificationDue)) == 1


def test_only_a_notification_that_is_due_can_be_ruled_out(planning: Planning) -> None:
    """Not of a draft that was not handed over, that the WTO circulated, or that was ruled out for another reason."""
    with pytest.raises(NotFound):
        rule_out(planning, SENT)
    planning.react(told(S.SENT_FOR_COMMENTS, SENT, K.NATIONAL_REGULATION, affects_trade=False))
    with pytest.raises(Conflict, match="not handed over"):
        rule_out(planning, SENT)
    planning.react(told(S.SENT_FOR_COMMENTS, "2025-03-12T08:00:00", K.NATIONAL_REGULATION, affects_trade=True))
    rule_out(planning, "2025-03-13T08:00:00")
    with pytest.raises(Conflict, match="no_significant_effect"):
        rule_out(planning, "2025-03-14T08:00:00", NotNotified.FOLLOWS_INTERNATIONAL)


def test_a_notification_that_was_circulated_satisfies_the_duty(planning: Planning) -> None:
    """So does the withdrawal of the draft; what was circulated cannot be ruled out any more."""
    planning.react(told(S.SENT_FOR_COMMENTS, SENT, K.NATIONAL_REGULATION))
    planning.react(circulated("2025-03-20T08:00:00"))
    assert planning.clock("tbt_notification")["satisfied_at"] == hanoi("2025-03-20T08:00:00")
    with pytest.raises(Conflict, match="already"):
        rule_out(planning, "2025-03-21T08:00:00")
    planning.clear()
    planning.react(told(S.SENT_FOR_COMMENTS, SENT, K.NATIONAL_REGULATION))
    planning.react(told(S.WITHDRAWN, "2025-04-01T08:00:00", K.NATIONAL_REGULATION))
    assert planning.clock("tbt_notification")["satisfied_at"] == hanoi("2025-04-01T08:00:00")


def test_an_officers_draft_has_the_clock_too(planning: Planning) -> None:
    """Sent for comments by an officer, or found to affect trade afterwards."""
    register(planning, "2025-01-06T08:00:00", K.NATIONAL_REGULATION, affects_trade=False)
    advance(planning, SENT, S.SENT_FOR_COMMENTS)
    assert "tbt_notification" not in {row["duty"] for row in planning.rows_of("clocks")}
    register(planning, "2025-03-12T08:00:00", K.NATIONAL_REGULATION, affects_trade=True)
    assert planning.clock("tbt_notification")["started_at"] == hanoi("2025-03-12T08:00:00")
