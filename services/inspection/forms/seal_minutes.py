"""Form 8, BBNP: the minutes of sealing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import (
    SAMPLE_TEAM,
    Draft,
    Form,
    Item,
    Person,
    Refusal,
    Requirement,
    TeamOrder,
    by_track,
)
from services.inspection.forms.sheet import Grid, Text
from shared.contracts import vocabulary

SEALED = Requirement("a measure that seals something is in force", lambda it: it.case.standing.sealed)
SEALING = by_track(in_use="21(2)(b)", in_production="16(2)(b)", tests="40(2)(a)")


class SealMinutes(TeamOrder, frozen=True, kw_only=True, tag="seal_minutes"):
    """Record what was sealed, with which seals, and in whose keeping it stays."""

    form = Form(title="Biên bản niêm phong", code="Mẫu 8. BBNP", symbol="BBNP", articles=SEALING, needs=(SEALED,))

    items: Annotated[list[Item], msgspec.Meta(min_length=1, max_length=200)]
    keeper: vocabulary.Text

    @classmethod
    def example(cls) -> SealMinutes:
        """Return an order that is plainly a sample."""
        return cls(
            decision="01/QĐKT-MẪU",
            begun_at=datetime(2025, 3, 14, 3, tzinfo=UTC),
            team=SAMPLE_TEAM,
            items=[Item(name="Vật được niêm phong (mẫu)", quantity="01", state="Nguyên vẹn")],
            keeper="Cơ sở được kiểm tra (mẫu)",
            refusal=Refusal(witnesses=[Person(name="Người chứng kiến (mẫu)", position="Công chức cấp xã (mẫu)")]),
        )

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        rows = [[str(index), one.name, one.quantity, one.state] for index, one in enumerate(self.items, start=1)]
        return Draft(
            title="BIÊN BẢN NIÊM PHONG",
            blocks=[
                *wording.meeting(self, dossier),
                Text(f"Lý do niêm phong: {wording.kinds(dossier)}.", "I."),
                wording.product(dossier),
                Text("Đã tiến hành niêm phong:", "II."),
                Grid(["Số TT", "Tên", "Số lượng", "Tình trạng"], [1, 5, 2, 4], rows),
                Text(f"Giao {self.keeper} bảo quản; không được tự ý tháo gỡ, phá niêm phong.", "III."),
                *wording.ending(self),
            ],
            signatures=self.signed(),
        )
