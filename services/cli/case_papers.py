"""``chuan case paper``, ``export`` and ``verify``: the papers of a case, and the file that proves a whole case."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from services.cli.databases import changed, event_clock, reading, settings_of
from services.cli.options import AsJson, DataFolder
from services.cli.output import local, print_json, print_table
from services.inspection import bundle, papers
from services.inspection.forms.catalogue import FORMS, AnyOrder
from services.inspection.handlers import Officer
from shared.contracts.strict_json import read_json
from shared.kernel.errors import InvalidInput
from shared.room import wall_time

paper = typer.Typer(help="Papers of a case: forms filled from it, as PDF/A and DOCX.")

CaseId = Annotated[str, typer.Argument(help="The id of the case.", metavar="CASE")]


@paper.callback()
def _group() -> None:
    """Papers of a case: forms filled from it, as PDF/A and DOCX."""


@paper.command(name="list")
def list_(case_id: CaseId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List the papers of a case, and the forms with what each still needs.

    Example: chuan case paper list 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11
    """
    with reading(settings_of(data), "inspection") as connection:
        found = papers.list_papers(connection, case_id)
    if as_json:
        print_json(found)
        return
    rows = [(one.number, one.reference, one.title, local(one.issued_at), one.officer, one.pdf_sha256) for one in found.papers]
    print_table(("paper", "number", "title", "issued at", "officer", "SHA-256 of the PDF"), rows)
    forms = [(one.form, one.title, ", ".join(one.who), "; ".join(one.missing) or "–", one.source) for one in found.forms]
    print_table(("form", "title", "who", "missing", "article"), forms)


@paper.command()
def example(form: Annotated[str, typer.Argument(help="The name of a form, from `chuan case paper list`.")]) -> None:
    """Print an order for a form, to be filled in and issued.

    Example: chuan case paper example inspection_minutes > minutes.json
    """
    if form not in FORMS:
        raise InvalidInput(f"there is no form {form!r}; there are {', '.join(FORMS)}")
    print_json(FORMS[form].example())


@paper.command()
def issue(
    case_id: CaseId,
    file: Annotated[str, typer.Argument(help="The order, as JSON; - is standard input.", metavar="FILE|-")],
    officer: Annotated[str, typer.Option(help="Who has it issued.")],
    head: Annotated[bool, typer.Option("--head", help="The officer heads the agency.")] = False,
    data: DataFolder = None,
) -> None:
    """Issue a paper in a data folder that nobody serves; towards a running chuan it is POST /v1/cases/CASE/papers.

    Example: chuan case paper issue 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11 minutes.json --officer mau-1
    """
    with _read(file) as source:
        try:
            order = read_json(source.read(), AnyOrder)
        except InvalidInput as error:
            raise InvalidInput(f"{file}: {error.detail}", error.pointer) from error
    with changed(settings_of(data), "inspection", otherwise="send it the order: POST /v1/cases/CASE/papers") as uow:
        made = papers.issue(case_id, order, Officer(officer, heads_agency=head), uow)
    print(f"{made.reference}: {made.title}, paper {made.number} of case {case_id}")


@paper.command()
def save(
    case_id: CaseId,
    number: Annotated[str, typer.Argument(help="The paper, as 7, 7.pdf or 7.docx.")],
    to: Annotated[Path | None, typer.Option(help="The file to write; default a name of its own here.")] = None,
    data: DataFolder = None,
) -> None:
    """Save a paper as it was issued.

    Example: chuan case paper save 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11 7.pdf
    """
    with reading(settings_of(data), "inspection") as connection:
        found = papers.printed(connection, case_id, *papers.number_and_type(number))
    target = to or Path(found.file_name)
    target.write_bytes(found.content)
    print(f"{found.paper.reference}: {target}")


def export(
    case_id: CaseId,
    to: Annotated[Path, typer.Option(help="The file to write.")],
    data: DataFolder = None,
) -> None:
    """Write a whole case, with its findings, acts and papers, into one file that proves itself.

    Example: chuan case export 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11 --to case.jsonl
    """
    settings = settings_of(data)
    with reading(settings, "inspection") as connection:
        records = papers.export(connection, case_id, event_clock(settings) or wall_time())
        with to.open("wb") as file:
            file.writelines(bundle.bundled(records))
    print(f"{to}: case {case_id}")


def verify(
    file: Annotated[str, typer.Argument(help="A file that `chuan case export` wrote; - is standard input.", metavar="FILE|-")],
    as_json: AsJson = False,
) -> None:
    """Check a bundle, without any database: the first record that is not as exported is named, with exit code 1.

    Example: chuan case verify case.jsonl
    """
    with _read(file) as source:
        try:
            found = bundle.verify(source)
        except bundle.BundleAltered as error:
            print(f"{file}: {error}", file=sys.stderr)
            raise typer.Exit(1) from error
    if as_json:
        print_json(found)
        return
    print(f"{file}: case {found.case_id}, exported {local(found.exported_at)}, nothing altered in {found.records} records")
    print(f"{found.acts} acts, {found.papers} papers; the last act has the hash {found.head}")


def _read(file: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")
