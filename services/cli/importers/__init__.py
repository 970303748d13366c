"""Real files of others become events: one reader a file format, found by its name.

Every record of a source becomes exactly one event or one named refusal. Event ids are the source's own numbers, so the
same record read twice is one event. A new format is a new file with ``read``, named here.
"""

from __future__ import annotations

from services.cli.importers import fda, inspections, safety_gate
from services.cli.importers.records import Read, Refusal

__all__ = ["IMPORTERS", "Read", "Refusal"]

IMPORTERS: dict[str, Read] = {
    "safety-gate": safety_gate.read,
    "fda": fda.read,
    "inspections": inspections.read,
}
