"""Events of the units that watch over quality management systems (ISO 9001) in agencies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier


class _Check(OfUnit, frozen=True, kw_only=True):
    """What both events tell of the check of an ``agency`` by the monitoring ``unit``."""

    check_id: Identifier
    agency: Identifier

    def order_key(self) -> str:
        return f"agency/{self.agency}"


@contract("iso.agency_checked")
class AgencyChecked(_Check, frozen=True, kw_only=True):
    """An agency's system was checked, ``on_site`` or on its file; ``observed_at`` is when the minutes were signed."""

    on_site: bool
    nonconformities: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0

    @property
    def kind(self) -> str:
        return "on_site" if self.on_site else "on_file"

    @classmethod
    def sample(cls) -> AgencyChecked:
        return cls(
            observed_at=datetime(2025, 3, 14, 2, 30, tzinfo=UTC),
            check_id="SAMPLE-CHECK-0001",
            agency="SAMPLE-AGENCY-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            on_site=True,
            nonconformities=2,
        )


@contract("iso.correction_reported")
class CorrectionReported(_Check, frozen=True, kw_only=True):
    """The agency reported what it did about the nonconformities of a check."""

    @classmethod
    def sample(cls) -> CorrectionReported:
        return cls(
            observed_at=datetime(2025, 4, 14, 2, 30, tzinfo=UTC),
            check_id="SAMPLE-CHECK-0001",
            agency="SAMPLE-AGENCY-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
        )
