"""``chuan process``: start the four services in this process, feed event files, drain, print the summary, stop."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer

from services.cli.feeding import Feeder, Intake, Line
from services.cli.hosting import host
from services.cli.output import print_refusal
from services.cli.progress import counting
from services.cli.summary import Summary, input_events, render, summarise
from shared.kernel.clock import EventClock
from shared.kernel.errors import Interrupted, Refused
from shared.observability import logging
from shared.runner.interruption import interruptible
from shared.runner.launcher import Hosting
from shared.settings import Settings

# A longer line cannot be an event; what follows is skipped, so that a file without line ends cannot fill the memory.
_LONGEST_LINE = 8 * 1024 * 1024
_REFUSALS_SHOWN = 20
_STANDARD_INPUT = "-"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # what some editors put before the first line


def _source(text: str) -> Path:
    """Return what FILES names; raise ``typer.BadParameter`` for what cannot be read, before anything is fed."""
    file = Path(text)
    if text == _STANDARD_INPUT:
        return file
    if not file.exists():
        raise typer.BadParameter(f"{text} does not exist")
    if file.is_dir():
        raise typer.BadParameter(f"{text} is a folder; name the files in it")
    if not os.access(file, os.R_OK):
        raise typer.BadParameter(f"{text} may not be read by this user")
    return file


def process(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Files of CloudEvents, one JSON object a line; - is standard input.",
            metavar="FILES|-",
            parser=_source,
        ),
    ],
    data: Annotated[Path | None, typer.Option(help="Data folder; default CHUAN_DATA_DIR or .chuan.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 2 when a line was refused, or an id came again with other content.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Feed FILES to the four services in this process, wait until everything is done, and print the summary.

    The clock follows the events, and runs on to the end of the year of the last one. Running the same command again, even
    after kill -9, gives the same figures.

    Example: chuan process year.jsonl --data .chuan
    """
    settings = embedded_settings(data)
    summary = feed(settings, read_lines(files))
    print_summary(summary, as_json=as_json)
    if strict and (summary.refused or summary.conflicting):
        raise typer.Exit(2)


def feed(
    settings: Settings,
    lines: Iterable[Line],
    *,
    total: int | None = None,
    prepare: Callable[[Hosting, EventClock], None] | None = None,
    on_turn: Callable[[Hosting, datetime], None] | None = None,
    stay: bool = False,
) -> Summary:
    """Host all services, ``prepare`` them, feed ``lines``, and return the summary; ``stay`` serves HTTP until interrupted.

    ``on_turn`` hears of every turn of a day at which the clock is moved.
    """
    logging.configure(settings.log_level if settings.log_level != "INFO" else "WARNING", settings.log_format)
    intake = Intake(settings)
    clock = intake.clock()
    shown = 0

    def refused(origin: str, error: Refused) -> None:
        nonlocal shown
        shown += 1
        if shown <= _REFUSALS_SHOWN:
            print_refusal(origin, error)
        elif shown == _REFUSALS_SHOWN + 1:
            shows = f"`chuan dead-letters list --data {settings.data_dir}` shows them"
            print(f"more lines were refused; the summary counts them, {shows}", file=sys.stderr)

    ending = interruptible(settings.drain_timeout)
    with ending, host(settings, clock, serve_http=stay) as hosting, counting(total) as progress:
        stored_before = input_events(hosting)
        if prepare is not None:
            prepare(hosting, clock)
        feeder = Feeder(hosting, clock, intake, refused, progress, partial(on_turn, hosting) if on_turn else None)
        feeder.feed(lines)
        feeder.finish()
        intake.close()
        summary = summarise(hosting, feeder.outcome, stored_before)
        if stay:
            progress.close()
            _stay(hosting, summary)
    return summary


def _stay(hosting: Hosting, summary: Summary) -> None:
    print_summary(summary, as_json=False)
    print(f"\nserving {hosting.site.url} until Ctrl-C")
    try:
        hosting.wait()
    except Interrupted:
        print()


def embedded_settings(data: Path | None) -> Settings:
    """Return the settings of an embedded run in ``data``: in-process broker and SQLite, whatever the environment says."""
    settings = Settings()
    return settings.model_copy(
        update={
            "data_dir": data or settings.data_dir,
            "broker_url": Settings.model_fields["broker_url"].default,
            "database_url": Settings.model_fields["database_url"].default,
        }
    )


def read_lines(files: Iterable[Path]) -> Iterator[Line]:
    """Yield the lines of ``files`` with their places; empty ones are passed over, and ``-`` is standard input."""
    for file in files:
        name = os.fsencode(file).decode("utf-8", "backslashreplace")  # it is stored, and a file's name need not be text
        with nullcontext(sys.stdin.buffer) if name == _STANDARD_INPUT else file.open("rb") as lines:
            number = 0
            while line := _next(lines, name):
                number += 1
                rest = line
                while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
                    rest = _next(lines, name)
                if body := (line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line).strip():
                    yield Line(f"{name}:{number}", body)


def _next(lines: BinaryIO, name: str) -> bytes:
    try:
        return lines.readline(_LONGEST_LINE)
    except OSError as error:  # from the middle of a file; it does not say of which
        raise OSError(error.errno, error.strerror, name) from error


def print_summary(summary: Summary, *, as_json: bool) -> None:
    """Print the summary for a person, or as one line of JSON."""
    if as_json:
        print(msgspec.json.encode(summary).decode())
    else:
        print(render(summary))
