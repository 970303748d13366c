"""Helmets are judged by the edition of QCVN 2 they may follow on the day they are found."""

from __future__ import annotations

from datetime import date

import pytest

from services.inspection.model.findings import Verdict
from shared.contracts.partners import Certificate, Helmet, Marking
from shared.contracts.vocabulary import Outcome, ProductGroup
from tests.unit.inspection.checks import DAY, declared, looked_at, outcome, results, sampled

C, N, OPEN = Outcome.CONFORMING, Outcome.NONCONFORMING, Outcome.INCONCLUSIVE
OF_2008, OF_2021 = "QCVN 2:2008/BKHCN", "QCVN 2:2021/BKHCN"
IN_FORCE, MEETS = "helmet_certificate_is_in_force", "helmet_meets_qcvn_2"


def marked(regulation: str, certified_on: date | None = None) -> Marking:
    """Return what a certificate shows."""
    return Marking(certificate=Certificate(regulation=regulation, certified_on=certified_on))


def measured(on: date = DAY, size: int = 540, certificate: Certificate | None = None, **values: str) -> Verdict | None:
    """Judge a helmet by what a laboratory measured."""
    helmet = Helmet(circumference_mm=size, results=results(**values), certificate=certificate)
    return sampled(helmet, ProductGroup.HELMET, MEETS, on=on)


@pytest.mark.parametrize(
    ("regulation", "certified_on", "on", "expected"),
    [
        (OF_2008, date(2023, 12, 31), date(2008, 11, 14), None),
        (OF_2008, None, date(2008, 11, 15), C),
        (OF_2021, None, date(2021, 7, 31), N),
        (OF_2021, None, date(2021, 8, 1), C),
        (OF_2008, None, date(2021, 8, 1), C),
        (OF_2008, None, date(2023, 12, 31), C),
        (OF_2008, date(2023, 12, 31), date(2024, 1, 1), C),
        (OF_2008, date(2024, 1, 1), date(2024, 1, 1), N),
        (OF_2008, None, date(2024, 1, 1), OPEN),
        (OF_2008, date(2023, 12, 31), date(2024, 12, 31), C),
        (OF_2008, date(2023, 12, 31), date(2025, 1, 1), N),
        (OF_2008, None, date(2025, 1, 1), N),
        (OF_2021, None, date(2024, 1, 1), C),
        (OF_2021, None, date(2025, 1, 1), C),
        ("QCVN 4:2009/BKHCN", None, DAY, N),
    ],
)
def test_the_same_helmet_is_lawful_on_one_day_and_unlawful_on_the_next(
    regulation: str, certified_on: date | None, on: date, expected: Outcome | None
) -> None:
    """TT 04/2021/TT-BKHCN day by day, wherever the helmet is seen: in a shop, at customs, in a laboratory."""
    marking = marked(regulation, certified_on)
    helmet = Helmet(circumference_mm=540, results=results(peak_acceleration="1"), certificate=marking.certificate)
    found = (
        looked_at(marking, ProductGroup.HELMET, IN_FORCE, on=on),
        declared(marking, ProductGroup.HELMET, IN_FORCE, on=on),
        sampled(helmet, ProductGroup.HELMET, IN_FORCE, on=on),
    )
    assert [outcome(verdict) for verdict in found] == [expected] * 3


def test_a_verdict_names_the_circular_and_the_day_its_version_began() -> None:
    """Who reads it can find the law; the dates were checked, so it says so."""
    verdict = looked_at(marked(OF_2008, date(2023, 5, 1)), ProductGroup.HELMET, IN_FORCE, on=date(2025, 1, 1))
    assert verdict is not None
    assert (verdict.rule.source, verdict.rule.valid_from) == ("TT 04/2021/TT-BKHCN", date(2025, 1, 1))
    assert verdict.rule.verified


def test_other_goods_and_helmets_without_a_certificate_are_not_asked_for_its_edition() -> None:
    """A missing mark is another violation; a toy has no edition of QCVN 2."""
    assert looked_at(marked(OF_2008), ProductGroup.TOY, IN_FORCE) is None
    assert looked_at(Marking(mark_used_by_right=True), ProductGroup.HELMET, IN_FORCE) is None
    assert looked_at(None, ProductGroup.HELMET, IN_FORCE) is None
    assert sampled(Helmet(circumference_mm=540, results=results(peak_acceleration="1")), ProductGroup.HELMET, IN_FORCE) is None


@pytest.mark.parametrize(
    ("edition", "size", "parameter", "limit"),
    [
        (OF_2008, 499, "peak_acceleration", 225),
        (OF_2008, 500, "peak_acceleration", 300),
        (OF_2008, 499, "acceleration_over_3_ms", 175),
        (OF_2008, 500, "acceleration_over_3_ms", 200),
        (OF_2008, 499, "acceleration_over_6_ms", 125),
        (OF_2008, 500, "acceleration_over_6_ms", 150),
        (OF_2008, 500, "strap_displacement", 25),
        (OF_2008, 500, "penetration_contacts", 0),
        (OF_2021, 499, "peak_acceleration", 300),
        (OF_2021, 500, "acceleration_over_2_ms", 200),
        (OF_2021, 500, "acceleration_over_4_ms", 150),
        (OF_2021, 500, "strap_displacement", 25),
        (OF_2021, 500, "penetration_contacts", 0),
    ],
)
def test_the_limit_is_permitted_and_a_little_more_is_not(edition: str, size: int, parameter: str, limit: int) -> None:
    """On a day on which both editions may be followed, the one of the certificate decides."""
    certificate, day = Certificate(regulation=edition), date(2022, 5, 4)
    assert outcome(measured(day, size, certificate, **{parameter: str(limit)})) is C
    refused = measured(day, size, certificate, **{parameter: f"{limit}.001"})
    assert refused is not None
    assert refused.outcome is N
    assert [(one.parameter, one.limit) for one in refused.breaches] == [(parameter, limit)]
    assert not refused.rule.verified


@pytest.mark.parametrize(
    ("on", "certified_on", "expected"),
    [
        (date(2024, 12, 31), date(2023, 6, 1), N),  # small helmets of 2008: 225 g
        (date(2025, 1, 1), date(2023, 6, 1), C),  # 300 g, as of the edition of 2021
        (date(2024, 12, 31), date(2024, 1, 1), C),  # certified too late for the edition of 2008
        (date(2023, 12, 31), None, N),
    ],
)
def test_a_helmet_is_tested_against_the_edition_it_may_follow(on: date, certified_on: date | None, expected: Outcome) -> None:
    """The certificate counts as long as the transition lets it."""
    certificate = Certificate(regulation=OF_2008, certified_on=certified_on)
    assert outcome(measured(on, 480, certificate, peak_acceleration="250")) is expected


def test_a_helmet_without_a_certificate_is_tested_against_the_newest_edition() -> None:
    """Where nothing shows an older one, nothing speaks for it; a parameter it does not limit says nothing."""
    assert outcome(measured(date(2022, 5, 4), 480, peak_acceleration="250")) is C
    assert outcome(measured(DAY, 480, acceleration_over_3_ms="500")) is OPEN
