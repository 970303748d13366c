"""What partners tell of the marks, labels and papers of goods."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import check_year

# As the mark shows it, without a leading zero in the number.
Regulation = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^QCVN [1-9]\d*:\d{4}/[A-ZĐ]+$(?!\n)")]


class Certificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goods were certified to; ``certified_on`` is absent where nothing shows the day."""

    regulation: Regulation
    certified_on: date | None = None

    def __post_init__(self) -> None:
        if self.certified_on is not None:
            check_year("certified_on", self.certified_on)


class LabelContent(StrEnum):
    """What a goods label may have to say."""

    GOODS_NAME = "goods_name"
    RESPONSIBLE_PERSON = "responsible_person"  # name and address of who answers for the goods
    ORIGIN = "origin"
    VIETNAMESE_TEXT = "vietnamese_text"  # all that is mandatory is said in Vietnamese, on a supplementary label if need be
    PRODUCTION_DATE = "production_date"


class Marking(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goods and their papers were found to show; what nobody looked at is absent.

    ``mark_used_by_right`` is false for a conformity mark that is forged or used without right. ``label_lacks`` is what the
    label does not say, nothing for a complete one. ``conformity_declared`` tells whether a declaration of conformity
    (công bố hợp quy) is there; absent for goods that need none.
    """

    mark_used_by_right: bool | None = None
    label_lacks: Annotated[list[LabelContent], msgspec.Meta(max_length=20)] | None = None
    certificate: Certificate | None = None
    conformity_declared: bool | None = None
