"""Which scenario stands for a violation before an officer states one: by what was violated and, for marks, by the goods.

The probabilities are judgement of the office and not measured; none is a legal figure, so all are unverified. Money lost by
a wrong measure counts as severity 1.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TypeAlias

import msgspec

from services.inspection.risk import Scenario, Step, assess
from shared.contracts.inspection import RiskBasis, ViolationKind
from shared.contracts.vocabulary import ProductGroup, RiskLevel

_Scenarios: TypeAlias = Mapping[tuple[ViolationKind, ProductGroup | None], Scenario]


class DefaultScenarios(msgspec.Struct, frozen=True):
    """The scenarios from ``valid_from`` until the next ones: by kind and group, by kind, and else."""

    valid_from: date
    source: str
    scenarios: _Scenarios
    otherwise: Scenario
    verified: bool = False


class DefaultRisk(msgspec.Struct, frozen=True):
    """The level of a violation nobody has assessed yet, and what it rests on."""

    level: RiskLevel
    basis: RiskBasis


def _scenario(harm: str, severity: int, *steps: tuple[str, str]) -> Scenario:
    return Scenario(
        harm=harm, severity=severity, steps=tuple(Step(text=text, probability=probability) for text, probability in steps)
    )


_BUYER_LOSES = "Người mua nhận thiếu, thiệt hại về tiền"
_AGAINST_THE_BUYER = ("Sai số bất lợi cho người mua", "0.5")
_UNNOTICED = ("Người mua không phát hiện", "0.5")
_USER_IS_HURT = _scenario(
    "Người sử dụng bị thương",
    2,
    ("Hàng hóa không phù hợp gây nguy hiểm khi sử dụng", "1/10"),
    ("Người sử dụng bị thương", "1/500"),
)
_USER_IS_MISLED = _scenario(
    "Người sử dụng dùng sai, thiệt hại nhẹ", 1, ("Thông tin sai hoặc thiếu dẫn đến dùng sai", "1/100"), ("Có thiệt hại", "1/10")
)

# Nobody has shown that the goods conform, so some of them do not; what these can do depends on the goods.
_NOT_SHOWN = (
    ViolationKind.CONFORMITY_MARK_MISSING,
    ViolationKind.CONFORMITY_MARK_FALSE,
    ViolationKind.CONFORMITY_NOT_DECLARED,
)
_CRASH = (("Người đội gặp tai nạn trong thời gian sử dụng mũ", "1/100"), ("Đầu bị va đập", "1/4"))
_CHILD = (("Trẻ tiếp xúc với chỗ không an toàn", "1/10"), ("Trẻ phải nằm viện", "1/100"))
_SHOCK = (("Xảy ra rò điện hoặc quá nhiệt khi sử dụng", "1/100"), ("Có người chết", "1/50"))
_HEAD_INJURY, _CHILD_INJURY, _DEATH = (
    "Chấn thương sọ não khi va chạm",
    "Trẻ hóc, bị thương hoặc nhiễm độc",
    "Điện giật hoặc cháy, chết người",
)
_GOODS: Mapping[ProductGroup | None, Scenario] = {
    ProductGroup.HELMET: _scenario(_HEAD_INJURY, 4, ("Mũ chưa chứng minh hợp quy không chịu được va đập", "1/4"), *_CRASH),
    ProductGroup.TOY: _scenario(_CHILD_INJURY, 3, ("Đồ chơi chưa chứng minh hợp quy không an toàn", "1/5"), *_CHILD),
    ProductGroup.ELECTRICAL: _scenario(_DEATH, 4, ("Thiết bị chưa chứng minh hợp quy không an toàn điện", "1/10"), *_SHOCK),
    None: _USER_IS_HURT,
}

VERSIONS: Sequence[DefaultScenarios] = (
    DefaultScenarios(
        date(2000, 1, 1),
        "Phán đoán nghiệp vụ, chưa thẩm định, theo phương pháp của Quyết định (EU) 2019/417",
        {
            (ViolationKind.FUEL_QUALITY, None): _scenario(
                "Động cơ hư hỏng khi đang chạy, người đi xe bị thương",
                2,
                ("Nhiên liệu sai chất lượng được bán và sử dụng", "0.5"),
                ("Động cơ hư hỏng khi xe đang chạy", "1/100"),
                ("Người đi xe bị thương", "1/10"),
            ),
            (ViolationKind.DISPENSER_ERROR, None): _scenario(
                _BUYER_LOSES, 1, ("Cột đo sai số được dùng để bán", "1"), _AGAINST_THE_BUYER, _UNNOTICED
            ),
            (ViolationKind.SCALE_ERROR, None): _scenario(
                _BUYER_LOSES, 1, ("Cân sai số được dùng để bán", "1"), _AGAINST_THE_BUYER, _UNNOTICED
            ),
            (ViolationKind.PREPACKAGE_QUANTITY, None): _scenario(
                _BUYER_LOSES, 1, ("Bao gói thiếu lượng được bán", "0.2"), _UNNOTICED
            ),
            (ViolationKind.VERIFICATION_LAPSED, None): _scenario(
                _BUYER_LOSES,
                1,
                ("Phương tiện đo quá hạn kiểm định có sai số vượt giới hạn", "1/50"),
                _AGAINST_THE_BUYER,
                _UNNOTICED,
            ),
            (ViolationKind.HELMET_SAFETY, None): _scenario(
                _HEAD_INJURY, 4, ("Mũ không đạt thử nghiệm không bảo vệ được đầu", "0.5"), *_CRASH
            ),
            (ViolationKind.TOY_SAFETY, None): _scenario(
                _CHILD_INJURY, 3, ("Đồ chơi không đạt thử nghiệm được bán", "1"), *_CHILD
            ),
            (ViolationKind.ELECTRICAL_SAFETY, None): _scenario(
                _DEATH, 4, ("Thiết bị không đạt thử nghiệm an toàn điện được sử dụng", "1"), *_SHOCK
            ),
            (ViolationKind.ELECTROMAGNETIC_DISTURBANCE, None): _scenario(
                "Thiết bị khác hoạt động sai",
                1,
                ("Thiết bị khác bị nhiễu", "1/20"),
                ("Hoạt động sai gây thiệt hại", "1/50"),
            ),
            (ViolationKind.CERTIFICATE_SUPERSEDED, None): _USER_IS_MISLED,
            (ViolationKind.LABEL_INCOMPLETE, None): _USER_IS_MISLED,
            **{(kind, group): scenario for kind in _NOT_SHOWN for group, scenario in _GOODS.items()},
        },
        _USER_IS_HURT,
    ),
)


def default_risk(kind: ViolationKind, group: ProductGroup, day: date) -> DefaultRisk:
    """Return the risk of a violation of ``kind`` in ``group`` found on the legal ``day``, before it is assessed."""
    return _risk(max(0, bisect(VERSIONS, day, key=lambda one: one.valid_from) - 1), kind, group)


@cache
def _risk(place: int, kind: ViolationKind, group: ProductGroup) -> DefaultRisk:
    version = VERSIONS[place]
    known = version.scenarios
    scenario = known.get((kind, group)) or known.get((kind, None)) or version.otherwise
    assessed = assess([scenario])
    basis = RiskBasis(
        harm=scenario.harm,
        probability=str(scenario.probability),
        severity=scenario.severity,
        is_sensitive=assessed.is_sensitive,
        valid_from=version.valid_from,
        source=version.source,
        verified=version.verified,
    )
    return DefaultRisk(assessed.level, basis)
