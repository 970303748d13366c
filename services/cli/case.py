"""``chuan case``: cases, what happened in them, and what may be done next, in the data folder of the embedded mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from services.cli.case_papers import export, paper, verify
from services.cli.databases import changed, reading, settings_of
from services.cli.options import AsJson, DataFolder
from services.cli.output import local, print_json, print_table
from services.inspection import handlers
from services.inspection.handlers import Officer
from services.inspection.illegal_gain.writing import WrittenLine
from services.inspection.model.cases import CaseState
from services.inspection.procedure.deeds import OfficerDeed
from services.inspection.queries import CaseFile, CaseQuery, case_file, list_cases
from services.inspection.rules.case_is_ready_to_close import is_remedied
from shared.contracts.strict_json import read_json
from shared.contracts.vocabulary import RiskLevel
from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import read_query

case = typer.Typer(help="Cases: what happened in them, and what may be done next.")
case.add_typer(paper, name="paper")
case.command()(export)
case.command()(verify)

Deed = Annotated[str, typer.Argument(help='What is done, as JSON: {"act": "conclude", "number": "12/KL"}.', metavar="ACT")]
Actor = Annotated[str, typer.Option("--officer", help="Who does it.")]
IsHead = Annotated[bool, typer.Option("--head", help="The officer heads the agency.")]
CaseId = Annotated[str, typer.Argument(help="The id of the case.", metavar="CASE")]


@case.callback()
def _group() -> None:
    """Cases: what happened in them, and what may be done next."""


@case.command(name="list")
def list_(
    state: Annotated[CaseState | None, typer.Option(help="Only open or only closed ones.")] = None,
    province: Annotated[str, typer.Option(help="Only those of one province, by its code.")] = "",
    risk: Annotated[RiskLevel | None, typer.Option(help="Only those of one risk level.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=500)] = 50,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List cases, the latest first.

    Example: chuan case list --state open --province 46
    """
    chosen = {name: one.value for name, one in (("state", state), ("risk_level", risk)) if one is not None}
    query = read_query({"limit": str(limit), "province": province} | chosen, CaseQuery)
    with reading(settings_of(data), "inspection") as connection:
        page = list_cases(connection, query)
    if as_json:
        print_json(page)
        return
    rows = [
        (one.id, one.phase, one.track, one.risk_level, one.site.name, one.product.name, local(one.opened_at))
        for one in page.cases
    ]
    print_table(("case", "phase", "track", "risk", "site", "product", "opened"), rows)


@case.command()
def show(case_id: CaseId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Show where a case stands, and what may be done next, by which article and by whom.

    Example: chuan case show 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11
    """
    found = _file(case_id, data)
    if as_json:
        print_json(found)
        return
    one = found.case
    print(f"{one.id}: {one.standing.phase}, {one.track}, {one.site.name}, {one.product.name}, {len(found.findings)} findings")
    print(_risk(found))
    unremedied = [" ".join(filter(None, (m.kind, m.item, m.parameter))) for m in one.matters if not is_remedied(m)]
    if unremedied:
        print(f"not remedied: {', '.join(unremedied)}")
    rows = [(next_.act, ", ".join(next_.who), "; ".join(next_.missing) or "–", next_.source) for next_ in found.next]
    print_table(("next act", "who", "missing", "article"), rows)


@case.command()
def acts(case_id: CaseId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List everything that happened in a case, in order of recording; an empty officer is the system.

    Example: chuan case acts 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11
    """
    found = _file(case_id, data)
    if as_json:
        print_json(found.acts)
        return
    rows = [(one.number, local(one.acted_at), one.act, one.officer, bytes(one.data).decode()) for one in found.acts]
    print_table(("no.", "acted at", "act", "officer", "data"), rows)


@case.command()
def gain(case_id: CaseId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Show the illegal gain on record in a case, line by line with the articles.

    Example: chuan case gain 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11
    """
    found = _file(case_id, data)
    if as_json:
        print_json(found.illegal_gains)
    elif found.illegal_gains:
        _print_working(found.illegal_gains[-1].working)
    else:
        print(f"no illegal gain is on record in case {case_id}: chuan case act {case_id} with the act record_illegal_gain")


@case.command()
def rehearse(
    case_id: CaseId,
    deed: Deed,
    officer: Actor,
    head: IsHead = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Tell what would come of an act, and do nothing: a risk level with what would change it, an illegal gain line by line.

    Example: chuan case rehearse 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11 '{"act": "resume", "evidence": "12/BC"}' --officer mau-1
    """
    with reading(settings_of(data), "inspection") as connection:
        found = handlers.rehearse(case_id, _deed(deed), Officer(officer, heads_agency=head), connection)
    if as_json:
        print_json(found)
        return
    print(f"{found.act} can be done now ({found.source})")
    if found.risk is not None:
        print(f"risk level {found.risk.level}; {len(found.risk.shifts)} shifts by one band would change it")
        rows = [(one.factor, one.scenario or "all", "up" if one.up else "down", one.level) for one in found.risk.shifts]
        print_table(("factor", "scenario", "one band", "level"), rows)
    if found.illegal_gain is not None:
        _print_working(found.illegal_gain)


@case.command(name="act")
def do(
    case_id: CaseId,
    deed: Deed,
    officer: Actor,
    head: IsHead = False,
    data: DataFolder = None,
) -> None:
    """Do something in a case of a data folder that nobody serves; towards a running chuan it is POST /v1/cases/CASE/acts.

    Example: chuan case act 6c0d6c9e-0a57-5f5e-9a39-0f4b1c0e7d11 '{"act": "conclude", "number": "12/KL"}' --officer mau-1 --head
    """
    wanted = _deed(deed)
    with changed(settings_of(data), "inspection", otherwise="send the act to it: POST /v1/cases/CASE/acts") as uow:
        handlers.act(case_id, wanted, Officer(officer, heads_agency=head), uow)
        found = case_file(uow.connection, case_id)
    print(f"{case_id}: act {found.case.acts} recorded, now {found.case.standing.phase}")


def _deed(text: str) -> OfficerDeed:
    try:
        deed: OfficerDeed = read_json(text.encode(), OfficerDeed)
    except InvalidInput as error:
        raise InvalidInput(f"ACT: {error.detail}", error.pointer) from error
    return deed


def _print_working(working: Sequence[WrittenLine]) -> None:
    for line in working:
        print(f"{line.vi}  [{line.article}]")
        print(f"  {line.en}")


def _file(case_id: str, data: DataFolder) -> CaseFile:
    with reading(settings_of(data), "inspection") as connection:
        return case_file(connection, case_id)


def _risk(found: CaseFile) -> str:
    """Return in one line how dangerous a case is and who says so."""
    risk = found.case.risk
    if risk.validated_by:
        said = f"assessed by {next(one.officer for one in reversed(found.risk_assessments) if one.validated_by)}"
        said = f"{said}, validated by {risk.validated_by}"
    else:
        said = "by the default scenarios of its violations"
    waiting = f"; {risk.proposed} waits to be validated" if risk.proposed is not RiskLevel.NOT_STATED else ""
    return f"risk level {risk.level}, {said}{waiting}"
