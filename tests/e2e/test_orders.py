"""What a command has changed is the same in a data folder that nobody serves and in a running installation."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.cli import sample_year
from services.cli.app import run
from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import DirectiveReceived
from tests.e2e.shell import running

PLAN = Path(sample_year.__file__).parent / "plans" / "hue.yaml"
DIRECTIVE = DirectiveReceived.sample()
BY = ["--by", "Phòng mẫu"]
# Ids and words that an address must quote are among them.
CAPACITY, SITES = "capacity.toml", "sites.csv"
ORDERS = [
    ["plan", "load", str(PLAN)],
    ["plan", "explain", "SAMPLE-HUE-2025", "steel", "Không có lô thép nào", *BY],
    ["plan", "task", "add", "DX 01?", "Kiểm tra theo phản ánh", "--unit", "SAMPLE-UNIT-46", "--due", "2025-03-20"],
    ["plan", "task", "done", "DX 01?", *BY],
    ["plan", "task", "return", DIRECTIVE.directive_id, *BY, "--note", "Thuộc thẩm quyền của Sở"],
    [
        "draft",
        "add",
        "QCVN 3:2025/#1",
        "QCVN về đồ chơi trẻ em",
        "--kind",
        "national_regulation",
        "--unit",
        "SAMPLE-UNIT-NATIONAL",
    ],
    ["draft", "advance", "QCVN 3:2025/#1", "planned", *BY],
    ["targeting", "select", "--month", "2025-04", "--capacity", CAPACITY],
    ["register", "load", "sites", SITES],
]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, list[str]]]]:
    """Two data folders that know of one directive, each with the words that say where: one is served."""
    folder = tmp_path_factory.mktemp("places")
    event = Event(
        id="1", source="/s", type=DIRECTIVE.type, subject=DIRECTIVE.order_key(), time=DIRECTIVE.observed_at, data=DIRECTIVE
    )
    (folder / "events.jsonl").write_bytes(encode(event))
    here, there = folder / "here", folder / "there"
    assert run(["process", str(folder / "events.jsonl"), "--data", str(here)]) == 0
    shutil.copytree(here, there)
    with running(there) as url:
        yield {"here": (here, ["--data", str(here)]), "there": (there, ["--url", url])}


def test_orders_come_to_the_same_here_and_there(
    places: dict[str, tuple[Path, list[str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every order is taken, says the same words, and leaves the plan, the tasks and the draft in the same state."""
    monkeypatch.chdir(tmp_path)
    Path(CAPACITY).write_text("provinces = {46 = 10}\n", encoding="utf-8")
    Path(SITES).write_text("id,name,province\nA,Cửa hàng mẫu,46\n\nB,Cửa hàng mẫu,99\n", encoding="utf-8")

    def printed(*arguments: str) -> str:
        code = run(list(arguments))
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out + said.err

    def stands(data: Path) -> list[Any]:
        shown = [["plan", "show", "SAMPLE-HUE-2025"], ["plan", "task", "list"], ["draft", "show", "QCVN 3:2025/#1"]]
        plan, tasks, draft = (json.loads(printed(*one, "--data", str(data), "--json")) for one in shown)
        return [
            [one["text"] for task in plan["key_tasks"] for item in task["items"] if (one := item["explanation"])],
            [(one["task_id"], one["unit"], one["state"], one["due_at"], one["note"]) for one in tasks],
            [(one["stage"], one["officer"]) for one in draft["steps"]],
        ]

    said = {name: [printed(*order, *words) for order in ORDERS] for name, (_, words) in places.items()}
    assert said["there"] == said["here"]
    assert f"{SITES}:4: province '99'" in said["here"][-1]
    found = {name: stands(data) for name, (data, _) in places.items()}
    assert found["there"] == found["here"]
    assert len(found["here"][1]) == 2
    assert {state for _, _, state, *_ in found["here"][1]} == {"done", "returned"}


@pytest.mark.parametrize(
    "order",
    [
        ["plan", "task", "done", "DX-2", *BY],
        ["draft", "advance", "QCVN-9", "planned", *BY],
        ["match", "confirm", "M", "--reason", "Cùng mã", "--officer", "mau-1"],
        ["case", "act", "C", '{"act": "conclude", "number": "12/KL"}', "--officer", "mau-1"],
    ],
)
def test_what_goes_on_with_something_makes_no_database(
    order: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A data folder that was mistyped is told, and not filled; only what can be the first of its kind makes one."""
    assert run([*order, "--data", str(tmp_path / "mistyped")]) == 2
    assert "mistyped has no data of" in capsys.readouterr().err
    assert not (tmp_path / "mistyped").exists()


def test_a_running_installation_says_what_is_wrong(
    places: dict[str, tuple[Path, list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Its words reach the user as those of a data folder do."""
    for _, words in places.values():
        add = ["draft", "add", "TCVN-1", "Tiêu chuẩn mẫu", "--unit", "SAMPLE-UNIT-NATIONAL", *words]
        assert run([*add, "--kind", "national_standard"]) == 0
        assert run([*add, "--kind", "national_regulation"]) == 2
        assert "national_standard" in capsys.readouterr().err
        assert run(["match", "confirm", "M?1", "--reason", "Cùng mã", "--officer", "mau-1", *words]) == 2
        assert "no match M?1" in capsys.readouterr().err
