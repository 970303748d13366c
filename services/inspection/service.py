"""The inspection service on nameko: who calls which handler."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from werkzeug.wrappers import Request

from services.inspection import handlers, papers, queries
from services.inspection.bundle import bundled
from services.inspection.forms.catalogue import AnyOrder
from services.inspection.forms.dossier import FiledPaper
from services.inspection.handlers import Officer, Rehearsal
from services.inspection.model.findings import Verdict
from services.inspection.papers import DOCX, PDF, Papers
from services.inspection.procedure.deeds import OfficerDeed
from services.inspection.queries import CaseFile, CasePage, CaseQuery
from services.inspection.registers import asking, deciding, filling, loading
from services.inspection.registers.entries import Register
from services.inspection.registers.matching import MatchState
from services.inspection.rules import rulebook
from services.inspection.sampling import Offers, SamplingQuery, offers
from shared.contracts.envelope import Event
from shared.contracts.partners import AlertPublished, ComplaintReceived
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.wellformed import read_query
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

    @subscribe(*rulebook().event_types, AlertPublished, ComplaintReceived)
    def take_note(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        """Fill the registers, and suggest what alerts and complaints may be about."""
        filling.fill(events, uow)

    @http("GET", "/v1/cases")
    def cases(self, request: Request) -> CasePage:
        """List cases, the latest first."""
        with self.room.reading() as connection:
            return queries.list_cases(connection, read_query(request.args, CaseQuery))

    @http("GET", "/v1/cases/<case_id>")
    def case(self, request: Request, case_id: str) -> CaseFile:
        """Show a case with its findings, verdicts, acts and what may be done next."""
        with self.room.reading() as connection:
            return queries.case_file(connection, case_id, _officer(request).name)

    @http("POST", "/v1/cases/<case_id>/acts", body=OfficerDeed)
    def act(self, request: Request, case_id: str, body: OfficerDeed) -> CaseFile:
        """Do something in a case: order a measure, assess its risk, record an illegal gain, conclude, publish, close."""
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

    @http("POST", "/v1/cases/<case_id>/rehearsals", body=OfficerDeed)
    def rehearse(self, request: Request, case_id: str, body: OfficerDeed) -> Rehearsal:
        """Tell what would come of an act in a case (its article, a risk level, an illegal gain line by line); do nothing."""
        with self.room.reading() as connection:
            return handlers.rehearse(case_id, body, _officer(request), connection)

    @http("GET", "/v1/cases/<case_id>/bundle")
    def bundle(self, _request: Request, case_id: str) -> Reply:
        """Give a whole case with its papers in one file that ``chuan case verify`` checks."""
        with self.room.reading() as connection:
            lines = bundled(papers.export(connection, case_id, self.room.clock.now()))
            return Reply(b"".join(lines), content_type="application/jsonl")

    @http("GET", "/v1/cases/<case_id>/findings/<finding_key>/verdicts")
    def verdicts(self, request: Request, case_id: str, finding_key: str) -> list[Verdict]:
        """Judge a finding of a case again, by the law of the day ``on``."""
        with self.room.reading() as connection:
            return queries.verdicts_on(connection, case_id, finding_key, request.args)

    @http("GET", "/v1/sampling-plans")
    def sampling_plans(self, request: Request) -> Offers:
        """Offer sampling plans for a lot: n, Ac, the risks of both sides, the operating characteristic."""
        return offers(read_query(request.args, SamplingQuery))

    @http("GET", "/v1/sites")
    def sites(self, request: Request) -> asking.Page:
        """List known sites; ``?q=&province=&tax_code=&limit=&after=``."""
        with self.room.reading() as connection:
            return asking.list_sites(connection, read_query(request.args, asking.SiteQuery))

    @http("GET", "/v1/sites/<path:site_id>")
    def site(self, _request: Request, site_id: str) -> Any:
        """Show a site with the products met there and its instruments."""
        with self.room.reading() as connection:
            return asking.site(connection, site_id)

    @http("GET", "/v1/products")
    def products(self, request: Request) -> asking.Page:
        """List known products; ``?q=&group=&gtin=&province=&limit=&after=``."""
        with self.room.reading() as connection:
            return asking.list_products(connection, read_query(request.args, asking.ProductQuery))

    @http("GET", "/v1/products/<product_id>")
    def product(self, _request: Request, product_id: str) -> Any:
        """Show a product with the sites it was met at."""
        with self.room.reading() as connection:
            return asking.product(connection, product_id)

    @http("GET", "/v1/instruments")
    def instruments(self, request: Request) -> asking.Page:
        """List instruments by the day they must be verified; ``?site=&province=&due_from=&due_before=&limit=&after=``."""
        with self.room.reading() as connection:
            return asking.list_instruments(connection, read_query(request.args, asking.InstrumentQuery))

    @http("GET", "/v1/bodies")
    def bodies(self, request: Request) -> asking.Page:
        """List verification and conformity-assessment bodies; ``?kind=&scope=&on=&province=&limit=&after=``."""
        with self.room.reading() as connection:
            return asking.list_bodies(connection, read_query(request.args, asking.BodyQuery))

    @http("POST", "/v1/sites", body=loading.Entries)
    def load_sites(self, _request: Request, body: loading.Entries) -> loading.Loaded:
        """Take the entries of a register of sites; those refused are named."""
        return self._load(Register.SITES, body)

    @http("POST", "/v1/products", body=loading.Entries)
    def load_products(self, _request: Request, body: loading.Entries) -> loading.Loaded:
        """Take the entries of a register of products; those refused are named."""
        return self._load(Register.PRODUCTS, body)

    @http("POST", "/v1/instruments", body=loading.Entries)
    def load_instruments(self, _request: Request, body: loading.Entries) -> loading.Loaded:
        """Take the entries of a register of instruments; those refused are named."""
        return self._load(Register.INSTRUMENTS, body)

    @http("POST", "/v1/bodies", body=loading.Entries)
    def load_bodies(self, _request: Request, body: loading.Entries) -> loading.Loaded:
        """Take the entries of a register of bodies; those refused are named."""
        return self._load(Register.BODIES, body)

    @http("GET", "/v1/matches")
    def matches(self, request: Request) -> asking.Page:
        """List matches of alerts and complaints; ``?state=&subject=&concern=&limit=&after=``."""
        with self.room.reading() as connection:
            return deciding.list_matches(connection, read_query(request.args, deciding.MatchQuery))

    @http("GET", "/v1/matches/<match_id>")
    def match(self, _request: Request, match_id: str) -> Any:
        """Show a match with both sides and the parts of its score."""
        with self.room.reading() as connection:
            return deciding.match(connection, match_id)

    @http("POST", "/v1/matches/<match_id>/confirm", body=deciding.Decision)
    def confirm(self, request: Request, match_id: str, body: deciding.Decision) -> Any:
        """Confirm that an alert or a complaint is about this product or site."""
        with self.room.transaction() as uow:
            return deciding.decide(match_id, MatchState.CONFIRMED, body, _officer(request).name, uow)

    @http("POST", "/v1/matches/<match_id>/reject", body=deciding.Decision)
    def reject(self, request: Request, match_id: str, body: deciding.Decision) -> Any:
        """Reject a suggested match."""
        with self.room.transaction() as uow:
            return deciding.decide(match_id, MatchState.REJECTED, body, _officer(request).name, uow)

    def _load(self, register: Register, entries: loading.Entries) -> loading.Loaded:
        with self.room.transaction() as uow:
            return loading.load(register, enumerate(entries, start=1), uow)


def _officer(request: Request) -> Officer:
    holder = holder_of(request)
    return Officer(holder.name, heads_agency="head" in holder.roles)
