"""A month's visits: the highest expected harm first, a tenth at random, within capacity, none twice in 12 months."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning import queries
from services.planning.handlers.selections import Selected, select
from services.planning.model.targeting import Candidate, Capacity, CapacityPlan, Choice, SelectionOrder
from services.planning.rules.a_tenth_of_the_visits_is_drawn_at_random import choose, random_share
from services.planning.rules.expected_harm_orders_visits import reasons, weigh
from services.planning.rules.harm_weighs_severity_and_exposure import harm_of
from services.planning.rules.violation_rate_shrinks_to_its_group import Tally, group_rate, own_rate, wilson
from services.planning.tables import proposals, target_days, targets
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationKind
from shared.contracts.planning import InspectionProposed
from shared.contracts.vocabulary import Outcome, Product, ProductGroup, Site
from shared.kernel.errors import InvalidInput
from shared.typed_files import read_toml
from tests.unit.planning.story import PETROL, SCALE, Planning, Story, alert, batches

MONTH = date(2025, 4, 1)
LPG = Product(group=ProductGroup.LPG, name="LPG mẫu")


def candidate(number: int, *, own: Tally | None = None, product: Product = PETROL, **signals: int) -> Candidate:
    """Return a candidate whose group is found in breach at a tenth of the visits."""
    site = Site(id=f"SAMPLE-{number:04}", name="Cửa hàng mẫu", province="46")
    known = Counter({(kind, date(2025, 3, 31)): times for kind, times in signals.items()})
    return weigh(site, product, "p", own or Tally(), 0.1, known, Counter(), MONTH)


def order(capacity: int = 10, *, seed: int = 1, month: str = "2025-04") -> SelectionOrder:
    """Return an order for one province."""
    return SelectionOrder(month=month, capacity=Capacity(provinces={"46": capacity}), seed=seed)


# ---------------------------------------------------------------------------------------------------------------------
# What is expected


def test_a_rate_of_few_visits_is_drawn_to_its_group() -> None:
    """One finding in one visit is no certainty; many visits outweigh the group; none leave it as it is."""
    assert own_rate(Tally(0, 0), 0.1, 0.0) == pytest.approx(0.1)
    assert own_rate(Tally(1, 1), 0.1, 0.0) == pytest.approx(1.8 / 9)
    assert own_rate(Tally(800, 400), 0.1, 0.0) == pytest.approx(0.496, abs=1e-3)
    assert own_rate(Tally(0, 0), 0.1, 1.0) == own_rate(Tally(1, 1), 0.1, 0.0), "a fresh sign counts like a visit with a finding"


def test_a_group_without_visits_has_the_rate_of_all() -> None:
    """A province without visits has that of its group in the country, a group without that of all."""
    everything, group = Tally(999, 99), Tally(100, 50)
    assert group_rate(everything, Tally(), Tally()) == pytest.approx(0.0995)
    nationwide = group_rate(everything, group, Tally())
    assert 0.0995 < nationwide < 0.5
    assert group_rate(everything, group, Tally(1000, 0)) < 0.02 < nationwide


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.001, 0.999), st.floats(0, 20))
def test_a_rate_is_a_probability_that_findings_and_signs_raise(found: int, clean: int, of_group: float, signs: float) -> None:
    """It stays between 0 and 1; a finding or a sign more never lowers it, a clean visit more never raises it."""
    own = Tally(found + clean, found)
    rate = own_rate(own, of_group, signs)
    assert 0 < rate < 1
    assert own_rate(own.plus(Tally(1, 1)), of_group, signs) >= rate
    assert own_rate(own, of_group, signs + 1) >= rate
    assert own_rate(own.plus(Tally(1, 0)), of_group, signs) <= rate


def test_wilson_gives_the_interval_of_the_textbook() -> None:
    """10 of 100: 5.5 % to 17.4 %; none of 10 still leaves up to 27.8 %; no visit tells nothing."""
    assert wilson(Tally(100, 10)) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(Tally(10, 0)) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(Tally()) == (0.0, 1.0)


def test_harm_is_rate_times_severity_times_exposure() -> None:
    """Gas cylinders come before scales at the same rate, and every group has its harm."""
    petrol, gas, scale = (candidate(1, product=product) for product in (PETROL, LPG, SCALE))
    assert [one.expected_harm for one in (gas, petrol, scale)] == pytest.approx([0.1 * 24, 0.1 * 8, 0.1 * 3])
    assert all(harm_of(group).weight >= 1 for group in ProductGroup)


def test_a_choice_explains_itself() -> None:
    """Every number that made it stands in the reasons, in both languages, short enough to be published."""
    told = reasons(Choice(candidate(1, own=Tally(5, 2), complaint=3), 1, at_random=True))
    assert [text.partition(" (")[0] for text in told] == [
        "Rút ngẫu nhiên trong một phần mười số cuộc kiểm tra",
        "Khả năng có vi phạm 27 %: 2 vi phạm trong 5 lần kiểm tra, cả nhóm tại tỉnh 10 %",
        "Thiệt hại dự kiến 2,13: mức nghiêm trọng 2/4, phạm vi ảnh hưởng 4/4",
        "Tại cơ sở: 3 × phản ánh của người tiêu dùng",
    ]
    assert [text.partition(" (")[2] for text in told] == [
        "drawn at random, in the tenth that is)",
        "chance of a violation 27 %: 2 of 5 visits, 10 % for the group in the province)",
        "expected harm 2.13: severity 2 of 4, exposure 4 of 4)",
        "at the site: 3 × complaint)",
    ]
    assert max(map(len, told)) <= 300


# ---------------------------------------------------------------------------------------------------------------------
# The choice


def test_a_tenth_is_drawn_and_the_rest_are_the_worst() -> None:
    """Of 20 visits 2 are drawn at random; the other 18 are those of the highest harm among the rest."""
    candidates = [candidate(number, own=Tally(100, number)) for number in range(100)]
    chosen = choose(candidates, "46", order(20))
    drawn = {choice.candidate.key for choice in chosen if choice.at_random}
    rest = [choice.candidate.key for choice in chosen if not choice.at_random]
    assert len(drawn) == 2
    assert rest == [one.key for one in reversed(candidates) if one.key not in drawn][:18]
    assert [choice.rank for choice in chosen] == list(range(1, 21))
    harms = [choice.candidate.expected_harm for choice in chosen]
    assert harms == sorted(harms, reverse=True)


def test_everybody_is_drawn_equally_often() -> None:
    """Over many seeds the best and the worst come up alike: the draw does not look at the harm."""
    candidates = [candidate(number, own=Tally(100, number)) for number in range(20)]
    times = Counter(
        choice.candidate.site.id
        for seed in range(2000)
        for choice in choose(candidates, "46", order(10, seed=seed))
        if choice.at_random
    )
    assert len(times) == 20
    assert all(60 < drawn < 145 for drawn in times.values()), times


@given(st.integers(0, 200))
def test_the_share_at_random_is_a_tenth_on_average(capacity: int) -> None:
    """What a tenth leaves over is drawn as often as it should be, so small provinces too have visits at random."""
    assert sum(random_share(capacity, draw) for draw in range(10)) == capacity


@given(st.lists(st.integers(0, 500), unique=True, max_size=40), st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_order_of_candidates_plays_no_part(numbers: list[int], capacity: int, chance: random.Random) -> None:
    """The same candidates in any order give the same choice, within capacity, nobody twice."""
    candidates = [candidate(number, own=Tally(10, number % 3)) for number in numbers]
    shuffled = chance.sample(candidates, len(candidates))
    wanted = SelectionOrder(month="2025-04", capacity=Capacity(provinces={"46": capacity}, otherwise=1))
    chosen = choose(candidates, "46", wanted)
    assert choose(shuffled, "46", wanted) == chosen
    assert len({choice.candidate.key for choice in chosen}) == len(chosen) == min(capacity, len(candidates))


def test_capacity_is_by_month_and_province() -> None:
    """A month named has its own capacity; what is wrong is told."""
    plan = read_toml("otherwise = 2\nprovinces = {46 = 10}\n[months.2025-02]\notherwise = 1", CapacityPlan)
    assert (plan.of("2025-04").provinces, plan.of("2025-04").otherwise) == ({"46": 10}, 2)
    assert (plan.of("2025-02").provinces, plan.of("2025-02").otherwise) == ({}, 1)
    for wrong in ("provinces = {99 = 1}", "otherwise = -1", "[months.2025-13]", "visits = 3", "otherwise ="):
        with pytest.raises(InvalidInput):
            read_toml(wrong, CapacityPlan)
    for month, capacity in (("2025-13", Capacity(otherwise=1)), ("2025-04", Capacity())):
        with pytest.raises(ValueError, match=r"month|visit"):
            SelectionOrder(month=month, capacity=capacity)


# ---------------------------------------------------------------------------------------------------------------------
# On a database


def chosen_for(planning: Planning, wanted: SelectionOrder) -> Selected:
    """Choose at the beginning of the month."""
    with planning.transaction(MONTH_BEGINS) as uow:
        return select(wanted, uow)


MONTH_BEGINS = Story(1).complaint("2025-04-01T00:00:00").time


def history() -> list[Event[Any]]:
    """Return what is known of five sites: checked long ago, complained about, alerted, checked lately, proposed lately."""
    return [
        Story(1).verdict("2024-03-31T09:00:00"),
        Story(2).verdict("2024-02-10T09:00:00", Outcome.NONCONFORMING),
        Story(3).complaint("2025-03-30T09:00:00"),
        Story(4, product=LPG).verdict("2024-02-10T09:00:00"),
        alert(1, "2025-02-20T09:00:00", LPG),
        Story(5).verdict("2024-04-02T09:00:00"),
        Story(6).violation("2025-03-14T09:00:00", kind=ViolationKind.VERIFICATION_LAPSED),
        Story(7).verdict("2025-04-01T09:00:00"),
    ]


def sites(planning: Planning) -> list[tuple[str, int | None]]:
    """Return the sites chosen for the month with their ranks."""
    with planning.database.reading() as connection:
        shown = msgspec.json.decode(msgspec.json.encode(queries.proposed(connection, month=MONTH)))
    return [(one["site"]["id"].removeprefix("SAMPLE-SITE-000"), one["rank"]) for one in shown]


def test_the_worst_come_first_and_nobody_twice_in_a_year(planning: Planning) -> None:
    """Gas with an alert, then a finding and a fresh complaint; who was visited or proposed in 12 months is left out.

    What happens in the month itself is not known when its visits are chosen.
    """
    planning.react(*history())
    before = len(planning.emitted(InspectionProposed))
    selected = chosen_for(planning, order(4))
    assert (selected.month, selected.chosen, selected.standing) == ("2025-04", 4, [])
    assert sites(planning) == [("4", 1), ("2", 2), ("3", 3), ("1", 4)]
    told = planning.emitted(InspectionProposed)[before:]
    assert {one.data.not_after for one in told} == {date(2025, 4, 30)}
    assert len({one.id for one in told}) == 4
    kept = [row for row in planning.rows(proposals) if row["month"]]
    assert {row["chosen_by"] for row in kept} <= {"expected_harm", "random"}
    assert sum(row["chosen_by"] == "random" for row in kept) == selected.at_random


def test_a_month_is_chosen_once(planning: Planning) -> None:
    """The same order again changes nothing; another province is added; the next month leaves out who was chosen."""
    planning.react(*history())
    chosen_for(planning, order(2))
    kept, told = planning.rows(proposals), len(planning.emitted())
    again = chosen_for(planning, order(4))
    assert (again.chosen, again.standing) == (0, ["46"])
    assert (planning.rows(proposals), len(planning.emitted())) == (kept, told)
    with planning.transaction(MONTH_BEGINS) as uow:
        later = select(order(9, month="2025-05"), uow)
    assert later.chosen == 3, "two of the four are left, and the one checked on 2 April 2024; not the one of last April"


def test_a_violation_proposes_no_visit_that_stands_already(planning: Planning) -> None:
    """A site's product chosen for April is not proposed once more by what is found there."""
    planning.react(Story(1).verdict("2024-03-31T09:00:00"))
    chosen_for(planning, order(1))
    planning.react(Story(1).violation("2025-04-10T09:00:00"))
    assert len(planning.rows(proposals)) == 1


@settings(max_examples=15)
@given(events=st.permutations(history()), cuts=st.lists(st.integers(0, 10), max_size=4))
def test_order_and_batches_change_no_choice(one_planning: Planning, events: Sequence[Event[Any]], cuts: list[int]) -> None:
    """However the events come, the same visits are chosen for the same reasons."""
    results = []
    for batch_list in ([history()], list(batches(events, cuts))):
        one_planning.clear()
        for batch in batch_list:
            one_planning.react(*batch, now=MONTH_BEGINS)
        chosen_for(one_planning, order(4))
        results.append(([row for row in one_planning.rows(proposals) if row["month"]], one_planning.rows(target_days)))
    assert results[0] == results[1]


@pytest.fixture(scope="module")
def one_planning(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give one database for all examples; each example clears it."""
    planning = Planning(tmp_path_factory.mktemp("planning"))
    yield planning
    planning.database.close()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
def test_what_comes_late_moves_no_site_back(planning: Planning, order: tuple[int, int], together: bool) -> None:
    """A site is where it was said to be at the latest legal time, and its province's visits are chosen there."""
    story = Story(1)
    told = [story.verdict("2023-01-10T09:00:00")]
    story.site = msgspec.structs.replace(story.site, province="48", name="Cửa hàng mẫu, đã đổi tên")
    told.append(story.verdict("2023-05-10T09:00:00"))
    parts = [[told[place] for place in order]] if together else [[told[place]] for place in order]
    for part in parts:
        planning.react(*part)
    (row,) = planning.rows(targets)
    assert (row["province"], msgspec.json.decode(row["site"], type=Site)) == ("48", story.site)


def test_the_rate_of_the_random_visits_is_estimated(planning: Planning) -> None:
    """Of three drawn two were visited, one of them found in breach; a visit a year later does not count."""
    stories = [Story(number) for number in range(1, 31)]
    planning.react(*(story.verdict("2024-01-10T09:00:00") for story in stories))
    chosen_for(planning, order(30))
    drawn = [row["site_id"] for row in planning.rows(proposals) if row["chosen_by"] == "random"]
    assert len(drawn) == 3
    hit, miss, late = (next(story for story in stories if story.site.id == site) for site in drawn)
    planning.react(
        hit.verdict("2025-04-05T09:00:00", Outcome.NONCONFORMING),
        miss.verdict("2025-06-05T09:00:00"),
        late.verdict("2026-04-01T09:00:00", Outcome.NONCONFORMING),
    )
    with planning.database.reading() as connection:
        rate = queries.random_rate(connection, province="46")
        assert queries.random_rate(connection, province="01")["drawn"] == 0
    assert (rate["drawn"], rate["visited"], rate["found"], rate["rate"]) == (3, 2, 1, 0.5)
    assert (rate["low"], rate["high"]) == wilson(Tally(2, 1))
