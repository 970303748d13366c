"""The drawing in ``docs/`` shows the procedure that is in force."""

from __future__ import annotations

from services.inspection.procedure.drawing import FILE, document
from services.inspection.procedure.transitions import PROCEDURE


def test_the_drawing_and_the_code_are_one() -> None:
    """Whoever changes the procedure draws it anew."""
    written = FILE.read_text(encoding="utf-8")
    assert written == document(), "run `python -m services.inspection.procedure.drawing`"


def test_every_act_of_every_track_is_in_the_drawing() -> None:
    """With its article."""
    page = document()
    for track, rows in PROCEDURE.items():
        part = page.partition(f"## {track}\n")[2].partition("\n## ")[0]
        assert all(f"| `{row.act}` | " in part and f" | {row.source} |" in part for row in rows.values())
