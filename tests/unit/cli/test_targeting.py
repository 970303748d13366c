"""`chuan targeting backtest`: its figures as a line of JSON, and an exit code that claims no more than was shown."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.cli import app

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
    assert {"positives", "auc", "days_earlier"} <= set(figures)


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
