"""Planning's events about statutory deadlines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.vocabulary import SAMPLE_PETROL, SAMPLE_SITE, Identifier, Product, Site, Text


class _Deadline(Data, frozen=True, kw_only=True):
    """What both deadline events tell of a statutory clock; ``unit`` owes the duty where it is not a site's."""

    clock_id: Identifier
    duty: Identifier
    source: Text
    due_at: datetime
    about: Identifier
    case_id: str = ""
    site: Site | None = None
    product: Product | None = None
    subject_kind: str = ""
    title: Annotated[str, msgspec.Meta(max_length=300)] = ""
    unit: str = ""
    unit_province: str = ""

    @property
    def province(self) -> str:
        return self.site.province if self.site is not None else self.unit_province

    @property
    def kind(self) -> str:
        return self.duty

    def order_key(self) -> str:
        return f"clock/{self.clock_id}"


@contract("planning.deadline_approaching")
class DeadlineApproaching(_Deadline, frozen=True, kw_only=True):
    """A statutory clock is close to its due time and the act that satisfies it has not been seen.

    ``duty`` is the clock's rule, ``about`` the id of the violation, measure or document that started it.
    """

    @classmethod
    def sample(cls) -> DeadlineApproaching:
        return cls(
            observed_at=datetime(2025, 3, 17, 10, 0, tzinfo=UTC),
            clock_id="SAMPLE-CLOCK-0001",
            duty="handling_decision",
            source="Luật 05/2007/QH12 Điều 47(6)",
            due_at=datetime(2025, 3, 18, 10, 0, tzinfo=UTC),
            about="SAMPLE-CASE-0001",
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
        )


@contract("planning.deadline_missed")
class DeadlineMissed(_Deadline, frozen=True, kw_only=True):
    """A statutory clock ran out.

    ``late_on_arrival`` marks one that was over before its start reached us, ``cut_short`` a period that was ended before
    the time it must last; ``observed_at`` is then when it was ended.
    """

    late_on_arrival: bool = False
    cut_short: bool = False

    @classmethod
    def sample(cls) -> DeadlineMissed:
        return cls(
            observed_at=datetime(2025, 3, 18, 10, 0, tzinfo=UTC),
            clock_id="SAMPLE-CLOCK-0001",
            duty="handling_decision",
            source="Luật 05/2007/QH12 Điều 47(6)",
            due_at=datetime(2025, 3, 18, 10, 0, tzinfo=UTC),
            about="SAMPLE-CASE-0001",
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
        )
