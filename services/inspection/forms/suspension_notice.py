"""Form 6, TBTDHĐ: the notice that suspends, or stops, what does not conform."""

from __future__ import annotations

from datetime import date

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_DAY, SAMPLE_HEAD, AgencyOrder, Draft, Form, Reference, Requirement, by_track
from services.inspection.forms.sheet import Facts, Text
from shared.contracts import vocabulary


class SuspensionNotice(AgencyOrder, frozen=True, kw_only=True, tag="suspension_notice"):
    """Suspend what does not conform, from the signing of the minutes; ``final`` stops it (Arts 16(2)(b), 21(2)(b))."""

    form = Form(
        title="Thông báo tạm dừng hoạt động không phù hợp",
        code="Mẫu 6. TBTDHĐ",
        symbol="TBTDHĐ",
        articles=by_track(
            in_use="21(1)(c)", in_production="16(1)(b)", labels="47(6)", tests="47(6)", production="47(6)", imports="47(6)"
        ),
        for_the_agency=True,
        needs=(Requirement("a measure that stops or suspends something is in force", lambda it: it.case.standing.stopped),),
    )

    minutes: Reference
    minutes_signed_on: date
    activity: vocabulary.Text
    until: date | None = None
    final: bool = False

    @classmethod
    def example(cls) -> SuspensionNotice:
        """Return an order that is plainly a sample."""
        return cls(
            signer=SAMPLE_HEAD,
            minutes="01/BBKT-MẪU",
            minutes_signed_on=SAMPLE_DAY,
            activity="Hoạt động bị tạm dừng (mẫu)",
            until=date(2025, 3, 28),
        )

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        track = dossier.case.track
        verb = "dừng" if self.final else "tạm dừng"
        what = "hoạt động đo lường" if track in vocabulary.MEASUREMENT_TRACKS else "hoạt động sản xuất, kinh doanh hàng hóa"
        since = f"từ thời điểm ký biên bản kiểm tra, {wording.day(self.minutes_signed_on)}"
        return Draft(
            title="THÔNG BÁO",
            subject=f"Về việc {verb} {what} không phù hợp quy định",
            blocks=[
                *wording.bases(track),
                Text(f"Căn cứ Biên bản kiểm tra số {self.minutes} {wording.day(self.minutes_signed_on)};"),
                wording.site(dossier),
                wording.product(dossier),
                Facts(
                    [
                        (f"Hoạt động phải {verb}", self.activity),
                        ("Lý do", wording.kinds(dossier)),
                        ("Thời gian", since + (f" đến hết {wording.day(self.until)}" if self.until else "")),
                    ]
                ),
                *wording.violations(dossier),
                Text(
                    "Cơ sở thực hiện các biện pháp khắc phục và báo cáo bằng văn bản kèm theo bằng chứng. Hoạt động chỉ được "
                    "tiếp tục khi có thông báo của cơ quan chủ trì kiểm tra."
                ),
            ],
            signatures=self.signed(),
            recipients=[dossier.case.site.name, "Lưu: hồ sơ vụ việc"],
        )
