"""Numbers that others give out: tax codes (mã số thuế) and GTINs, checked digit by digit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from biip import ParseError
from biip.gtin import Gtin
from biip.rcn import Rcn
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError
from stdnum.vn import mst

_APART = re.compile(r"[^\d\s.\-]+|\s{2,}|\n")  # what stands between two barcodes rather than between the digits of one
_NO_DIGIT = re.compile(r"\D+")

_WRONG_TAX_CODE: dict[type[ValidationError], str] = {
    InvalidLength: "a tax code has 10 digits, that of a branch 13",
    InvalidFormat: "a tax code has digits only, and hyphens, dots or blanks between them",
    InvalidChecksum: "its tenth digit, the check digit, does not fit the others: one of them was mistyped",
}


class TaxCode(NamedTuple):
    """A tax code as stated: its digits, or ``flaw``, why it is none; both empty when none was stated."""

    digits: str
    flaw: str


class Gtins(NamedTuple):
    """The GTINs in a text, as 14 digits each, the GS1 prefixes of the companies they were given to, or why there is none."""

    numbers: tuple[str, ...]
    companies: tuple[str, ...]
    flaw: str


@lru_cache(maxsize=4096)
def tax_code(stated: str) -> TaxCode:
    """Check a tax code; blanks, dots and hyphens between its digits are taken away."""
    if not stated.strip():
        return TaxCode("", "")
    try:
        return TaxCode(mst.validate(stated), "")
    except ValidationError as error:
        return TaxCode("", _WRONG_TAX_CODE.get(type(error), "no such tax code is given out"))


@lru_cache(maxsize=4096)
def gtins(stated: str) -> Gtins:
    """Find the GTINs in what a system sends as one: sometimes several, with words or blanks between them."""
    found: dict[str, str] = {}
    flaw = ""
    for part in _APART.split(stated):
        digits = _NO_DIGIT.sub("", part)
        if not digits:
            continue
        try:
            gtin = Gtin.parse(digits)
        except ParseError as error:
            flaw = flaw or str(error)
            continue
        if isinstance(gtin, Rcn):
            flaw = flaw or f"{digits} is a number for use inside one company or region, no GTIN"
        else:
            found[gtin.as_gtin_14()] = gtin.company_prefix.value if gtin.company_prefix else ""
    if not found and not flaw and stated.strip():
        flaw = "there is no GTIN in it: 8, 12, 13 or 14 digits"
    return Gtins(tuple(found), tuple(sorted({one for one in found.values() if one})), "" if found else flaw)
