"""The procedure as data: which act is lawful in which phase of which track, what it needs, who does it, and by which article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from services.inspection.procedure.deeds import (
    AcceptConformity,
    AnyDeed,
    AssessRisk,
    CloseCase,
    Conclude,
    Deed,
    EstablishContinuation,
    FindSeriousViolation,
    FindTermExpired,
    FindThreat,
    IssuePaper,
    JoinViolation,
    OrderMeasure,
    ProposePublication,
    Publish,
    RecordIllegalGain,
    Refer,
    ReopenCase,
    Resume,
    Transfer,
    Unseal,
    ValidateRisk,
    name_of,
)
from services.inspection.procedure.standing import Ground, Phase, Standing
from shared.contracts.inspection import CloseReason
from shared.contracts.vocabulary import Track

_LAW = "Luật 05/2007/QH12 Điều"
_MEASUREMENT = "Luật 04/2011/QH13 Điều"
_CIRCULAR = "TT 28/2013/TT-BKHCN Điều"
OFFICE = "Quy tắc nghiệp vụ"  # good practice of the office, no article of a law


class Who(StrEnum):
    """Who does an act: the system, the inspection team or controller, or the head of the inspecting agency."""

    SYSTEM = "system"
    TEAM = "team"
    AGENCY = "agency"


def any_deed(_deed: AnyDeed) -> bool:
    """Tell that a need concerns the act whatever it says."""
    return True


class Need(NamedTuple):
    """Something that must hold before an act, in words for the officer; ``of`` tells which acts of the name it concerns."""

    says: str
    met: Callable[[Standing, str], bool]
    of: Callable[[AnyDeed], bool] = any_deed


class Transition(NamedTuple):
    """One act in some phases of one track; ``after`` is nothing where the phase stays."""

    act: str
    track: Track
    before: tuple[Phase, ...]
    after: Phase | None
    who: tuple[Who, ...]
    source: str
    needs: tuple[Need, ...]


def _closing(reason: CloseReason) -> Callable[[AnyDeed], bool]:
    return lambda deed: isinstance(deed, CloseCase) and deed.reason is reason


CONTINUED = Need("the violation has continued after the measure", lambda now, _: Ground.CONTINUED in now.grounds)
CONTINUED_OR_THREAT = Need(
    "the violation has continued after the measure, or the goods threaten safety",
    lambda now, _: bool({Ground.CONTINUED, Ground.THREAT} & set(now.grounds)),
)
GRAVE = Need(
    "the violation is serious, has continued after the measure, or was not put right in the term",
    lambda now, _: bool({Ground.CONTINUED, Ground.SERIOUS, Ground.TERM_EXPIRED} & set(now.grounds)),
)
NOT_YET_CONTINUED = Need("no continuation is on record yet", lambda now, _: Ground.CONTINUED not in now.grounds)
NOT_YET_DEFIED = Need("no violation after the public notice is on record yet", lambda now, _: not now.defied)
THREAT = Need("the goods threaten safety", lambda now, _: Ground.THREAT in now.grounds)
NO_THREAT_YET = Need("no threat is on record yet", lambda now, _: Ground.THREAT not in now.grounds)
NOT_YET_SERIOUS = Need("it is not on record as serious yet", lambda now, _: Ground.SERIOUS not in now.grounds)
NOT_YET_EXPIRED = Need("the end of the term is not on record yet", lambda now, _: Ground.TERM_EXPIRED not in now.grounds)
DEFIED = Need("the violation has gone on after the public notice", lambda now, _: now.defied)
TESTED = Need("a test result shows the violation", lambda now, _: now.tested)
CONCLUDED = Need("the official conclusion is on record", lambda now, _: now.concluded)
NOT_CONCLUDED = Need("there is no conclusion yet", lambda now, _: not now.concluded)
PROPOSED = Need("the team has proposed to publish", lambda now, _: bool(now.proposed_by))
NOT_PROPOSED = Need("nobody has proposed to publish yet", lambda now, _: not now.proposed_by)
SECOND_PERSON = Need(
    "who decides is not the officer who proposed", lambda now, officer: not now.proposed_by or officer != now.proposed_by
)
ASSESSED = Need("a risk assessment waits to be validated", lambda now, _: bool(now.assessed_by))
ANOTHER_ASSESSOR = Need("who validates is not the officer who assessed", lambda now, officer: officer != now.assessed_by)
NOT_PUBLISHED = Need("the public notice has not been issued yet", lambda now, _: not now.published)
STOPPED = Need("something is stopped or suspended", lambda now, _: now.stopped)
SEALED = Need("a seal is in force", lambda now, _: now.sealed)
HANDED_OVER = Need(
    "for the reason transferred: the file was transferred or another authority told",
    lambda now, _: now.handed_over,
    _closing(CloseReason.TRANSFERRED),
)
DISPOSED = Need(
    "for the reason disposed: re-export, destruction or recycling was ordered",
    lambda now, _: now.disposed,
    _closing(CloseReason.DISPOSED),
)

# Who decides must be somebody else than who proposed.
_FOUR_EYES = (CONCLUDED, PROPOSED, SECOND_PERSON, NOT_PUBLISHED)

_GOODS = (Track.LABELS_AND_MARKS, Track.TEST_RESULTS, Track.PRODUCTION)
_MEASURING = {Track.METROLOGY: "21", Track.COVERT_METROLOGY: "21", Track.METROLOGY_IN_PRODUCTION: "16"}
_RUNNING = (Phase.REMEDYING, Phase.AGGRAVATED, Phase.PUBLISHED, Phase.TRANSFERRED)
_OPEN = (Phase.DETECTED, *_RUNNING)
_SYSTEM, _TEAM, _AGENCY = (Who.SYSTEM,), (Who.TEAM,), (Who.AGENCY,)
_BOTH = (Who.TEAM, Who.AGENCY)
_NOTICED, _ANYBODY = (Who.SYSTEM, Who.TEAM), tuple(Who)


def _row(
    deed: type[Deed],
    track: Track,
    before: tuple[Phase, ...] | Phase,
    after: Phase | None,
    who: tuple[Who, ...],
    source: str,
    *needs: Need,
) -> Transition:
    return Transition(name_of(deed), track, before if isinstance(before, tuple) else (before,), after, who, source, needs)


def _on_every_track(track: Track) -> Iterator[Transition]:
    stop = f"{_CIRCULAR} {_MEASURING[track]}" if track in _MEASURING else f"{_LAW} {_ON_GOODS[track]}"
    secrecy = f"{_MEASUREMENT} 47(2)(d)" if track in _MEASURING else f"{_LAW} 47(8)"
    resume = f"{stop}(1)({'c' if track is Track.METROLOGY_IN_PRODUCTION else 'd'})" if track in _MEASURING else f"{_LAW} 47(6)"
    yield _row(JoinViolation, track, _OPEN, None, _SYSTEM, stop)
    yield _row(AcceptConformity, track, _OPEN, None, _SYSTEM, stop)
    # Which paper may be issued when, and by whom, stands with the forms; it moves no case.
    yield _row(IssuePaper, track, tuple(Phase), None, _SYSTEM, OFFICE)
    yield _row(OrderMeasure, track, Phase.DETECTED, Phase.REMEDYING, _ANYBODY, stop)
    yield _row(OrderMeasure, track, _RUNNING, None, _ANYBODY, stop)
    yield _row(Conclude, track, _RUNNING, None, _AGENCY, secrecy, NOT_CONCLUDED)
    yield _row(Refer, track, _RUNNING, None, _AGENCY, _REFERRED_BY[track])
    yield _row(Resume, track, _RUNNING, None, _AGENCY, resume, STOPPED)
    yield _row(Unseal, track, _RUNNING, None, _AGENCY, resume, SEALED)
    yield _row(AssessRisk, track, _RUNNING, None, _BOTH, OFFICE)
    yield _row(ValidateRisk, track, _RUNNING, None, _BOTH, OFFICE, ASSESSED, ANOTHER_ASSESSOR)
    yield _row(CloseCase, track, _RUNNING, Phase.CLOSED, _ANYBODY, OFFICE, HANDED_OVER, DISPOSED)
    yield _row(ReopenCase, track, Phase.CLOSED, Phase.REMEDYING, _AGENCY, OFFICE)


_ON_GOODS = {Track.LABELS_AND_MARKS: "40(1)", Track.TEST_RESULTS: "40(2)", Track.PRODUCTION: "30", Track.IMPORT: "36"}
_REFERRED_BY = {
    Track.LABELS_AND_MARKS: f"{_LAW} 40(3)",
    Track.TEST_RESULTS: f"{_LAW} 40(3)",
    Track.PRODUCTION: OFFICE,
    Track.IMPORT: f"{_LAW} 36(3)",
    Track.METROLOGY: f"{_CIRCULAR} 21(3), 21(4)",
    Track.COVERT_METROLOGY: f"{_CIRCULAR} 21(3), 21(4)",
    Track.METROLOGY_IN_PRODUCTION: OFFICE,
}


def _goods(track: Track, article: str, ground: Need, publish: str, transfer: str) -> Iterator[Transition]:
    """Yield what makes a case about goods graver: the public notice first, and the file only when that did not help."""
    yield _row(
        EstablishContinuation,
        track,
        Phase.REMEDYING,
        Phase.AGGRAVATED,
        _NOTICED,
        f"{_LAW} {publish}",
        NOT_YET_CONTINUED,
    )
    yield _row(EstablishContinuation, track, Phase.AGGRAVATED, None, _NOTICED, f"{_LAW} {publish}", NOT_YET_CONTINUED)
    yield _row(EstablishContinuation, track, Phase.PUBLISHED, None, _NOTICED, f"{_LAW} {transfer}", NOT_YET_DEFIED)
    proposal = f"{_LAW} {publish}" if article == "40(1)" else OFFICE
    yield _row(ProposePublication, track, Phase.AGGRAVATED, None, _TEAM, proposal, ground, NOT_PROPOSED)
    yield _row(Publish, track, Phase.AGGRAVATED, Phase.PUBLISHED, _AGENCY, f"{_LAW} {publish}", ground, *_FOUR_EYES)
    yield _row(Transfer, track, Phase.PUBLISHED, Phase.TRANSFERRED, _AGENCY, f"{_LAW} {transfer}", DEFIED)


def _threats(track: Track, article: str) -> Iterator[Transition]:
    source = f"{_LAW} {article}"
    yield _row(FindThreat, track, Phase.REMEDYING, Phase.AGGRAVATED, _BOTH, source, TESTED, NO_THREAT_YET)
    yield _row(FindThreat, track, Phase.AGGRAVATED, None, _BOTH, source, TESTED, NO_THREAT_YET)


def _measuring(track: Track, article: str) -> Iterator[Transition]:
    """Yield what makes a case about measurement graver: seal, public notice and transfer of the file, in any order.

    And the illegal gain, which the law knows in measurement alone.
    """
    yield _row(RecordIllegalGain, track, _RUNNING, None, _BOTH, "NĐ 86/2012/NĐ-CP Điều 12")
    source = f"{_CIRCULAR} {article}(2)"
    for deed, need in (
        (EstablishContinuation, NOT_YET_CONTINUED),
        (FindSeriousViolation, NOT_YET_SERIOUS),
        (FindTermExpired, NOT_YET_EXPIRED),
    ):
        who = _NOTICED if deed is EstablishContinuation else _BOTH
        yield _row(deed, track, Phase.REMEDYING, Phase.AGGRAVATED, who, source, need)
        yield _row(deed, track, Phase.AGGRAVATED, None, who, source, need)
    yield _row(EstablishContinuation, track, Phase.PUBLISHED, None, _NOTICED, source, NOT_YET_DEFIED)
    pressing = (Phase.AGGRAVATED, Phase.TRANSFERRED)
    yield _row(ProposePublication, track, pressing, None, _TEAM, f"{_MEASUREMENT} 48(2)(d)", GRAVE, NOT_PROPOSED)
    yield _row(Publish, track, Phase.AGGRAVATED, Phase.PUBLISHED, _AGENCY, f"{source}(c)", GRAVE, *_FOUR_EYES)
    yield _row(Publish, track, Phase.TRANSFERRED, None, _AGENCY, f"{source}(c)", GRAVE, *_FOUR_EYES)
    before = (Phase.AGGRAVATED, Phase.PUBLISHED)
    yield _row(Transfer, track, before, Phase.TRANSFERRED, _AGENCY, f"{source}(c)", GRAVE)


def _all() -> Iterator[Transition]:
    for track in Track:
        yield from _on_every_track(track)
    yield from _goods(Track.LABELS_AND_MARKS, "40(1)", CONTINUED, "40(1)(c)", "40(1)(d)")
    yield from _goods(Track.TEST_RESULTS, "40(2)", CONTINUED_OR_THREAT, "40(2)(c)", "40(2)(d)")
    yield from _threats(Track.TEST_RESULTS, "40(2)(c)")
    yield from _goods(Track.PRODUCTION, "30", CONTINUED_OR_THREAT, "30(1)(b), 30(2)", "30(1)(c)")
    yield from _threats(Track.PRODUCTION, "30(2)")
    yield _row(Transfer, Track.PRODUCTION, Phase.AGGRAVATED, Phase.TRANSFERRED, _AGENCY, f"{_LAW} 30(2)", THREAT)
    for track, article in _MEASURING.items():
        yield from _measuring(track, article)
    # Goods that are still at customs are not yet on the market: no article lets their importer be named.
    yield _row(Transfer, Track.IMPORT, Phase.REMEDYING, Phase.TRANSFERRED, _AGENCY, f"{_LAW} 36(3)", TESTED)


# The transitions of each track, by act and phase.
Procedure: TypeAlias = Mapping[Track, Mapping[tuple[str, Phase], Transition]]


def by_track(transitions: Iterable[Transition]) -> Procedure:
    """Return the transitions by track, act and phase; raise ``ValueError`` where one act could lead two ways."""
    found: dict[Track, dict[tuple[str, Phase], Transition]] = {track: {} for track in Track}
    for one in transitions:
        for phase in one.before:
            if (one.act, phase) in found[one.track]:
                raise ValueError(f"{one.act} leads two ways from {phase} on the track {one.track}")
            found[one.track][one.act, phase] = one
    return found


PROCEDURE = by_track(_all())
