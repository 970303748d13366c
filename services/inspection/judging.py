"""What a judging rule is: a pure function over the data of an event, in versions that are valid on days of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from typing import Any, Generic, TypeVar

import msgspec

from services.inspection.acceptance import SIMPLE_ACCEPTANCE, DecisionRule, Judgement
from services.inspection.model.findings import Verdict
from services.inspection.procedure.deeds import WHOLE
from shared.contracts.envelope import Data
from shared.contracts.inspection import RuleReference, ViolationKind
from shared.contracts.vocabulary import Outcome
from shared.kernel.clock import HANOI

L = TypeVar("L")


class Version(msgspec.Struct, Generic[L], frozen=True, kw_only=True):
    """The numbers of a rule from ``valid_from`` to ``valid_to``, both days included; without ``valid_to`` until further notice.

    ``source`` is the legal text they were typed from; ``verified`` is false where they could not be checked there.
    ``decide`` is how the uncertainty of a measurement is weighed.
    """

    valid_from: date
    limits: L
    source: str
    valid_to: date | None = None
    verified: bool = True
    decide: DecisionRule = SIMPLE_ACCEPTANCE

    def is_valid_on(self, day: date) -> bool:
        """Tell whether this version is the law on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


# Returns nothing where the rule does not concern the data.
Judge = Callable[[Any, Version[Any]], Judgement | None]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One judging rule; its name is stored with every verdict and never changed.

    ``as_a_whole``: whatever parameter is breached, the thing is put right when the rule finds it conforming.
    """

    name: str
    kind: ViolationKind
    event_types: tuple[type[Data], ...]
    versions: tuple[tuple[Version[Any], RuleReference], ...]
    judge: Judge
    as_a_whole: bool = False

    def verdict(self, data: Data, day: date) -> Verdict | None:
        """Judge ``data`` by the version valid on ``day``; nothing when there is none or the rule does not concern the data."""
        for version, reference in self.versions:
            if version.is_valid_on(day):
                judgement = self.judge(data, version)
                if judgement is None:
                    return None
                breached, kept = self._parameters(judgement)
                return Verdict(
                    rule=reference,
                    violation_kind=self.kind,
                    outcome=judgement.outcome,
                    breaches=judgement.breaches,
                    breached=breached,
                    kept=kept,
                    plan=judgement.plan,
                )
        return None

    def _parameters(self, judgement: Judgement) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the parameters that are breached and those that are kept; a judgement that names none is about the whole."""
        is_breach = judgement.outcome is Outcome.NONCONFORMING
        breached = tuple(sorted({breach.parameter for breach in judgement.breaches}))
        if not self.as_a_whole and (breached if is_breach else judgement.kept):
            return breached, judgement.kept
        return (WHOLE,) if is_breach else (), (WHOLE,) if judgement.outcome is Outcome.CONFORMING else ()


def judges(
    *event_types: type[Data], kind: ViolationKind, versions: Iterable[Version[Any]], as_a_whole: bool = False
) -> Callable[[Judge], Rule]:
    """Make the decorated function the rule of that name for the data of ``event_types``.

    A nonconforming judgement is a violation of ``kind``, of each parameter by itself unless ``as_a_whole``. Raises ``ValueError``
    when the function does not bear the name of its file, or when two versions are valid on one day.
    """
    ordered = sorted(versions, key=lambda version: version.valid_from)

    def make(judge: Judge) -> Rule:
        name = getattr(judge, "__name__", "")
        if name != judge.__module__.rpartition(".")[2]:
            raise ValueError(f"the rule {name} must stand in a file of its own called {name}.py")
        for earlier, later in pairwise(ordered):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                raise ValueError(f"{name} has two versions on {later.valid_from}")
        return Rule(
            name=name,
            kind=kind,
            event_types=event_types,
            versions=tuple((version, _reference(name, version)) for version in ordered),
            judge=judge,
            as_a_whole=as_a_whole,
        )

    return make


def legal_day(data: Data) -> date:
    """Return the day in Viet Nam on which the fact happened; its law is the one that counts."""
    return data.observed_at.astimezone(HANOI).date()


class Rulebook:
    """All rules, and which of them concern what."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.name))
        self._by_type = {
            event_type: tuple(rule for rule in self.rules if event_type in rule.event_types)
            for rule in self.rules
            for event_type in rule.event_types
        }

    @property
    def event_types(self) -> tuple[type[Data], ...]:
        """The data types that any rule judges, in a fixed order."""
        return tuple(sorted(self._by_type, key=lambda one: one.type))

    def verdicts(self, data: Data, on: date | None = None) -> list[Verdict]:
        """Return the verdicts on ``data`` by the law of its own day, or of the day ``on``, in order of the rules' names."""
        day = on or legal_day(data)
        found = (rule.verdict(data, day) for rule in self._by_type.get(type(data), ()))
        return [verdict for verdict in found if verdict is not None]


def _reference(name: str, version: Version[Any]) -> RuleReference:
    return RuleReference(
        name=name,
        valid_from=version.valid_from,
        source=version.source,
        verified=version.verified,
        decision=version.decide.name,
    )
