"""How measured values are held against limits: the decision rule, kept apart from the limits so that another can be chosen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from services.inspection.sampling import SamplingPlan
from shared.contracts.vocabulary import Breach, Measurement, Outcome
from shared.kernel.quantities import UNITS, in_unit_of


class Limit(msgspec.Struct, frozen=True):
    """A highest permitted value, or a lowest one when ``at_least`` is set; the limit itself is permitted."""

    value: Decimal
    at_least: bool = False


class Comparison(msgspec.Struct, frozen=True):
    """One measured value as it was reported and the limit it is held against; ``uncertainty`` is expanded (k = 2).

    The limit is in the unit of its parameter; a value that was reported in another one is converted before it is judged.
    """

    parameter: str
    measured: Decimal
    limit: Limit
    unit: str
    uncertainty: Decimal | None = None

    @classmethod
    def of(cls, measured: Measurement, limit: Limit) -> Comparison:
        """Hold what was measured against its limit."""
        return cls(measured.parameter, measured.value, limit, measured.unit, measured.uncertainty)

    def in_unit_of_limit(self) -> Comparison:
        """Return the comparison with the value in the unit of the limit."""
        unit = UNITS.get(self.parameter, self.unit)
        if unit == self.unit:
            return self
        uncertainty = None if self.uncertainty is None else in_unit_of(self.parameter, self.uncertainty, self.unit)
        return Comparison(self.parameter, in_unit_of(self.parameter, self.measured, self.unit), self.limit, unit, uncertainty)


class Judgement(msgspec.Struct, frozen=True):
    """What a rule says of one finding; ``plan`` is the sampling plan it rests on, where a sample speaks for a lot.

    ``kept`` are the parameters that were assessed and keep every limit, whatever the outcome of the others, in order.
    """

    outcome: Outcome
    breaches: list[Breach] = []
    kept: tuple[str, ...] = ()
    plan: SamplingPlan | None = None


class DecisionRule(msgspec.Struct, frozen=True):
    """Says of one comparison whether the limit is kept; a rule's version names the one its law asks for.

    A value conforms up to ``accept`` times its uncertainty inside the limit, and does not conform from ``reject`` times its
    uncertainty outside of it; what lies between is inconclusive. ``name`` is stored with every verdict and never changed.
    """

    name: str
    accept: Decimal
    reject: Decimal

    def __call__(self, comparison: Comparison) -> Outcome:
        """Decide; where no uncertainty is stated, only what would be decided alike with any is not inconclusive."""
        limit, uncertainty = comparison.limit, comparison.uncertainty
        excess = limit.value - comparison.measured if limit.at_least else comparison.measured - limit.value
        if uncertainty is None:
            keeps, breaks = excess <= 0 and self.accept <= 0, excess > 0 and self.reject <= 0
        else:
            keeps, breaks = excess <= -self.accept * uncertainty, excess > self.reject * uncertainty
        if keeps:
            return Outcome.CONFORMING
        return Outcome.NONCONFORMING if breaks else Outcome.INCONCLUSIVE


# The measured value alone decides, whatever its uncertainty (ILAC-G8:09/2019, 4.2.1).
SIMPLE_ACCEPTANCE = DecisionRule("simple_acceptance", Decimal(0), Decimal(0))


def guarded_acceptance(share: Decimal = Decimal(1)) -> DecisionRule:
    """Accept only what keeps the limit by a guard band of ``share`` times U, refuse the rest (JCGM 106:2012, 8.3.2)."""
    return DecisionRule(_named("guarded_acceptance", share), share, -share)


def guarded_rejection(share: Decimal = Decimal(1)) -> DecisionRule:
    """Refuse only what breaks the limit by a guard band of ``share`` times U, accept the rest (JCGM 106:2012, 8.3.3)."""
    return DecisionRule(_named("guarded_rejection", share), -share, share)


def non_binary(share: Decimal = Decimal(1)) -> DecisionRule:
    """Leave open what lies within ``share`` times U of the limit, on either side (ILAC-G8:09/2019, 4.2.3)."""
    return DecisionRule(_named("non_binary", share), share, share)


CONFORMING = Judgement(Outcome.CONFORMING)
INCONCLUSIVE = Judgement(Outcome.INCONCLUSIVE)


def judge(comparisons: Iterable[Comparison], decide: DecisionRule) -> Judgement:
    """Return nonconforming when any limit is broken, conforming when all are kept, inconclusive otherwise or without any."""
    breaches: list[Breach] = []
    keeps: dict[str, bool] = {}
    for reported in comparisons:
        comparison = reported.in_unit_of_limit()
        outcome = decide(comparison)
        keeps[comparison.parameter] = outcome is Outcome.CONFORMING and keeps.get(comparison.parameter, True)
        if outcome is Outcome.NONCONFORMING:
            breaches.append(_breach(comparison, reported))
    kept = tuple(sorted(parameter for parameter, is_kept in keeps.items() if is_kept))
    if breaches:
        return Judgement(Outcome.NONCONFORMING, breaches, kept)
    return Judgement(Outcome.CONFORMING if kept and all(keeps.values()) else Outcome.INCONCLUSIVE, kept=kept)


def _breach(comparison: Comparison, reported: Comparison) -> Breach:
    is_converted = comparison is not reported
    return Breach(
        parameter=comparison.parameter,
        measured=comparison.measured,
        limit=comparison.limit.value,
        unit=comparison.unit,
        uncertainty=comparison.uncertainty,
        reported=reported.measured if is_converted else None,
        reported_unit=reported.unit if is_converted else "",
    )


def _named(name: str, share: Decimal) -> str:
    return name if share == 1 else f"{name} w={share}U"
