"""A sheet as PDF/A-2b, set by Typst in fonts that it brings along: the same on every machine."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import typst

from services.inspection.forms.sheet import Sheet

# All but what the fonts have for certain: blanks, Latin with every Vietnamese letter, Greek, Cyrillic, punctuation, currencies,
# and the signs of units and of comparison. PDF/A takes no text without a glyph.
_WITHOUT_GLYPH = re.compile(
    "[^\n\t\x20-\x7e\xa0-\u024f\u0300-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u045f\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u2044-\u205e"
    "\u2074-\u208e\u20a0-\u20c0\u2100-\u211e\u2122\u2126-\u214f\u2190-\u2199\u2200-\u2265]"
)
_LAYOUT = Path(__file__).with_name("paper.typ")


def to_pdf(sheet: Sheet) -> bytes:
    """Return the PDF; a character that its fonts lack is spelled, such as [U+54C1]."""
    text = _WITHOUT_GLYPH.sub(lambda found: f"[U+{ord(found[0]):04X}]", msgspec.json.encode(sheet).decode())
    return typst.compile(
        _LAYOUT,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
        sys_inputs={"sheet": text},
    )
