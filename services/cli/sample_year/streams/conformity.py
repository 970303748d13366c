"""Goods that must carry the conformity mark: looked at in shops by survey, some of them closely, and declared at customs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from random import Random

from stdnum import ean

from services.cli.sample_year.places import Sites, unit_of
from services.cli.sample_year.season import Season
from services.cli.sample_year.subject import Stream, Subject
from shared.contracts.partners import Activity, Certificate, LabelContent, LotDeclared, Marking, SurveyAnswered
from shared.contracts.vocabulary import Product, ProductGroup, Site

_SURVEY_RISK, _EXAMINED_RISK, _CUSTOMS_RISK = 0.055, 0.09, 0.04
_UNDECLARED = 0.35  # of the lots in breach: the declaration of conformity is missing rather than the mark
SHOPS = Sites("SHOP", "Cửa hàng mẫu", 0.9)
IMPORTERS = Sites("IMPORTER", "Công ty nhập khẩu mẫu", 0.08)
_ORIGINS = ("China", "Viet Nam", "Thailand", "Viet Nam", "Japan")


def _gtin(group: ProductGroup, number: int, brand: int) -> str:
    """Return a GTIN of the prefix that GS1 keeps for examples."""
    digits = f"952{brand:04}{list(ProductGroup).index(group):02}{number:03}"
    return digits + ean.calc_check_digit(digits)


def _products(group: ProductGroup, *kinds: tuple[str, str]) -> tuple[Product, ...]:
    """Return each of ``kinds`` (name, HS code) by six sample brands; foreign alerts are about the same ones."""
    return tuple(
        Product(
            group=group,
            name=name,
            brand=f"SAMPLE-{brand}",
            model=f"{group[:2].upper()}{number}{brand}",
            gtin=_gtin(group, number, brand),
            hs=hs,
            origin=_ORIGINS[(brand + number) % len(_ORIGINS)],
        )
        for number, (name, hs) in enumerate(kinds, start=1)
        for brand in range(1, 7)
    )


HELMETS = _products(ProductGroup.HELMET, ("Mũ bảo hiểm mẫu nửa đầu", "6506.10.10"), ("Mũ bảo hiểm mẫu cả hàm", "6506.10.10"))
TOYS = _products(ProductGroup.TOY, ("Búp bê mẫu", "9503.00"), ("Ô tô đồ chơi mẫu", "9503.00"), ("Đèn lồng mẫu", "9503.00"))
ELECTRICAL = _products(
    ProductGroup.ELECTRICAL, ("Quạt điện mẫu", "8414.51"), ("Ấm đun nước mẫu", "8516.79"), ("Nồi cơm điện mẫu", "8516.60")
)
STEEL = _products(ProductGroup.STEEL, ("Thép cốt bê tông mẫu", "7214.20"), ("Tôn mạ mẫu", "7210.49"))
_IMPORTED = (*HELMETS, *TOYS, *TOYS, *ELECTRICAL, *ELECTRICAL, *STEEL, *STEEL)


# Helmets certified before 2024 to the edition of 2008 could circulate until the end of 2024.
_OLD = Certificate(regulation="QCVN 2:2008/BKHCN", certified_on=date(2023, 4, 18))
_NEW = Certificate(regulation="QCVN 2:2021/BKHCN", certified_on=date(2023, 10, 5))
_FAULTS = (
    Marking(mark_used_by_right=False, label_lacks=[]),
    Marking(mark_used_by_right=True, label_lacks=[LabelContent.RESPONSIBLE_PERSON]),
    Marking(mark_used_by_right=True, label_lacks=[LabelContent.ORIGIN, LabelContent.VIETNAMESE_TEXT]),
)
_HELMET_FAULTS = (
    Marking(mark_used_by_right=True, label_lacks=[LabelContent.PRODUCTION_DATE], certificate=_NEW),
    *[Marking(mark_used_by_right=True, label_lacks=[], certificate=_OLD)] * 2,
)
_IN_ORDER = Marking(mark_used_by_right=True, label_lacks=[])
_HELMET_IN_ORDER = Marking(mark_used_by_right=True, label_lacks=[], certificate=_NEW)


def _answer(
    site: Site, product: Product, at: datetime, number: str, mark_present: bool, marking: Marking | None = None
) -> SurveyAnswered:
    return SurveyAnswered(
        observed_at=at,
        answer_id=number,
        unit=unit_of(site.province),
        activity=Activity.MARKET_SURVEY,
        unit_province=site.province,
        topics=[product.group],
        site=site,
        product=product,
        mark_present=mark_present,
        marking=marking,
    )


def _surveyed(products: tuple[Product, ...], rng: Random) -> Subject:
    site, factor = SHOPS.pick(rng)
    product = products[int(rng.random() * len(products))]

    def look(_rng: Random, at: datetime, number: str, conforms: bool) -> SurveyAnswered:
        return _answer(site, product, at, number, conforms)

    return Subject(_SURVEY_RISK * factor, look)


def _examined(rng: Random) -> Subject:
    """Draw goods whose mark, label and certificate are looked at closely."""
    site, factor = SHOPS.pick(rng)
    products = (HELMETS, TOYS, ELECTRICAL)[int(rng.random() * 3)]
    product = products[int(rng.random() * len(products))]
    faults = (*_FAULTS, *_HELMET_FAULTS) if products is HELMETS else _FAULTS
    fault = faults[int(rng.random() * len(faults))]
    in_order = _HELMET_IN_ORDER if products is HELMETS else _IN_ORDER

    def look(_rng: Random, at: datetime, number: str, conforms: bool) -> SurveyAnswered:
        return _answer(site, product, at, number, mark_present=True, marking=in_order if conforms else fault)

    return Subject(_EXAMINED_RISK * factor, look)


def _declared(rng: Random) -> Subject:
    """Draw a lot at the border; when it comes without the mark, the importer's stock is looked at again later.

    A lot without its declaration of conformity is declared again when that is there.
    """
    importer, factor = IMPORTERS.pick(rng)
    product = _IMPORTED[int(rng.random() * len(_IMPORTED))]
    is_undeclared = rng.random() < _UNDECLARED

    def look(rng: Random, at: datetime, number: str, conforms: bool) -> LotDeclared:
        is_steel = product.group is ProductGroup.STEEL
        return LotDeclared(
            observed_at=at,
            declaration_no=number,
            importer=importer,
            product=product,
            quantity=Decimal(50 + int(rng.random() * 4000)),
            unit="tấn" if is_steel else "chiếc",
            mark_present=conforms or is_undeclared,
            marking=Marking(conformity_declared=conforms or not is_undeclared),
        )

    def again(_rng: Random, at: datetime, number: str, conforms: bool) -> SurveyAnswered:
        return _answer(importer, product, at, number, conforms)

    return Subject(_CUSTOMS_RISK * factor, look, None if is_undeclared else again)


STREAMS = (
    # Children get their helmets before school starts in September.
    Stream(
        "HELMET",
        0.055,
        partial(_surveyed, HELMETS),
        Season((0.8, 0.6, 0.8, 0.8, 0.9, 1.0, 1.4, 2.6, 1.6, 0.9, 0.8, 0.8)),
        was=0.8,
    ),
    # 1 June is the children's day; Mid-Autumn falls in September or October.
    Stream(
        "TOY",
        0.055,
        partial(_surveyed, TOYS),
        Season((0.8, 0.6, 0.7, 0.9, 1.9, 1.2, 0.8, 1.4, 2.2, 1.0, 0.8, 1.1)),
        was=0.85,
        was_risk=1.25,
    ),
    Stream(
        "ELECTRIC",
        0.055,
        partial(_surveyed, ELECTRICAL),
        Season((0.9, 0.7, 1.1, 1.6, 1.8, 1.6, 1.2, 0.9, 0.8, 0.8, 0.9, 1.0)),
        was=0.95,
    ),
    Stream("MARKING", 0.06, _examined, was=0.8),
    Stream("CUSTOMS", 0.085, _declared, Season((1.0, 0.7, 1.0, 1.0, 1.1, 1.0, 1.1, 1.2, 1.1, 1.0, 1.0, 0.9)), was=0.87),
)
