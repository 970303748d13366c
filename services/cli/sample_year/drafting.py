"""Drafts of the sample year: each goes its way from the call for comments to what follows its issue.

The totals are those of the authority's review of 2022 and the year before it: 496 national standards issued (+27.5 %), 32
national and 31 local regulations appraised (the latter +24 %). They do not depend on the size of the sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

from services.cli.sample_year.activities import NATIONAL, parts
from services.cli.sample_year.places import unit_of
from services.cli.sample_year.season import Days
from services.cli.sample_year.subject import Look
from shared.contracts.partners import DraftAdvanced, DraftKind, DraftStage

# Days from the stage that is counted for the year.
_ISSUE_OF_STANDARD = (
    (DraftStage.SENT_FOR_COMMENTS, -172),
    (DraftStage.COMMENTS_CLOSED, -95),
    (DraftStage.APPRAISAL_FILE_VALID, -75),
    (DraftStage.APPRAISED, -25),
    (DraftStage.ISSUED, 0),
    (DraftStage.ANNOUNCED, 20),
    (DraftStage.PUBLISHED, 50),
)
_APPRAISAL_OF_REGULATION = (
    (DraftStage.SENT_FOR_COMMENTS, -147),
    (DraftStage.COMMENTS_CLOSED, -70),
    (DraftStage.APPRAISAL_FILE_VALID, -50),
    (DraftStage.APPRAISED, 0),
    (DraftStage.ISSUED, 21),
    (DraftStage.REGISTERED, 32),
    (DraftStage.ANNOUNCED, 40),
    (DraftStage.PUBLISHED, 48),
)
_ONE_IN_EIGHT, _SIX_MONTHS = 8, timedelta(days=190)
_FEW = 4  # drafts of a kind in a small sample


class _Path(NamedTuple):
    """A draft and the stages it goes through, by day."""

    draft: dict[str, Any]
    stages: Sequence[tuple[DraftStage, date]]


def drafting(days: Days, year: int, *, is_reviewed: bool, provinces: Sequence[str], rng: Random) -> dict[date, list[Look]]:
    """Return which drafts reach a stage on which day; ``is_reviewed`` is the year of the review, not the one before.

    What would lie before the first day or after the last of the sample is left out.
    """
    found: dict[date, list[Look]] = {}
    for path in _paths(days, year, is_reviewed=is_reviewed, provinces=provinces, rng=rng):
        for stage, planned in path.stages:
            day = days.working_after(planned, 0) if planned >= days.all[0] else None
            if day is not None:
                found.setdefault(day, []).append(partial(_advance, path.draft, stage))
    return found


def _paths(days: Days, year: int, *, is_reviewed: bool, provinces: Sequence[str], rng: Random) -> Iterator[_Path]:
    standards, national, local = (496, 32, 31) if is_reviewed else (389, 29, 25)
    is_whole = len(provinces) > 1
    working = [day for day in days.all if day.year == year and days.is_working(day)]
    kinds = (
        (DraftKind.NATIONAL_STANDARD, "TCVN", standards, 12 if is_whole else _FEW, _ISSUE_OF_STANDARD),
        (DraftKind.NATIONAL_REGULATION, "QCVN", national, national if is_whole else _FEW, _APPRAISAL_OF_REGULATION),
        (DraftKind.LOCAL_REGULATION, "QCDP", local, local if is_whole else _FEW, _APPRAISAL_OF_REGULATION),
    )
    for kind, code, total, drafts, path in kinds:
        counted = sorted(rng.choices(working, [day.month for day in working], k=drafts))
        for number, (day, count) in enumerate(zip(counted, parts(total, drafts), strict=True), start=1):
            of_province = kind is DraftKind.LOCAL_REGULATION
            province = provinces[number % len(provinces)] if of_province else ""
            draft = {
                "draft_id": f"SAMPLE-{code}-{year}-{number}",
                "draft_kind": kind,
                "title": f"Dự thảo {code.replace('QCDP', 'QCĐP')} mẫu số {number} năm {year}",
                "unit": unit_of(province) if of_province else NATIONAL,
                "unit_province": province,
                "count": count,
                "affects_trade": number % _ONE_IN_EIGHT == 1,
                "follows_international": number % (2 * _ONE_IN_EIGHT) == 1,
            }
            yield _Path(draft, [(stage, day + timedelta(days=after)) for stage, after in path])


def _advance(
    draft: dict[str, Any], stage: DraftStage, _rng: Random, at: datetime, _number: str, _conforms: bool
) -> DraftAdvanced:
    is_regulation = draft["draft_kind"] is not DraftKind.NATIONAL_STANDARD
    in_force_on = at.date() + _SIX_MONTHS if stage is DraftStage.ISSUED and is_regulation else None
    return DraftAdvanced(observed_at=at, stage=stage, in_force_on=in_force_on, **draft)
