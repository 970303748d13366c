"""Form 10, TBTTĐC: the public notice in the media."""

from __future__ import annotations

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_HEAD, AgencyOrder, Draft, Form, Requirement, by_track
from services.inspection.forms.sheet import Facts, Text
from services.inspection.procedure.deeds import Conclude, Publish
from shared.contracts import vocabulary


class PublicNotice(AgencyOrder, frozen=True, kw_only=True, tag="public_notice"):
    """Name the violator, the act and the address in public: only after the act publish, which no track knows at import."""

    form = Form(
        title="Thông báo công khai trên phương tiện thông tin đại chúng",
        code="Mẫu 10. TBTTĐC",
        symbol="TBTTĐC",
        articles=by_track(
            in_use="21(2)(c)", in_production="16(2)(c)", labels="40(1)(c)", tests="40(2)(c)", production="30(1)(b), 30(2)"
        ),
        for_the_agency=True,
        needs=(Requirement("the act publish is on record", lambda it: it.case.standing.published),),
    )

    media: vocabulary.Text

    @classmethod
    def example(cls) -> PublicNotice:
        """Return an order that is plainly a sample."""
        return cls(signer=SAMPLE_HEAD, media="Đài phát thanh và truyền hình (mẫu)")

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        published, concluded = dossier.latest(Publish), dossier.latest(Conclude)
        on_measurement = dossier.case.track in vocabulary.MEASUREMENT_TRACKS
        labels = ("Tên cơ sở vi phạm", "Địa chỉ thực hiện hành vi vi phạm") if on_measurement else ("Tên", "Địa chỉ")
        return Draft(
            title="THÔNG BÁO",
            subject=f"Về vi phạm pháp luật {wording.matter(dossier.case.track)}",
            addressee=self.media,
            blocks=[
                *wording.bases(dossier.case.track),
                Text(f"Căn cứ Kết luận số {concluded.number if concluded else ''};"),
                Facts(
                    [
                        (labels[0], dossier.case.site.name),
                        (labels[1], wording.address(dossier)),
                        ("Hành vi vi phạm", wording.kinds(dossier)),
                        ("Mức độ không phù hợp", published.degree if published else ""),
                    ]
                ),
                wording.product(dossier),
            ],
            signatures=self.signed(),
            recipients=["Như trên", "Lưu: hồ sơ vụ việc"],
        )
