"""Delivers waiting letters, outside of every transaction: claim some, send them, store what came of it.

A claim leases the rows and raises their fence; only the claim with the highest fence may settle a row, so that several
copies of the service never settle one twice. A copy that dies between sending and settling leaves a lease that runs out:
the letter is sent again under the same id.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog

from services.notification.channels import AddressGone, Channel, Deferred, Refused, Send, ServerAway
from services.notification.contacts import Contacts
from services.notification.deliveries import Claimed, Outcome, claim, forget_leases, is_any_due, settle
from services.notification.model import DELIVERED, FAILED, WAITING, next_attempt
from services.notification.writing import one_line
from shared.kernel.errors import DependencyDown
from shared.observability import metrics
from shared.observability.tracing import span
from shared.room import Room
from shared.runner.deadline import within

log = structlog.get_logger()

ROUND = 200  # letters claimed at once
LEASE = timedelta(seconds=120)
_ONE_LETTER = timedelta(seconds=45)  # what one may take at most: none is begun later than this before the lease ends
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
_LONGEST_ANSWER = 500  # characters


class Dispatcher:
    """Delivers by each channel on its own; one for a process."""

    def __init__(self, room: Room, channels: Mapping[str, Channel], contacts: Contacts) -> None:
        self._room = room
        self._channels = channels
        self._contacts = contacts
        self._pauses = {name: _Pause() for name in channels}
        self._unsettled: dict[str, _Sent] = {}
        self._took_over = False
        for channel in channels:
            metrics.CHANNEL_PAUSED.labels(channel).set(0)
            for result in (DELIVERED, FAILED, "retry"):
                # A series that appears with its first failure has not increased, and no alert would see that one.
                metrics.NOTICE_DELIVERIES.labels(channel, result)

    def run_round(self, channel: str) -> bool:
        """Deliver some of what is due by ``channel``; tell whether there may be more to do at once."""
        self._take_over()
        now = self._room.wall()
        pause = self._pauses[channel]
        if channel not in self._unsettled and (now < pause.until or not is_any_due(self._room.database, channel, now)):
            return False
        sent = self._unsettled.pop(channel, None) or self._send_some(channel, now)
        if sent is None:  # another copy was quicker; there may be more than it took
            return True
        try:
            with self._room.transaction() as uow:
                settled = settle(uow, sent.claimed, sent.outcomes, self._room.wall())
        except DependencyDown:
            self._unsettled[channel] = sent  # to be stored when the database is back, rather than sent again
            raise
        self._report(channel, settled)
        pause.note(sent.away, self._room.wall())
        metrics.CHANNEL_PAUSED.labels(channel).set(sent.away is not None)
        if sent.away is not None:
            log.warning("channel_paused", channel=channel, error=str(sent.away), until=pause.until.isoformat())
        return sent.away is None

    def _take_over(self) -> None:
        """Free what an earlier process had leased: a SQLite file belongs to one process, so that one is gone."""
        if not self._took_over and self._room.database.is_sqlite:
            with self._room.transaction() as uow:
                forget_leases(uow.connection)
        self._took_over = True

    def _send_some(self, channel: str, now: datetime) -> _Sent | None:
        """Claim what is due and send until all have been tried, the time is up or the server is away."""
        with self._room.transaction() as uow:
            claimed = claim(uow.connection, self._contacts, channel, now=now, lease=LEASE, limit=ROUND)
        return self._send(channel, claimed, until=now + LEASE - _ONE_LETTER) if claimed else None

    def _send(self, channel: str, claimed: Sequence[Claimed], *, until: datetime) -> _Sent:
        outcomes: list[Outcome] = []
        try:
            with self._channels[channel].session() as send:
                for one in claimed:
                    if self._room.wall() >= until:
                        break
                    outcomes.append(self._attempt(send, one))
                    time.sleep(0)  # the events that come in meanwhile must not wait for all the letters of a round
        except ServerAway as error:
            return _Sent(claimed, outcomes, error)
        return _Sent(claimed, outcomes, None)

    def _attempt(self, send: Send, claimed: Claimed) -> Outcome:
        if claimed.obstacle:
            return Outcome(claimed, FAILED, claimed.obstacle)
        try:
            attributes = {"chuan.channel": claimed.row["channel"], "chuan.recipient": claimed.row["recipient"]}
            came = claimed.notice["traceparent"]
            with span(f"deliver {claimed.row['channel']}", "client", came, attributes), within(_ONE_LETTER.total_seconds()):
                receipt = send(claimed.letter)
            return Outcome(claimed, DELIVERED, _shortened(receipt))
        except ServerAway:
            raise
        except Refused as error:
            return Outcome(claimed, FAILED, _shortened(str(error)), address_gone=isinstance(error, AddressGone))
        except (Deferred, TimeoutError) as error:
            return self._deferred(claimed, str(error))
        except Exception as error:
            # A fault with one letter must not hold up the others.
            log.exception("delivery_broke", delivery_id=claimed.letter.delivery_id, channel=claimed.row["channel"])
            return self._deferred(claimed, f"{type(error).__name__}: {error}")

    def _deferred(self, claimed: Claimed, reason: str) -> Outcome:
        again = next_attempt(claimed.row["attempts"], self._room.wall())
        if again is None:
            return Outcome(claimed, FAILED, _shortened(reason))
        return Outcome(claimed, WAITING, _shortened(reason), next_attempt_at=again)

    def _report(self, channel: str, settled: Sequence[Outcome]) -> None:
        now = self._room.wall()
        for one in settled:
            metrics.NOTICE_DELIVERIES.labels(channel, "retry" if one.state == WAITING else one.state).inc()
            if one.state == DELIVERED:
                metrics.NOTICE_LATENCY.labels(channel).observe(max(0.0, (now - one.claimed.row["created_at"]).total_seconds()))
            elif one.state == FAILED:
                row = one.claimed.row
                log.error(
                    "notice_failed",
                    channel=channel,
                    delivery_id=row["delivery_id"],
                    recipient=row["recipient"],
                    attempts=row["attempts"],
                    answer=one.answer,
                    correlation_id=one.claimed.notice["correlation_id"],
                )
        deferred = [one for one in settled if one.state == WAITING]
        if deferred:
            log.warning("notices_deferred", channel=channel, number=len(deferred), answer=deferred[0].answer)


class _Sent(NamedTuple):
    """A round that was sent; what was claimed and not tried has no outcome."""

    claimed: Sequence[Claimed]
    outcomes: Sequence[Outcome]
    away: ServerAway | None


class _Pause:
    """How long a channel waits for its server: longer each time in a row, over at the first round that gets through."""

    def __init__(self) -> None:
        self.until = datetime.min.replace(tzinfo=UTC)
        self._length = _FIRST_PAUSE

    def note(self, away: ServerAway | None, now: datetime) -> None:
        """Take notice of how a round ended."""
        if away is None:
            self._length = _FIRST_PAUSE
        else:
            self.until = now + self._length
            self._length = min(self._length * 2, _LONGEST_PAUSE)


def _shortened(answer: str) -> str:
    return one_line(answer)[:_LONGEST_ANSWER]
