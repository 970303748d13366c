"""Builders of findings, and a real SQLite database in which every test starts afresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from services.inspection import handlers
from services.inspection.tables import cases
from shared.contracts.codec import decode
from shared.contracts.envelope import Data, Event
from shared.contracts.partners import DispenserCheck, Fuel, InstrumentChecked, LotDeclared, SampleTested, SurveyAnswered
from shared.contracts.vocabulary import Measurement, Product, ProductGroup, Site
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.quantities import UNITS
from shared.messaging.tables import outbox

MORNING = datetime(2025, 3, 14, 2, 0, tzinfo=UTC)
PETROL = Product(group=ProductGroup.PETROL, name="Xăng RON 95-III")
PUMP = Product(group=ProductGroup.FUEL_DISPENSER, name="Cột đo xăng dầu")


class Make:
    """Makes events; ``at`` counts hours from a fixed morning, and ids are given or counted."""

    def __init__(self) -> None:
        self._made = 0

    def event(self, data: Data, *, event_id: str = "", late: float = 0) -> Event[Any]:
        """Wrap ``data``, published ``late`` hours after it was observed."""
        self._made += 1
        event_id = event_id or f"SAMPLE-EVENT-{self._made:05}"
        return Event(
            id=event_id,
            source="/sample",
            type=data.type,
            subject=data.order_key(),
            time=data.observed_at + timedelta(hours=late),
            data=data,
            correlationid=event_id,
        )

    def site(self, number: int = 1) -> Site:
        return Site(id=f"SAMPLE-SITE-{number:04}", name=f"Cửa hàng mẫu {number}", province="46" if number % 2 else "01")

    def petrol(self, sulfur: str, at: float = 0, site: int = 1, *, late: float = 0, event_id: str = "") -> Event[SampleTested]:
        """Make a petrol sample of level 4 that was tested for sulfur alone, of which 50 mg/kg are permitted."""
        return self.fuel(at, site, late=late, event_id=event_id, sulfur=sulfur)

    def fuel(self, at: float = 0, site: int = 1, *, late: float = 0, event_id: str = "", **values: str) -> Event[SampleTested]:
        """Make a petrol sample of level 4 that was tested for some parameters, such as benzene, of which 1.0 % is permitted."""
        results = [Measurement(parameter=one, value=Decimal(value), unit=UNITS[one]) for one, value in values.items()]
        data = SampleTested(
            observed_at=MORNING + timedelta(hours=at),
            sample_id="SAMPLE-LAB-1",
            site=self.site(site),
            product=PETROL,
            finding=Fuel(level=4, results=results),
            laboratory="Phòng thử nghiệm mẫu",
        )
        return self.event(data, event_id=event_id, late=late)

    def pump(
        self,
        error: str,
        at: float = 0,
        site: int = 1,
        *,
        verified_on: date | None = date(2025, 1, 2),
        instrument: int = 1,
        event_id: str = "",
    ) -> Event[InstrumentChecked]:
        """Make a check of a fuel dispenser, where 0.45 % are permitted."""
        data = InstrumentChecked(
            observed_at=MORNING + timedelta(hours=at),
            instrument_id=f"SAMPLE-PUMP-{instrument}",
            instrument_type="fuel_dispenser",
            site=self.site(site),
            product=PUMP,
            finding=DispenserCheck(errors_percent=[Decimal(error)]),
            verified_on=verified_on,
        )
        return self.event(data, event_id=event_id)

    def survey(self, *, mark: bool | None, at: float = 0, site: int = 1) -> Event[SurveyAnswered]:
        """Make a look at a helmet."""
        sample = SurveyAnswered.sample()
        data = SurveyAnswered(
            observed_at=MORNING + timedelta(hours=at),
            answer_id="SAMPLE-ANSWER",
            unit=sample.unit,
            activity=sample.activity,
            site=self.site(site),
            product=sample.product,
            mark_present=mark,
        )
        return self.event(data)

    def lot(self, *, mark: bool | None) -> Event[LotDeclared]:
        """Make an import of toys."""
        sample = LotDeclared.sample()
        data = LotDeclared(
            observed_at=MORNING,
            declaration_no="SAMPLE-DECLARATION",
            importer=sample.importer,
            product=sample.product,
            quantity=Decimal(10),
            unit="chiếc",
            mark_present=mark,
        )
        return self.event(data)


class Ledger:
    """The service at work in one transaction that is rolled back at the end."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.now = MORNING

    def run(self, action: Callable[[UnitOfWork], None]) -> None:
        """Run ``action`` in a unit of work and store what it emits."""
        uow = UnitOfWork(self.connection, "inspection", self.now, self.now)
        action(uow)
        uow.flush()

    def judge(self, *batches: Sequence[Event[Any]]) -> None:
        """Run the handler once for each batch."""
        for batch in batches:
            self.run(partial(handlers.judge, batch))

    def emitted(self, data: type[Data] | None = None) -> list[Event[Any]]:
        """Return the events in the outbox, of one type or all of them."""
        bodies = self.connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq))
        events = [decode(body.encode(), edge=True) for body in bodies]
        return [event for event in events if data is None or isinstance(event.data, data)]


# The outbox, and the site and product of every case that is open.
Result = tuple[list[str], set[tuple[str, str]]]


@pytest.fixture(scope="session")
def make() -> Make:
    """Return the builder."""
    return Make()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a migrated database, made once."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('inspection')}/{{service}}.db", "inspection")
    migrate(made)
    yield made
    made.close()


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    """Return an empty ledger."""
    with database.rehearsing() as connection:
        yield Ledger(connection)


@pytest.fixture(scope="session")
def rehearse(database: Database) -> Callable[..., Result]:
    """Return a function that judges batches in an empty ledger, tells what came of it and forgets it."""

    def run(*batches: Sequence[Event[Any]]) -> Result:
        with database.rehearsing() as connection:
            Ledger(connection).judge(*batches)
            still_open = connection.execute(sa.select(cases.c.site_id, cases.c.product_key).where(cases.c.state == "open"))
            bodies = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq))
            return list(bodies), {(site, product) for site, product in still_open}

    return run
