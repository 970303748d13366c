"""The registers fill by themselves from the events that pass: who and what they mention is known from then on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.inspection.registers.heard import Heard
from services.inspection.registers.matching import Concern, concern_of, stand_alone, suggest
from shared.contracts.envelope import Event
from shared.contracts.partners import InstrumentChecked, LotDeclared
from shared.contracts.vocabulary import Product, Site
from shared.database.unit_of_work import UnitOfWork


def fill(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Take what a batch says of sites, products and instruments, and suggest what its concerns may be about."""
    heard = Heard()
    raised: list[Concern] = []
    for event in events:
        data = event.data
        concern = concern_of(event)
        if concern is not None:
            raised.append(concern)
        site: Site | None = data.importer if isinstance(data, LotDeclared) else getattr(data, "site", None)
        if site is None:
            continue  # what another country warns of is not known here until somebody meets it
        at: datetime = data.observed_at
        heard.site(site, at, event.type)
        if isinstance(data, InstrumentChecked):
            at_site = (site.id, site.province)
            heard.instrument(data.instrument_id, data.instrument_type, at_site, data.verified_on, at, event.type)
        product: Product | None = data.product
        if product is not None:
            heard.met(heard.product(product, at, event.type), site.id, at)
    save(heard, raised, uow)


def save(heard: Heard, raised: Sequence[Concern], uow: UnitOfWork) -> None:
    """Write what was heard, and compare what is new in it."""
    news = heard.news(uow.connection)
    compared = bool(raised or news.products)
    if compared:
        stand_alone(uow.connection)  # before anything is written, so that nobody who holds a row waits for it
    heard.save(uow.connection, news)
    if compared:
        suggest(uow.connection, raised, news)
