"""Registers fill by themselves and by import, and what they hold does not depend on the order in which it was heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.inspection.registers import asking
from services.inspection.registers.entries import Register
from services.inspection.registers.filling import fill
from services.inspection.registers.heard import product_id
from services.inspection.registers.loading import Loaded, load
from services.inspection.tables import instruments, marks, products, site_products, sites
from shared.contracts.envelope import Event
from shared.contracts.partners import ComplaintReceived, LotDeclared
from shared.contracts.vocabulary import Product, ProductGroup, Site
from shared.kernel.errors import InvalidInput, NotFound
from shared.kernel.wellformed import read_query
from tests.unit.inspection.conftest import MORNING, Ledger

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Make

GTIN = "9521234567899"
HELMET = Product(group=ProductGroup.HELMET, name="Mũ bảo hiểm mẫu", brand="SAMPLE-1", model="HE1", gtin=GTIN)


def note(ledger: Ledger, *batches: Sequence[Event[Any]]) -> None:
    """Let the registers take note of batches."""
    for batch in batches:
        ledger.run(lambda uow, batch=batch: fill(batch, uow))  # type: ignore[misc]


def register(ledger: Ledger, which: Register, *entries: dict[str, Any]) -> Loaded:
    """Load entries of a register."""
    made: list[Loaded] = []
    ledger.run(lambda uow: made.append(load(which, enumerate(entries, start=1), uow)))
    return made[0]


def lot(make: Make, at: float = 0, site: Site | None = None, product: Product = HELMET) -> Event[Any]:
    """Make an import of helmets."""
    sample = LotDeclared.sample()
    data = msgspec.structs.replace(
        sample, observed_at=MORNING + timedelta(hours=at), product=product, importer=site or sample.importer
    )
    return make.event(data)


def shown(ledger: Ledger, **asked: str) -> list[str]:
    """Return the ids of the sites that a question finds."""
    page = asking.list_sites(ledger.connection, read_query(asked, asking.SiteQuery))
    return [row["site_id"] for row in page.items]


def test_what_events_mention_is_known(ledger: Ledger, make: Make) -> None:
    """The site, its product and instrument, by whom it was told, and since when."""
    note(ledger, [make.pump("0.1", at=5), make.petrol("40", at=2)], [make.petrol("40", at=1)])
    found = asking.site(ledger.connection, "SAMPLE-SITE-0001")
    assert found["since"] == MORNING + timedelta(hours=1)
    assert (found["said_at"], found["told_by"]) == (MORNING + timedelta(hours=5), "metrology.instrument_checked")
    assert {one["name"] for one in found["products"]} == {"Cột đo xăng dầu", "Xăng RON 95-III"}
    assert [(one["instrument_id"], one["due_on"]) for one in found["instruments"]] == [("SAMPLE-PUMP-1", date(2026, 1, 2))]
    petrol = asking.list_products(ledger.connection, read_query({"group": "petrol"}, asking.ProductQuery)).items[0]
    assert [one["site_id"] for one in asking.product(ledger.connection, petrol["product_id"])["sites"]] == ["SAMPLE-SITE-0001"]


def test_a_province_has_what_its_former_parts_registered(ledger: Ledger, make: Make) -> None:
    """Who has taken over the former Lào Cai (10) finds its sites, products and instruments under today's code."""
    former = msgspec.structs.replace(LotDeclared.sample().importer, id="SAMPLE-FORMER", province="10")
    pump = make.pump("0.1")
    note(ledger, [lot(make, site=former), msgspec.structs.replace(pump, data=msgspec.structs.replace(pump.data, site=former))])
    for code in ("10", "15"):
        assert shown(ledger, province=code) == ["SAMPLE-FORMER"]
        assert asking.list_products(ledger.connection, read_query({"province": code}, asking.ProductQuery)).items
        assert asking.list_instruments(ledger.connection, read_query({"province": code}, asking.InstrumentQuery)).items
    assert shown(ledger, province="46") == []


def test_nothing_is_known_of_what_was_never_mentioned(ledger: Ledger) -> None:
    """No site and no product."""
    with pytest.raises(NotFound):
        asking.site(ledger.connection, "SAMPLE-NOWHERE")
    with pytest.raises(NotFound):
        asking.product(ledger.connection, "SAMPLE-NOTHING")


def test_a_wrong_number_in_an_event_is_kept_and_flagged(ledger: Ledger, make: Make) -> None:
    """The event is not lost for it, and whoever looks sees what is wrong."""
    site = Site(id="SAMPLE-IMPORTER-9", name="Công ty mẫu", province="31", tax_code="0100109107")
    note(ledger, [lot(make, site=site, product=msgspec.structs.replace(HELMET, gtin="9521234567898"))])
    found = asking.site(ledger.connection, site.id)
    assert found["tax_code"] == "0100109107"
    assert "check digit" in found["tax_code_flaw"]
    assert found["products"][0]["gtin"] == "9521234567898"
    assert "check digit" in found["products"][0]["gtin_flaw"]


def test_what_a_later_event_leaves_open_stays_known(ledger: Ledger, make: Make) -> None:
    """A laboratory need not repeat the tax code that customs told."""
    told = Site(id="SAMPLE-SITE-0001", name="Cửa hàng mẫu 1", province="46", tax_code="0100109106", address="1 Lê Lợi")
    note(ledger, [lot(make, at=0, site=told)], [make.petrol("40", at=1)])
    found = asking.site(ledger.connection, told.id)
    assert (found["tax_code"], found["address"], found["said_at"]) == ("0100109106", "1 Lê Lợi", MORNING + timedelta(hours=1))


SAID = st.tuples(
    st.integers(1, 3),
    st.sampled_from(["Cửa hàng mẫu A", "Cửa hàng mẫu B"]),
    st.sampled_from(["", "1 Lê Lợi"]),
    st.sampled_from(["", "0100109106"]),
    st.sampled_from(["", GTIN]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID, max_size=8), order=st.randoms(use_true_random=False), cut=st.integers(0, 8))
def test_order_and_batches_play_no_part(
    database: Any, make: Make, said: list[tuple[int, str, str, str, str]], order: Random, cut: int
) -> None:
    """Statements of different times make the same registers in whatever order and batches they come."""
    events = [
        lot(
            make,
            at,
            Site(id=f"SAMPLE-{number}", name=name, province="46", address=address, tax_code=code),
            msgspec.structs.replace(HELMET, gtin=gtin),
        )
        for at, (number, name, address, code, gtin) in enumerate(said)
    ]
    shuffled = events.copy()
    order.shuffle(shuffled)

    def kept(*batches: Sequence[Event[Any]]) -> list[Any]:
        with database.rehearsing() as connection:
            note(Ledger(connection), *batches)
            return [sorted(map(tuple, connection.execute(sa.select(table)))) for table in (products, site_products, sites, marks)]

    assert kept(*([event] for event in events)) == kept(shuffled[:cut], shuffled[cut:])


def test_a_register_holds_against_events(ledger: Ledger, make: Make) -> None:
    """What it states stays, whatever systems call the site afterwards; what it does not state they may add."""
    done = register(ledger, Register.SITES, {"id": "SAMPLE-SITE-0001", "name": "Tên đăng ký (mẫu)", "province": "46"})
    assert (done.loaded, done.refused) == (1, [])
    told = Site(id="SAMPLE-SITE-0001", name="ten khac", province="46", address="2 Lê Lợi")
    note(ledger, [lot(make, at=48, site=told)])
    found = asking.site(ledger.connection, told.id)
    assert (found["name"], found["address"], found["told_by"]) == ("Tên đăng ký (mẫu)", "2 Lê Lợi", "register")


@pytest.mark.parametrize(
    ("which", "entry", "reason"),
    [
        (Register.SITES, {"id": "A", "name": "Mẫu", "province": "46", "tax_code": "0100109107"}, "check digit"),
        (Register.SITES, {"id": "A", "name": "Mẫu", "province": "99"}, "34 codes"),
        (Register.SITES, {"id": "A", "name": "Mẫu", "province": "46", "taxcode": "x"}, "taxcode"),
        (Register.SITES, "A", "object"),
        (Register.PRODUCTS, {"group": "toy", "name": "Mẫu", "gtin": "9521234567898"}, "check digit"),
        (Register.PRODUCTS, {"group": "toys", "name": "Mẫu"}, "toys"),
        (
            Register.INSTRUMENTS,
            {"instrument_id": "1", "instrument_type": "sundial", "site_id": "A", "province": "46"},
            "group-2 list",
        ),
        (
            Register.BODIES,
            {"id": "B", "name": "Mẫu", "kind": "testing", "province": "46", "scope": "sundial", "valid_from": "2025-01-01"},
            "sundial",
        ),
        (
            Register.BODIES,
            {
                "id": "B",
                "name": "Mẫu",
                "kind": "testing",
                "province": "46",
                "scope": "toy",
                "valid_from": "2025-01-02",
                "valid_to": "2025-01-01",
            },
            "before valid_from",
        ),
    ],
)
def test_a_wrong_entry_is_refused_alone(ledger: Ledger, which: Register, entry: Any, reason: str) -> None:
    """With its place and the reason; the entries around it are taken."""
    right = {
        Register.SITES: {"id": "R", "name": "Mẫu", "province": "46", "tax_code": "0100109106"},
        Register.PRODUCTS: {"group": "toy", "name": "Mẫu", "gtin": GTIN},
        Register.INSTRUMENTS: {"instrument_id": "2", "instrument_type": "spring_scale", "site_id": "A", "province": "46"},
        Register.BODIES: {
            "id": "R",
            "name": "Mẫu",
            "kind": "verification",
            "province": "46",
            "scope": "fuel_dispenser; spring_scale",
            "valid_from": "2025-01-01",
            "valid_to": "",
        },
    }[which]
    done = register(ledger, which, right, entry, right)
    assert done.loaded == 2
    assert [one.line for one in done.refused] == [2]
    assert reason in done.refused[0].detail


def test_bodies_are_found_by_what_they_may_do_and_when(ledger: Ledger) -> None:
    """Both ends of the validity are days on which it holds."""
    body = {
        "id": "SAMPLE-BODY-1",
        "name": "Tổ chức kiểm định mẫu",
        "kind": "verification",
        "province": "46",
        "scope": ["fuel_dispenser"],
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
    }
    assert register(ledger, Register.BODIES, body).loaded == 1

    def found(**asked: str) -> int:
        return len(asking.list_bodies(ledger.connection, read_query(asked, asking.BodyQuery)).items)

    assert found(scope="fuel_dispenser", on="2025-01-01") == found(scope="fuel_dispenser", on="2025-12-31") == 1
    assert found(scope="fuel_dispenser", on="2024-12-31") == found(scope="fuel_dispenser", on="2026-01-01") == 0
    assert found(scope="fuel_d") == found(kind="testing") == found(province="01") == 0
    assert register(ledger, Register.BODIES, {**body, "scope": "spring_scale"}).loaded == 1
    assert (found(scope="fuel_dispenser"), found(scope="spring_scale")) == (0, 1)


def test_sites_are_found_by_the_beginnings_of_words(ledger: Ledger, make: Make) -> None:
    """Without accents too, by all words asked for, within a province, by tax code; and by nothing else."""
    told = Site(id="SAMPLE-X", name="Cửa hàng Đồng Nai mẫu", province="75", tax_code="0100109106", address="Lê Lợi")
    note(ledger, [lot(make, site=told), make.petrol("40"), make.petrol("40", site=2)])
    assert shown(ledger, q="dong na") == shown(ledger, q="ĐỒNG", province="75") == shown(ledger, q="lê") == ["SAMPLE-X"]
    assert shown(ledger, tax_code="0100-109-106") == ["SAMPLE-X"]
    assert shown(ledger, q="mẫu") == shown(ledger, tax_code=" ") == ["SAMPLE-SITE-0001", "SAMPLE-SITE-0002", "SAMPLE-X"]
    assert shown(ledger, q="đồng lào") == shown(ledger, q="dong", province="01") == shown(ledger, q="ong") == []
    with pytest.raises(InvalidInput, match="check digit"):
        shown(ledger, tax_code="0100109107")


def test_pages_follow_each_other(ledger: Ledger, make: Make) -> None:
    """Every row is on one page, in one order, to the last."""
    note(ledger, [make.pump("0.1", site=number, instrument=number % 3) for number in range(1, 8)])

    def pages(limit: int) -> Iterator[list[str]]:
        after = ""
        while True:
            asked = {"limit": str(limit)} | ({"after": after} if after else {})
            page = asking.list_instruments(ledger.connection, read_query(asked, asking.InstrumentQuery))
            yield [row["site_id"] for row in page.items]
            after = page.after
            if not after:
                return

    assert [len(page) for page in pages(3)] == [3, 3, 1]
    in_order = [site for page in pages(3) for site in page]
    assert in_order == [f"SAMPLE-SITE-{number:04}" for number in range(1, 8)]
    with pytest.raises(InvalidInput, match="the page before"):
        asking.list_instruments(ledger.connection, read_query({"after": "7"}, asking.InstrumentQuery))


def test_instruments_come_in_order_of_their_due_days(ledger: Ledger, make: Make) -> None:
    """One without a mark is due on the day that was seen; asked between days, the last is not among them."""
    note(
        ledger, [make.pump("0.1", verified_on=date(2024, 2, 29), instrument=1), make.pump("0.1", verified_on=None, instrument=2)]
    )
    seen_on = MORNING.date()

    def due(**asked: str) -> list[date]:
        page = asking.list_instruments(ledger.connection, read_query(asked, asking.InstrumentQuery))
        return [row["due_on"] for row in page.items]

    assert due() == [date(2025, 2, 28), seen_on]
    assert due(due_before="2025-02-28") == []
    assert due(due_before="2025-03-01") == due(due_from="2025-02-28", due_before="2025-03-14") == [date(2025, 2, 28)]
    assert due(due_from="2025-03-01", province="46") == [seen_on]
    assert ledger.connection.scalar(sa.select(sa.func.count()).select_from(instruments)) == 2


def test_a_product_has_the_id_that_planning_gives_it() -> None:
    """So that what is known here and what is at risk there can be put together."""
    from services.planning.model.risk import product_id as in_planning  # noqa: PLC0415 - two services meet in a test only

    assert product_id(HELMET) == in_planning(HELMET)


def test_a_complaint_makes_its_site_known(ledger: Ledger, make: Make) -> None:
    """A consumer has met the product there."""
    note(ledger, [make.event(ComplaintReceived.sample())])
    assert shown(ledger) == ["SAMPLE-SITE-0001"]
