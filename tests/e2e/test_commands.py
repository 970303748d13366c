"""The command line as its users type it: what it prints, where errors go, and how it exits."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli import catalogue
from services.cli.app import COMMANDS
from shared.contracts.registry import contracts
from tests.e2e.shell import assert_refused, chuan, figures, surroundings

BAD_LINES = ("no JSON", '{"hello": "world"}', '{"hello": "again"}')


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one event of each type, and three lines that could not be read."""
    folder = tmp_path_factory.mktemp("data")
    samples = [bytes(catalogue.page(one).sample).decode() for one in contracts()]
    (folder / "samples.jsonl").write_text("\n".join([*samples, *BAD_LINES]), encoding="utf-8")
    done = chuan("process", folder / "samples.jsonl", "--data", folder)
    assert done.returncode == 0, done.stderr
    return folder


# ---------------------------------------------------------------------------------------------------------------------


def test_the_version_is_one_line() -> None:
    """`--version` says what is running."""
    done = chuan("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("chuan ")


def test_help_lists_every_command() -> None:
    """Without arguments as with `--help` a user sees what there is."""
    done = chuan()
    assert done.returncode == 0
    assert done.stdout == chuan("--help").stdout
    for name in COMMANDS:
        assert f"\n  {name}" in done.stdout


def test_a_terminal_without_vietnamese_is_no_obstacle() -> None:
    """What it cannot show is spelt out."""
    done = chuan("events", "lab.sample_tested", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "C\\u1eeda h\\xe0ng" in done.stdout


def test_a_wrong_command_line_is_answered_in_one_line() -> None:
    """What was wrong, and where to look."""
    assert_refused(chuan("report", "--nonsense"), "--nonsense", "chuan report --help")


def test_wrong_settings_are_named_without_their_value() -> None:
    """A value may hold a password."""
    done = chuan("report", CHUAN_BATCH_SIZE="hunter2", CHUAN_POOL_SIZE="0")
    assert_refused(done, "CHUAN_BATCH_SIZE", "integer", "CHUAN_POOL_SIZE")
    assert "hunter2" not in done.stderr


def test_a_folder_without_data_says_how_to_make_some(tmp_path: Path) -> None:
    """Reading commands make nothing."""
    for command in (["report"], ["rebuild", "reporting"], ["dead-letters", "list"]):
        assert_refused(chuan(*command, "--data", tmp_path / "none"), str(tmp_path / "none"), "chuan process")
    assert not (tmp_path / "none").exists()


def test_a_damaged_database_is_no_traceback(tmp_path: Path) -> None:
    """A file that is no database is an error a user meets."""
    (tmp_path / "reporting.db").write_text("no database at all, but long enough to be taken for one" * 10, encoding="utf-8")
    assert_refused(chuan("report", "--data", tmp_path), "database")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    """`chuan events | head -1` prints no traceback."""
    process = subprocess.Popen([sys.executable, "-m", "services.cli", "asyncapi"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


# ---------------------------------------------------------------------------------------------------------------------


def test_the_catalogue_lists_every_contract() -> None:
    """One line a type for a person, one object a type for a program."""
    lines = chuan("events").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(contracts())
    assert [one["type"] for one in figures("events")] == list(contracts())


def test_one_type_has_its_schema_and_a_sample() -> None:
    """The schema and the sample stand in the text as in the JSON."""
    shown = figures("events", "lab.sample_tested")
    assert shown["sample"]["data"]["site"]["id"].startswith("SAMPLE")
    assert shown["schema"]["$defs"]["SampleTested"]["required"]
    text = chuan("events", "lab.sample_tested").stdout
    assert json.dumps(shown["sample"], ensure_ascii=False, separators=(",", ":")) in text


def test_the_published_language_is_one_document() -> None:
    """Channels for every contract, operations for every service."""
    document = json.loads(chuan("asyncapi").stdout)
    assert document["asyncapi"] == "3.0.0"
    assert document["channels"].keys() == contracts().keys()
    assert "inspection.receive.lab.sample_tested" in document["operations"]
    assert "inspection.send.inspection.violation_detected" in document["operations"]


def test_imported_records_can_be_processed(tmp_path: Path) -> None:
    """Events on standard output, refusals with their line and the sum on standard error."""
    source = tmp_path / "recalls.jsonl"
    source.write_text('{"hello": "world"}\n', encoding="utf-8")
    done = chuan("import", "fda", source)
    assert (done.returncode, done.stdout) == (0, "")
    refusal, total = done.stderr.splitlines()
    assert refusal.startswith(f"{source}:1: invalid_data")
    assert total == f"{source}: 0 events, 1 records refused"
    assert chuan("import", "fda", source, "--strict").returncode == 2


# ---------------------------------------------------------------------------------------------------------------------


def test_one_report_in_three_forms(data: Path) -> None:
    """Table, JSON and CSV tell the same figures."""
    period = ("--from", "2025-01-01", "--to", "2025-12-31", "--by", "province", "--data", data)
    shown = figures("report", "violations", *period)
    header, row, total = csv.reader(chuan("report", "violations", *period, "--format", "csv").stdout.splitlines())
    assert header == ["province", "value", "previous", "change", "change_percent"]
    assert row[:2] == ["46", str(shown["rows"][0]["value"])]
    assert total[:2] == ["total", str(shown["total"]["value"])]
    table = chuan("report", "violations", *period).stdout
    assert "46 Huế" in table
    assert "2025-01-01 – 2025-12-31" in table


def test_without_a_name_every_report_is_shown(data: Path) -> None:
    """All roll-ups come out of one call, and every call gives the same bytes."""
    known = [one["name"] for one in figures("report", "--data", data)["reports"]]
    assert {"verdicts", "violations", "foreign_alerts"} <= set(known)
    text = chuan("report", "--data", data, "--format", "csv").stdout
    assert list(dict.fromkeys(line[0] for line in csv.reader(text.splitlines()))) == ["report", *known]
    assert chuan("report", "--data", data, "--format", "csv").stdout == text


def test_an_unknown_report_names_the_known(data: Path) -> None:
    """A misspelling is answered with the nearest names; a period that ends before it begins with its days."""
    assert_refused(chuan("report", "violation", "--data", data), "violation", "violations")
    assert_refused(chuan("report", "--data", data, "--from", "2025-02-01", "--to", "2025-01-01"), "2025-02-01", "2025-01-01")


def test_a_rebuild_changes_no_figure(data: Path) -> None:
    """The journal gives the same figures again, to the byte."""
    before = chuan("report", "--data", data, "--format", "json").stdout
    done = chuan("rebuild", "reporting", "--data", data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("reporting: rebuilt from ")
    assert chuan("report", "--data", data, "--format", "json").stdout == before


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    """The first call makes the databases, the second finds them at the newest revision."""
    first, second = (chuan("migrate", "--data", tmp_path).stdout.splitlines() for _ in range(2))
    names = ("inspection", "notification", "planning", "reporting")
    assert first == [f"{name}: migrated" for name in names]
    assert second == [f"{name}: already at the newest revision" for name in names]


def test_a_plan_is_loaded_once(tmp_path: Path) -> None:
    """A plan is in force at once, the same plan again changes nothing, and a wrong one says where."""
    plan = Path(catalogue.__file__).parent / "sample_year" / "plans" / "hue.yaml"
    first, second = (figures("plan", "load", plan, "--data", tmp_path) for _ in range(2))
    assert (first["revision"], first["new"]) == (1, True)
    assert (second["revision"], second["new"]) == (1, False)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(plan.read_text(encoding="utf-8").replace("target: ", "target: -", 1), encoding="utf-8")
    assert_refused(chuan("plan", "load", wrong, "--data", tmp_path), str(wrong), "/key_tasks/", "/target")
    assert_refused(chuan("plan", "load", plan, "--url", "http://127.0.0.1:9"), "http://127.0.0.1:9", "chuan run")


# ---------------------------------------------------------------------------------------------------------------------


def test_lines_that_were_never_read_wait_on_the_desk(data: Path) -> None:
    """They are listed by reason, shown with their bytes, refused again with the reason, and dropped only for one."""
    listed = {one["cause"]: one for one in figures("dead-letters", "list", "--data", data)}
    assert {cause: (one["service"], one["count"]) for cause, one in listed.items()} == {
        "not_json": ("intake", 1),
        "not_a_cloudevent": ("intake", 2),
    }
    letter = listed["not_json"]["example"]
    (shown,) = figures("dead-letters", "show", letter, "--data", data)
    assert (shown["body"], shown["origin"].rpartition(":")[2]) == ("no JSON", str(len(contracts()) + 1))

    replayed = chuan("dead-letters", "replay", "--all", "--data", data)
    assert replayed.returncode == 2
    assert replayed.stdout == "tried again: 0, published: 0, left as they are: 3\n"
    assert len(replayed.stderr.splitlines()) == 3

    dropped = chuan("dead-letters", "drop", letter, "--reason", "a test", "--data", data)
    assert (dropped.returncode, dropped.stdout) == (0, "1 letter dropped\n")
    assert figures("dead-letters", "drop", "--cause", "not_a_cloud", "--reason", "a test", "--data", data) == {"dropped": 2}
    assert "no letter waits for a person" in chuan("dead-letters", "list", "--data", data).stdout
    assert "a test" in chuan("dead-letters", "show", letter, "--data", data).stdout
    assert_refused(chuan("dead-letters", "replay", letter, "--data", data), letter, "dropped")
    assert_refused(chuan("dead-letters", "replay", "0" * 32, "--data", data), "0" * 32)


def test_a_running_chuan_keeps_its_folder(data: Path) -> None:
    """What would change SQLite files under a running process says so and what to do; reading goes on."""
    with (data / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["dead-letters", "replay", "--all"], ["rebuild", "reporting"], ["migrate"]):
            assert_refused(chuan(*command, "--data", data), str(data), "running", "stop it")
        assert chuan("report", "violations", "--data", data).returncode == 0
        assert chuan("dead-letters", "list", "--data", data).returncode == 0


def test_a_sampling_plan_is_printed_with_its_risks() -> None:
    """As a table and as JSON the same; what cannot be planned is told in one line."""
    done = chuan("sampling", "--lot", 1200, "--aql", 1, "--ltpd", 5)
    assert (done.returncode, done.stderr) == (0, "")
    computed, standard = json.loads(chuan("sampling", "--lot", 1200, "--aql", 1, "--ltpd", 5, "--json").stdout)["plans"]
    assert f"n = {computed['size']}, Ac = {computed['accept']}" in done.stdout
    assert (computed["verified"], standard["verified"]) == (True, False)
    assert_refused(chuan("sampling", "--lot", 1200, "--aql", 5, "--ltpd", 1), "ltpd")


def test_a_file_whose_name_is_no_text_is_read_like_any_other(tmp_path: Path) -> None:
    """What it has wrong is kept with a name that can be stored and shown."""
    file = os.fsencode(tmp_path) + b"/n\xe3m.jsonl"
    Path(os.fsdecode(file)).write_bytes(b"this is no JSON\n")
    done = chuan("process", os.fsdecode(file), "--data", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "n\\xe3m.jsonl:1: not_json" in done.stderr


def test_a_data_folder_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    """SQLite is told the names of files as text."""
    for command in ("run", "migrate", "report"):
        done = chuan(command, CHUAN_DATA_DIR=os.fsdecode(os.fsencode(tmp_path) + b"/n\xe3m"))
        assert_refused(done, "n\\xe3m", "no text")


@pytest.mark.parametrize("name", ["a b", "a%20b", "a?b=c", "a#b", "Dữ liệu", "a{service}b", "a'b\"c;d", "-x", "file:x"])
def test_a_data_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    """Its name becomes part of a URL, and of shell commands that are shown; all files are in that very folder."""
    assert chuan("migrate", "--data", tmp_path / name).returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "reporting.db").is_file()


def test_closed_standard_streams_are_no_obstacle(tmp_path: Path) -> None:
    """Some schedulers start commands without them; what is opened next must not take their place."""
    (tmp_path / "bad.jsonl").write_bytes(b"this is no JSON\n")
    command = f"exec {sys.executable} -m services.cli process {tmp_path}/bad.jsonl --data {tmp_path}/data --json"
    for closed in ("2>&-", "<&- 2>&-"):
        shell = ["sh", "-c", f"{command} {closed}"]
        done = subprocess.run(shell, capture_output=True, text=True, check=False, env=surroundings())
        assert done.returncode == 0, done.stdout
        assert json.loads(done.stdout)["refused"] == {"not_json": 1}
