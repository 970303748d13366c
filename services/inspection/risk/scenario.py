"""How a violation comes to hurt somebody: steps, each with its probability, that end in a harm."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Annotated

import msgspec

from shared.contracts.vocabulary import Text

# "0.02", "1/50", "1": text and no number, so that what is written is what is reckoned with. The look-ahead as in Identifier.
Probability = Annotated[str, msgspec.Meta(pattern=r"^(\d{1,12}/[1-9]\d{0,11}|[01](\.\d{1,12})?)$(?!\n)")]

# 1: first aid, fully reversible; 2: emergency treatment, function affected up to 6 months; 3: hospital, longer or permanent
# loss of function; 4: death, or more than 10 % disability.
Severity = Annotated[int, msgspec.Meta(ge=1, le=4)]


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that must happen on the way to the harm, and how probable it is once what stands before it has happened."""

    text: Text
    probability: Probability

    def __post_init__(self) -> None:
        if Fraction(self.probability) > 1:
            raise ValueError(f"a probability is at most 1, not {self.probability}")


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The steps from the violation to ``harm``, and how severe that is (1 to 4, Decision (EU) 2019/417)."""

    harm: Text
    severity: Severity
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=30)]

    @property
    def probability(self) -> Fraction:
        """The probability of the harm, exactly: that of all steps together; 0 when one of them cannot happen."""
        return prod((Fraction(step.probability) for step in self.steps), start=Fraction(1))
