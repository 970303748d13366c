"""``chuan case`` shows cases and does officers' acts in a data folder."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.cli.app import run
from services.inspection import handlers
from services.inspection.tables import cases
from shared.contracts.envelope import Event
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from tests.unit.inspection.conftest import MORNING, Make


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with one case, in which the violation has gone on."""
    make = Make()
    return filled(tmp_path, [make.petrol("62"), make.petrol("63", at=1)])


def filled(folder: Path, findings: Sequence[Event[Any]]) -> Path:
    """Judge findings one by one in a new data folder."""
    database = Database(f"sqlite:///{folder}/{{service}}.db", "inspection")
    migrate(database)
    for sample in findings:
        with database.writing() as connection:
            uow = UnitOfWork(connection, "inspection", MORNING, MORNING)
            partial(handlers.judge, [sample])(uow)
            uow.flush()
    database.close()
    return folder


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


def test_a_case_shows_what_is_not_remedied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Parameter by parameter, with the instrument where it is one; nothing when all is."""
    make = Make()
    data = filled(tmp_path, [make.fuel(sulfur="62", benzene="1.1", ron="95"), make.petrol("50", at=1)])
    case_id = case_in(data)
    assert run(["case", "show", case_id, "--data", str(data)]) == 0
    assert "not remedied: fuel_quality benzene\n" in capsys.readouterr().out
    filled(tmp_path, [make.fuel(2, benzene="1.0")])
    assert run(["case", "show", case_id, "--data", str(data)]) == 0
    assert "not remedied" not in capsys.readouterr().out


def examples() -> list[str]:
    """Return the acts that the guide shows: an assessment, its validation, an illegal gain."""
    guide = (Path(__file__).resolve().parents[3] / "docs" / "risk-and-gain.md").read_text(encoding="utf-8")
    return re.findall(r"```json\n(.*?)```", guide, re.DOTALL)


def test_the_guide_to_risk_and_gain_does_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rehearsed, recorded, validated by a second officer, and shown line by line."""
    data, (assess, validate, gain) = filled(tmp_path, [Make().pump("-1.20")]), examples()
    case_id = case_in(data)

    def said(*command: str, code: int = 0) -> str:
        assert run(["case", *command, "--data", str(data)]) == code
        captured = capsys.readouterr()
        return captured.out + captured.err

    assert "no illegal gain is on record" in said("gain", case_id)
    rehearsed = said("rehearse", case_id, assess, "--officer", "mau-1")
    assert "risk level high" in rehearsed
    assert "severity" in rehearsed
    assert "risk level medium, by the default scenarios of its violations" in said("show", case_id)
    said("act", case_id, assess, "--officer", "mau-1")
    assert "high waits to be validated" in said("show", case_id)
    assert "not the officer who assessed" in said("act", case_id, validate, "--officer", "mau-1", code=2)
    said("act", case_id, validate, "--officer", "mau-2")
    assert "risk level high, assessed by mau-1, validated by mau-2" in said("show", case_id)
    assert case_id in said("list", "--risk", "high")
    assert case_id not in said("list", "--risk", "medium")
    assert "= 29.970.000 đồng  [NĐ 86/2012/NĐ-CP Điều 12]" in said("rehearse", case_id, gain, "--officer", "mau-1")
    said("act", case_id, gain, "--officer", "mau-1")
    assert "= 29.970.000 đồng  [NĐ 86/2012/NĐ-CP Điều 12]" in said("gain", case_id)
    assert json.loads(said("gain", case_id, "--json"))[0]["amount"] == 29_970_000


def test_an_unlawful_act_says_why_and_what_is_possible(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, exit code 2, nothing recorded."""
    case_id = case_in(data)
    deed = '{"act": "publish", "degree": "Mẫu"}'
    assert run(["case", "act", case_id, deed, "--officer", "mau-1", "--head", "--data", str(data)]) == 2
    said = capsys.readouterr().err
    assert "the official conclusion is on record" in said
    assert "now possible: " in said
    assert run(["case", "act", case_id, '{"act": "burn"}', "--officer", "mau-1", "--data", str(data)]) == 2
