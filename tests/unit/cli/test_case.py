"""``chuan case`` shows cases and does officers' acts in a data folder."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.cli.app import run
from services.inspection import handlers
from services.inspection.tables import cases
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from tests.unit.inspection.conftest import MORNING, Make


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with one case, in which the violation has gone on."""
    database = Database(f"sqlite:///{tmp_path}/{{service}}.db", "inspection")
    migrate(database)
    make = Make()
    for sample in (make.petrol("62"), make.petrol("63", at=1)):
        with database.writing() as connection:
            uow = UnitOfWork(connection, "inspection", MORNING, MORNING)
            partial(handlers.judge, [sample])(uow)
            uow.flush()
    database.close()
    return tmp_path


def case_in(data: Path) -> str:
    """Return the id of the case."""
    database = Database(f"sqlite:///{data}/{{service}}.db", "inspection")
    with database.reading() as connection:
        found = str(connection.scalar(sa.select(cases.c.id)))
    database.close()
    return found


def test_a_case_is_listed_shown_and_acted_in(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the list to a lawful public notice, by two persons."""
    case_id = case_in(data)
    assert run(["case", "list", "--state", "open", "--data", str(data)]) == 0
    assert case_id in capsys.readouterr().out
    for deed, officer, head in (
        ({"act": "propose_publication"}, "mau-1", ()),
        ({"act": "conclude", "number": "12/KL"}, "mau-2", ("--head",)),
        ({"act": "publish", "degree": "Mẫu"}, "mau-2", ("--head",)),
    ):
        assert run(["case", "act", case_id, json.dumps(deed), "--officer", officer, *head, "--data", str(data)]) == 0
    assert run(["case", "show", case_id, "--data", str(data)]) == 0
    shown = capsys.readouterr().out
    assert "published" in shown
    assert "Luật 05/2007/QH12 Điều 40(2)(d)" in shown
    assert run(["case", "acts", case_id, "--data", str(data), "--json"]) == 0
    recorded = json.loads(capsys.readouterr().out)
    assert [(one["act"], one["officer"]) for one in recorded][-3:] == [
        ("propose_publication", "mau-1"),
        ("conclude", "mau-2"),
        ("publish", "mau-2"),
    ]


def test_an_unlawful_act_says_why_and_what_is_possible(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, exit code 2, nothing recorded."""
    case_id = case_in(data)
    deed = '{"act": "publish", "degree": "Mẫu"}'
    assert run(["case", "act", case_id, deed, "--officer", "mau-1", "--head", "--data", str(data)]) == 2
    said = capsys.readouterr().err
    assert "the official conclusion is on record" in said
    assert "now possible: " in said
    assert run(["case", "act", case_id, '{"act": "burn"}', "--officer", "mau-1", "--data", str(data)]) == 2
