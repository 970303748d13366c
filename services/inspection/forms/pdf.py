"""A sheet as PDF/A-2b, set by Typst in fonts that it brings along: the same on every machine."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typst

from services.inspection.forms.sheet import Sheet

_LAYOUT = Path(__file__).with_name("paper.typ")


def to_pdf(sheet: Sheet) -> bytes:
    """Return the PDF."""
    return typst.compile(
        _LAYOUT,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
        sys_inputs={"sheet": msgspec.json.encode(sheet).decode()},
    )
