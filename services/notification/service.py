"""The notification service on nameko: who calls which handler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from werkzeug.wrappers import Request

from services.notification import acknowledging, feed, handlers, queries
from services.notification.channels import channel_names, open_channels
from services.notification.desk import Desk, open_desk
from services.notification.dispatch import Dispatcher
from services.notification.handlers import Acknowledge
from services.notification.queries import FeedQuery, NoticeFile, NoticePage, NoticeQuery
from services.notification.rules import events_heard
from services.notification.waiting import measure_waiting
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.wellformed import read_query
from shared.messaging.subscription import subscribe
from shared.room import Room
from shared.runner.background import background
from shared.runner.measured import measured
from shared.runner.provider import provided, provided_room
from shared.web.entrypoint import http, is_form
from shared.web.reply import Reply


def _open_desk(room: Room) -> Desk:
    return open_desk(room.settings, room.wall)


def _open_dispatcher(room: Room) -> Dispatcher:
    return Dispatcher(room, open_channels(room.settings, room.wall), _open_desk(room).contacts)


class NotificationService:
    """Tells who must be told, and keeps at it until they have been."""

    name = "notification"
    room = provided_room()
    desk = provided(_open_desk)
    dispatcher = provided(_open_dispatcher)

    @subscribe(*events_heard())
    def react(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        handlers.react(events, uow, self.desk)

    @measured
    def letters(self, connection: Any, now: datetime) -> None:
        measure_waiting(connection, now)

    @http("GET", "/v1/notices")
    def notices(self, request: Request) -> NoticePage:
        """List notices, the latest first."""
        with self.room.reading() as connection:
            return queries.list_notices(connection, read_query(request.args, NoticeQuery))

    @http("GET", "/v1/notices/<notice_id>")
    def notice(self, _request: Request, notice_id: str) -> NoticeFile:
        """Show a notice with its texts, deliveries and acknowledgements."""
        with self.room.reading() as connection:
            return queries.notice(connection, notice_id)

    @http("GET", "/v1/notices/<notice_id>/acknowledgement")
    def acknowledgement(self, _request: Request, notice_id: str) -> Reply:
        """Show the page on which a recipient confirms having read a notice; opening it changes nothing."""
        with self.room.reading() as connection:
            notice = queries.notice(connection, notice_id)
        page = acknowledging.page(notice, self.desk.contacts)
        return Reply(page, content_type="text/html; charset=utf-8", headers=acknowledging.HEADERS)

    @http("POST", "/v1/notices/<notice_id>/acknowledgement", body=Acknowledge, form=True)
    def acknowledge(self, request: Request, notice_id: str, body: Acknowledge) -> NoticeFile | Reply:
        """Confirm that a recipient has read a notice, in JSON or by the button of the page."""
        with self.room.transaction() as uow:
            handlers.acknowledge(notice_id, body, uow)
            notice = queries.notice(uow.connection, notice_id)
        return Reply("", status=303, headers={"Location": request.path}) if is_form(request) else notice

    @http("GET", "/v1/feed.json", public=True)
    def json_feed(self, request: Request) -> Reply:
        """Read the public warnings as JSON Feed 1.1."""
        return self._feed(request, feed.json_feed, "application/feed+json")

    @http("GET", "/v1/feed.atom", public=True)
    def atom_feed(self, request: Request) -> Reply:
        """Read the public warnings as Atom."""
        return self._feed(request, feed.atom, "application/atom+xml")

    def _feed(self, request: Request, form: feed.Form, content_type: str) -> Reply:
        with self.room.reading() as connection:
            page = queries.list_feed(connection, read_query(request.args, FeedQuery))
        return feed.reply(request, page, self.room.settings.public_url, form, content_type)


def _delivering_by(channel: str) -> Callable[[NotificationService], bool]:
    @background(seconds=5)
    def deliver(self: NotificationService) -> bool:
        return self.dispatcher.run_round(channel)

    deliver.__name__ = deliver.__qualname__ = f"deliver_by_{channel}"
    return cast("Callable[[NotificationService], bool]", deliver)


# One loop for each channel, so that a server that hangs holds up no other channel.
for _channel in channel_names():
    setattr(NotificationService, f"deliver_by_{_channel}", _delivering_by(_channel))
