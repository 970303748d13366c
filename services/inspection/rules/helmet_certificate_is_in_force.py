"""A motorcycle helmet is certified to an edition of QCVN 2 that may be followed on the day it is found.

TT 04/2021/TT-BKHCN: the edition of 2021 could be followed from 1 August 2021 and must be since 1 January 2024; helmets
certified to the edition of 2008 before that could circulate until 31 December 2024. So the same helmet was lawful on that
day and unlawful on the next.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from services.inspection.acceptance import INCONCLUSIVE, Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import Certificate, Helmet, LotDeclared, SampleTested, SurveyAnswered
from shared.contracts.vocabulary import ProductGroup

QCVN_2_2008, QCVN_2_2021 = "QCVN 2:2008/BKHCN", "QCVN 2:2021/BKHCN"
_IN_FORCE = Limit(Decimal(1), at_least=True)


class Edition(NamedTuple):
    """An edition that may be followed; ``before`` is the day before which a helmet must have been certified to it."""

    regulation: str
    before: date | None = None

    def covers(self, certificate: Certificate) -> bool | None:
        """Tell whether this edition lets a helmet with ``certificate`` circulate; nothing where its day is not known."""
        if certificate.regulation != self.regulation:
            return False
        if self.before is None:
            return True
        return None if certificate.certified_on is None else certificate.certified_on < self.before


class Period(NamedTuple):
    """The editions that may be followed from a day to a day, both included, newest last."""

    valid_from: date
    valid_to: date | None
    editions: tuple[Edition, ...]
    source: str


_TT_04_2021 = "TT 04/2021/TT-BKHCN"
PERIODS = (
    Period(date(2008, 11, 15), date(2021, 7, 31), (Edition(QCVN_2_2008),), "QĐ 04/2008/QĐ-BKHCN Điều 2"),
    Period(date(2021, 8, 1), date(2023, 12, 31), (Edition(QCVN_2_2008), Edition(QCVN_2_2021)), _TT_04_2021),
    Period(
        date(2024, 1, 1),
        date(2024, 12, 31),
        (Edition(QCVN_2_2008, before=date(2024, 1, 1)), Edition(QCVN_2_2021)),
        _TT_04_2021,
    ),
    Period(date(2025, 1, 1), None, (Edition(QCVN_2_2021),), _TT_04_2021),
)


@judges(
    SampleTested,
    SurveyAnswered,
    LotDeclared,
    kind=ViolationKind.CERTIFICATE_SUPERSEDED,
    versions=[
        Version(valid_from=one.valid_from, valid_to=one.valid_to, source=one.source, limits=one.editions) for one in PERIODS
    ],
)
def helmet_certificate_is_in_force(
    seen: SampleTested | SurveyAnswered | LotDeclared, version: Version[tuple[Edition, ...]]
) -> Judgement | None:
    """Judge the certificate that is shown; nothing for other goods and where none is, inconclusive without a day it hangs on."""
    certificate = _certificate(seen)
    if certificate is None:
        return None
    covered = {edition.covers(certificate) for edition in version.limits}
    if True not in covered and None in covered:
        return INCONCLUSIVE
    return judge([Comparison("certificate_in_force", Decimal(True in covered), _IN_FORCE, "1")], version.decide)


def _certificate(seen: SampleTested | SurveyAnswered | LotDeclared) -> Certificate | None:
    if seen.product is None or seen.product.group is not ProductGroup.HELMET:
        return None
    if isinstance(seen, SampleTested):
        return seen.finding.certificate if isinstance(seen.finding, Helmet) else None
    return seen.marking.certificate if seen.marking is not None else None
