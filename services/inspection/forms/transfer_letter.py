"""The letter that goes with the file to the competent authority."""

from __future__ import annotations

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.inventory import listed
from services.inspection.forms.order import SAMPLE_HEAD, AgencyOrder, Draft, Form, Requirement, by_track
from services.inspection.forms.sheet import Grid, Text
from services.inspection.procedure.deeds import Transfer


class TransferLetter(AgencyOrder, frozen=True, kw_only=True, tag="transfer_letter"):
    """Send the file that the act transfer names to its authority, for handling by law (TT 28/2013/TT-BKHCN Art. 6(1))."""

    form = Form(
        title="Công văn chuyển hồ sơ",
        symbol="CV",
        articles=by_track(
            in_use="21(2)(c)",
            in_production="16(2)(c)",
            labels="40(1)(d)",
            tests="40(2)(d)",
            production="30(1)(c)",
            imports="36(3)",
        ),
        for_the_agency=True,
        needs=(Requirement("the act transfer is on record", lambda it: it.latest(Transfer) is not None),),
    )

    @classmethod
    def example(cls) -> TransferLetter:
        """Return an order that is plainly a sample."""
        return cls(signer=SAMPLE_HEAD)

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        transfer = dossier.latest(Transfer)
        documents = transfer.documents if transfer else []
        rows = [[str(index), one.title, one.number] for index, one in enumerate(documents, start=1)]
        return Draft(
            title="CÔNG VĂN",
            subject="V/v chuyển hồ sơ và kiến nghị xử lý vi phạm",
            addressee=transfer.authority if transfer else "",
            blocks=[
                wording.site(dossier),
                wording.product(dossier),
                Text(
                    f"Qua kiểm tra nhà nước {wording.matter(dossier.case.track)}, cơ sở có hành vi vi phạm: "
                    f"{wording.kinds(dossier)}."
                ),
                *wording.violations(dossier),
                *wording.measures(dossier),
                Text("Chuyển hồ sơ và kiến nghị Quý cơ quan xem xét, xử lý theo quy định của pháp luật. Hồ sơ gồm:"),
                Grid(["Số TT", "Tên tài liệu", "Số, ký hiệu"], [1, 7, 4], rows),
                Text("Tài liệu do cơ quan ban hành trong hồ sơ:"),
                *listed(dossier),
            ],
            signatures=self.signed(),
            recipients=["Như trên", "Lưu: hồ sơ vụ việc"],
        )
