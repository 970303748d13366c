"""Alerts and complaints find what they may be about, and officers decide; the same on every database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import sqlalchemy as sa

from services.inspection.registers import asking, deciding
from services.inspection.registers.deciding import Decision, MatchQuery, decide, list_matches
from services.inspection.registers.entries import Register
from services.inspection.registers.filling import fill
from services.inspection.registers.heard import product_id
from services.inspection.registers.loading import load
from services.inspection.registers.matching import MatchState
from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.contracts.inspection import MatchConfirmed
from shared.contracts.partners import AlertPublished, ComplaintReceived, LotDeclared
from shared.contracts.vocabulary import Product, ProductGroup, Site
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import Conflict, InvalidInput, NotFound
from shared.kernel.wellformed import read_query
from shared.messaging.tables import outbox
from tests.explaining import explained, whole_tables
from tests.unit.inspection.conftest import MORNING

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Make

GTIN = "9521234567899"
TOY = Product(group=ProductGroup.TOY, name="Búp bê mẫu", brand="Sample Toys", model="BX-150", gtin=GTIN, origin="China")
FOREIGN = msgspec.structs.replace(TOY, name="Plastic doll", origin="China")
SHOP = Site(id="SAMPLE-SHOP-1", name="Cửa hàng đồ chơi mẫu 1", province="46", address="1 Lê Lợi")


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """Return a migrated database of each kind in turn."""
    made = Database(database_url, "inspection")
    migrate(made)
    yield made
    made.close()


@pytest.fixture
def sqlite(tmp_path: Any) -> Iterator[Database]:
    """Return a migrated SQLite database."""
    made = Database(f"sqlite:///{tmp_path}/{{service}}.db", "inspection")
    migrate(made)
    yield made
    made.close()


def within(database: Database, action: Callable[[UnitOfWork], Any], *, hours: float = 0) -> Any:
    """Commit one unit of work."""
    with database.writing() as connection:
        at = MORNING + timedelta(hours=hours)
        uow = UnitOfWork(connection, "inspection", at, at)
        done = action(uow)
        uow.flush()
        return done


def note(database: Database, *batches: Sequence[Event[Any]]) -> None:
    """Let the registers take note of batches."""
    for batch in batches:
        within(database, lambda uow, batch=batch: fill(batch, uow))


def alert(make: Make, product: Product = FOREIGN, number: str = "SAMPLE-A12/00001/25", at: float = 0) -> Event[Any]:
    """Make a foreign alert."""
    data = msgspec.structs.replace(
        AlertPublished.sample(), observed_at=MORNING + timedelta(hours=at), product=product, alert_number=number
    )
    return make.event(data)


def lot(make: Make, product: Product = TOY, site: Site = SHOP, at: float = 0) -> Event[Any]:
    """Make a lot of an importer."""
    data = msgspec.structs.replace(
        LotDeclared.sample(), observed_at=MORNING + timedelta(hours=at), product=product, importer=site
    )
    return make.event(data)


def complaint(make: Make, site: Site, product: Product = TOY, number: str = "SAMPLE-C-1") -> Event[Any]:
    """Make a complaint."""
    sample = ComplaintReceived.sample()
    return make.event(msgspec.structs.replace(sample, observed_at=MORNING, complaint_id=number, site=site, product=product))


def found(database: Database, **asked: str) -> list[dict[str, Any]]:
    """Return matches."""
    with database.reading() as connection:
        return list_matches(connection, read_query(asked, MatchQuery)).items


def emitted(database: Database) -> list[MatchConfirmed]:
    """Return what was announced."""
    with database.reading() as connection:
        bodies = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq))
        return [event.data for event in (decode(body.encode(), edge=True) for body in bodies)]


def test_an_alert_finds_a_known_product_and_shows_why(empty: Database, make: Make) -> None:
    """A suggestion, with every part of its score; nothing is announced before somebody says so."""
    note(empty, [lot(make)], [alert(make)])
    (one,) = found(empty)
    assert (one["concern_id"], one["subject_kind"], one["subject_id"]) == (
        "alert/safety_gate/SAMPLE-A12/00001/25",
        "product",
        product_id(TOY),
    )
    assert (one["score"], one["state"]) == (100, "suggested")
    assert one["parts"] == {"gtin": 100, "brand": 100, "model": 100, "category": 100, "origin": 100}
    assert emitted(empty) == []


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("makers", list(permutations([lot, alert])))
def test_order_of_arrival_plays_no_part(sqlite: Database, make: Make, makers: Any, together: bool) -> None:
    """An importer that declares the product after the alert is found too, in one batch or in two."""
    events = [maker(make, TOY) for maker in makers]
    note(sqlite, *([events] if together else [[event] for event in events]))
    assert [one["score"] for one in found(sqlite)] == [100]


@pytest.mark.parametrize(
    ("product", "score"),
    [
        (Product(group=ProductGroup.OTHER, name="Quite another name", gtin=f"EAN {GTIN}"), 95),
        (msgspec.structs.replace(FOREIGN, gtin="", brand="SAMPLE TOYS Ltd"), 95),
        (msgspec.structs.replace(FOREIGN, gtin="", brand="", model="bx150"), 82),
        (msgspec.structs.replace(FOREIGN, gtin="", model="BX-151"), None),
        (msgspec.structs.replace(FOREIGN, gtin="", brand="Quite another", model="ZZ-9"), None),
    ],
)
def test_what_is_suggested_and_what_is_not(sqlite: Database, make: Make, product: Product, score: int | None) -> None:
    """By GTIN whatever the words are; by brand and model however they are typed; not for another model or brand."""
    note(sqlite, [lot(make)], [alert(make, product)])
    assert [one["score"] for one in found(sqlite)] == ([] if score is None else [score])


def test_an_alert_alone_puts_nothing_into_the_registers(sqlite: Database, make: Make) -> None:
    """What another country warns of is not known here before somebody meets it."""
    note(sqlite, [alert(make)])
    with sqlite.reading() as connection:
        assert asking.list_products(connection, asking.ProductQuery()).items == []


def test_a_confirmed_match_is_announced_with_the_sites(empty: Database, make: Make) -> None:
    """Once, with the officer's reason and where the product was met in the year before, the latest first."""
    other, old = (msgspec.structs.replace(SHOP, id=f"SAMPLE-SHOP-{number}") for number in (2, 3))
    note(empty, [lot(make), lot(make, site=other, at=1), lot(make, site=old, at=-24 * 366), alert(make, at=2)])
    (one,) = found(empty)
    decision = Decision(reason="Cùng kiểu, cùng mã (mẫu)")
    shown = within(empty, lambda uow: decide(one["match_id"], MatchState.CONFIRMED, decision, "mau-1", uow), hours=3)
    assert (shown["state"], shown["officer"], shown["reason"]) == ("confirmed", "mau-1", "Cùng kiểu, cùng mã (mẫu)")
    (told,) = emitted(empty)
    assert [site.id for site in told.sites] == [other.id, SHOP.id]
    assert (told.product.key, told.score, told.observed_at) == (TOY.key, 100, MORNING + timedelta(hours=3))
    for state in (MatchState.CONFIRMED, MatchState.REJECTED):
        with pytest.raises(Conflict, match="mau-1"):
            within(empty, lambda uow, state=state: decide(one["match_id"], state, decision, "mau-2", uow))
    note(empty, [alert(make, at=5)])
    assert [(one["state"], one["score"]) for one in found(empty)] == [("confirmed", 100)]


def test_a_rejected_match_is_not_announced_and_not_suggested_again(sqlite: Database, make: Make) -> None:
    """It stays as a record of who decided, and why."""
    note(sqlite, [lot(make), alert(make)])
    (one,) = found(sqlite)
    within(sqlite, lambda uow: decide(one["match_id"], MatchState.REJECTED, Decision(reason="Kiểu khác"), "mau-1", uow))
    note(sqlite, [alert(make), lot(make, at=4)])
    assert [one["state"] for one in found(sqlite)] == ["rejected"]
    assert found(sqlite, state="suggested") == emitted(sqlite) == []
    with pytest.raises(NotFound):
        within(sqlite, lambda uow: decide("none", MatchState.REJECTED, Decision(reason="Kiểu khác"), "mau-1", uow))
    with pytest.raises(InvalidInput):
        read_query({"state": "merged"}, MatchQuery)


def test_pages_of_matches_follow_each_other(empty: Database, make: Make) -> None:
    """Every match is on one page; a place that no page gave is named as such."""
    note(empty, [lot(make)], [alert(make, number=f"SAMPLE-A12/0000{number}/25", at=number % 2) for number in range(5)])
    shown: list[str] = []
    asked = {"limit": "2"}
    with empty.reading() as connection:
        for _ in range(3):
            page = list_matches(connection, read_query(asked, MatchQuery))
            shown += [one["concern_id"] for one in page.items]
            asked["after"] = page.after
        assert page.after == ""
        for wrong in ('["2025-03-14T00:00:00", "x"]', '["2025-03-14T00:00:00Z", "\\u0000"]', '["a", "b"]', "[1e999]"):
            with pytest.raises(InvalidInput) as refused:
                list_matches(connection, read_query({"after": wrong}, MatchQuery))
            assert refused.value.pointer == "/after"
        assert asking.list_products(connection, read_query({"gtin": " "}, asking.ProductQuery)).items
    assert len(shown) == len(set(shown)) == 5


def test_the_site_of_a_complaint_is_found_under_another_id(empty: Database, make: Make) -> None:
    """By name and address within the province; one that is known by its id is no question."""
    note(empty, [lot(make)], [complaint(make, msgspec.structs.replace(SHOP, id="HOTLINE-77", name="CUA HANG DO CHOI MAU 1"))])
    (one,) = found(empty)
    assert (one["subject_kind"], one["subject_id"], one["score"]) == ("site", SHOP.id, 100)
    assert one["parts"] == {"tax_code": None, "name": 100, "address": 100}
    note(empty, [complaint(make, SHOP, number="SAMPLE-C-2")])
    assert len(found(empty)) == 1
    within(empty, lambda uow: decide(one["match_id"], MatchState.CONFIRMED, Decision(reason="Cùng địa chỉ"), "mau-1", uow))
    assert [site.id for site in emitted(empty)[0].sites] == [SHOP.id]
    with empty.reading() as connection:
        whole = deciding.match(connection, one["match_id"])
    assert whole["concern"]["site"].id == "HOTLINE-77"
    assert whole["subject"].id == SHOP.id


def test_a_loaded_product_is_compared_with_alerts_before_it(sqlite: Database, make: Make) -> None:
    """A register that comes late misses nothing."""
    note(sqlite, [alert(make)])
    entry = {"group": "toy", "name": "Búp bê mẫu", "brand": "Sample Toys", "gtin": GTIN}
    within(sqlite, lambda uow: load(Register.PRODUCTS, [(1, entry)], uow))
    assert [one["score"] for one in found(sqlite)] == [95]


def test_a_score_grows_with_what_is_known_until_it_is_decided(sqlite: Database, make: Make) -> None:
    """A GTIN that is told later makes a suggestion stronger."""
    note(sqlite, [lot(make, msgspec.structs.replace(TOY, gtin="", origin="")), alert(make)])
    before = found(sqlite)[0]["score"]
    note(sqlite, [lot(make, at=1)])
    assert before < found(sqlite)[0]["score"] == 100


def test_no_question_reads_a_whole_table(sqlite: Database, make: Make) -> None:
    """A batch, its matching, every list with its words, days and numbers, and a decision go by an index."""
    note(sqlite, [lot(make), alert(make)])
    (one,) = found(sqlite)
    with explained() as plans:
        note(sqlite, [lot(make, at=2), make.pump("0.1"), alert(make, number="SAMPLE-2"), complaint(make, SHOP)])
        with sqlite.reading() as connection:
            for asked in ({"q": "đồ chơi"}, {"province": "46"}, {"tax_code": "0100109106"}):
                asking.list_sites(connection, read_query(asked, asking.SiteQuery))
            for asked in ({"q": "bup be", "province": "46"}, {"gtin": GTIN}, {"group": "toy"}):
                asking.list_products(connection, read_query(asked, asking.ProductQuery))
            for asked in ({"due_before": "2026-01-01"}, {"province": "46", "due_from": "2025-01-01"}, {"site": SHOP.id}):
                asking.list_instruments(connection, read_query(asked, asking.InstrumentQuery))
            asking.site(connection, SHOP.id)
            asking.product(connection, product_id(TOY))
            for asked in ({}, {"state": "suggested"}, {"subject": product_id(TOY)}, {"concern": one["concern_id"]}):
                list_matches(connection, read_query(asked, MatchQuery))
        within(sqlite, lambda uow: decide(one["match_id"], MatchState.CONFIRMED, Decision(reason="Đúng"), "mau-1", uow))
    assert plans
    assert whole_tables(plans, "sites", "products", "site_products", "instruments", "marks", "concerns", "matches") == []
