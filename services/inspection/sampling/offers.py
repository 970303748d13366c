"""Plans for a lot, as they are asked for over HTTP and on the command line."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from services.inspection.sampling.iso_2859_1 import standard_plan
from services.inspection.sampling.operating_characteristic import Point, SamplingPlan, smallest_plan
from shared.kernel.errors import InvalidInput
from shared.kernel.quantities import check_number

Lot = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Risk = Annotated[float, msgspec.Meta(ge=0.0001, le=0.5)]


class SamplingQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lot, the quality that should pass (``aql``) and the one that should not (``ltpd``), both in percent defective.

    ``alpha`` is the risk of the producer that a lot of the first is refused, ``beta`` that of the consumer that one of the
    second is accepted. Without ``ltpd`` only the standard's plan can be told.
    """

    lot: Lot
    aql: Decimal
    ltpd: Decimal | None = None
    alpha: Risk = 0.05
    beta: Risk = 0.1

    def __post_init__(self) -> None:
        _check_percent("aql", self.aql, above=Decimal(0))
        if self.ltpd is not None:
            _check_percent("ltpd", self.ltpd, above=self.aql)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One plan: refuse the lot from ``reject`` defectives on; the risks are those it really has.

    ``verified`` is false for a plan of a standard whose numbers could not be checked.
    """

    basis: Literal["operating_characteristic", "iso_2859_1_normal_ii"]
    verified: bool
    size: int
    accept: int
    reject: int
    producers_risk: float
    consumers_risk: float | None
    curve: list[Point]


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """The plans for what was asked."""

    asked: SamplingQuery
    plans: list[Offer]


def offers(query: SamplingQuery) -> Offers:
    """Return the computed plan and the standard's, where there is one; raise ``InvalidInput`` when there is neither."""
    plans = []
    if query.ltpd is not None:
        computed = smallest_plan(query.lot, query.aql, query.ltpd, query.alpha, query.beta)
        plans.append(_offer(computed, query, "operating_characteristic", verified=True))
    standard = standard_plan(query.lot, query.aql)
    if standard is not None:
        plans.append(_offer(standard, query, "iso_2859_1_normal_ii", verified=False))
    if not plans:
        raise InvalidInput("no plan of the standard is known for this lot and aql: say also which ltpd must not pass", "/ltpd")
    return Offers(asked=query, plans=plans)


def _offer(
    plan: SamplingPlan,
    query: SamplingQuery,
    basis: Literal["operating_characteristic", "iso_2859_1_normal_ii"],
    *,
    verified: bool,
) -> Offer:
    return Offer(
        basis=basis,
        verified=verified,
        size=plan.size,
        accept=plan.accept,
        reject=plan.accept + 1,
        producers_risk=round(plan.producers_risk(query.aql), 6),
        consumers_risk=None if query.ltpd is None else round(plan.consumers_risk(query.ltpd), 6),
        curve=plan.curve(),
    )


def _check_percent(name: str, value: Decimal, *, above: Decimal) -> None:
    try:
        check_number(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if not above < value <= 100:  # noqa: PLR2004 - percent
        raise ValueError(f"{name} must be above {above} and at most 100 percent defective")
