"""Form 11, BBVPHC: the minutes of an administrative violation."""

from __future__ import annotations

from datetime import UTC, datetime

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_PRESENT, SAMPLE_TEAM, Draft, Form, TeamOrder, by_track
from services.inspection.forms.sheet import Facts, Text
from shared.contracts import vocabulary
from shared.contracts.vocabulary import Track

_MARKET = "TT 01/2024/TT-BKHCN Điều 3(2)"


class ViolationMinutes(TeamOrder, frozen=True, kw_only=True, tag="violation_minutes"):
    """Record an administrative violation for whoever may punish it; ``provision`` is what was violated."""

    form = Form(
        title="Biên bản vi phạm hành chính",
        code="Mẫu 11. BBVPHC",
        symbol="BBVPHC",
        articles={
            **by_track(in_use="6(1)", in_production="6(1)"),
            Track.LABELS_AND_MARKS: _MARKET,
            Track.TEST_RESULTS: _MARKET,
        },
    )

    provision: vocabulary.Text

    @classmethod
    def example(cls) -> ViolationMinutes:
        """Return an order that is plainly a sample."""
        return cls(
            decision="01/QĐKT-MẪU",
            begun_at=datetime(2025, 3, 14, 4, tzinfo=UTC),
            team=SAMPLE_TEAM,
            present=SAMPLE_PRESENT,
            statement="Ý kiến (mẫu)",
            provision="Điều khoản vi phạm (mẫu)",
        )

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        return Draft(
            title="BIÊN BẢN VI PHẠM HÀNH CHÍNH",
            subject=wording.matter(dossier.case.track),
            blocks=[
                *wording.meeting(self, dossier),
                Text("Đã có hành vi vi phạm hành chính như sau:", "I."),
                Facts([("Hành vi", wording.kinds(dossier)), ("Quy định tại", self.provision)]),
                wording.product(dossier),
                *wording.violations(dossier),
                Text("Các biện pháp đã áp dụng:", "II."),
                *wording.measures(dossier),
                Text("Đề nghị chuyển hồ sơ và kiến nghị người có thẩm quyền xử lý theo quy định của pháp luật.", "III."),
                *wording.ending(self),
            ],
            signatures=self.signed(),
        )
