"""Events as the other services publish them, and a database to let planning react on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.planning import handlers
from services.planning.handlers import clocks
from services.planning.tables import metadata
from shared.contracts.codec import decode
from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import (
    ActTaken,
    CaseClosed,
    CaseOpened,
    CloseReason,
    MeasureOrdered,
    RuleReference,
    VerdictReached,
    ViolationDetected,
    ViolationKind,
)
from shared.contracts.partners import Activity, AlertPublished, ComplaintReceived, SurveyAnswered
from shared.contracts.vocabulary import Measure, Outcome, Product, ProductGroup, RiskLevel, Site, Track
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.clock import HANOI
from shared.messaging.tables import outbox

PETROL = Product(group=ProductGroup.PETROL, name="Xăng RON 95-III")
SCALE = Product(group=ProductGroup.SCALE, name="Cân đồng hồ lò xo mẫu")
RULE = RuleReference(name="sample_rule", valid_from=datetime(2022, 7, 1, tzinfo=UTC).date(), source="QCVN mẫu")


def hanoi(text: str) -> datetime:
    """Return the moment, in UTC, that an ISO text without zone stands for in Viet Nam."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI).astimezone(UTC)


def site(number: int, province: str = "46") -> Site:
    """Return a sample site."""
    return Site(id=f"SAMPLE-SITE-{number:04}", name=f"Cửa hàng mẫu {number}", province=province)


def published(data: Data, event_id: str, *, at: datetime | None = None) -> Event[Any]:
    """Return ``data`` as an event published at its legal time, or ``at``."""
    return Event(
        id=event_id,
        source="/sample",
        type=data.type,
        subject=data.order_key(),
        time=at or data.observed_at,
        data=data,
        correlationid=event_id,
    )


class Story:
    """What happens to one product at one site; each method returns the event it makes."""

    def __init__(self, number: int, *, track: Track = Track.TEST_RESULTS, product: Product = PETROL, case: int = 1) -> None:
        self.name = f"{number}-{product.group}-{case}"
        self.site, self.product, self.track = site(number), product, track
        self.case_id = f"SAMPLE-CASE-{self.name}"
        self._made = 0

    def violation(
        self, when: str, *, at: str | None = None, number: int = 1, kind: ViolationKind = ViolationKind.FUEL_QUALITY
    ) -> Event[Any]:
        """Find a breach, published at its legal time or ``at``."""
        return self._event(
            ViolationDetected(
                observed_at=hanoi(when),
                violation_id=f"SAMPLE-VIOLATION-{self.name}-{number}",
                finding_id=f"SAMPLE-FINDING-{self.name}-{number}",
                site=self.site,
                product=self.product,
                rule=RULE,
                violation_kind=kind,
                track=self.track,
            ),
            at,
        )

    def opened(self, when: str, *, number: int = 1) -> Event[Any]:
        """Open the case of a violation."""
        return self._event(
            CaseOpened(
                observed_at=hanoi(when),
                case_id=self.case_id,
                violation_id=f"SAMPLE-VIOLATION-{self.name}-{number}",
                site=self.site,
                product=self.product,
                track=self.track,
                violation_kind=ViolationKind.FUEL_QUALITY,
            )
        )

    def measure(self, when: str, measure: Measure = Measure.SEAL_AND_STOP_SALE, *, at: str | None = None) -> Event[Any]:
        """Order a measure in the case."""
        data = MeasureOrdered(
            observed_at=hanoi(when),
            case_id=self.case_id,
            site=self.site,
            product=self.product,
            track=self.track,
            measure=measure,
            source="mẫu",
        )
        return self._event(data, at)

    def risk(self, when: str, level: RiskLevel, *, act: str = "validate_risk") -> Event[Any]:
        """Confirm the level of risk of the case, or take another act about it."""
        data = ActTaken(
            observed_at=hanoi(when),
            case_id=self.case_id,
            site=self.site,
            product=self.product,
            track=self.track,
            act=act,
            source="mẫu",
            risk_level=level,
        )
        return self._event(data)

    def closed(self, when: str, *, at: str | None = None) -> Event[Any]:
        """End the case."""
        data = CaseClosed(
            observed_at=hanoi(when),
            case_id=self.case_id,
            site=self.site,
            product=self.product,
            track=self.track,
            reason=CloseReason.REMEDIED,
        )
        return self._event(data, at)

    def complaint(self, when: str) -> Event[Any]:
        """Complain as a consumer."""
        self._made += 1
        data = ComplaintReceived(
            observed_at=hanoi(when), complaint_id=f"SAMPLE-{self.name}-{self._made}", site=self.site, product=self.product
        )
        return published(data, f"complaint {self.name} {self._made}")

    def verdict(self, when: str, outcome: Outcome = Outcome.CONFORMING) -> Event[Any]:
        """Reach a verdict on a finding."""
        return self._event(
            VerdictReached(
                observed_at=hanoi(when),
                finding_id=f"SAMPLE-FINDING-{self.name}",
                site=self.site,
                product=self.product,
                rule=RULE,
                outcome=outcome,
                violation_kind=ViolationKind.FUEL_QUALITY,
            )
        )

    def _event(self, data: Data, at: str | None = None) -> Event[Any]:
        self._made += 1
        return published(data, f"{data.type} {self.name} {self._made}", at=hanoi(at) if at else None)


def survey(number: int, when: str, activity: Activity, **given: Any) -> Event[Any]:
    """Answer as a unit on the survey portal."""
    given = {"unit": "SAMPLE-UNIT-46", "unit_province": "46", **given}
    data = SurveyAnswered(observed_at=hanoi(when), answer_id=f"{number}", activity=activity, **given)
    return published(data, f"survey {number}")


def alert(number: int, when: str, product: Product = PETROL) -> Event[Any]:
    """Publish a foreign authority's alert."""
    return published(
        AlertPublished(observed_at=hanoi(when), alert_number=f"{number}", system="sample", product=product), f"alert {number}"
    )


class Planning:
    """Planning on a database of its own, in a folder or at an URL, without the kit's threads."""

    def __init__(self, place: Path | str) -> None:
        self.database = Database(place if isinstance(place, str) else f"sqlite:///{place}/{{service}}.db", "planning")
        migrate(self.database)

    @contextmanager
    def transaction(self, now: datetime) -> Iterator[UnitOfWork]:
        """Give a unit of work at ``now``, stored at the end."""
        with self.database.writing() as connection:
            uow = UnitOfWork(connection, "planning", now, now)
            yield uow
            uow.flush()

    def react(self, *events: Event[Any], now: datetime | None = None) -> None:
        """Handle one batch."""
        with self.transaction(now or events[0].time) as uow:
            handlers.react(events, uow)

    def announce(self, when: str) -> list[Event[Any]]:
        """Run the timer and return what it announced."""
        before = len(self.emitted())
        with self.transaction(hanoi(when)) as uow:
            clocks.announce(uow)
        return self.emitted()[before:]

    def emitted(self, *types: type[Data]) -> list[Event[Any]]:
        """Return the events in the outbox, of some types or all, in order of writing."""
        wanted = {one.type for one in types}
        with self.database.reading() as connection:
            bodies = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq)).all()
        events = [decode(body.encode(), edge=True) for body in bodies]
        return [event for event in events if not wanted or event.type in wanted]

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """Return a table's rows in order of their keys."""
        with self.database.reading() as connection:
            return [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]

    def rows_of(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of the table ``name``."""
        return self.rows(metadata.tables[name])

    def clock(self, duty: str) -> dict[str, Any]:
        """Return the only clock of ``duty``."""
        [found] = [row for row in self.rows_of("clocks") if row["duty"] == duty]
        return found

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Return all that planning keeps."""
        return {table.name: self.rows(table) for table in metadata.sorted_tables}

    def clear(self) -> None:
        """Forget everything."""
        with self.database.writing() as connection:
            for table in (*metadata.sorted_tables, outbox):
                connection.execute(table.delete())


def batches(events: Sequence[Event[Any]], cuts: Iterable[int]) -> Iterator[Sequence[Event[Any]]]:
    """Cut ``events`` into batches at the positions ``cuts``."""
    edges = sorted({0, len(events), *(cut % (len(events) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        yield events[start:end]
