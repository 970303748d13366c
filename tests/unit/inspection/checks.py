"""Checks of instruments and of goods, judged by all rules."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.inspection.model.findings import Verdict
from services.inspection.rules import rulebook
from shared.contracts.envelope import Data
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import (
    Activity,
    DispenserCheck,
    InstrumentChecked,
    LotDeclared,
    Marking,
    PapersAfterRelease,
    SampleTested,
    ScaleCheck,
    SpringScaleCheck,
    SurveyAnswered,
    VerificationCheck,
)
from shared.contracts.partners.laboratory import Finding
from shared.contracts.vocabulary import Measurement, Outcome, Product, ProductGroup, Site
from shared.kernel.clock import HANOI
from shared.kernel.quantities import UNITS

DAY = date(2025, 3, 14)
SITE = Site(id="SAMPLE-SITE", name="Cửa hàng mẫu", province="46")


def check(
    finding: DispenserCheck | SpringScaleCheck | ScaleCheck | VerificationCheck,
    kind: ViolationKind,
    *,
    on: date = DAY,
    instrument_type: str = "fuel_dispenser",
    verified_on: date | None = DAY,
) -> Verdict | None:
    """Judge one check and return the verdict of one kind."""
    data = InstrumentChecked(
        observed_at=_nine(on),
        instrument_id="SAMPLE-1",
        instrument_type=instrument_type,
        site=SITE,
        product=Product(group=ProductGroup.OTHER_INSTRUMENT, name="Phương tiện đo mẫu"),
        finding=finding,
        verified_on=verified_on,
    )
    return next((verdict for verdict in rulebook().verdicts(data) if verdict.violation_kind is kind), None)


def sampled(finding: Finding, group: ProductGroup, rule: str, *, on: date = DAY) -> Verdict | None:
    """Judge one sample of goods and return the verdict of one rule."""
    data = SampleTested(
        observed_at=_nine(on),
        sample_id="SAMPLE-1",
        site=SITE,
        product=Product(group=group, name="Hàng hóa mẫu"),
        finding=finding,
        laboratory="Phòng thử nghiệm mẫu",
    )
    return _of(rule, data)


def looked_at(marking: Marking | None, group: ProductGroup, rule: str, *, on: date = DAY) -> Verdict | None:
    """Judge goods that were looked at in a shop and return the verdict of one rule."""
    data = SurveyAnswered(
        observed_at=_nine(on),
        answer_id="SAMPLE-1",
        unit="SAMPLE-UNIT",
        activity=Activity.MARKET_SURVEY,
        site=SITE,
        product=Product(group=group, name="Hàng hóa mẫu"),
        marking=marking,
    )
    return _of(rule, data)


def declared(
    marking: Marking | None, group: ProductGroup, rule: str, *, on: date = DAY, papers: PapersAfterRelease | None = None
) -> Verdict | None:
    """Judge a lot that was declared at customs and return the verdict of one rule."""
    data = LotDeclared(
        observed_at=_nine(on),
        declaration_no="SAMPLE-1",
        importer=SITE,
        product=Product(group=group, name="Hàng hóa mẫu"),
        quantity=Decimal(10),
        unit="chiếc",
        marking=marking,
        papers_after_release=papers,
    )
    return _of(rule, data)


def results(**values: str) -> list[Measurement]:
    """Return measurements in the units of their limits."""
    return [Measurement(parameter=one, value=Decimal(value), unit=UNITS[one]) for one, value in values.items()]


def outcome(verdict: Verdict | None) -> Outcome | None:
    """Return what a verdict says; nothing where there is none."""
    return None if verdict is None else verdict.outcome


def _of(rule: str, data: Data) -> Verdict | None:
    return next((verdict for verdict in rulebook().verdicts(data) if verdict.rule.name == rule), None)


def _nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=HANOI)
