"""The dead-letter desk: what waits for a person, and what a person decides about it.

A letter is an event whose handlers failed (a row of the inbox) or bytes that could not be read (a row of the
quarantine). Both are known by 32 hex digits. A decision changes a letter's state and never removes it, and every one
stands in the audit trail with who took it, when and why.

letters.py what lies there; rehearsal.py what would happen; decisions.py replay and drop; edits.py other bytes, by two
persons; audit.py the trail.
"""

from shared.messaging.dead_letters.audit import Act, Deed, Person, acts, first_broken, note, record
from shared.messaging.dead_letters.decisions import DEFAULT_RATE, HIGHEST_RATE, Left, Replayed, drop, replay, resume
from shared.messaging.dead_letters.edits import Edit, approve, edit, edits, propose, reject
from shared.messaging.dead_letters.letters import Group, Letter, Selection, State, groups, letter, letters
from shared.messaging.dead_letters.rehearsal import Handle, Rehearsed, rehearse, try_out

__all__ = [
    "DEFAULT_RATE",
    "HIGHEST_RATE",
    "Act",
    "Deed",
    "Edit",
    "Group",
    "Handle",
    "Left",
    "Letter",
    "Person",
    "Rehearsed",
    "Replayed",
    "Selection",
    "State",
    "acts",
    "approve",
    "drop",
    "edit",
    "edits",
    "first_broken",
    "groups",
    "letter",
    "letters",
    "note",
    "propose",
    "record",
    "rehearse",
    "reject",
    "replay",
    "resume",
    "try_out",
]
