"""The events that every contender gets: violations of about 600 bytes each, the same ones in every process."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.inspection import RuleReference, ViolationDetected, ViolationKind
from shared.contracts.partners import Fuel, SampleTested
from shared.contracts.vocabulary import Measurement, Product, ProductGroup, Site, Track
from shared.kernel.provinces import PROVINCES

_SEED = 20_250_314

_GROUPS = {
    ViolationKind.FUEL_QUALITY: (ProductGroup.PETROL, ProductGroup.DIESEL),
    ViolationKind.DISPENSER_ERROR: (ProductGroup.FUEL_DISPENSER,),
    ViolationKind.SCALE_ERROR: (ProductGroup.SCALE,),
    ViolationKind.PREPACKAGE_QUANTITY: (ProductGroup.PREPACKAGED, ProductGroup.FOOD),
    ViolationKind.VERIFICATION_LAPSED: (ProductGroup.ELECTRICITY_METER, ProductGroup.WATER_METER),
    ViolationKind.CONFORMITY_MARK_MISSING: (ProductGroup.HELMET, ProductGroup.TOY, ProductGroup.ELECTRICAL),
}


def violations(count: int) -> Iterator[Event[ViolationDetected]]:
    """Give ``count`` violations of this morning: all provinces, all kinds."""
    chance = random.Random(_SEED)
    morning = datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC)
    for number in range(count):
        yield _violation(chance, number, morning + timedelta(milliseconds=number))


def bodies(count: int) -> list[bytes]:
    """Return ``count`` violations as they travel."""
    return [encode(event) for event in violations(count)]


def _violation(chance: random.Random, number: int, moment: datetime) -> Event[ViolationDetected]:
    kind = chance.choice(tuple(_GROUPS))
    data = ViolationDetected(
        observed_at=moment,
        violation_id=f"SAMPLE-{number:08}",
        finding_id=f"SAMPLE-{number:08}",
        site=Site(id=f"SAMPLE-{number % 50_000:05}", name="Cửa hàng mẫu", province=chance.choice(tuple(PROVINCES))),
        product=Product(group=chance.choice(_GROUPS[kind]), name="Mẫu"),
        rule=RuleReference(name="sample_rule", valid_from=date(2023, 6, 15), source="QCVN 1:2022/BKHCN"),
        violation_kind=kind,
        track=Track.TEST_RESULTS,
    )
    return Event(
        id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        source="/chuan/inspection",
        type=data.type,
        subject=data.order_key(),
        time=data.observed_at,
        data=data,
    )


def findings(count: int) -> Iterator[Event[SampleTested]]:
    """Give ``count`` laboratory findings, each a violation at a site of its own; published now."""
    chance = random.Random(_SEED)
    for number in range(count):
        data = SampleTested(
            observed_at=datetime.now(UTC),
            sample_id=f"SAMPLE-{number:08}",
            site=Site(id=f"SAMPLE-{number:05}", name=f"Cửa hàng mẫu {number}", province=chance.choice(tuple(PROVINCES))),
            product=Product(group=ProductGroup.PETROL, name="Xăng mẫu"),
            finding=Fuel(level=4, results=[Measurement(parameter="sulfur", value=Decimal(62), unit="mg/kg")]),
            laboratory="Phòng thử nghiệm mẫu",
        )
        event_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        yield Event(
            id=event_id,
            source="/sample/lab",
            type=data.type,
            subject=data.order_key(),
            time=data.observed_at,
            data=data,
            correlationid=event_id,
        )
