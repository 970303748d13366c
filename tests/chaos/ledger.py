"""The balance of a run: every message is in exactly one of effect, duplicate, quarantined, dead; what is in none is lost."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(kw_only=True)
class Ledger:
    """What became of everything.

    ``events`` are all messages that were ever published: events fed from outside, their repetitions, hostile bodies, and
    the events that services derived; ``events = effect + duplicates + quarantined + dead + lost``. ``counted_twice`` is how
    much the figures exceed a recount of the journal, and every event that was derived or journalled twice. Letters are
    known by their Message-ID: one that was accepted with two contents is in ``notices_twice``, one that was accepted
    again with the same content is in ``resent``, which delivery at least once allows.
    """

    seed: int
    faults: int
    fed: int
    derived: int
    events: int = 0
    effect: int = 0
    duplicates: int = 0
    quarantined: int = 0
    dead: int = 0
    lost: int = 0
    counted_twice: int = 0
    counted_too_little: int = 0
    unexplained: int = 0
    inconsistent: int = 0
    notices: int = 0
    notices_missing: int = 0
    notices_twice: int = 0
    resent: int = 0
    complaints: int = 0
    peak_mib: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Tell whether nothing is missing, nothing is counted twice, and everything is explained."""
        wrong = (
            self.lost,
            self.dead,
            self.counted_twice,
            self.counted_too_little,
            self.unexplained,
            self.inconsistent,
            self.notices_missing,
            self.notices_twice,
            self.complaints,
        )
        return not any(wrong) and self.events == self.effect + self.duplicates + self.quarantined + self.dead

    def as_json(self) -> str:
        """Return everything but the findings as one line."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "findings"})
