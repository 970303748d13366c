"""A violation proposes an inspection of its site and product, unless one was proposed for them less than 12 months apart.

What is known of days before the violation's own day (for the product: of months before) makes the score and the
reasons. So nothing that happens elsewhere on the same day changes a proposal, whatever is processed first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from services.planning.model.risk import COMPLAINT, CONFIRMED_MATCH, FOREIGN_ALERT, Proposal, Signal, Signals
from services.planning.rules.risk_fades_with_time import REMEMBERED, load, score
from shared.contracts.inspection import ViolationKind
from shared.contracts.vocabulary import Site
from shared.kernel.deadlines import add_months, local_day
from shared.kernel.ids import derived_id

MONTHS_APART = 12
_MONTHS_TO_INSPECT = 1
MOST_REASONS = 20

_VIETNAMESE: Mapping[str, str] = {
    ViolationKind.FUEL_QUALITY: "chất lượng xăng dầu",
    ViolationKind.DISPENSER_ERROR: "sai số cột đo xăng dầu",
    ViolationKind.SCALE_ERROR: "sai số cân",
    ViolationKind.PREPACKAGE_QUANTITY: "lượng hàng đóng gói sẵn",
    ViolationKind.VERIFICATION_LAPSED: "quá hạn kiểm định",
    ViolationKind.CONFORMITY_MARK_MISSING: "thiếu dấu hợp quy",
    ViolationKind.CONFORMITY_MARK_FALSE: "giả mạo, sử dụng trái phép dấu hợp quy",
    ViolationKind.CONFORMITY_NOT_DECLARED: "chưa công bố hợp quy",
    ViolationKind.CERTIFICATE_SUPERSEDED: "chứng nhận theo quy chuẩn không còn được áp dụng",
    ViolationKind.LABEL_INCOMPLETE: "nhãn thiếu nội dung bắt buộc",
    ViolationKind.HELMET_SAFETY: "an toàn mũ bảo hiểm",
    ViolationKind.TOY_SAFETY: "an toàn đồ chơi trẻ em",
    ViolationKind.ELECTRICAL_SAFETY: "an toàn thiết bị điện",
    ViolationKind.ELECTROMAGNETIC_DISTURBANCE: "nhiễu điện từ",
    COMPLAINT: "phản ánh của người tiêu dùng",
    FOREIGN_ALERT: "cảnh báo của nước ngoài",
    CONFIRMED_MATCH: "cảnh báo hoặc phản ánh đã được xác nhận là về hàng này",
    "validated_serious": "vụ việc được xác nhận mức rủi ro nghiêm trọng",
    "validated_high": "vụ việc được xác nhận mức rủi ro cao",
    "validated_medium": "vụ việc được xác nhận mức rủi ro trung bình",
    "validated_low": "vụ việc được xác nhận mức rủi ro thấp",
}


def may_propose(day: date, proposed: Iterable[date]) -> bool:
    """Tell whether a violation on ``day`` may propose, given the days of the proposals for its site and product."""
    return all(add_months(min(day, other), MONTHS_APART) <= max(day, other) for other in proposed)


def proposal_for(violation: Signal, site: Site, of_site: Signals, of_product: Signals, acted_at: datetime) -> Proposal:
    """Return the inspection that a violation at ``site`` asks for, made at ``acted_at``."""
    day = violation.day
    earlier = _within(of_site, day)
    elsewhere = _within(of_product, violation.month)
    now: Signals = Counter({(violation.kind, day): 1})
    return Proposal(
        proposal_id=derived_id("proposal", site.id, violation.product.key, day.isoformat()),
        site=site,
        product=violation.product,
        day=day,
        proposed_at=acted_at,
        not_after=add_months(local_day(acted_at), _MONTHS_TO_INSPECT),
        score=score(load(earlier + now, day), load(elsewhere, day)),
        reasons=_reasons(violation, earlier, elsewhere),
    )


def _within(signals: Signals, before: date) -> Signals:
    return Counter({(kind, day): times for (kind, day), times in signals.items() if day < before <= day + REMEMBERED})


def _reasons(violation: Signal, earlier: Signals, elsewhere: Signals) -> list[str]:
    own = vietnamese(violation.kind)
    reasons = [f"Vi phạm {own} ngày {violation.day:%d/%m/%Y} (violation {violation.kind} on {violation.day})"]
    reasons += [
        f"Trước đó tại cơ sở: {times} × {vietnamese(kind)} (earlier at the site: {times} × {kind})"
        for kind, times in by_kind(earlier)
    ]
    reasons += [
        f"Cùng sản phẩm trên cả nước, đến hết tháng trước: {times} × {vietnamese(kind)} "
        f"(same product, whole country, up to last month: {times} × {kind})"
        for kind, times in by_kind(elsewhere)
    ]
    return reasons[:MOST_REASONS]


def vietnamese(kind: str) -> str:
    """Return the Vietnamese words for a kind of signal."""
    return _VIETNAMESE.get(kind, kind)


def by_kind(signals: Signals) -> list[tuple[str, int]]:
    """Return how often there was each kind of signal, on whatever day."""
    total: Counter[str] = Counter()
    for (kind, _), times in signals.items():
        total[kind] += times
    return sorted(total.items())
