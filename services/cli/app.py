"""The ``chuan`` command line: goes green, loads the command that is asked for, and turns errors into one line."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from shared.kernel.errors import Interrupted
from shared.runner.green import go_green

# Command, and where it is defined under services/cli, in the order of the help page. Only the module of the command that
# is asked for is loaded: all of them with the four services take three times as long as most commands.
COMMANDS = {
    "demo": "demo:demo",
    "process": "process:process",
    "run": "run:run",
    "publish": "publish:publish",
    "import": "import_:import_file",
    "plan": "plan:plan",
    "draft": "draft:draft",
    "work": "work:work",
    "organisation": "organisation:organisation",
    "targeting": "targeting:targeting",
    "case": "case:case",
    "register": "register:register",
    "match": "match:match",
    "report": "report:report",
    "sampling": "sampling:sampling",
    "rebuild": "rebuild:rebuild",
    "events": "events:events",
    "asyncapi": "asyncapi:asyncapi",
    "dead-letters": "dead_letters:desk",
    "migrate": "migrate:migrate",
    "doctor": "doctor:doctor",
}


def main() -> NoReturn:
    """Go green, run the command line of this process, and end."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until something needs more than to end, Ctrl-C ends it without a word
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Closed by who started us: left so, the next file that is opened, a database maybe, would be written to instead.
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as the process lives
    go_green()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no Vietnamese, and file names that are no text: shown as they can be, never an error.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 done, 2 for what its user can put right, 1 when a check failed.

    As the shell has it, 128 and its number when a signal ended the command.
    """
    try:
        return int(_application(arguments)(arguments, prog_name="chuan", standalone_mode=False) or 0)
    except (typer.TyperException, typer.Abort) as error:
        return _explain_usage(error)
    except Interrupted as error:
        _fail("chuan", "interrupted. Nothing is lost: the same command goes on where this one ended")
        return 128 + error.number
    except Exception as error:
        message = _explain(error)
        if message is None:
            raise
        return _fail("chuan", message)


def _application(arguments: list[str]) -> typer.Typer:
    application = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    application.callback(invoke_without_command=True)(_chuan)
    for name in _needed(arguments):
        command = load(name)
        if isinstance(command, typer.Typer):
            application.add_typer(command, name=name)
        else:
            application.command(name)(command)
    return application


def load(name: str) -> typer.Typer | Callable[..., Any]:
    """Return the command called ``name``, or the group of commands."""
    module, _, attribute = COMMANDS[name].partition(":")
    found: typer.Typer | Callable[..., Any] = getattr(import_module(f"services.cli.{module}"), attribute)
    return found


def _needed(arguments: list[str]) -> list[str]:
    """Return the commands to load: the one asked for, none to tell the version, all to list them."""
    wanted = next((one for one in arguments if not one.startswith("-")), "")
    if wanted in COMMANDS:
        return [wanted]
    return [] if arguments == ["--version"] else list(COMMANDS)


def _chuan(
    context: typer.Context, show_version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False
) -> None:
    """Chuẩn: the event-driven back office of a standards, metrology and quality authority.

    Settings are environment variables CHUAN_…; `chuan doctor` shows them and checks what they point to.

    Example: chuan demo
    """
    if show_version:
        print(f"chuan {chuan_version()}")
    elif context.invoked_subcommand is None:
        print(context.get_help())
    if context.invoked_subcommand is None:
        raise typer.Exit


def chuan_version() -> str:
    """Return the installed version; a checkout that was never installed has none."""
    try:
        return version("chuan")
    except PackageNotFoundError:
        return "(not installed)"


def _explain_usage(error: typer.TyperException | typer.Abort) -> int:
    if isinstance(error, typer.Abort):
        return 130
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "chuan"
    message = error.format_message().replace("Value error, ", "").rstrip(".")
    return _fail(command, f"{message}; see `{command} --help`")


def _explain(error: Exception) -> str | None:
    """Return what to tell a user, or None for a fault of the program, which shows its traceback."""
    # All of these are loaded by now; at the top of this file they would come before the process went green.
    from pydantic import ValidationError  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from services.cli.databases import wrong_settings  # noqa: PLC0415
    from shared.kernel.errors import ChuanError, DependencyDown  # noqa: PLC0415

    if isinstance(error, DependencyDown):
        return f"{error}; `chuan doctor` tells more"
    if isinstance(error, ChuanError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    if isinstance(error, ValidationError) and error.title == "Settings":
        return wrong_settings(error)
    if isinstance(error, SQLAlchemyError):
        return f"database: {getattr(error, 'orig', None) or error}"
    return None


def _fail(who: str, message: str) -> int:
    print(f"{who}: {' '.join(message.split())}", file=sys.stderr)
    return 2
