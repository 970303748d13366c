"""A valid file is appraised in 60 days; a national standard is reviewed every 3 years, a national regulation every 5.

Each review starts the next period.
"""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import advanced
from services.planning.model.clocks import ClockRule
from shared.contracts.partners import DraftKind, DraftStage
from shared.kernel.deadlines import Term, Unit


def _review(row: str, kind: DraftKind, years: int, duty: str, vi: str, en: str, source: str) -> ClockRule:
    return ClockRule(
        duty=duty,
        rows=(row,),
        vi=f"{vi} {years} năm một lần",
        en=f"{en} every {years} years",
        started_by=(advanced(kind, DraftStage.ISSUED), advanced(kind, DraftStage.REVIEWED)),
        stopped_by=(advanced(kind, DraftStage.REVIEWED),),
        limit=Term(years, Unit.YEAR),
        warn_before=timedelta(days=180),
        source=source,
        again=True,
    )


CLOCKS = (
    ClockRule(
        duty="appraisal",
        rows=("S03",),
        vi="Thẩm định dự thảo trong 60 ngày từ khi nhận hồ sơ hợp lệ",
        en="Appraise a draft within 60 days of its valid file",
        started_by=tuple(advanced(kind, DraftStage.APPRAISAL_FILE_VALID) for kind in DraftKind),
        stopped_by=tuple(advanced(kind, DraftStage.APPRAISED) for kind in DraftKind),
        limit=Term(60, Unit.DAY),
        warn_before=timedelta(days=10),
        source="Luật 68/2006/QH11 Điều 17",
    ),
    _review(
        "S08",
        DraftKind.NATIONAL_STANDARD,
        3,
        "standard_review",
        "Rà soát tiêu chuẩn quốc gia",
        "Review a national standard",
        "Luật 68/2006/QH11 Điều 19(1)",
    ),
    _review(
        "S09",
        DraftKind.NATIONAL_REGULATION,
        5,
        "regulation_review",
        "Rà soát quy chuẩn kỹ thuật quốc gia",
        "Review a national technical regulation",
        "Luật 68/2006/QH11 Điều 35(1)",
    ),
)
