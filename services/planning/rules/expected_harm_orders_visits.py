"""What is expected of a visit: the chance that it finds a violation, times the harm a violation does; and why, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from services.planning.model.risk import COMPLAINT, CONFIRMED_MATCH, Signals
from services.planning.model.targeting import Candidate, Choice
from services.planning.rules.harm_weighs_severity_and_exposure import harm_of
from services.planning.rules.risk_fades_with_time import load, share_of_product
from services.planning.rules.violation_proposes_one_inspection_a_year import MOST_REASONS, by_kind, vietnamese
from services.planning.rules.violation_rate_shrinks_to_its_group import Tally, own_rate
from shared.contracts.inspection import ViolationKind
from shared.contracts.vocabulary import Product, Site

# Of the site's own signals those that are no finding of a visit: findings are in its rate.
SIGNALS = frozenset({COMPLAINT, CONFIRMED_MATCH, str(ViolationKind.VERIFICATION_LAPSED)})


def weigh(
    site: Site, product: Product, product_id: str, own: Tally, group_rate: float, signals: Signals, elsewhere: Signals, day: date
) -> Candidate:
    """Return what is expected of a visit in the month that begins on ``day``."""
    of_signals = load(signals, day) + share_of_product(load(elsewhere, day))
    rate = own_rate(own, group_rate, of_signals)
    harm = harm_of(product.group)
    return Candidate(
        site=site,
        product=product,
        product_id=product_id,
        own=own,
        group_rate=group_rate,
        rate=rate,
        severity=harm.severity,
        exposure=harm.exposure,
        expected_harm=rate * harm.weight,
        signals=signals,
        elsewhere=elsewhere,
    )


def reasons(choice: Choice) -> list[str]:
    """Return why a visit was chosen, each reason in Vietnamese and English with its numbers."""
    return list(islice(_reasons(choice), MOST_REASONS))


def _reasons(choice: Choice) -> Iterator[str]:
    one = choice.candidate
    if choice.at_random:
        yield "Rút ngẫu nhiên trong một phần mười số cuộc kiểm tra (drawn at random, in the tenth that is)"
    own, rate, of_group = one.own, _percent(one.rate), _percent(one.group_rate)
    yield (
        f"Khả năng có vi phạm {rate}: {own.found} vi phạm trong {own.visits} lần kiểm tra, cả nhóm tại tỉnh {of_group} "
        f"(chance of a violation {rate}: {own.found} of {own.visits} visits, {of_group} for the group in the province)"
    )
    harm = f"{one.expected_harm:.2f}"
    yield (
        f"Thiệt hại dự kiến {harm.replace('.', ',')}: mức nghiêm trọng {one.severity}/4, phạm vi ảnh hưởng {one.exposure}/4 "
        f"(expected harm {harm}: severity {one.severity} of 4, exposure {one.exposure} of 4)"
    )
    for kind, times in by_kind(one.signals):
        yield f"Tại cơ sở: {times} × {vietnamese(kind)} (at the site: {times} × {kind})"
    for kind, times in by_kind(one.elsewhere):
        yield f"Cùng sản phẩm trên cả nước: {times} × {vietnamese(kind)} (same product, whole country: {times} × {kind})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
