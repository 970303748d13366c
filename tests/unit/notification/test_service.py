"""The nameko class: what it is bound to follows from the rules and channels that are there."""

from __future__ import annotations

from services.notification.channels import channel_names
from services.notification.rules import events_heard
from services.notification.service import NotificationService
from shared.messaging.subscription import subscribed_types
from shared.runner.background import Background


def test_it_hears_what_some_rule_decides_on() -> None:
    """A rule on another event type needs no other change."""
    assert subscribed_types(NotificationService) == sorted(data.type for data in events_heard())
    assert "inspection.violation_detected" in subscribed_types(NotificationService)


def test_every_channel_has_a_loop_of_its_own() -> None:
    """A server that hangs holds up no other channel; a new channel is served without being named here."""
    loops = {
        name
        for name in dir(NotificationService)
        for entrypoint in getattr(getattr(NotificationService, name), "nameko_entrypoints", ())
        if isinstance(entrypoint, Background)
    }
    assert loops == {f"deliver_by_{channel}" for channel in channel_names()} == {"deliver_by_email", "deliver_by_webhook"}
