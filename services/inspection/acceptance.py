"""How measured values are held against limits: the decision rule, kept apart from the limits so that another can be added."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

import msgspec

from shared.contracts.vocabulary import Breach, Outcome


class Limit(msgspec.Struct, frozen=True):
    """A highest permitted value, or a lowest one when ``at_least`` is set; the limit itself is permitted."""

    value: Decimal
    at_least: bool = False


class Comparison(msgspec.Struct, frozen=True):
    """One measured value and the limit it is held against, in one unit; ``uncertainty`` is expanded (k = 2)."""

    parameter: str
    measured: Decimal
    limit: Limit
    unit: str
    uncertainty: Decimal | None = None


class Judgement(msgspec.Struct, frozen=True):
    """What a rule says of one finding."""

    outcome: Outcome
    breaches: list[Breach] = []


# Says of one comparison whether the limit is kept; a rule's version names the one its law asks for.
DecisionRule = Callable[[Comparison], Outcome]

CONFORMING = Judgement(Outcome.CONFORMING)
INCONCLUSIVE = Judgement(Outcome.INCONCLUSIVE)


def simple_acceptance(comparison: Comparison) -> Outcome:
    """Let the measured value alone decide, whatever its uncertainty (ILAC-G8:09/2019, 4.2.1)."""
    limit = comparison.limit
    kept = comparison.measured >= limit.value if limit.at_least else comparison.measured <= limit.value
    return Outcome.CONFORMING if kept else Outcome.NONCONFORMING


def judge(comparisons: Iterable[Comparison], decide: DecisionRule) -> Judgement:
    """Return nonconforming when any limit is broken, conforming when all are kept, inconclusive otherwise or without any."""
    breaches: list[Breach] = []
    outcomes: set[Outcome] = set()
    for comparison in comparisons:
        outcome = decide(comparison)
        outcomes.add(outcome)
        if outcome is Outcome.NONCONFORMING:
            breaches.append(
                Breach(
                    parameter=comparison.parameter,
                    measured=comparison.measured,
                    limit=comparison.limit.value,
                    unit=comparison.unit,
                )
            )
    if breaches:
        return Judgement(Outcome.NONCONFORMING, breaches)
    return CONFORMING if outcomes == {Outcome.CONFORMING} else INCONCLUSIVE
