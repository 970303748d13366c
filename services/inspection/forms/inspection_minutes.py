"""Form 5, BBKT: the minutes of an inspection that found something wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_PRESENT, SAMPLE_TEAM, Draft, Form, TeamOrder, by_track
from services.inspection.forms.sheet import Text


class InspectionMinutes(TeamOrder, frozen=True, kw_only=True, tag="inspection_minutes"):
    """Record what was found at the site; ``remedy_by`` is the term within which it must be put right."""

    form = Form(
        title="Biên bản kiểm tra",
        code="Mẫu 5. BBKT",
        symbol="BBKT",
        articles=by_track(in_use="20(5)", in_production="15(4)", labels="39(1)(c)", tests="39(1)(c)", production="29(3)(c)"),
    )

    remedy_by: date | None = None

    @classmethod
    def example(cls) -> InspectionMinutes:
        """Return an order that is plainly a sample."""
        return cls(
            decision="01/QĐKT-MẪU",
            begun_at=datetime(2025, 3, 14, 2, tzinfo=UTC),
            team=SAMPLE_TEAM,
            present=SAMPLE_PRESENT,
            remedy_by=date(2025, 3, 28),
        )

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        term = (
            [Text(f"Cơ sở thực hiện các biện pháp khắc phục đến hết {wording.day(self.remedy_by)}.", "Thời hạn khắc phục:")]
            if self.remedy_by
            else []
        )
        return Draft(
            title="BIÊN BẢN KIỂM TRA",
            subject=wording.matter(dossier.case.track),
            blocks=[
                *wording.meeting(self, dossier),
                Text("Kết quả kiểm tra:", "I."),
                wording.product(dossier),
                *wording.violations(dossier),
                Text(f"Đoàn kiểm tra kết luận: không phù hợp quy định ({wording.kinds(dossier)}).", "II."),
                Text("Yêu cầu và biện pháp xử lý:", "III."),
                *wording.measures(dossier),
                *term,
                *wording.ending(self),
            ],
            signatures=self.signed(),
        )
