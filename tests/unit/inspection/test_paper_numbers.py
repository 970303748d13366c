"""Numbers of papers: a series without a gap for each unit, form and year, and no number for the same thing twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from services.inspection import papers
from services.inspection.forms.catalogue import FORMS
from services.inspection.forms.units import national, sub_department
from services.inspection.handlers import act
from services.inspection.procedure.deeds import OrderMeasure
from services.inspection.tables import case_papers, cases
from shared.contracts.vocabulary import Measure
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from tests.unit.inspection.conftest import MORNING, Ledger
from tests.unit.inspection.papers import TEAM, grown, issued, opened

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Make


def test_the_same_order_again_gives_the_same_paper(ledger: Ledger, make: Make) -> None:
    """An answer that was lost costs no number; after something else has happened the order is a new one."""
    case_id = grown(ledger, make)
    order = FORMS["inspection_minutes"].example()
    first = issued(ledger, case_id, order)
    before = papers.printed(ledger.connection, case_id, first.number)
    assert issued(ledger, case_id, order) == first
    assert papers.printed(ledger.connection, case_id, first.number) == before
    ledger.run(lambda uow: act(case_id, OrderMeasure(measure=Measure.STOP_VIOLATION), TEAM, uow))
    assert issued(ledger, case_id, order).reference == "02/BBKT-CCTĐC"


def test_every_unit_form_and_year_has_a_series_of_its_own(ledger: Ledger, make: Make) -> None:
    """The year is that of Hà Nội, where it begins seven hours before it does in UTC."""
    minutes, decision = FORMS["inspection_minutes"].example(), FORMS["inspection_decision"].example()
    here, there = opened(ledger, make, site=1), opened(ledger, make, site=2)
    given = [issued(ledger, here, minutes), issued(ledger, there, minutes), issued(ledger, here, decision)]
    national = msgspec.structs.replace(decision, national=True)
    given.append(issued(ledger, here, national))
    ledger.now = datetime(2025, 12, 31, 16, 59, tzinfo=UTC)
    given.append(issued(ledger, here, minutes))
    ledger.now = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
    given.append(issued(ledger, there, msgspec.structs.replace(minutes, statement="Mẫu")))
    given.append(issued(ledger, here, msgspec.structs.replace(minutes, statement="Mẫu")))
    assert [(one.unit, one.reference, one.year) for one in given] == [
        ("sub_department_46", "01/BBKT-CCTĐC", 2025),
        ("sub_department_01", "01/BBKT-CCTĐC", 2025),
        ("sub_department_46", "01/QĐKT-CCTĐC", 2025),
        ("national", "01/QĐKT-TĐC", 2025),
        ("sub_department_46", "02/BBKT-CCTĐC", 2025),
        ("sub_department_01", "01/BBKT-CCTĐC", 2026),
        ("sub_department_46", "01/BBKT-CCTĐC", 2026),
    ]


def test_the_unit_is_that_of_the_day_of_issue() -> None:
    """A site's former province is led, from 1 July 2025 on, by the sub-department of the one it became part of."""
    before, since = (sub_department("10", day) for day in (date(2025, 6, 30), date(2025, 7, 1)))
    assert [(one.code, one.place) for one in (before, since)] == [
        ("sub_department_10", "Lào Cai"),
        ("sub_department_15", "Lào Cai"),
    ]
    names = [national(day).name for day in (date(2025, 2, 28), date(2025, 3, 1))]
    assert names == ["Tổng cục Tiêu chuẩn Đo lường Chất lượng", "Ủy ban Tiêu chuẩn Đo lường Chất lượng Quốc gia"]


def test_copies_of_the_service_give_every_number_once(database_url: str, make: Make) -> None:
    """Two of them at once, on many cases: no gap, no number twice, and one that was rolled back is given again."""
    copies = [Database(database_url, "inspection") for _ in range(2)]
    migrate(copies[0])
    with copies[0].writing() as connection:
        Ledger(connection).judge([make.pump("0.9", site=2 * site + 1) for site in range(8)])
        wanted = list(connection.scalars(sa.select(cases.c.id)))
    order = FORMS["inspection_minutes"].example()

    def issue(index: int) -> None:
        with copies[index % 2].writing() as connection:
            uow = UnitOfWork(connection, "inspection", MORNING, MORNING)
            papers.issue(wanted[index], order, TEAM, uow, printer=lambda sheet: (sheet.number.encode(), b""))
            if index == 3:
                raise KeyError
            uow.flush()

    with ThreadPoolExecutor(4) as pool:
        failed = [one.exception() for one in [pool.submit(issue, index) for index in range(8)]]
    assert [type(one) for one in failed if one] == [KeyError]
    with copies[1].reading() as connection:
        rows = connection.execute(sa.select(case_papers.c.serial, case_papers.c.pdf).order_by(case_papers.c.serial)).all()
    assert [(serial, bytes(pdf).decode()) for serial, pdf in rows] == [(n, f"Số: {n:02}/BBKT-CCTĐC") for n in range(1, 8)]
    for one in copies:
        one.close()
