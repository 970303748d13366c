"""``chuan register`` loads and shows registers; ``chuan match`` decides what alerts are about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.cli.app import run
from services.inspection.registers.filling import fill
from shared.contracts.partners import AlertPublished
from shared.contracts.vocabulary import Product, ProductGroup
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from tests.unit.inspection.conftest import MORNING, Make

HEAD = "id,name,province,address,tax_code\n"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Run a command that must succeed and return the JSON it prints."""
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_csv_is_loaded_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is right is taken, what is wrong is named by its line, and what was taken is found."""
    file, data = tmp_path / "sites.csv", str(tmp_path / "data")
    rows = "A,Cửa hàng mẫu 1,46,1 Lê Lợi,0100109106\nB,Cửa hàng mẫu 2,46,,0100109107\nC,Cửa hàng mẫu 3,99,,\nD,Thừa ô,46,,,5\n"
    file.write_text("\ufeff" + HEAD + rows, encoding="utf-8")
    assert run(["register", "load", "sites", str(file), "--data", data]) == 0
    said = capsys.readouterr()
    assert said.out == f"{file}: 1 entries loaded, 3 refused\n"
    lines = said.err.splitlines()
    assert [line.partition(": ")[0].removeprefix(f"{file}:") for line in lines] == ["3", "4", "5"]
    assert "check digit" in lines[0]
    assert "34 codes" in lines[1]
    assert run(["register", "load", "sites", str(file), "--data", data, "--strict"]) == 2
    capsys.readouterr()
    found = printed(capsys, "register", "list", "sites", "--q", "cua hang", "--province", "46", "--data", data)
    assert [one["site_id"] for one in found["items"]] == ["A"]
    assert run(["register", "show", "sites", "A", "--data", data]) == 0
    assert json.loads(capsys.readouterr().out)["told_by"] == "register"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "id,id,name,province\nA,B,Mẫu,46\n", "'id' stands twice"),
        ("a.CSV", 'id,name,province\n"A,Mẫu,46\n', "no CSV"),
        ("a.json", '[{"id": "A", "id": "B", "name": "Mẫu", "province": "46"}]', "'id' stands twice"),
        ("a.jsonl", "9" * 6000, "out of range"),
        ("a.json", "[" * 100_000, "nested too deep"),
        ("a.json", '{"id": NaN}', "JSON"),
    ],
)
def test_a_file_that_can_be_read_in_two_ways_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    """In one line with the file's name; nothing of it is loaded."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert run(["register", "load", "sites", str(tmp_path / name), "--data", str(tmp_path / "data")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert name in line


def test_separators_of_other_systems_end_no_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text copied out of a document brings line separators that are none here."""
    for name, text in (
        ("a.csv", HEAD + "A,Cửa\u2028hàng,46,,\n"),
        ("a.json", '{"id": "A", "name": "Cửa\u2028hàng", "province": "46"}'),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = printed(capsys, "register", "load", "sites", str(tmp_path / name), "--data", str(tmp_path / "data"))
        assert (done["loaded"], done["refused"]) == (1, [])


@pytest.mark.parametrize("form", ["array", "lines"])
def test_json_is_loaded_too(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """As an array or as lines; instruments come back with the day they are due."""
    entry = {"instrument_id": "P1", "instrument_type": "fuel_dispenser", "site_id": "A", "province": "46"}
    entries = [{**entry, "verified_on": "2024-05-31"}, {**entry, "instrument_type": "sundial"}]
    file, data = tmp_path / "instruments.json", str(tmp_path / "data")
    text = json.dumps(entries) if form == "array" else "\n\n".join(map(json.dumps, entries))
    file.write_text(text, encoding="utf-8")
    done = printed(capsys, "register", "load", "instruments", str(file), "--data", data)
    assert (done["loaded"], [one["line"] for one in done["refused"]]) == (1, [2 if form == "array" else 3])
    found = printed(capsys, "register", "list", "instruments", "--due-before", "2025-06-01", "--data", data)
    assert [one["due_on"] for one in found["items"]] == ["2025-05-31"]


@pytest.mark.parametrize("text", ["{", '[{"id": ', "\udcff"])
def test_what_is_no_register_is_refused_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """One line, exit code 2."""
    file = tmp_path / "sites.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert run(["register", "load", "sites", str(file), "--data", str(tmp_path / "data")]) == 2
    assert str(file) in capsys.readouterr().err


def test_an_option_of_another_register_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bodies have no words to be found by."""
    assert run(["register", "list", "bodies", "--q", "mẫu", "--data", str(tmp_path)]) == 2
    assert "`q`" in capsys.readouterr().err


def test_matches_are_listed_confirmed_and_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the parts of their scores; a second decision is refused."""
    products = tmp_path / "products.json"
    toy = Product(group=ProductGroup.TOY, name="Búp bê mẫu", brand="Sample Toys", model="BX-150")
    other = msgspec.structs.replace(toy, model="BX 150")
    products.write_bytes(msgspec.json.encode([toy, other]))
    assert run(["register", "load", "products", str(products), "--data", str(tmp_path)]) == 0
    database = Database(f"sqlite:///{tmp_path}/{{service}}.db", "inspection")
    with database.writing() as connection:
        alert = Make().event(msgspec.structs.replace(AlertPublished.sample(), product=toy))
        fill([alert], UnitOfWork(connection, "inspection", MORNING, MORNING))
    database.close()
    capsys.readouterr()
    first, second = printed(capsys, "match", "list", "--data", str(tmp_path))["items"]
    assert run(["match", "list", "--state", "suggested", "--data", str(tmp_path)]) == 0
    assert "model 100" in capsys.readouterr().out
    decided = ["--reason", "Cùng kiểu (mẫu)", "--officer", "mau-1", "--data", str(tmp_path)]
    assert run(["match", "confirm", first["match_id"], *decided]) == 0
    assert run(["match", "reject", second["match_id"], *decided]) == 0
    capsys.readouterr()
    assert run(["match", "show", first["match_id"], "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "confirmed"
    assert run(["match", "reject", first["match_id"], *decided]) == 2
    assert "mau-1" in capsys.readouterr().err
    assert run(["match", "reject", first["match_id"], "--reason", "Kiểu khác", "--data", str(tmp_path)]) == 2
    assert "--officer" in capsys.readouterr().err
