"""The dead-letter desk: what waits for a person, and what a person decides about it.

A letter is an event whose handlers failed (a row of the inbox) or bytes that could not be read (a row of the
quarantine). Both are known by 32 hex digits. A decision changes a letter's state and never removes it.
"""

from shared.messaging.dead_letters.decisions import Left, Replayed, Selection, drop, replay
from shared.messaging.dead_letters.letters import Group, Letter, State, groups, letter

__all__ = ["Group", "Left", "Letter", "Replayed", "Selection", "State", "drop", "groups", "letter", "replay"]
