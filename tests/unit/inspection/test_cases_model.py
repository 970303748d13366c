"""Cases join, conform and close by legal times alone; tracks and first measures follow from the kind of violation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.model.cases import Case, CaseState, case_id_of
from services.inspection.procedure.deeds import JoinViolation
from services.inspection.procedure.measures import article_of
from services.inspection.rules.case_is_ready_to_close import is_ready_to_close, is_remedied
from services.inspection.rules.violation_calls_for_a_first_measure import first_measure
from services.inspection.rules.violation_follows_a_track import track_of
from shared.contracts.inspection import CloseReason, ViolationKind
from shared.contracts.vocabulary import SAMPLE_PETROL, SAMPLE_SITE, Measure, Setting, Track
from shared.kernel.errors import Conflict

NOON = datetime(2025, 3, 14, 5, 0, tzinfo=UTC)
FUEL = ViolationKind.FUEL_QUALITY
PUMP = ViolationKind.DISPENSER_ERROR


def hour(number: int) -> datetime:
    """Return the moment so many hours after a fixed noon."""
    return NOON + timedelta(hours=number)


def new_case() -> Case:
    """Return a case without any finding yet."""
    return Case(
        id="SAMPLE-CASE",
        site=SAMPLE_SITE,
        product=SAMPLE_PETROL,
        track=Track.TEST_RESULTS,
        violation_kind=FUEL,
        violation_id="SAMPLE-VIOLATION",
        opened_at=NOON,
    )


@pytest.mark.parametrize(("conformed", "ready"), [(None, False), (-1, False), (0, False), (1, True)])
def test_only_a_conforming_verdict_of_a_later_legal_time_remedies(conformed: int | None, *, ready: bool) -> None:
    """The same moment proves nothing."""
    case = new_case().join(FUEL, "", NOON, {"sulfur": None if conformed is None else hour(conformed)})
    assert is_ready_to_close(case.matters) is ready
    if conformed is not None:
        case = new_case().join(FUEL, "", NOON, {"sulfur": None}).conform(FUEL, "", ["sulfur"], hour(conformed))
        assert is_ready_to_close(case.matters) is ready


def test_every_matter_must_be_remedied_on_its_own() -> None:
    """Another kind of violation, or another instrument, is another matter."""
    case = (
        new_case()
        .join(PUMP, "1", NOON, {"error": None})
        .join(PUMP, "2", NOON, {"error": None})
        .join(FUEL, "", NOON, {"sulfur": None})
    )
    case = case.conform(PUMP, "1", ["error"], hour(1)).conform(FUEL, "", ["sulfur"], hour(1))
    assert not is_ready_to_close(case.matters)
    assert is_ready_to_close(case.conform(PUMP, "2", ["error"], hour(1)).matters)
    assert case.findings == 3


def test_what_a_case_does_not_have_cannot_be_remedied_in_it() -> None:
    """A conforming verdict on something else changes nothing."""
    case = new_case().join(PUMP, "1", NOON, {"error": None})
    assert case.conform(PUMP, "2", ["error"], hour(1)) == case
    assert case.conform(FUEL, "", ["sulfur"], hour(1)) == case
    assert case.concerned(PUMP, "1", ["error", "other"]) == ("error",)
    assert case.concerned(PUMP, "2", ["error"]) == case.concerned(FUEL, "1", ["error"]) == ()


def test_every_parameter_must_be_remedied_on_its_own() -> None:
    """What was not tested later stays open, whatever else was; each keeps its own latest times."""
    case = new_case().join(FUEL, "", NOON, {"benzene": None, "sulfur": None}).join(FUEL, "", hour(2), {"benzene": None})
    tested = case.conform(FUEL, "", ["ron", "sulfur"], hour(1))
    assert [one.parameter for one in tested.matters if not is_remedied(one)] == ["benzene"]
    assert not is_ready_to_close(tested.conform(FUEL, "", ["benzene"], hour(2)).matters)
    assert is_ready_to_close(tested.conform(FUEL, "", ["benzene"], hour(3)).matters)


def test_a_violation_goes_on_also_in_another_parameter() -> None:
    """Who sells fuel with too much benzene after the order about its sulfur has not stopped violating."""
    case = msgspec.structs.replace(new_case().join(FUEL, "", NOON, {"sulfur": None}), measured_at=hour(1))
    later = JoinViolation(violation_id="SAMPLE-2", kind=FUEL, item="", violated_at=hour(2), breached={"benzene": None})
    assert case.goes_on_with(later) is not None
    assert case.goes_on_with(msgspec.structs.replace(later, violated_at=hour(1))) is None
    assert case.goes_on_with(msgspec.structs.replace(later, kind=PUMP)) is None


STEPS = st.lists(
    st.tuples(st.sampled_from(["violate", "conform"]), st.sampled_from(["1", "2"]), st.integers(0, 9)), min_size=1, max_size=12
)


@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_to_a_case(steps: list[tuple[str, str, int]], order: Random) -> None:
    """Whatever arrives first, a case that has all its matters ends up the same."""

    def play(played: list[tuple[str, str, int]]) -> Case:
        case = new_case().join(PUMP, "1", hour(-1), {"error": None}).join(PUMP, "2", hour(-1), {"error": None})
        for what, item, at in played:
            case = (
                case.join(PUMP, item, hour(at), {"error": None})
                if what == "violate"
                else case.conform(PUMP, item, ["error"], hour(at))
            )
        return case

    shuffled = list(steps)
    order.shuffle(shuffled)
    assert play(shuffled) == play(steps)


def test_a_case_closes_once() -> None:
    """A second closing is refused."""
    closed = new_case().join(FUEL, "", NOON, {"sulfur": None}).close(CloseReason.UNFOUNDED, hour(2), "nhầm mẫu")
    assert (closed.state, closed.reason, closed.closed_at, closed.note) == (
        CaseState.CLOSED,
        CloseReason.UNFOUNDED,
        hour(2),
        "nhầm mẫu",
    )
    with pytest.raises(Conflict, match="closed since 2025-03-14"):
        closed.close(CloseReason.REMEDIED, hour(3))


def test_the_id_of_a_case_is_derived_from_what_opened_it() -> None:
    """Site, product and violation together: each alone makes another case."""
    ids = {
        case_id_of(("SAMPLE-1", "petrol//xăng"), "SAMPLE-EVENT-1"),
        case_id_of(("SAMPLE-2", "petrol//xăng"), "SAMPLE-EVENT-1"),
        case_id_of(("SAMPLE-1", "diesel//dầu"), "SAMPLE-EVENT-1"),
        case_id_of(("SAMPLE-1", "petrol//xăng"), "SAMPLE-EVENT-2"),
    }
    assert len(ids) == 4
    assert case_id_of(("SAMPLE-1", "petrol//xăng"), "SAMPLE-EVENT-1") in ids


@pytest.mark.parametrize(
    ("kind", "track", "measure", "source"),
    [
        (ViolationKind.CONFORMITY_MARK_MISSING, Track.LABELS_AND_MARKS, Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 40(1)(a)"),
        (ViolationKind.LABEL_INCOMPLETE, Track.LABELS_AND_MARKS, Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 40(1)(a)"),
        (ViolationKind.CERTIFICATE_SUPERSEDED, Track.LABELS_AND_MARKS, Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 40(1)(a)"),
        (ViolationKind.FUEL_QUALITY, Track.TEST_RESULTS, Measure.SEAL_AND_STOP_SALE, "Luật 05/2007/QH12 Điều 40(2)(a)"),
        (ViolationKind.HELMET_SAFETY, Track.TEST_RESULTS, Measure.SEAL_AND_STOP_SALE, "Luật 05/2007/QH12 Điều 40(2)(a)"),
        (ViolationKind.PREPACKAGE_QUANTITY, Track.METROLOGY, Measure.STOP_SALE, "TT 28/2013/TT-BKHCN Điều 21(1)(a)"),
        (ViolationKind.DISPENSER_ERROR, Track.METROLOGY, Measure.SUSPEND_USE, "TT 28/2013/TT-BKHCN Điều 21(1)(b)"),
        (ViolationKind.SCALE_ERROR, Track.METROLOGY, Measure.SUSPEND_USE, "TT 28/2013/TT-BKHCN Điều 21(1)(b)"),
        (ViolationKind.VERIFICATION_LAPSED, Track.METROLOGY, Measure.SUSPEND_USE, "TT 28/2013/TT-BKHCN Điều 21(1)(b)"),
    ],
)
def test_each_kind_of_violation_has_its_track_and_first_measure(
    kind: ViolationKind, track: Track, measure: Measure, source: str
) -> None:
    """Two laws, three tracks."""
    first = first_measure(kind, Setting.MARKET)
    assert (track_of(kind, Setting.MARKET), first.measure, first.source) == (track, measure, source)


@pytest.mark.parametrize(
    ("kind", "measure", "article"),
    [
        (ViolationKind.CONFORMITY_MARK_MISSING, Measure.REMEDY, "36(1)"),
        (ViolationKind.CONFORMITY_MARK_FALSE, Measure.REMEDY, "36(1)"),
        (ViolationKind.LABEL_INCOMPLETE, Measure.REMEDY, "36(1)"),
        (ViolationKind.CONFORMITY_NOT_DECLARED, Measure.ASSESS_CONFORMITY, "36(2)"),
        (ViolationKind.CERTIFICATE_SUPERSEDED, Measure.ASSESS_CONFORMITY, "36(2)"),
        (ViolationKind.TOY_SAFETY, Measure.STOP_SALE, "36(3)"),
        (ViolationKind.FUEL_QUALITY, Measure.STOP_SALE, "36(3)"),
    ],
)
def test_goods_at_customs_are_put_right_assessed_or_stopped(kind: ViolationKind, measure: Measure, article: str) -> None:
    """Marks and labels are put right, missing papers assessed; what a test fails is for the competent authority to dispose of."""
    first = first_measure(kind, Setting.IMPORT)
    assert (first.measure, first.source) == (measure, f"Luật 05/2007/QH12 Điều {article}")


@pytest.mark.parametrize("setting", list(Setting))
@pytest.mark.parametrize("kind", list(ViolationKind))
def test_no_kind_of_violation_is_left_without_a_track_or_a_first_measure(kind: ViolationKind, setting: Setting) -> None:
    """A new kind must be decided on before it is used."""
    first = first_measure(kind, setting)
    assert article_of(first.measure, track_of(kind, setting)) in ("", first.source)
