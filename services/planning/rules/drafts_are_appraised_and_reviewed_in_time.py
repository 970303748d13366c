"""A draft is appraised, issued, made known, registered and reviewed in time.

A file that is handed in again is appraised anew, and each review starts the next period.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from services.planning.model.acts import advanced
from services.planning.model.clocks import ClockRule
from shared.contracts.partners import DraftKind, DraftStage
from shared.kernel.deadlines import Term, Unit

_STANDARD = (DraftKind.NATIONAL_STANDARD,)
_NATIONAL = (*_STANDARD, DraftKind.NATIONAL_REGULATION)
_REGULATIONS = (DraftKind.NATIONAL_REGULATION, DraftKind.LOCAL_REGULATION)
_CIRCULAR_ON_STANDARDS, _CIRCULAR_ON_REGULATIONS = date(2022, 1, 6), date(2020, 8, 1)  # TT 11/2021, TT 26/2019 in force


def _acts(kinds: Iterable[DraftKind], *stages: DraftStage) -> tuple[str, ...]:
    return tuple(advanced(kind, stage) for kind in kinds for stage in stages)


def _in_days(
    duty: str,
    days: int,
    vi: str,
    en: str,
    source: str,
    *,
    rows: tuple[str, ...] = (),
    started_by: tuple[str, ...],
    stopped_by: tuple[str, ...],
    valid_from: date = date.min,
) -> ClockRule:
    return ClockRule(
        duty=duty,
        rows=rows,
        vi=vi,
        en=en,
        started_by=started_by,
        stopped_by=stopped_by,
        limit=Term(days, Unit.DAY),
        warn_before=timedelta(days=10 if days > 30 else 5),  # noqa: PLR2004 - a month
        source=source,
        valid_from=valid_from,
        again=True,
    )


def _made_known(
    duty: str, days: int, vi: str, en: str, source: str, kinds: tuple[DraftKind, ...], stage: DraftStage, valid_from: date
) -> ClockRule:
    return _in_days(
        duty,
        days,
        vi,
        en,
        source,
        started_by=_acts(kinds, DraftStage.ISSUED),
        stopped_by=_acts(kinds, stage),
        valid_from=valid_from,
    )


def _review(row: str, kinds: tuple[DraftKind, ...], years: int, duty: str, vi: str, en: str, source: str) -> ClockRule:
    return ClockRule(
        duty=duty,
        rows=(row,),
        vi=f"{vi} {years} năm một lần",
        en=f"{en} every {years} years",
        started_by=_acts(kinds, DraftStage.ISSUED, DraftStage.REVIEWED),
        stopped_by=_acts(kinds, DraftStage.REVIEWED, DraftStage.REPEALED),
        limit=Term(years, Unit.YEAR),
        warn_before=timedelta(days=180),
        source=source,
        again=True,
    )


CLOCKS = (
    _in_days(
        "appraisal",
        60,
        "Thẩm định dự thảo trong 60 ngày từ khi nhận hồ sơ hợp lệ",
        "Appraise a draft within 60 days of its valid file",
        "Luật 68/2006/QH11 Điều 17, 32",
        rows=("S03",),
        started_by=_acts(_NATIONAL, DraftStage.APPRAISAL_FILE_VALID),
        stopped_by=_acts(_NATIONAL, DraftStage.APPRAISED, DraftStage.APPRAISAL_RETURNED, DraftStage.WITHDRAWN),
    ),
    _in_days(
        "appraisal_rework",
        120,
        "Hoàn thiện dự thảo TCVN trong 120 ngày từ khi có thông báo thẩm định",
        "Work a draft standard over within 120 days of the notice of its appraisal",
        "NĐ 127/2007/NĐ-CP Điều 4a(6)",
        started_by=_acts(_STANDARD, DraftStage.APPRAISAL_RETURNED),
        stopped_by=_acts(
            _STANDARD,
            DraftStage.APPRAISED,
            DraftStage.APPRAISAL_FILE_VALID,
            DraftStage.SENT_FOR_COMMENTS,
            DraftStage.WITHDRAWN,
        ),
        valid_from=date(2018, 7, 1),
    ),
    _in_days(
        "issue_after_appraisal",
        30,
        "Công bố TCVN, ban hành quy chuẩn kỹ thuật trong 30 ngày từ khi có ý kiến thẩm định nhất trí",
        "Issue a standard or regulation within 30 days of the appraisal that agrees",
        "Luật 68/2006/QH11 Điều 17(1)(đ), 32(1)(đ), 32(2)(d)",
        started_by=_acts((*_NATIONAL, DraftKind.LOCAL_REGULATION), DraftStage.APPRAISED),
        stopped_by=_acts((*_NATIONAL, DraftKind.LOCAL_REGULATION), DraftStage.ISSUED, DraftStage.WITHDRAWN),
    ),
    _made_known(
        "standard_announcement",
        30,
        "Thông báo việc công bố TCVN trong 30 ngày từ khi ký quyết định",
        "Announce a national standard within 30 days of its signature",
        "TT 11/2021/TT-BKHCN Điều 9(1)",
        _STANDARD,
        DraftStage.ANNOUNCED,
        _CIRCULAR_ON_STANDARDS,
    ),
    _made_known(
        "standard_publication",
        60,
        "Xuất bản, phát hành TCVN trong 60 ngày từ khi ký quyết định",
        "Publish a national standard within 60 days of its signature",
        "TT 11/2021/TT-BKHCN Điều 9(2)(c)",
        _STANDARD,
        DraftStage.PUBLISHED,
        _CIRCULAR_ON_STANDARDS,
    ),
    _made_known(
        "regulation_announcement",
        30,
        "Thông báo việc ban hành quy chuẩn kỹ thuật trong 30 ngày",
        "Announce a regulation within 30 days of its issue",
        "TT 26/2019/TT-BKHCN Điều 14(2)",
        _REGULATIONS,
        DraftStage.ANNOUNCED,
        _CIRCULAR_ON_REGULATIONS,
    ),
    _made_known(
        "regulation_publication",
        30,
        "Xuất bản, phát hành quy chuẩn kỹ thuật trong 30 ngày từ khi ban hành",
        "Publish a regulation within 30 days of its issue",
        "TT 26/2019/TT-BKHCN Điều 14(5)",
        _REGULATIONS,
        DraftStage.PUBLISHED,
        _CIRCULAR_ON_REGULATIONS,
    ),
    _made_known(
        "regulation_registration",
        15,
        "Đăng ký quy chuẩn kỹ thuật tại Bộ Khoa học và Công nghệ trong 15 ngày từ khi ban hành",
        "Register a regulation with the Ministry of Science and Technology within 15 days of its issue",
        "NĐ 127/2007/NĐ-CP Điều 13(1)",
        _REGULATIONS,
        DraftStage.REGISTERED,
        date(2007, 9, 3),
    ),
    _review(
        "S08",
        _STANDARD,
        3,
        "standard_review",
        "Rà soát tiêu chuẩn quốc gia",
        "Review a national standard",
        "Luật 68/2006/QH11 Điều 19(1)",
    ),
    _review(
        "S09",
        _REGULATIONS,
        5,
        "regulation_review",
        "Rà soát quy chuẩn kỹ thuật",
        "Review a technical regulation",
        "Luật 68/2006/QH11 Điều 35(1)",
    ),
)
