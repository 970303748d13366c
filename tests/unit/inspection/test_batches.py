"""The same findings have the same consequences in whatever batches and order they arrive."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.envelope import Event

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Make, Result

FACTS = st.lists(
    st.tuples(
        st.sampled_from(["good", "bad"]),
        st.sampled_from(["sulfur", "benzene", "sulfur-not-benzene", "pump-1", "pump-2"]),
        st.integers(0, 6),
        st.integers(1, 2),
    ),
    max_size=14,
)
QUICKLY = settings(max_examples=60)


def told(make: Make, facts: list[tuple[str, str, int, int]]) -> list[Event[Any]]:
    """Turn drawn facts into events, each with an id of its own."""
    values = {"sulfur": {"good": "40", "bad": "62"}, "benzene": {"good": "0.9", "bad": "1.1"}}
    return [
        make.fuel(at, site, event_id=f"SAMPLE-{number}", **{one: values[one][found] for one, found in shown(what, about).items()})
        if not about.startswith("pump")
        else make.pump("0.1" if what == "good" else "0.9", at, site, instrument=int(about[-1]), event_id=f"SAMPLE-{number}")
        for number, (what, about, at, site) in enumerate(facts)
    ]


def shown(what: str, about: str) -> dict[str, str]:
    """Return what a drawn fact shows of each thing that it tests."""
    if about == "sulfur-not-benzene":
        return {"sulfur": what, "benzene": "bad" if what == "good" else "good"}
    return {about: what}


@QUICKLY
@given(facts=FACTS, cuts=st.sets(st.integers(1, 13)))
def test_the_size_of_batches_changes_nothing(
    rehearse: Callable[..., Result], make: Make, facts: list[tuple[str, str, int, int]], cuts: set[int]
) -> None:
    """Every event is the same to the last byte, in any batches."""
    events = told(make, facts)
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    assert rehearse(*(events[start:end] for start, end in pairwise(edges))) == rehearse(*([event] for event in events))


@QUICKLY
@given(facts=FACTS, order=st.randoms(use_true_random=False))
def test_which_cases_stay_open_depends_on_legal_times_alone(
    rehearse: Callable[..., Result], make: Make, facts: list[tuple[str, str, int, int]], order: Random
) -> None:
    """In whatever order findings arrive, a case is open where the latest verdict on something is not a conforming one."""
    events = told(make, facts)
    latest: dict[tuple[str, str, str], dict[str, int]] = {}
    for event, (what, about, at, _) in zip(events, facts, strict=True):
        for thing, found in shown(what, about).items():
            of_one_thing = latest.setdefault((event.data.site.id, event.data.product.key, thing), {"good": -1, "bad": -1})
            of_one_thing[found] = max(at, of_one_thing[found])
    expected = {(site, product) for (site, product, _), at in latest.items() if at["bad"] >= max(at["good"], 0)}
    order.shuffle(events)
    assert rehearse(events)[1] == expected


@QUICKLY
@given(facts=FACTS)
def test_sites_may_interleave_in_any_way(
    rehearse: Callable[..., Result], make: Make, facts: list[tuple[str, str, int, int]]
) -> None:
    """What is announced about one site does not depend on what arrives in between from another."""
    events = told(make, facts)
    apart = sorted(events, key=lambda event: event.data.site.id)
    assert sorted(rehearse(events)[0]) == sorted(rehearse(apart)[0])
