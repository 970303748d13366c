"""What reaches the authority from outside: consumers' complaints and other countries' alerts."""

from __future__ import annotations

from datetime import datetime
from random import Random

import msgspec

from services.cli.sample_year.places import Sites
from services.cli.sample_year.season import Season
from services.cli.sample_year.streams.conformity import ELECTRICAL, HELMETS, TOYS
from services.cli.sample_year.streams.fuel import STATIONS
from services.cli.sample_year.subject import Stream, Subject
from shared.contracts.partners import AlertPublished, ComplaintReceived
from shared.contracts.vocabulary import Product, ProductGroup, RiskLevel

_SHOPS = Sites("SHOP", "Cửa hàng mẫu", 0.9)
_DISPENSER = Product(group=ProductGroup.FUEL_DISPENSER, name="Cột đo xăng dầu")
_PETROL = Product(group=ProductGroup.PETROL, name="Xăng RON 95-III")

_COMPLAINTS = (
    *[(STATIONS, (_DISPENSER,), "Mẫu: bơm 10 lít nhưng bình chỉ nhận khoảng 9,7 lít.")] * 3,
    *[(STATIONS, (_PETROL,), "Mẫu: xe chết máy sau khi đổ xăng.")] * 2,
    (_SHOPS, HELMETS, "Mẫu: mũ bảo hiểm nứt khi rơi từ yên xe."),
    (_SHOPS, TOYS, "Mẫu: đồ chơi có mùi hắc, không có dấu hợp quy."),
    (_SHOPS, ELECTRICAL, "Mẫu: thiết bị điện rò điện ra vỏ."),
)
_ALERTED = (*TOYS, *TOYS, *ELECTRICAL, *HELMETS)
_WITH_BARCODE = 6  # of so many alerts one names a barcode
_COUNTRIES = ("Germany", "France", "Italy", "Hungary", "Sweden", "Poland", "Finland", "Bulgaria")
_LEVELS = (RiskLevel.SERIOUS,) * 7 + (RiskLevel.MEDIUM,) * 2 + (RiskLevel.NOT_STATED,)
_RISKS = {
    ProductGroup.TOY: ("Chemical", "Sample: the plastic contains more than 0.1 % of DEHP."),
    ProductGroup.ELECTRICAL: ("Electric shock", "Sample: live parts can be touched."),
    ProductGroup.HELMET: ("Injuries", "Sample: the shell does not absorb the impact."),
}


def _complaint(rng: Random) -> Subject:
    sites, products, text = _COMPLAINTS[int(rng.random() * len(_COMPLAINTS))]
    site, _ = sites.pick(rng)
    product = products[int(rng.random() * len(products))]

    def look(_rng: Random, at: datetime, number: str, _conforms: bool) -> ComplaintReceived:
        return ComplaintReceived(observed_at=at, complaint_id=number, site=site, product=product, text=text)

    return Subject(0.0, look)


def _alert(rng: Random) -> Subject:
    product = _ALERTED[int(rng.random() * len(_ALERTED))]
    risk_type, risk = _RISKS[product.group]

    def look(rng: Random, at: datetime, number: str, _conforms: bool) -> AlertPublished:
        return AlertPublished(
            observed_at=at,
            alert_number=number,
            system="safety_gate",
            product=product if int(number[-6:]) % _WITH_BARCODE == 0 else msgspec.structs.replace(product, gtin=""),
            notifying_country=_COUNTRIES[int(rng.random() * len(_COUNTRIES))],
            risk_level=_LEVELS[int(rng.random() * len(_LEVELS))],
            risk_types=[risk_type],
            risk=risk,
        )

    return Subject(0.0, look)


STREAMS = (
    Stream(
        "COMPLAINT", 0.05, _complaint, Season((1.2, 0.9, 1.1, 1.0, 1.0, 1.1, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0), rest=0.7), was=0.9
    ),
    # Safety Gate publishes on Fridays.
    Stream("ALERT", 0.03, _alert, Season(fridays_only=True), was=0.78),
)
