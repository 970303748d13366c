"""What facts about a unit's own work, rather than about a site, have in common."""

from __future__ import annotations

from shared.contracts.envelope import Data
from shared.contracts.vocabulary import Identifier, ProvinceCode, check_province


class OfUnit(Data, frozen=True, kw_only=True):
    """Base of a fact about ``unit``; ``unit_province`` is the province it works in, empty for a national one."""

    unit: Identifier
    unit_province: ProvinceCode = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit_province:
            check_province(self.unit_province)

    @property
    def province(self) -> str:
        return self.unit_province
