"""A made-up year of the authority's work, and the year before it to compare with: same seed, same bytes.

Sites, brands and instruments are plainly samples; counts of standards and regulations follow the authority's review of 2022.
``events`` makes the stream day by day, so that any size fits into little memory; ``plan`` shows the plans it advances.
"""

from __future__ import annotations

from services.cli.sample_year.plans import plan
from services.cli.sample_year.stream import events

__all__ = ["events", "plan"]
