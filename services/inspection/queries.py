"""What can be read of the inspection service: lists of cases, case files, and verdicts worked out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated

import msgspec
import sqlalchemy as sa

from services.inspection.docket import acts_of, case_of
from services.inspection.illegal_gain import work_out
from services.inspection.illegal_gain.writing import WrittenLine, written
from services.inspection.model.cases import Case, CaseState
from services.inspection.model.findings import Verdict
from services.inspection.procedure.acts import Act
from services.inspection.procedure.deeds import RecordIllegalGain
from services.inspection.procedure.lawfulness import NextAct, next_acts
from services.inspection.procedure.record import FiledAct, FiledAssessment, FiledMeasure, assessments_in, measures_in
from services.inspection.procedure.standing import Phase
from services.inspection.rules import rulebook
from services.inspection.sampling import CharacterisedPlan
from services.inspection.tables import case_findings, cases, findings, verdicts
from shared.contracts.codec import decode
from shared.contracts.inspection import CloseReason, RuleReference, ViolationKind
from shared.contracts.vocabulary import Breach, Outcome, Product, RiskLevel, Site, Track, check_province
from shared.kernel.errors import InvalidInput, NotFound
from shared.kernel.provinces import parts_of


class CaseQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which cases are asked for; ``after`` is the last case of the page before."""

    state: CaseState | None = None
    phase: Phase | None = None
    risk_level: RiskLevel | None = None
    province: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    after: str = ""

    def __post_init__(self) -> None:
        if self.province:
            check_province(self.province)


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a list."""

    id: str
    state: CaseState
    phase: Phase
    site: Site
    product: Product
    track: Track
    violation_kind: ViolationKind
    risk_level: RiskLevel
    findings: int
    opened_at: datetime
    closed_at: datetime | None
    reason: CloseReason | None


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    """Cases, the latest first; ``after`` asks for the next page and is empty on the last one."""

    cases: list[CaseLine]
    after: str


class FiledFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding of a case: the event as it came."""

    key: str
    observed_at: datetime
    event: msgspec.Raw


class FiledVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict of a case; ``violation_id`` is empty for a conforming one.

    ``plan`` is the sampling plan a lot was judged by, with the share of lots it accepts by percent defective.
    """

    finding_key: str
    violation_id: str
    observed_at: datetime
    rule: RuleReference
    violation_kind: ViolationKind
    outcome: Outcome
    breaches: list[Breach]
    plan: CharacterisedPlan | None


class FiledGain(msgspec.Struct, frozen=True, kw_only=True):
    """An illegal gain that was put on record, in the act of this ``number``; the last one counts."""

    number: int
    officer: str
    established_at: datetime
    amount: int
    working: list[WrittenLine]
    note: str


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """A case with everything that is in it: findings and verdicts in order of legal time, acts in order of recording.

    ``next`` is what officers may do now, each with its article and what is still missing for it.
    """

    case: Case
    findings: list[FiledFinding]
    verdicts: list[FiledVerdict]
    measures: list[FiledMeasure]
    risk_assessments: list[FiledAssessment]
    illegal_gains: list[FiledGain]
    acts: list[FiledAct]
    next: list[NextAct]


def list_cases(connection: sa.Connection, query: CaseQuery) -> CasePage:
    """Return one page of cases; raise ``InvalidInput`` when ``after`` is no case."""
    wanted = sa.select(*(cases.c[name] for name in CaseLine.__struct_fields__))
    if query.state is not None:
        wanted = wanted.where(cases.c.state == query.state.value)
    if query.risk_level is not None:
        wanted = wanted.where(cases.c.risk_level == query.risk_level.value)
    if query.phase is not None:
        wanted = wanted.where(cases.c.phase == query.phase.value)
    if query.province:
        wanted = wanted.where(cases.c.province.in_(parts_of(query.province)))
    if query.after:
        place = (cases.c.opened_at, cases.c.id)
        last = connection.execute(sa.select(*place).where(cases.c.id == query.after)).first()
        if last is None:
            raise InvalidInput(f"no case {query.after!r}", "/after")
        wanted = wanted.where(sa.tuple_(*place) < sa.tuple_(*last, types=[column.type for column in place]))
    wanted = wanted.order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(query.limit + 1)
    lines = [_line(row) for row in connection.execute(wanted).mappings()]
    page = lines[: query.limit]
    return CasePage(cases=page, after=page[-1].id if len(lines) > query.limit else "")


def case_file(connection: sa.Connection, case_id: str, officer: str = "") -> CaseFile:
    """Return a case with all that is in it and what ``officer`` may do next; raise ``NotFound``."""
    case, found = case_of_id(connection, case_id), filed_findings(connection, case_id)
    acts = acts_of(connection, case_id)
    return CaseFile(
        case=case,
        findings=found,
        verdicts=filed_verdicts(connection, case_id, _plans(found)),
        measures=list(measures_in(acts)),
        risk_assessments=assessments_in(acts),
        illegal_gains=[_gain(act, act.deed) for act in acts if isinstance(act.deed, RecordIllegalGain)],
        acts=[FiledAct.of(act) for act in acts],
        next=list(next_acts(case.standing, case.track, officer)),
    )


def case_of_id(connection: sa.Connection, case_id: str) -> Case:
    """Return a case; raise ``NotFound``."""
    row = connection.execute(sa.select(cases).where(cases.c.id == case_id)).mappings().first()
    if row is None:
        raise NotFound(f"no case {case_id}")
    return case_of(row)


def verdicts_on(connection: sa.Connection, case_id: str, finding_key: str, arguments: Mapping[str, str]) -> list[Verdict]:
    """Judge a finding of a case again, by the law of its own day or of the day ``on``.

    Raises ``NotFound``, and ``InvalidInput`` for a day that is none.
    """
    try:
        day = date.fromisoformat(arguments["on"]) if "on" in arguments else None
    except ValueError as error:
        raise InvalidInput(f"{arguments['on']!r} is not a day such as 2025-03-14", "/on") from error
    event = next((one.event for one in filed_findings(connection, case_id) if one.key == finding_key), None)
    if event is None:
        raise NotFound(f"no finding {finding_key} in case {case_id}")
    return [_characterised(verdict) for verdict in rulebook().verdicts(decode(bytes(event)).data, day)]


def _line(row: sa.RowMapping) -> CaseLine:
    values = {name: row[name] for name in CaseLine.__struct_fields__}
    values |= {name: msgspec.json.decode(row[name]) for name in ("site", "product")}
    return msgspec.convert(values, CaseLine)


def filed_findings(connection: sa.Connection, case_id: str) -> list[FiledFinding]:
    """Return the findings of a case in order of legal time."""
    same = sa.and_(findings.c.observed_at == case_findings.c.observed_at, findings.c.key == case_findings.c.finding_key)
    query = (
        sa.select(findings)
        .distinct()  # several verdicts on one finding may be part of the case
        .select_from(case_findings.join(findings, same))
        .where(case_findings.c.case_id == case_id)
        .order_by(findings.c.observed_at, findings.c.key)
    )
    return [
        FiledFinding(key=row.key, observed_at=row.observed_at, event=msgspec.Raw(row.event.encode()))
        for row in connection.execute(query)
    ]


def _gain(act: Act, deed: RecordIllegalGain) -> FiledGain:
    return FiledGain(
        number=act.number,
        officer=act.officer,
        established_at=act.acted_at,
        amount=deed.amount or 0,
        working=written(work_out(deed.facts)),
        note=deed.note,
    )


def _characterised(verdict: Verdict) -> Verdict:
    return msgspec.structs.replace(verdict, plan=verdict.plan.characterised()) if verdict.plan else verdict


def _plans(found: Sequence[FiledFinding]) -> dict[tuple[str, str], CharacterisedPlan]:
    """Return the sampling plans by finding and rule; they follow from the findings, so that none is stored."""
    judged = ((one.key, verdict) for one in found for verdict in rulebook().verdicts(decode(bytes(one.event)).data))
    return {(key, verdict.rule.name): verdict.plan.characterised() for key, verdict in judged if verdict.plan}


def filed_verdicts(
    connection: sa.Connection, case_id: str, plans: Mapping[tuple[str, str], CharacterisedPlan] = MappingProxyType({})
) -> list[FiledVerdict]:
    """Return the verdicts of a case in order of legal time, each with its sampling plan where ``plans`` has it."""
    same = sa.and_(
        verdicts.c.observed_at == case_findings.c.observed_at,
        verdicts.c.finding_key == case_findings.c.finding_key,
        verdicts.c.rule == case_findings.c.rule,
    )
    query = (
        sa.select(verdicts, case_findings.c.violation_id)
        .select_from(case_findings.join(verdicts, same))
        .where(case_findings.c.case_id == case_id)
        .order_by(verdicts.c.observed_at, verdicts.c.finding_key, verdicts.c.rule)
    )
    return [
        FiledVerdict(
            finding_key=row.finding_key,
            violation_id=row.violation_id or "",
            observed_at=row.observed_at,
            rule=RuleReference(
                name=row.rule,
                valid_from=row.valid_from,
                source=row.source,
                verified=row.verified,
                decision=row.decision,
            ),
            violation_kind=ViolationKind(row.violation_kind),
            outcome=Outcome(row.outcome),
            breaches=msgspec.json.decode(row.breaches, type=list[Breach]),
            plan=plans.get((row.finding_key, row.rule)),
        )
        for row in connection.execute(query)
    ]
