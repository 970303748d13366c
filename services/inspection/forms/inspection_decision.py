"""Form 4, QĐKTĐL: the decision to inspect, which founds the team."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_DAY, SAMPLE_HEAD, SAMPLE_TEAM, AgencyOrder, Draft, Form, Person, by_track
from services.inspection.forms.sheet import Facts, Text
from shared.contracts import vocabulary
from shared.contracts.vocabulary import Track


class InspectionDecision(AgencyOrder, frozen=True, kw_only=True, tag="inspection_decision"):
    """Found a team and let it inspect; the leader comes first in ``team``."""

    form = Form(
        title="Quyết định kiểm tra",
        code="Mẫu 4. QĐKTĐL",
        symbol="QĐKT",
        articles=by_track(in_use="5(2)", in_production="5(2)", labels="39(1)(a)", tests="39(1)(a)", production="29(3)(a)"),
        for_the_agency=True,
    )

    team: Annotated[list[Person], msgspec.Meta(min_length=1, max_length=30)]
    content: vocabulary.Text
    begins: date
    ends: date

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.ends < self.begins:
            raise ValueError("the inspection ends before it begins")

    @classmethod
    def example(cls) -> InspectionDecision:
        """Return an order that is plainly a sample."""
        return cls(
            signer=SAMPLE_HEAD, team=SAMPLE_TEAM, content="Nội dung kiểm tra (mẫu)", begins=SAMPLE_DAY, ends=date(2025, 3, 21)
        )

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        track = dossier.case.track
        covert = (
            [Text("Kiểm tra đặc thù: đoàn kiểm tra được lấy mẫu để kiểm tra trước khi xuất trình quyết định kiểm tra.")]
            if track is Track.COVERT_METROLOGY
            else []
        )
        return Draft(
            title="QUYẾT ĐỊNH",
            subject=f"Về việc kiểm tra nhà nước {wording.matter(track)}",
            blocks=[
                *wording.bases(track),
                Text("QUYẾT ĐỊNH:"),
                Text(f"Thành lập đoàn kiểm tra nhà nước {wording.matter(track)}, gồm các ông (bà) có tên sau đây:", "Điều 1."),
                wording.people(self.team, leader=True),
                Text("Đoàn kiểm tra tiến hành kiểm tra như sau:", "Điều 2."),
                wording.site(dossier),
                wording.product(dossier),
                Facts(
                    [
                        ("Nội dung kiểm tra", self.content),
                        ("Thời gian kiểm tra", f"từ {wording.day(self.begins)} đến {wording.day(self.ends)}"),
                    ]
                ),
                *covert,
                Text(
                    "Các ông (bà) có tên tại Điều 1 và cơ sở được kiểm tra chịu trách nhiệm thi hành Quyết định này.", "Điều 3."
                ),
            ],
            signatures=self.signed(),
            recipients=["Như Điều 3", "Lưu: hồ sơ vụ việc"],
        )
