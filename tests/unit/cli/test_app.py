"""Every command explains itself, and answers a wrong command line in one line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer

from services.cli import app


def commands() -> Iterator[list[str]]:
    """Yield the words of every command, those of the groups with their own commands."""
    for name in app.COMMANDS:
        found = app.load(name)
        if isinstance(found, typer.Typer):
            yield from ([name, one.name or one.callback.__name__] for one in found.registered_commands if one.callback)
        else:
            yield [name]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_shows_an_example(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` ends well, and its example is a call of this very command."""
    assert app.run([*words, "--help"]) == 0
    example = " ".join(capsys.readouterr().out.partition("Example: ")[2].split())
    assert f"chuan {' '.join(words)}" in example


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], ["nonsense", "chuan --help"]),
        (["report", "--nonsense"], ["--nonsense", "chuan report --help"]),
        (["report", "--from", "yesterday"], ["--from", "yesterday", "2025-06-30"]),
        (["report", "--by", "nonsense"], ["--by", "province", "product_group", "kind", "month"]),
        (["rebuild", "planning"], ["planning", "reporting"]),
        (["migrate", "nonsense"], ["nonsense", "inspection", "notification", "planning", "reporting"]),
        (["import", "nonsense", "file"], ["nonsense", "safety-gate", "fda", "inspections"]),
        (["import", "fda", "no-such-file"], ["no-such-file"]),
        (["publish", "no-such-file"], ["no-such-file"]),
        (["report", "--json", "--format", "csv"], ["--json", "--format csv"]),
        (["process", "no-such-file"], ["no-such-file", "does not exist"]),
        (["process", "tests"], ["tests", "folder"]),
        (["events", "lab.sample"], ["did you mean lab.sample_tested"]),
        (["events", "nonsense"], ["nonsense", "`chuan events` lists them"]),
        (["run", "inspecton"], ["did you mean inspection"]),
        (["dead-letters"], ["chuan dead-letters --help"]),
        (["dead-letters", "replay"], ["ID", "--cause", "--all"]),
        (["dead-letters", "replay", "--all", "--cause", "x"], ["ID", "--cause", "--all"]),
        (["dead-letters", "drop", "--all"], ["--reason"]),
        (["plan", "load"], ["FILE"]),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_answered_in_one_line(
    arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What was wrong, and what there is instead; nothing on standard output, exit code 2."""
    assert app.run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    for word in words:
        assert word in line


def test_a_fault_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a user can put right becomes one line; a bug keeps its traceback."""
    monkeypatch.setitem(app.COMMANDS, "events", "no_such_module:events")
    with pytest.raises(ModuleNotFoundError):
        app.run(["events"])
