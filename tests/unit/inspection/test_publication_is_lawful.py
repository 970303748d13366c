"""Every state a case can reach is looked at, not some of them: no name is published but on the paths the law knows.

The law is written down a second time here, as a monitor that follows the acts and knows nothing of the procedure's data:
Law 05/2007/QH12 Arts 30, 36, 40, 47(8); Law 04/2011/QH13 Arts 47(2)(d), 48; TT 28/2013/TT-BKHCN Arts 16(2), 21(2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import msgspec
import pytest

from services.inspection.illegal_gain import MeasurementFacts, Price, PriceSource
from services.inspection.procedure import deeds
from services.inspection.procedure.lawfulness import next_acts, objection_to, take
from services.inspection.procedure.standing import Phase, Standing
from services.inspection.procedure.transitions import NOT_PUBLISHED, PROCEDURE, Need, Procedure, Transition, by_track
from services.inspection.risk import Scenario, Step
from services.inspection.rules.violation_follows_a_track import track_after
from shared.contracts.inspection import CloseReason, Referral, ReopenReason, ViolationKind
from shared.contracts.vocabulary import Measure, RiskLevel, Track
from tests.unit.inspection.test_cases_model import NOON

OFFICERS = ("SAMPLE-OFFICER-1", "SAMPLE-OFFICER-2")
SYSTEM = ""

_PAPERS = [deeds.Document(title="Công văn", number="1"), deeds.Document(title="Biên bản kiểm tra", number="2")]


def violation(*, tested: bool) -> deeds.JoinViolation:
    """Return a violation that joins the case."""
    kind = ViolationKind.FUEL_QUALITY if tested else ViolationKind.CONFORMITY_MARK_MISSING
    return deeds.JoinViolation(
        violation_id="SAMPLE-VIOLATION", kind=kind, item="", violated_at=NOON, breached={"x": None}, tested=tested
    )


# Every act in every variant that the procedure tells apart, but for those in BESIDE.
DEEDS: Sequence[deeds.AnyDeed] = (
    violation(tested=False),
    violation(tested=True),
    deeds.AcceptConformity(kind=ViolationKind.FUEL_QUALITY, item="", kept=("sulfur",), conformed_at=NOON),
    deeds.IssuePaper(form="x", reference="x", source="x", pdf_sha256="x", docx_sha256="x"),
    *(
        deeds.OrderMeasure(measure=measure)
        for measure in (Measure.REMEDY, Measure.STOP_SALE, Measure.SEAL, Measure.SEAL_AND_STOP_SALE, Measure.RE_EXPORT)
    ),
    deeds.EstablishContinuation(),
    deeds.FindThreat(note="x"),
    deeds.FindSeriousViolation(note="x"),
    deeds.FindTermExpired(),
    deeds.Conclude(number="1"),
    deeds.ProposePublication(),
    deeds.Publish(degree="x"),
    deeds.Transfer(authority="x", documents=_PAPERS),
    deeds.Refer(to=Referral.CUSTOMS, authority="x"),
    deeds.Resume(evidence="x"),
    deeds.Unseal(),
    *(deeds.CloseCase(reason=reason) for reason in CloseReason),
    deeds.ReopenCase(reason=ReopenReason.NEW_EVIDENCE, note="x"),
)

_SCENARIO = Scenario(harm="x", severity=1, steps=(Step(text="x", probability="1"),))
_GAIN = MeasurementFacts(
    detected_on=NOON.date(),
    prices_at_start=(Price(amount=1, source=PriceSource.LISTED),),
    prices_at_detection=(Price(amount=1, source=PriceSource.LISTED),),
    unit="L",
    measured_error_percent=Decimal(2),
    permitted_error_percent=Decimal(1),
    quantity=Decimal(1),
    previous_verification_on=NOON.date(),
)
# Acts beside the procedure: a test below shows that they change nothing it depends on, so that they need not be explored.
BESIDE: Sequence[deeds.AnyDeed] = (
    deeds.AssessRisk(scenarios=(_SCENARIO,), level=RiskLevel.HIGH),
    deeds.ValidateRisk(level=RiskLevel.HIGH),
    deeds.RecordIllegalGain(facts=_GAIN),
)


class Past(NamedTuple):
    """What has happened since the case was (last) opened, as far as the law on publication asks."""

    measured: bool = False
    tested: bool = False
    continued: bool = False
    threat: bool = False
    grave: bool = False
    concluded: bool = False
    proposed_by: str = ""
    open: bool = True


class State(NamedTuple):
    """Where a case is: as the procedure sees it, and as the law's own monitor does."""

    track: Track
    standing: Standing
    past: Past


class Step(NamedTuple):
    """One act by somebody, from a state to a state."""

    before: State
    deed: deeds.AnyDeed
    officer: str
    after: State


def followed(past: Past, deed: deeds.AnyDeed, officer: str) -> Past:  # noqa: C901, PLR0911 - the law has so many cases
    """Return what the monitor knows after an act."""
    match deed:
        case deeds.JoinViolation(tested=True):
            return past._replace(tested=True)
        case deeds.OrderMeasure():
            return past._replace(measured=True)
        case deeds.EstablishContinuation():
            return past._replace(continued=past.measured)
        case deeds.FindThreat():
            return past._replace(threat=past.tested)
        case deeds.FindSeriousViolation():
            return past._replace(grave=True)
        case deeds.FindTermExpired():
            return past._replace(grave=past.grave or past.measured)
        case deeds.Conclude():
            return past._replace(concluded=True)
        case deeds.ProposePublication():
            return past._replace(proposed_by=officer)
        case deeds.CloseCase():
            return past._replace(open=False)
        case deeds.ReopenCase():
            return Past(measured=True, tested=past.tested)
    return past


def is_lawful(track: Track, past: Past, officer: str) -> bool:
    """Say what the law says of publishing a name now."""
    ground = {
        Track.LABELS_AND_MARKS: past.continued,
        Track.TEST_RESULTS: past.continued or past.threat,
        Track.PRODUCTION: past.continued or past.threat,
        Track.METROLOGY: past.grave or past.continued,
        Track.COVERT_METROLOGY: past.grave or past.continued,
        Track.METROLOGY_IN_PRODUCTION: past.grave or past.continued,
        Track.IMPORT: False,
    }[track]
    return past.open and past.concluded and ground and past.proposed_by not in ("", officer) and officer != SYSTEM


def explore(procedure: Procedure, *tracks: Track) -> Iterator[Step]:
    """Yield every step that can be taken from any state that can be reached, on these tracks or on all."""
    waiting = [State(track, Standing(), Past()) for track in tracks or Track]
    seen = set(waiting)
    while waiting:
        state = waiting.pop()
        for deed in DEEDS:
            for officer in (SYSTEM, *OFFICERS):
                if objection_to(state.standing, state.track, deed, officer=officer, procedure=procedure):
                    continue
                standing, _ = take(state.standing, state.track, deed, officer=officer, procedure=procedure)
                track = state.track
                if isinstance(deed, deeds.JoinViolation) and deed.tested:
                    track = track_after(track, Track.TEST_RESULTS)
                after = State(track, standing, followed(state.past, deed, officer))
                yield Step(state, deed, officer, after)
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)


@cache
def reached() -> frozenset[tuple[Track, Standing]]:
    """Return every standing that can be reached, found once."""
    return frozenset((step.after.track, step.after.standing) for step in explore(PROCEDURE))


def unlawful(procedure: Procedure, track: Track) -> Step | None:
    """Return a publication that the law does not allow, if any state of a case that began on this track leads to one."""
    return next(
        (
            step
            for step in explore(procedure, track)
            if isinstance(step.deed, deeds.Publish) and not is_lawful(step.before.track, step.before.past, step.officer)
        ),
        None,
    )


def flat() -> list[Transition]:
    """Return all transitions, one for each phase before it."""
    return [one._replace(before=(phase,)) for own in PROCEDURE.values() for (_, phase), one in own.items()]


def test_no_reachable_state_leads_to_an_unlawful_publication() -> None:
    """On no track, by nobody, after whatever acts; and on the tracks that know it, a lawful one can be reached."""
    published: set[Track] = set()
    phases: set[tuple[Track, Phase]] = set()
    states: set[State] = set()
    for step in explore(PROCEDURE):
        states.add(step.after)
        phases.add((step.after.track, step.after.standing.phase))
        if isinstance(step.deed, deeds.Publish):
            assert is_lawful(step.before.track, step.before.past, step.officer), step
            published.add(step.before.track)
    assert published == set(Track) - {Track.IMPORT}
    assert phases >= {(track, phase) for track in published for phase in Phase if phase is not Phase.DETECTED}
    assert len(states) > 1000  # the search went everywhere


PUBLICATIONS = [one for one in flat() if one.act == "publish"]
GUARDS = [(place, need) for place in PUBLICATIONS for need in place.needs if need not in (place.needs[0], NOT_PUBLISHED)]


@pytest.mark.parametrize(
    ("place", "need"), GUARDS, ids=lambda one: one.track if isinstance(one, Transition) else one.says.replace(" ", "_")
)
def test_a_guard_that_is_gone_is_found(place: Transition, need: Need) -> None:
    """Whichever guard of whichever publication is taken away, the search finds the unlawful path that opens."""
    planted = place._replace(needs=tuple(one for one in place.needs if one is not need))
    assert unlawful(by_track([*(one for one in flat() if one != place), planted]), place.track) is not None


@pytest.mark.parametrize("place", [one for one in PUBLICATIONS if one.before == (Phase.AGGRAVATED,)], ids=lambda one: one.track)
def test_a_publication_without_its_ground_is_found(place: Transition) -> None:
    """A ground is guarded by the phase and by the needs of proposing and publishing: all of these are opened."""
    proposal = next(one for one in flat() if (one.act, one.track) == ("propose_publication", place.track))
    planted = [one._replace(before=(Phase.REMEDYING,), needs=one.needs[1:]) for one in (proposal, place)]
    assert unlawful(by_track([*flat(), *planted]), place.track) is not None


def test_a_planted_publication_at_import_is_found() -> None:
    """No article lets an importer of goods in customs be named."""
    source = next(one for one in PUBLICATIONS if one.track is Track.TEST_RESULTS)
    planted = source._replace(track=Track.IMPORT, before=(Phase.REMEDYING,), needs=())
    assert unlawful(by_track([*flat(), planted]), Track.IMPORT) is not None


def test_one_act_never_leads_two_ways() -> None:
    """A second row for the same act and phase is refused when the procedure is put together."""
    with pytest.raises(ValueError, match="two ways"):
        by_track([*flat(), flat()[0]])


def test_every_objection_says_why_and_what_is_possible_instead() -> None:
    """With the article, and only acts that really can be done."""
    standing = Standing(phase=Phase.AGGRAVATED)
    objection = objection_to(standing, Track.LABELS_AND_MARKS, deeds.Publish(degree="x"), officer=OFFICERS[0])
    assert "the violation has continued after the measure" in objection
    assert "the official conclusion is on record" in objection
    assert "Luật 05/2007/QH12 Điều 40(1)(c)" in objection
    assert "now possible: order_measure, conclude, refer, assess_risk, close_case, establish_continuation" in objection
    assert "is for an officer" in objection_to(standing, Track.METROLOGY, deeds.Conclude(number="1"), officer=SYSTEM)


def test_what_is_possible_can_be_done() -> None:
    """Whatever is shown as an act without anything missing is not refused, in any reachable state."""
    deed_of: dict[str, deeds.AnyDeed] = {deed.name: deed for deed in (*DEEDS, *BESIDE) if not isinstance(deed, deeds.CloseCase)}
    deed_of["close_case"] = deeds.CloseCase(reason=CloseReason.UNFOUNDED)
    for track, standing in reached():
        for officer in OFFICERS:
            for one in next_acts(standing, track, officer):
                objection = objection_to(standing, track, deed_of[one.act], officer=officer)
                assert bool(objection) is bool(one.missing), (track, standing, one)


def test_what_stands_beside_the_procedure_changes_nothing_in_it() -> None:
    """Where it leads, only the marks of its own are new, and no need of another act reads those."""
    own = {"assessed_by": OFFICERS[0]}
    marked = msgspec.structs.replace(Standing(phase=Phase.REMEDYING), **own)
    for track in Track:
        for deed in BESIDE:
            if (deed.name, Phase.REMEDYING) not in PROCEDURE[track]:
                continue
            after, _ = take(marked, track, deed, officer=OFFICERS[1])
            assert msgspec.structs.replace(after, assessed_by="") == msgspec.structs.replace(marked, assessed_by="")
    beside = {deed.name for deed in BESIDE}
    for track, standing in reached():
        after = msgspec.structs.replace(standing, **own)
        for plain, found in zip(next_acts(standing, track), next_acts(after, track), strict=True):
            assert plain == found or plain.act in beside


def test_a_standing_survives_its_storing() -> None:
    """In every state there is."""
    assert all(msgspec.json.decode(msgspec.json.encode(one), type=Standing) == one for _, one in reached())
