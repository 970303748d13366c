"""The inspection service on nameko: who calls which handler."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from werkzeug.wrappers import Request

from services.inspection import handlers, papers, queries
from services.inspection.forms.catalogue import AnyOrder
from services.inspection.forms.dossier import FiledPaper
from services.inspection.handlers import Officer
from services.inspection.model import Verdict
from services.inspection.papers import DOCX, PDF, Papers
from services.inspection.procedure.deeds import OfficerDeed
from services.inspection.queries import CaseFile, CasePage, CaseQuery
from services.inspection.rules import rulebook
from services.inspection.sampling import Offers, SamplingQuery, offers
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.subscription import subscribe
from shared.runner.natively import natively
from shared.runner.provider import provided_room
from shared.web.auth import holder_of
from shared.web.entrypoint import http
from shared.web.reply import Reply


class InspectionService:
    """Judges what others found, and keeps the cases that follow."""

    name = "inspection"
    room = provided_room()

    @subscribe(*rulebook().event_types)
    def judge(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        handlers.judge(events, uow)

    @http("GET", "/v1/cases")
    def cases(self, request: Request) -> CasePage:
        """List cases, the latest first."""
        with self.room.reading() as connection:
            return queries.list_cases(connection, CaseQuery.read(request.args))

    @http("GET", "/v1/cases/<case_id>")
    def case(self, request: Request, case_id: str) -> CaseFile:
        """Show a case with its findings, verdicts, acts and what may be done next."""
        with self.room.reading() as connection:
            return queries.case_file(connection, case_id, _officer(request).name)

    @http("POST", "/v1/cases/<case_id>/acts", body=OfficerDeed)
    def act(self, request: Request, case_id: str, body: OfficerDeed) -> CaseFile:
        """Do something in a case: order a measure, conclude, publish, transfer, close, open again."""
        officer = _officer(request)
        with self.room.transaction() as uow:
            handlers.act(case_id, body, officer, uow)
            return queries.case_file(uow.connection, case_id, officer.name)

    @http("GET", "/v1/cases/<case_id>/papers")
    def papers(self, _request: Request, case_id: str) -> Papers:
        """List the papers of a case, and the forms that could be issued."""
        with self.room.reading() as connection:
            return papers.list_papers(connection, case_id)

    @http("POST", "/v1/cases/<case_id>/papers", body=AnyOrder)
    def issue_paper(self, request: Request, case_id: str, body: AnyOrder) -> FiledPaper:
        """Issue a paper under the next number of its series."""
        with self.room.transaction() as uow:
            return papers.issue(case_id, body, _officer(request), uow, printer=partial(natively, papers.to_files))

    @http("GET", "/v1/cases/<case_id>/papers/<number>")
    def paper(self, request: Request, case_id: str, number: str) -> Reply:
        """Give a paper as it was issued: PDF or DOCX, by the extension or by what is accepted."""
        accepted = request.accept_mimetypes.best_match((PDF, DOCX)) or PDF
        with self.room.reading() as connection:
            found = papers.printed(connection, case_id, *papers.number_and_type(number, accepted))
        return Reply(found.content, content_type=found.content_type, headers=found.headers)

    @http("GET", "/v1/cases/<case_id>/findings/<finding_key>/verdicts")
    def verdicts(self, request: Request, case_id: str, finding_key: str) -> list[Verdict]:
        """Judge a finding of a case again, by the law of the day ``on``."""
        with self.room.reading() as connection:
            return queries.verdicts_on(connection, case_id, finding_key, request.args)

    @http("GET", "/v1/sampling-plans")
    def sampling_plans(self, request: Request) -> Offers:
        """Offer sampling plans for a lot: n, Ac, the risks of both sides, the operating characteristic."""
        return offers(SamplingQuery.read(request.args))


def _officer(request: Request) -> Officer:
    holder = holder_of(request)
    return Officer(holder.name, heads_agency="head" in holder.roles)
