"""Events of the customs single window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.partners.conformity import Marking
from shared.contracts.vocabulary import (
    Identifier,
    Product,
    ProductGroup,
    Setting,
    Site,
    Text,
)
from shared.kernel.quantities import check_number

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class PapersAfterRelease(StrEnum):
    """How it stands with papers of conformity that may be handed in after the goods were released."""

    OWED = "owed"
    HANDED_IN = "handed_in"


@contract("customs.lot_declared")
class LotDeclared(Data, frozen=True, kw_only=True):
    """An importer declared a lot of goods at the single window; ``mark_present`` and ``marking`` as in ``survey.answered``.

    Goods that are released before their papers of conformity are there are declared once with ``papers_after_release`` owed,
    observed at the release, and under the same number once more when the papers are handed in.
    """

    declaration_no: Identifier
    importer: Site
    product: Product
    quantity: Decimal
    unit: Text
    mark_present: bool | None = None
    marking: Marking | None = None
    papers_after_release: PapersAfterRelease | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_number(self.quantity)
        if self.quantity <= 0:
            raise ValueError("quantity must be above 0")

    @property
    def province(self) -> str:
        return self.importer.province

    @property
    def setting(self) -> Setting:
        """Goods that are declared are still in customs."""
        return Setting.IMPORT

    def order_key(self) -> str:
        return f"site/{self.importer.id}"

    @classmethod
    def sample(cls) -> LotDeclared:
        return cls(
            observed_at=_SAMPLE_TIME,
            declaration_no="SAMPLE-DECLARATION-0001",
            importer=Site(id="SAMPLE-IMPORTER-0001", name="Công ty nhập khẩu mẫu 1", province="31"),
            product=Product(group=ProductGroup.TOY, name="Đồ chơi mẫu", hs="9503.00", origin="China"),
            quantity=Decimal(1200),
            unit="chiếc",
            mark_present=True,
        )

    @classmethod
    def samples(cls) -> Sequence[LotDeclared]:
        seen = Marking(mark_used_by_right=True, label_lacks=[], conformity_declared=False)
        return [
            cls.sample(),
            msgspec.structs.replace(cls.sample(), declaration_no="SAMPLE-DECLARATION-0002", marking=seen),
            msgspec.structs.replace(
                cls.sample(), declaration_no="SAMPLE-DECLARATION-0003", papers_after_release=PapersAfterRelease.OWED
            ),
        ]
