"""Form 7, TBTTHĐ: the notice that what was suspended may go on."""

from __future__ import annotations

from datetime import date

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_DAY, SAMPLE_HEAD, AgencyOrder, Draft, Form, Reference, Requirement, by_track
from services.inspection.forms.sheet import Facts, Text
from services.inspection.procedure.deeds import Resume
from shared.contracts import vocabulary


class ResumptionNotice(AgencyOrder, frozen=True, kw_only=True, tag="resumption_notice"):
    """Let it go on from a day, after the site has put things right and reported so."""

    form = Form(
        title="Thông báo hoạt động được tiếp tục thực hiện",
        code="Mẫu 7. TBTTHĐ",
        symbol="TBTTHĐ",
        articles=by_track(
            in_use="21(1)(d)", in_production="16(1)(c)", labels="47(6)", tests="47(6)", production="47(6)", imports="47(6)"
        ),
        for_the_agency=True,
        needs=(
            Requirement("the act resume is on record", lambda it: it.latest(Resume) is not None),
            Requirement("nothing is stopped any more", lambda it: not it.case.standing.stopped),
        ),
    )

    suspension: Reference
    activity: vocabulary.Text
    resumes_on: date

    @classmethod
    def example(cls) -> ResumptionNotice:
        """Return an order that is plainly a sample."""
        return cls(
            signer=SAMPLE_HEAD, suspension="01/TBTDHĐ-MẪU", activity="Hoạt động được tiếp tục (mẫu)", resumes_on=SAMPLE_DAY
        )

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        track = dossier.case.track
        resumed = dossier.latest(Resume)
        what = "hoạt động đo lường" if track in vocabulary.MEASUREMENT_TRACKS else "hoạt động sản xuất, kinh doanh hàng hóa"
        return Draft(
            title="THÔNG BÁO",
            subject=f"Về việc {what} được tiếp tục thực hiện",
            blocks=[
                *wording.bases(track),
                Text(f"Căn cứ Thông báo số {self.suspension} về việc tạm dừng;"),
                Text(f"Xét báo cáo bằng văn bản và bằng chứng khắc phục của cơ sở: {resumed.evidence if resumed else ''};"),
                wording.site(dossier),
                wording.product(dossier),
                Facts([("Hoạt động được tiếp tục", self.activity), ("Kể từ", wording.day(self.resumes_on))]),
            ],
            signatures=self.signed(),
            recipients=[dossier.case.site.name, "Lưu: hồ sơ vụ việc"],
        )
