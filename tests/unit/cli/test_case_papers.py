"""``chuan case paper``, ``export`` and ``verify``, as an officer types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.cli.app import run
from services.inspection.forms.catalogue import FORMS
from tests.unit.cli.test_case import case_in, data

__all__ = ["data"]  # the fixture


@pytest.fixture
def order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the example of an order for minutes, in a file."""
    assert run(["case", "paper", "example", "inspection_minutes"]) == 0
    file = tmp_path / "minutes.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    return file


def test_a_paper_is_issued_listed_and_saved(data: Path, order: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the example to the file, in both kinds."""
    where = ["--data", str(data)]
    case_id = case_in(data)
    assert run(["case", "paper", "issue", case_id, str(order), "--officer", "mau-1", *where]) == 0
    said = capsys.readouterr().out
    assert said.startswith("01/BBKT-CCTĐC: Biên bản kiểm tra, paper ")
    number = said.split("paper ")[1].split()[0]
    assert run(["case", "paper", "list", case_id, *where, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [str(one["number"]) for one in listed["papers"]] == [number]
    assert {one["form"] for one in listed["forms"]} == set(FORMS)
    assert run(["case", "paper", "list", case_id, *where]) == 0
    shown = capsys.readouterr().out
    assert listed["papers"][0]["pdf_sha256"] in shown
    assert "the act publish is on record" in shown
    for kind, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
        target = tmp_path / f"paper.{kind}"
        assert run(["case", "paper", "save", case_id, f"{number}.{kind}", "--to", str(target), *where]) == 0
        assert target.read_bytes().startswith(start)


def test_a_bundle_is_verified_without_a_database(
    data: Path, order: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On any machine; one altered byte is named with its record, and the exit code is 1."""
    case_id, bundle = case_in(data), tmp_path / "case.jsonl"
    assert run(["case", "paper", "issue", case_id, str(order), "--officer", "mau-1", "--data", str(data)]) == 0
    assert run(["case", "export", case_id, "--to", str(bundle), "--data", str(data)]) == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("CHUAN_DATA_DIR", str(elsewhere / "none"))
    capsys.readouterr()
    assert run(["case", "verify", str(bundle)]) == 0
    assert f"case {case_id}" in capsys.readouterr().out
    assert run(["case", "verify", str(bundle), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["papers"] == 1
    content = bytearray(bundle.read_bytes())
    content[-1000] ^= 1  # inside the last paper
    bundle.write_bytes(content)
    assert run(["case", "verify", str(bundle)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "01/BBKT-CCTĐC) was altered" in told.err
    assert list(elsewhere.iterdir()) == []


def test_what_cannot_be_done_is_said_in_one_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and what is missing or possible instead."""
    where = ["--data", str(data)]
    case_id = case_in(data)
    letter = tmp_path / "letter.json"
    letter.write_text(json.dumps({"form": "transfer_letter", "signer": {"name": "Mẫu", "position": "Mẫu"}}), encoding="utf-8")
    issue = ["case", "paper", "issue", case_id]
    letter_of = [*issue, str(letter), "--officer", "mau-1", "--head", *where]
    assert run(letter_of) == 2
    assert "the act transfer is on record" in capsys.readouterr().err
    letter.write_text('{"form": "transfer_letter"}', encoding="utf-8")
    assert run(letter_of) == 2
    assert "missing required field `signer`" in capsys.readouterr().err
    for wrong in (
        ["case", "paper", "example", "form_4"],
        ["case", "paper", "save", case_id, "1.odt", *where],
        ["case", "paper", "save", case_id, "99", *where],
        ["case", "export", "nothing", "--to", str(tmp_path / "none.jsonl"), *where],
        ["case", "verify", str(tmp_path / "none.jsonl")],
    ):
        assert run(wrong) == 2, wrong
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "none.jsonl").exists()
