"""Violations of goods reach everyone who must act: notices, cases with measures and clocks, proposals, roll-ups."""

from __future__ import annotations

import csv
import io
import sqlite3
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.planning.rules.violation_proposes_one_inspection_a_year import vietnamese
from shared.contracts.codec import encode
from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import (
    Appliance,
    ApplianceKind,
    Certificate,
    Disturbance,
    EmissionReading,
    Emissions,
    Helmet,
    LabelContent,
    LotDeclared,
    Marking,
    SampleTested,
    SurveyAnswered,
    Toy,
)
from shared.contracts.partners.laboratory import Finding
from shared.contracts.vocabulary import Measurement, Product, ProductGroup, Setting, Site, Track
from shared.i18n import translate
from tests.e2e.shell import chuan, figures

KINDS = {
    ViolationKind.CONFORMITY_MARK_FALSE,
    ViolationKind.CONFORMITY_NOT_DECLARED,
    ViolationKind.CERTIFICATE_SUPERSEDED,
    ViolationKind.LABEL_INCOMPLETE,
    ViolationKind.HELMET_SAFETY,
    ViolationKind.TOY_SAFETY,
    ViolationKind.ELECTRICAL_SAFETY,
    ViolationKind.ELECTROMAGNETIC_DISTURBANCE,
}


def site(number: int) -> Site:
    """Return a site of its own for each violation, so that each opens a case."""
    return Site(id=f"SAMPLE-SHOP-{number}", name=f"Cửa hàng mẫu {number}", province="46")


def product(group: ProductGroup) -> Product:
    """Return goods of a group."""
    return Product(group=group, name="Hàng hóa mẫu", brand="SAMPLE")


def sampled(number: int, group: ProductGroup, finding: Finding, setting: Setting = Setting.MARKET) -> Data:
    """Return what a laboratory found."""
    return msgspec.structs.replace(
        SampleTested.sample(), site=site(number), product=product(group), finding=finding, setting=setting
    )


def seen(number: int, group: ProductGroup, marking: Marking) -> Data:
    """Return what a close look in a shop showed."""
    return msgspec.structs.replace(SurveyAnswered.sample(), site=site(number), product=product(group), marking=marking)


def measured(parameter: str, value: str, unit: str) -> list[Measurement]:
    """Return one measurement."""
    return [Measurement(parameter=parameter, value=Decimal(value), unit=unit)]


def findings() -> list[Data]:
    """Return one violation of each kind, and a toy that fails at customs."""
    old = Certificate(regulation="QCVN 2:2008/BKHCN")
    kettle = Appliance(appliance=ApplianceKind.KETTLE, protection_class="I", results=measured("leakage_current", "3", "mA"))
    loud = EmissionReading(disturbance=Disturbance.VOLTAGE, frequency_mhz=Decimal(1), level_db=Decimal(70))
    toy = Toy(for_under_3_years=True, mouthable=True, results=measured("dehp", "0.6", "% mass"))
    helmet = Helmet(circumference_mm=540, results=measured("peak_acceleration", "350", "gn"))
    lot = msgspec.structs.replace(
        LotDeclared.sample(), importer=site(2), product=product(ProductGroup.TOY), marking=Marking(conformity_declared=False)
    )
    return [
        seen(1, ProductGroup.TOY, Marking(mark_used_by_right=False)),
        lot,
        seen(3, ProductGroup.HELMET, Marking(certificate=old)),
        seen(4, ProductGroup.TOY, Marking(label_lacks=[LabelContent.ORIGIN])),
        sampled(5, ProductGroup.HELMET, helmet),
        sampled(6, ProductGroup.TOY, toy),
        sampled(7, ProductGroup.ELECTRICAL, kettle),
        sampled(8, ProductGroup.ELECTRICAL, Emissions(readings=[loud])),
        sampled(9, ProductGroup.TOY, toy, Setting.IMPORT),
    ]


def rows(data: Path, service: str, query: str) -> list[Any]:
    """Return what a service's database says."""
    with sqlite3.connect(f"file:{data / f'{service}.db'}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run over the findings."""
    folder = tmp_path_factory.mktemp("goods")
    events = [
        Event(
            id=f"SAMPLE-GOODS-{number}",
            source="/sample",
            type=one.type,
            subject=one.order_key(),
            time=one.observed_at + timedelta(minutes=5),
            data=one,
        )
        for number, one in enumerate(findings(), start=1)
    ]
    file = folder / "goods.jsonl"
    file.write_bytes(b"\n".join(map(encode, events)))
    figures("process", file, "--data", folder / "data")
    return folder / "data"


def test_every_kind_is_a_violation_with_its_own_figure(data: Path) -> None:
    """The roll-up shows each kind by its stored name."""
    shown = chuan("report", "violations", "--data", data, "--format", "csv").stdout
    counted = {row["kind"]: int(row["value"]) for row in csv.DictReader(io.StringIO(shown))}
    assert counted == {str(kind): 1 + (kind is ViolationKind.TOY_SAFETY) for kind in KINDS} | {"total": len(KINDS) + 1}


def test_everyone_who_must_be_told_is_told_in_words(data: Path) -> None:
    """Office, province and ministry get a notice of each violation, with its kind in Vietnamese and English."""
    letters = [path.read_text(encoding="utf-8", errors="replace") for path in (data / "outgoing").rglob("*") if path.is_file()]
    assert len(letters) >= 3 * len(findings())
    for kind in KINDS:
        for locale in ("vi", "en"):
            assert any(translate(f"violation_kind.{kind}", locale) in letter for letter in letters), (kind, locale)


def test_each_opens_a_case_on_its_track_with_a_measure_and_a_risk_level(data: Path) -> None:
    """Goods in shops follow Article 40, those at customs Article 36; nothing is left without a level."""
    cases = rows(data, "inspection", "select violation_kind, track, measured_at is not null, risk_level <> '' from cases")
    tested = {
        ViolationKind.HELMET_SAFETY,
        ViolationKind.TOY_SAFETY,
        ViolationKind.ELECTRICAL_SAFETY,
        ViolationKind.ELECTROMAGNETIC_DISTURBANCE,
    }
    expected = {(kind, Track.TEST_RESULTS if kind in tested else Track.LABELS_AND_MARKS) for kind in KINDS}
    expected -= {(ViolationKind.CONFORMITY_NOT_DECLARED, Track.LABELS_AND_MARKS)}
    expected |= {(ViolationKind.CONFORMITY_NOT_DECLARED, Track.IMPORT), (ViolationKind.TOY_SAFETY, Track.IMPORT)}
    assert {(kind, track) for kind, track, _, _ in cases} == expected
    assert all(is_measured and has_level for _, _, is_measured, has_level in cases)


def test_planning_counts_the_hours_and_proposes_where_to_look_next(data: Path) -> None:
    """Each violation on the market starts its clocks, and each site is proposed for an inspection, with the reason in words."""
    duties = dict(rows(data, "planning", "select duty, count(*) from clocks group by duty"))
    on_the_market = len(findings()) - 2
    assert duties == {"report_to_agency": on_the_market, "handling_decision": on_the_market}
    reasons = [reason for (reason,) in rows(data, "planning", "select reasons from proposals")]
    assert len(reasons) == len(findings())
    for kind in KINDS:
        assert any(f"violation {kind}" in reason and vietnamese(kind) in reason for reason in reasons)
        assert vietnamese(kind) != kind
