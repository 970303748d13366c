"""Files that are no files of anybody: every importer reads them to their end."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from services.cli.importers import IMPORTERS

HEADER = b"Inspection_Date,License,Inspection_ID,DBA_Name,Address,Zip,Results\n"


@settings(max_examples=200)
@given(st.sampled_from(sorted(IMPORTERS)), st.binary(max_size=300))
def test_any_file_is_read_to_its_end(name: str, content: bytes) -> None:
    """Noise becomes refusals, at most one a line."""
    header = HEADER if name == "inspections" else b""
    found = list(IMPORTERS[name](io.BytesIO(header + content), "noise"))
    assert len(found) == sum(1 for line in content.split(b"\n") if line.strip())
