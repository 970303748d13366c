"""The procedure as Mermaid state diagrams, drawn from the very data the service decides by.

``python -m services.inspection.procedure.drawing`` writes ``docs/case-procedure.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from services.inspection.procedure.standing import Phase
from services.inspection.procedure.transitions import PROCEDURE, Transition
from shared.contracts.vocabulary import Track

FILE = Path(__file__).resolve().parents[3] / "docs" / "case-procedure.md"

_HEAD = """# The procedure of a case

Drawn from `services/inspection/procedure/transitions.py` by `python -m services.inspection.procedure.drawing`; a test fails
when the two part. A case begins `detected` when a violation opens it. It closes by itself, as remedied, when every parameter
that was breached in it was found kept at a later legal time: a sample that was not tested for it says nothing of it. What each
act needs, who does it and by which article stands in the table below each drawing; acts that leave the phase as it is stand
only in the table. “Quy tắc nghiệp vụ” marks good practice of the office where the law names no article.
"""


def document() -> str:
    """Return the page: a diagram and a table for each track."""
    return "\n".join([_HEAD, *(line for track in Track for line in _track(track))])


def _track(track: Track) -> Iterator[str]:
    rows = list(dict.fromkeys(PROCEDURE[track].values()))
    yield f"## {track}\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {Phase.DETECTED}: open_case"
    for row in rows:
        if row.after is not None:
            for phase in row.before:
                yield f"    {phase} --> {row.after}: {row.act}"
    yield "```\n"
    yield "| act | in | leads to | who | needs | article |"
    yield "|---|---|---|---|---|---|"
    yield from (_line(row) for row in rows)
    yield ""


def _line(row: Transition) -> str:
    cells = (
        f"`{row.act}`",
        ", ".join(row.before),
        row.after or "–",
        ", ".join(row.who),
        "; ".join(need.says for need in row.needs) or "–",
        row.source,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
