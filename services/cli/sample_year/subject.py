"""What a stream of the sample year draws: something that can be looked at, now and again later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import NamedTuple, TypeAlias

from services.cli.sample_year.season import Season
from shared.contracts.envelope import Data

# (rng, when, the number of the finding, whether it conforms) -> the data of the event
Look: TypeAlias = Callable[[Random, datetime, str, bool], Data]


class Subject(NamedTuple):
    """A thing at a site; ``risk`` is the probability that it does not conform when it is first looked at.

    ``again`` looks at it later, where that is done in another way.
    """

    risk: float
    look: Look
    again: Look | None = None


class Stream(NamedTuple):
    """One kind of finding: its share of all events, the year before against this one, its season, and its subjects.

    ``code`` becomes part of the events' ids; ``was`` and ``was_risk`` compare the year before with this year.
    """

    code: str
    share: float
    draw: Callable[[Random], Subject]
    season: Season = Season()
    was: float = 1.0
    was_risk: float = 1.0
