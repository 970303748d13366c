"""A case in which everything has happened that any form tells of, for tests of its papers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pypdf
import sqlalchemy as sa
from docx.table import Table

from services.inspection import papers
from services.inspection.forms.catalogue import FORMS, AnyOrder
from services.inspection.forms.dossier import FiledPaper
from services.inspection.handlers import Officer, act
from services.inspection.procedure.deeds import Conclude, Document, OrderMeasure, ProposePublication, Publish, Resume, Transfer
from services.inspection.tables import cases
from shared.contracts.vocabulary import Measure

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Ledger, Make

TEAM = Officer("SAMPLE-OFFICER-1", heads_agency=False)
HEAD = Officer("SAMPLE-HEAD-1", heads_agency=True)

DOCUMENTS = [Document(title="Công văn (mẫu)", number="MẪU-1"), Document(title="Biên bản (mẫu)", number="MẪU-2")]
STORY = (
    (OrderMeasure(measure=Measure.SEAL), TEAM),
    (Conclude(number="12/KL-MẪU"), HEAD),
    (ProposePublication(), TEAM),
    (Publish(degree="Sai số vượt quá giới hạn (mẫu)"), HEAD),
    (Transfer(authority="Cơ quan có thẩm quyền (mẫu)", documents=DOCUMENTS), HEAD),
)


def opened(ledger: Ledger, make: Make, site: int = 1) -> str:
    """Return a case about a fuel dispenser, just opened."""
    ledger.judge([make.pump("0.9", site=site)])
    return str(ledger.connection.scalar(sa.select(cases.c.id).where(cases.c.site_id == make.site(site).id)))


def grown(ledger: Ledger, make: Make) -> str:
    """Return a case that has been published and transferred."""
    case_id = opened(ledger, make)
    ledger.judge([make.pump("0.95", at=1)])
    for deed, officer in STORY:
        ledger.run(lambda uow, deed=deed, officer=officer: act(case_id, deed, officer, uow))  # type: ignore[misc]
    return case_id


def issued(ledger: Ledger, case_id: str, order: AnyOrder, officer: Officer = HEAD) -> FiledPaper:
    """Issue a paper; what was stopped goes on before a notice that says so."""
    if order.name() == "resumption_notice":
        ledger.run(lambda uow: act(case_id, Resume(evidence="Báo cáo khắc phục (mẫu)"), HEAD, uow))
    found: list[FiledPaper] = []
    ledger.run(lambda uow: found.append(papers.issue(case_id, order, officer, uow)))
    return found[0]


def examples() -> list[AnyOrder]:
    """Return an order for each form; the inventory comes last, to list them all."""
    return [kind.example() for kind in FORMS.values()]


def pdf_text(content: bytes) -> str:
    """Return what can be read in a PDF, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def docx_text(content: bytes) -> str:
    """Return what can be read in a DOCX, in its order, on one line."""
    document = docx.Document(io.BytesIO(content))
    found: list[str] = []
    for one in document.iter_inner_content():
        if isinstance(one, Table):
            found += [cell.text for row in one.rows for cell in row.cells]
        else:
            found.append(one.text)
    return " ".join(" ".join(found).split())
