"""What comes and goes as paper in the sample year: reports, directives, applications, drafts, TBT matters, checks, imports.

Most of it is in time. One report, one answer, one application and one importer are late, one directive comes after its own
time, and one urgent draft is closed to comments too early, so that every kind of clock shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from services.cli.sample_year.activities import HUE, NATIONAL
from services.cli.sample_year.everyday import everyday
from services.cli.sample_year.places import unit_of
from services.cli.sample_year.season import Days
from services.cli.sample_year.streams.conformity import TOYS
from services.cli.sample_year.subject import Look
from shared.contracts import partners
from shared.contracts.envelope import Data
from shared.contracts.partners import Answer, DraftKind, DraftStage, PapersAfterRelease, Procedure
from shared.contracts.vocabulary import Site
from shared.kernel.clock import HANOI

_HUE: dict[str, Any] = {"unit": unit_of(HUE), "unit_province": HUE}
_NATIONAL: dict[str, Any] = {"unit": NATIONAL}
_TBT: dict[str, Any] = {"unit": "SAMPLE-TBT-OFFICE"}
_AGENCIES = 3
_LATE_MONTH = 8

Dated = tuple[date, Callable[[datetime], Data]]


def papers(days: Days, year: int) -> dict[date, list[Look]]:
    """Return what is published on which working day of ``year``."""
    found: dict[date, list[Look]] = {}
    for day, make in (
        *_reports(year),
        *_directives(year),
        *_applications(year),
        *_drafts(year),
        *_tbt(year),
        *_agencies(year),
        *_imports(year),
        *everyday(year),
    ):
        while not days.is_working(day):
            day -= timedelta(days=1)  # noqa: PLW2901 - what falls on a day off is done before it
        found.setdefault(day, []).append(_look(make))
    return found


def _look(make: Callable[[datetime], Data]) -> Look:
    def look(_rng: Random, at: datetime, _number: str, _conforms: bool) -> Data:
        return make(at)

    return look


def _reports(year: int) -> Iterator[Dated]:
    def report(day: date, name: str, period: str, who: dict[str, Any]) -> Dated:
        return day, lambda at: partners.ReportReceived(observed_at=at, report=name, period=period, **who)

    yield report(date(year, 3, 27), "prepackage_supervision_report", f"{year - 1}", _HUE)
    yield report(date(year, 6, 4), "control_verification_report", f"{year}", _HUE)  # late
    for half, month in (("H1", 6), ("H2", 12)):
        yield report(date(year, month, 23), "tbt_activity_report", f"{year}-{half}", _HUE)
        yield report(date(year, month, 24), "drafting_progress_report", f"{year}-{half}", _NATIONAL)
    for month in range(1, 13):
        day = 25 if month == _LATE_MONTH else 19
        yield report(date(year, month, day), "monthly_report_province", f"{year}-{month:02}", _HUE)
    yield report(date(year, 11, 18), "iso_9001_check_report", f"{year}", _HUE)
    yield report(date(year, 12, 16), "local_regulations_report", f"{year}", _HUE)
    yield report(date(year, 6, 19), "control_verification_numbers", f"{year}", _NATIONAL)
    yield report(date(year, 9, 24), "drafting_plan_adjustment", f"{year}", _NATIONAL)


def _directives(year: int) -> Iterator[Dated]:
    def received(number: int, day: date, due: date, title: str) -> Dated:
        due_at = datetime.combine(due, time(17), tzinfo=HANOI)
        return day, lambda at: partners.DirectiveReceived(
            observed_at=at,
            directive_id=f"SAMPLE-DIRECTIVE-{year}-{number}",
            number=f"{number}/TĐC (mẫu)",
            issuer="Cơ quan cấp trên (mẫu)",
            title=title,
            due_at=due_at,
            **_HUE,
        )

    def answered(number: int, day: date) -> Dated:
        return day, lambda at: partners.DirectiveAnswered(
            observed_at=at, directive_id=f"SAMPLE-DIRECTIVE-{year}-{number}", number=f"{number}/CCTĐC (mẫu)", **_HUE
        )

    yield received(1, date(year, 3, 4), date(year, 3, 14), "Báo cáo tình hình kiểm tra cột đo xăng dầu (mẫu)")
    yield answered(1, date(year, 3, 12))
    yield received(2, date(year, 5, 12), date(year, 5, 16), "Rà soát phương tiện đo nhóm 2 tại chợ (mẫu)")
    yield answered(2, date(year, 5, 21))  # late
    yield received(
        3, date(year, 9, 10), date(year, 9, 5), "Báo cáo nhanh về đồ chơi trẻ em dịp Trung thu (mẫu)"
    )  # over on arrival
    yield received(4, date(year, 10, 6), date(year, 10, 31), "Góp ý dự thảo văn bản (mẫu)")


def _applications(year: int) -> Iterator[Dated]:
    def received(number: int, day: date, procedure: Procedure, who: dict[str, Any], *, complete: bool = True) -> Dated:
        return day, lambda at: partners.FileReceived(
            observed_at=at,
            application_id=f"SAMPLE-APPLICATION-{year}-{number}",
            procedure=procedure,
            applicant=f"Cơ sở mẫu {number}",
            complete=complete,
            **who,
        )

    def answered(number: int, day: date, procedure: Procedure, who: dict[str, Any], answer: Answer) -> Dated:
        return day, lambda at: partners.FileAnswered(
            observed_at=at,
            application_id=f"SAMPLE-APPLICATION-{year}-{number}",
            procedure=procedure,
            answer=answer,
            **who,
        )

    mark = Procedure.QUANTITY_MARK_DECLARATION
    yield received(1, date(year, 2, 17), mark, _HUE, complete=False)
    yield answered(1, date(year, 2, 19), mark, _HUE, Answer.SUPPLEMENTS_ASKED)
    yield received(1, date(year, 2, 25), mark, _HUE)
    yield answered(1, date(year, 2, 28), mark, _HUE, Answer.GRANTED)
    yield received(2, date(year, 7, 7), mark, _HUE)
    yield answered(2, date(year, 7, 17), mark, _HUE, Answer.GRANTED)  # late
    yield received(3, date(year, 4, 1), Procedure.TYPE_APPROVAL, _NATIONAL)
    yield answered(3, date(year, 4, 11), Procedure.TYPE_APPROVAL, _NATIONAL, Answer.GRANTED)
    yield received(4, date(year, 8, 11), Procedure.VERIFIER_CARD, _NATIONAL)
    yield answered(4, date(year, 8, 25), Procedure.VERIFIER_CARD, _NATIONAL, Answer.GRANTED)


def _drafts(year: int) -> Iterator[Dated]:
    def advanced(day: date, stage: DraftStage) -> Dated:
        return day, lambda at: partners.DraftAdvanced(
            observed_at=at,
            draft_id=f"SAMPLE-DRAFT-{year}-1",
            draft_kind=DraftKind.NATIONAL_REGULATION,
            stage=stage,
            title="Dự thảo QCVN cấp thiết (mẫu)",
            urgent=True,
            **_NATIONAL,
        )

    yield advanced(date(year, 8, 4), DraftStage.SENT_FOR_COMMENTS)
    yield advanced(date(year, 8, 29), DraftStage.COMMENTS_CLOSED)  # five days too early


def _tbt(year: int) -> Iterator[Dated]:
    symbol = f"G/TBT/N/VNM/{year}999"
    yield (
        date(year, 4, 21),
        lambda at: partners.NotificationCirculated(observed_at=at, symbol=symbol, title="Dự thảo QCVN mẫu", **_TBT),
    )
    yield date(year, 7, 1), lambda at: partners.CommentsClosed(observed_at=at, symbol=symbol)
    request = f"SAMPLE-REQUEST-{year}-1"
    yield date(year, 5, 6), lambda at: partners.DocumentsRequested(observed_at=at, request_id=request, member="JPN", **_TBT)
    yield date(year, 5, 9), lambda at: partners.DocumentsSent(observed_at=at, request_id=request)
    change = f"SAMPLE-CHANGE-{year}-1"
    yield date(year, 7, 2), lambda at: partners.ContactChanged(observed_at=at, change_id=change, **_HUE)
    yield date(year, 7, 2), lambda at: partners.ContactReported(observed_at=at, change_id=change, **_HUE)
    meeting = f"SAMPLE-MEETING-{year}-1"
    meets_at = datetime(year, 11, 20, 9, tzinfo=HANOI)
    yield (
        date(year, 11, 3),
        lambda at: partners.MeetingCalled(
            observed_at=at, meeting_id=meeting, title="Họp thường kỳ Ban liên ngành TBT (mẫu)", meets_at=meets_at, **_TBT
        ),
    )
    yield date(year, 11, 7), lambda at: partners.MeetingPapersSent(observed_at=at, meeting_id=meeting, **_TBT)


def _agencies(year: int) -> Iterator[Dated]:
    def checked(number: int) -> Dated:
        return date(year, 8 + number, 12), lambda at: partners.AgencyChecked(
            observed_at=at,
            check_id=f"SAMPLE-CHECK-{year}-{number}",
            agency=f"SAMPLE-AGENCY-{HUE}-{number}",
            on_site=number == 1,
            nonconformities=2 if number == 1 else 0,
            **_HUE,
        )

    for number in range(1, _AGENCIES + 1):
        yield checked(number)
    yield (
        date(year, 10, 30),
        lambda at: partners.CorrectionReported(
            observed_at=at, check_id=f"SAMPLE-CHECK-{year}-1", agency=f"SAMPLE-AGENCY-{HUE}-1", **_HUE
        ),
    )


def _imports(year: int) -> Iterator[Dated]:
    importer = Site(id="SAMPLE-IMPORTER-31-0001", name="Công ty nhập khẩu mẫu 1 (Hải Phòng)", province="31")

    def told(number: int, day: date, papers: PapersAfterRelease) -> Dated:
        return day, lambda at: partners.LotDeclared(
            observed_at=at,
            declaration_no=f"SAMPLE-DECLARATION-{year}-{number}",
            importer=importer,
            product=TOYS[number],
            quantity=Decimal(800),
            unit="chiếc",
            papers_after_release=papers,
        )

    yield told(1, date(year, 3, 5), PapersAfterRelease.OWED)
    yield told(1, date(year, 3, 20), PapersAfterRelease.HANDED_IN)
    yield told(2, date(year, 6, 2), PapersAfterRelease.OWED)
    yield told(2, date(year, 7, 3), PapersAfterRelease.HANDED_IN)  # late
