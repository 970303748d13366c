"""What a register states, entry by entry: checked, and refused with the reason where it cannot be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import msgspec

from services.inspection.registers.numbers import gtins, tax_code
from services.inspection.rules.verification_is_valid.group_2_instruments import GROUP_2
from shared.contracts.envelope import check_year
from shared.contracts.strict_json import check_no_nul
from shared.contracts.vocabulary import Identifier, LongText, Product, ProductGroup, ProvinceCode, Site, Text, check_province
from shared.kernel.errors import Refused
from shared.kernel.wellformed import told


class Register(StrEnum):
    """The registers that can be loaded."""

    SITES = "sites"
    PRODUCTS = "products"
    INSTRUMENTS = "instruments"
    BODIES = "bodies"


class BodyKind(StrEnum):
    """What a body does. Stored: never rename a value."""

    VERIFICATION = "verification"  # kiểm định
    CALIBRATION = "calibration"  # hiệu chuẩn
    TESTING = "testing"  # thử nghiệm
    INSPECTION = "inspection"  # giám định
    CERTIFICATION = "certification"  # chứng nhận


class SiteEntry(Site, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site as a register states it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if flaw := tax_code(self.tax_code).flaw:
            raise ValueError(f"tax_code {self.tax_code!r}: {flaw}")


class ProductEntry(Product, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product as a register states it."""

    def __post_init__(self) -> None:
        if flaw := gtins(self.gtin).flaw:
            raise ValueError(f"gtin {self.gtin!r}: {flaw}")


class InstrumentEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instrument as a register states it; ``instrument_type`` is one of the group-2 list."""

    instrument_id: Identifier
    instrument_type: Identifier
    site_id: Identifier
    province: ProvinceCode
    verified_on: date | None = None

    def __post_init__(self) -> None:
        check_province(self.province)
        if self.verified_on is not None:
            check_year("verified_on", self.verified_on)
        if self.instrument_type not in GROUP_2:
            raise ValueError(f"instrument_type {self.instrument_type!r} is not on the group-2 list, for example 'fuel_dispenser'")


class BodyEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A verification or conformity-assessment body; ``scope`` are instrument types and product groups, ``basis`` the decision."""

    id: Identifier
    name: Text
    kind: BodyKind
    province: ProvinceCode
    basis: LongText = ""
    tax_code: Annotated[str, msgspec.Meta(max_length=60)] = ""
    scope: Annotated[list[str], msgspec.Meta(min_length=1, max_length=200)]
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        check_province(self.province)
        if flaw := tax_code(self.tax_code).flaw:
            raise ValueError(f"tax_code {self.tax_code!r}: {flaw}")
        known = GROUP_2.keys() | {str(one) for one in ProductGroup}
        if strange := [one for one in self.scope if one not in known]:
            raise ValueError(f"scope {strange[0]!r} is neither an instrument type nor a product group")
        check_year("valid_from", self.valid_from)
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")


Entry: TypeAlias = SiteEntry | ProductEntry | InstrumentEntry | BodyEntry

KINDS: Mapping[Register, type[Entry]] = {
    Register.SITES: SiteEntry,
    Register.PRODUCTS: ProductEntry,
    Register.INSTRUMENTS: InstrumentEntry,
    Register.BODIES: BodyEntry,
}


class RefusedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was not loaded: its place, counted from 1, why, and the field where one is to blame."""

    line: int
    detail: str
    pointer: str = ""


def read(register: Register, given: Iterable[tuple[int, Any]]) -> Iterator[Entry | RefusedEntry]:
    """Check numbered entries one by one; fields may be texts, as CSV has them, and empty ones count as not given."""
    for line, fields in given:
        try:
            check_no_nul(fields)
            yield msgspec.convert(_stated(fields), KINDS[register], strict=False)
        except Refused as error:
            yield RefusedEntry(line=line, detail=error.detail, pointer=error.pointer)
        except msgspec.ValidationError as error:
            detail, pointer = told(error)
            yield RefusedEntry(line=line, detail=detail, pointer=pointer)


def _stated(fields: Any) -> Any:
    if not isinstance(fields, Mapping):
        return fields
    stated = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    stated = {name: value for name, value in stated.items() if value not in ("", None)}
    if isinstance(stated.get("scope"), str):
        stated["scope"] = [one.strip() for one in stated["scope"].split(";") if one.strip()]
    return stated
