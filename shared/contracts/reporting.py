"""Events the reporting service publishes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.vocabulary import Identifier


@contract("reporting.report_issued")
class ReportIssued(Data, frozen=True, kw_only=True):
    """A periodic report was frozen; ``sha256`` is the digest of its bytes, ``events`` how many events it rests on."""

    report: Identifier
    period_from: date
    period_to: date
    events: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]

    @property
    def kind(self) -> str:
        return self.report

    def order_key(self) -> str:
        return f"report/{self.report}"

    @classmethod
    def sample(cls) -> ReportIssued:
        return cls(
            observed_at=datetime(2025, 3, 31, 17, 0, tzinfo=UTC),
            report="monthly",
            period_from=date(2025, 3, 1),
            period_to=date(2025, 3, 31),
            events=1234,
            sha256="0" * 64,
        )
