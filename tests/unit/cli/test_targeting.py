"""`chuan targeting`: an exit code that claims no more than the figures show, and the visits of a month from a file."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.cli import app
from tests.unit.planning.story import Planning, Story

MAPPING = """
name = "sample"
date = "day"
id = "id"
found = "found"
features = [{columns = ["past"], as = "number"}]
"""


def run(folder: Path, *, telling: bool, json_wanted: bool = True) -> int:
    """Run the command over invented inspections whose past does or does not tell what is found."""
    chance = random.Random(3)
    lines = ["\ufeffid,day,found,past"]
    for number in range(1600):
        past = chance.randrange(3)
        found = chance.random() < (0.1 + 0.3 * past if telling else 0.4)
        lines.append(f"{number},{date(2024, 1, 1) + timedelta(days=number // 4)},{int(found)},{past}")
    (folder / "past.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "columns.toml").write_text(MAPPING, encoding="utf-8")
    spans = ["--train-until", "2024-11-30", "--test-from", "2024-12-01", "--test-to", "2025-01-31"]
    columns = ["--columns", str(folder / "columns.toml")]
    return app.run(["targeting", "backtest", str(folder / "past.csv"), *spans, *columns, *(["--json"] if json_wanted else [])])


def test_a_gain_ends_with_0_and_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last line is one JSON object with the figures by name."""
    assert run(tmp_path, telling=True) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["gain_shown"] is True
    assert figures["n"] == 62 * 4
    assert figures["found_by_half"] > figures["actual_found_by_half"]
    assert figures["random_found_by_half"] == pytest.approx(0.5, abs=0.02)
    of_the_comparison = ["n", "positives", "auc", "days_earlier", "found_by_half", "actual_found_by_half", "random_found_by_half"]
    assert [type(figures[name]) for name in of_the_comparison] == [int, int, *[float] * 5]


def test_no_gain_ends_with_1_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures are there, the claim is not."""
    assert run(tmp_path, telling=False) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["gain_shown"] is False
    assert run(tmp_path, telling=False, json_wanted=False) == 1
    assert "No gain shown" in capsys.readouterr().out.splitlines()[-1]


def test_what_is_wrong_with_a_file_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A header no mapping fits: exit code 2, the file and the way out."""
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    spans = ["--train-until", "2024-11-30", "--test-from", "2024-12-01", "--test-to", "2025-01-31"]
    assert app.run(["targeting", "backtest", str(tmp_path / "other.csv"), *spans]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "other.csv" in line
    assert "--columns" in line


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Give a data folder in which twenty sites were checked long ago."""
    planning = Planning(tmp_path)
    planning.react(*(Story(number).verdict("2024-01-10T09:00:00") for number in range(1, 21)))
    planning.database.close()
    return tmp_path


def test_a_month_is_chosen_from_a_file_of_capacities(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A month named has its own capacity, and is chosen once."""
    (known / "capacity.toml").write_text("otherwise = 0\nprovinces = {46 = 10}\n[months.2025-02]\nprovinces = {46 = 2}\n")
    words = ["targeting", "select", "--capacity", str(known / "capacity.toml"), "--data", str(known), "--json", "--month"]
    answers = []
    for month in ("2025-02", "2025-04", "2025-04"):
        assert app.run([*words, month]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert [(one["month"], one["chosen"], one["standing"]) for one in answers] == [
        ("2025-02", 2, []),
        ("2025-04", 10, []),
        ("2025-04", 0, ["46"]),
    ]
    assert answers[1]["at_random"] == 1


@pytest.mark.parametrize(
    ("text", "month", "words"),
    [
        ("otherwise = -1", "2025-04", ["capacity.toml", "otherwise"]),
        ("otherwise = 1", "April", ["April", "2025-04"]),
        ("otherwise = 0", "2025-04", ["no province can make a visit"]),
    ],
)
def test_a_wrong_capacity_is_told_in_one_line(
    known: Path, text: str, month: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What was wrong and where; exit code 2."""
    (known / "capacity.toml").write_text(text)
    assert (
        app.run(["targeting", "select", "--month", month, "--capacity", str(known / "capacity.toml"), "--data", str(known)]) == 2
    )
    (line,) = capsys.readouterr().err.splitlines()
    assert all(word in line for word in words)
