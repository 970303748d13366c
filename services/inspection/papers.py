"""The papers of cases: issued once under the next number of their series, kept as bytes, and given out as they were issued."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.inspection.bundle import ActRecord, ContentsRecord, FindingRecord, PaperRecord, Record
from services.inspection.docket import Docket, acts_of, locked_case
from services.inspection.forms.catalogue import FORMS, AnyOrder, PossibleForm, fill, missing, possible_forms, reference, unit_of
from services.inspection.forms.docx import to_docx
from services.inspection.forms.dossier import Dossier, FiledPaper, Violation
from services.inspection.forms.pdf import to_pdf
from services.inspection.forms.sheet import Sheet
from services.inspection.handlers import Officer
from services.inspection.model.cases import Case
from services.inspection.procedure.deeds import IssuePaper
from services.inspection.procedure.record import FiledAct
from services.inspection.proceedings import Proceedings
from services.inspection.queries import case_of_id, filed_findings, filed_verdicts
from services.inspection.tables import case_papers, paper_series
from shared.contracts.vocabulary import Outcome
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.clock import HANOI
from shared.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_ORDINAL = re.compile(r"[0-9]{1,9}")

# What a list shows: all but the order and the bytes.
_LISTED = [case_papers.c[name] for name in FiledPaper.__struct_fields__ if name != "title"]


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """The papers of a case in order of issue, and every form with what it still needs."""

    papers: list[FiledPaper]
    forms: list[PossibleForm]


class Printed(NamedTuple):
    """The bytes of a paper as one kind of file."""

    paper: FiledPaper
    content_type: str
    content: bytes

    @property
    def file_name(self) -> str:
        one = self.paper
        return f"{one.form}-{one.year}-{one.serial:02}.{'docx' if self.content_type == DOCX else 'pdf'}"

    @property
    def headers(self) -> dict[str, str]:
        digest = self.paper.docx_sha256 if self.content_type == DOCX else self.paper.pdf_sha256
        return {"Content-Disposition": f'inline; filename="{self.file_name}"', "ETag": f'"{digest}"', "Vary": "Accept"}


def to_files(sheet: Sheet) -> tuple[bytes, bytes]:
    """Return a paper as PDF and as DOCX."""
    return to_pdf(sheet), to_docx(sheet)


def issue(
    case_id: str,
    order: AnyOrder,
    officer: Officer,
    uow: UnitOfWork,
    printer: Callable[[Sheet], tuple[bytes, bytes]] = to_files,
) -> FiledPaper:
    """Issue a paper; the very same order once more, with nothing recorded in between, gives the paper it gave.

    Raises ``NotFound``; ``Conflict`` when what the paper tells of is not on record; ``NotPermitted`` when it is for the
    head of the agency to issue.
    """
    officer.check_name()
    connection = uow.connection
    case = locked_case(connection, case_id)
    if case is None:
        raise NotFound(f"no case {case_id}")
    issued_at = max(uow.now, case.closed_at or case.opened_at)
    dossier = _dossier(connection, case, issued_at)
    content = msgspec.json.encode(order).decode()
    repeated = _repeated(connection, dossier, content)
    if repeated is not None:
        return repeated
    name, source = order.name(), order.form.source(case.track)
    needs = missing(type(order), dossier)
    if needs:
        raise Conflict(f"{name} needs that {'; that '.join(needs)} ({source})")
    if order.form.for_the_agency and not officer.heads_agency:
        raise NotPermitted(f"{name} is for the head of the agency to issue ({source}); {officer.name} may prepare it")
    unit = unit_of(order, dossier)
    serial = _next_serial(connection, unit.code, name, dossier.today.year)
    number = reference(order, unit, serial)
    # Printed while the series is locked, so that no number is ever given without its paper.
    pdf, docx = printer(fill(order, dossier, unit, number))
    deed = IssuePaper(
        form=name,
        reference=number,
        source=source,
        pdf_sha256=sha256(pdf).hexdigest(),
        docx_sha256=sha256(docx).hexdigest(),
    )
    docket = Docket([case], {})
    case = Proceedings(docket, uow).act(case, deed, issued_at, officer=officer.name)
    docket.save(connection)
    paper = FiledPaper(
        number=case.acts,
        form=name,
        title=order.form.title,
        reference=number,
        unit=unit.code,
        year=dossier.today.year,
        serial=serial,
        issued_at=issued_at,
        officer=officer.name,
        pdf_sha256=deed.pdf_sha256,
        docx_sha256=deed.docx_sha256,
    )
    row = {name: value for name, value in msgspec.structs.asdict(paper).items() if name != "title"}
    connection.execute(sa.insert(case_papers).values(case_id=case_id, content=content, pdf=pdf, docx=docx, **row))
    return paper


def list_papers(connection: sa.Connection, case_id: str) -> Papers:
    """Return the papers of a case; raise ``NotFound``."""
    case = case_of_id(connection, case_id)
    dossier = _dossier(connection, case, case.opened_at)
    return Papers(papers=list(dossier.papers), forms=list(possible_forms(dossier)))


def printed(connection: sa.Connection, case_id: str, number: int, content_type: str = PDF) -> Printed:
    """Return a paper's bytes as they were issued; raise ``NotFound``."""
    column = case_papers.c.docx if content_type == DOCX else case_papers.c.pdf
    query = sa.select(*_LISTED, column.label("content")).where(case_papers.c.case_id == case_id, case_papers.c.number == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"no paper {number} in case {case_id}")
    return Printed(_filed(row), content_type, row["content"])


def export(connection: sa.Connection, case_id: str, now: datetime) -> Iterator[Record]:
    """Return a whole case as the records of a bundle, the papers read one by one; raise ``NotFound``."""
    acts = acts_of(connection, case_of_id(connection, case_id).id)
    findings = [FindingRecord(name=f"finding {one.key}", event=one.event) for one in filed_findings(connection, case_id)]
    recorded = [ActRecord(name=f"act {one.number} {one.deed.name}", act=FiledAct.of(one)) for one in acts]
    issued = [(f"paper {one.number} {one.reference}", one) for one in _papers(connection, case_id)]
    names = ["contents", *(one.name for one in findings), *(one.name for one in recorded), *(name for name, _ in issued)]
    contents = ContentsRecord(case_id=case_id, exported_at=now, names=names)
    return chain([contents], findings, recorded, (_bound(connection, case_id, name, one) for name, one in issued))


def number_and_type(wanted: str, accepted: str = "") -> tuple[int, str]:
    """Return the number of a paper and the kind of file from ``7``, ``7.pdf`` or ``7.docx``, and the type a client accepts.

    Raises ``InvalidInput``.
    """
    number, _, extension = wanted.partition(".")
    types = {"pdf": PDF, "docx": DOCX, "": accepted or PDF}
    if not _ORDINAL.fullmatch(number) or extension not in types:
        raise InvalidInput(f"{wanted!r} is not the number of a paper, such as 7, 7.pdf or 7.docx", "/number")
    return int(number), types[extension]


def _dossier(connection: sa.Connection, case: Case, at: datetime) -> Dossier:
    verdicts = filed_verdicts(connection, case.id)
    return Dossier(
        case=case,
        violations=[
            Violation(observed_at=one.observed_at, rule=one.rule, kind=one.violation_kind, breaches=one.breaches)
            for one in verdicts
            if one.outcome is Outcome.NONCONFORMING
        ],
        acts=acts_of(connection, case.id),
        papers=_papers(connection, case.id),
        today=at.astimezone(HANOI).date(),
    )


def _bound(connection: sa.Connection, case_id: str, name: str, paper: FiledPaper) -> PaperRecord:
    pdf, docx = (printed(connection, case_id, paper.number, kind).content for kind in (PDF, DOCX))
    return PaperRecord(name=name, paper=paper, pdf=pdf, docx=docx)


def _papers(connection: sa.Connection, case_id: str) -> list[FiledPaper]:
    query = sa.select(*_LISTED).where(case_papers.c.case_id == case_id).order_by(case_papers.c.number)
    return [_filed(row) for row in connection.execute(query).mappings()]


def _filed(row: sa.RowMapping) -> FiledPaper:
    values = {column.name: row[column.name] for column in _LISTED}
    return FiledPaper(title=FORMS[row["form"]].form.title, **values)


def _repeated(connection: sa.Connection, dossier: Dossier, content: str) -> FiledPaper | None:
    """Return the paper that was the last thing recorded, when the same order made it: an answer was lost on its way."""
    if not dossier.papers or dossier.papers[-1].number != dossier.case.acts:
        return None
    last = dossier.papers[-1]
    query = sa.select(case_papers.c.content).where(case_papers.c.case_id == dossier.case.id, case_papers.c.number == last.number)
    return last if connection.scalar(query) == content else None


def _next_serial(connection: sa.Connection, unit: str, form: str, year: int) -> int:
    """Take the next number of a series; its row stays locked until the transaction ends, and a rollback gives it back."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
    statement = insert(paper_series).values(unit=unit, form=form, year=year, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=[paper_series.c.unit, paper_series.c.form, paper_series.c.year],
        set_={"last": paper_series.c.last + 1},
    ).returning(paper_series.c.last)
    return int(connection.execute(statement).scalar_one())
