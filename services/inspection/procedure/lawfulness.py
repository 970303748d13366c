"""Whether an act is lawful where a case stands, what it leads to, and what else could be done."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from services.inspection.procedure.deeds import AnyDeed
from services.inspection.procedure.standing import Standing
from services.inspection.procedure.transitions import PROCEDURE, Procedure, Who, any_deed
from shared.contracts.vocabulary import Track
from shared.kernel.errors import Conflict


class NextAct(msgspec.Struct, frozen=True):
    """An act of this phase: who may do it, by which article, and what is missing before it can be done."""

    act: str
    who: tuple[Who, ...]
    source: str
    missing: tuple[str, ...]


def take(
    standing: Standing, track: Track, deed: AnyDeed, *, officer: str, procedure: Procedure = PROCEDURE
) -> tuple[Standing, str]:
    """Return where ``deed`` leads and the article it rests on; raise ``Conflict`` when it is not lawful now.

    ``officer`` is empty for the system.
    """
    objection = objection_to(standing, track, deed, officer=officer, procedure=procedure)
    if objection:
        raise Conflict(objection)
    transition = procedure[track][deed.name, standing.phase]
    return standing.after(deed, transition.after or standing.phase, officer), transition.source


def objection_to(standing: Standing, track: Track, deed: AnyDeed, *, officer: str, procedure: Procedure = PROCEDURE) -> str:
    """Return why ``deed`` is not lawful now, with the article and what would be; empty when it is."""
    transition = procedure[track].get((deed.name, standing.phase))
    if transition is None:
        return f"{deed.name} cannot be done while the case is {standing.phase}; {_possible(standing, track, officer)}"
    if not officer and Who.SYSTEM not in transition.who:
        return f"{deed.name} is for an officer to decide ({transition.source})"
    missing = [need.says for need in transition.needs if need.of(deed) and not need.met(standing, officer)]
    if missing:
        return f"{deed.name} needs that {'; that '.join(missing)} ({transition.source}); {_possible(standing, track, officer)}"
    return ""


def is_for_the_agency(standing: Standing, track: Track, deed: AnyDeed) -> bool:
    """Tell whether ``deed`` is for the head of the agency alone to decide."""
    transition = PROCEDURE[track].get((deed.name, standing.phase))
    return transition is not None and transition.who == (Who.AGENCY,)


def next_acts(standing: Standing, track: Track, officer: str = "") -> Iterator[NextAct]:
    """Yield what officers may do in this phase; what one act alone asks of another field of it is not counted as missing."""
    for (_, phase), one in PROCEDURE[track].items():
        if phase is standing.phase and one.who != (Who.SYSTEM,):
            missing = tuple(need.says for need in one.needs if not need.met(standing, officer) and need.of is any_deed)
            yield NextAct(one.act, tuple(who for who in one.who if who is not Who.SYSTEM), one.source, missing)


def _possible(standing: Standing, track: Track, officer: str) -> str:
    ready = [one.act for one in next_acts(standing, track, officer) if not one.missing]
    return f"now possible: {', '.join(ready)}" if ready else "nothing is possible now"
