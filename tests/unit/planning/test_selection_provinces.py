"""A month's visits across the merger of provinces: each month by the provinces of its first day."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from services.planning import queries
from services.planning.handlers.selections import select
from services.planning.model.targeting import Capacity, SelectionOrder
from services.planning.tables import proposals
from tests.unit.planning.story import Planning, Story, hanoi


@pytest.mark.parametrize(("month", "chosen"), [("2025-06", {"01": 1, "10": 1, "15": 2}), ("2025-07", {"01": 1, "15": 2})])
def test_a_month_is_chosen_by_the_provinces_of_its_first_day(planning: Planning, month: str, chosen: dict[str, int]) -> None:
    """In June 2025 the sites of Yên Bái and Lào Cai compete apart; in July, as one province, together."""
    stories = [Story(number) for number in range(4)]
    for story, province in zip(stories, ("01", "10", "15", "15"), strict=True):
        story.site = msgspec.structs.replace(story.site, province=province)
    planning.react(*(story.verdict("2024-03-31T09:00:00") for story in stories))
    with planning.transaction(hanoi("2025-04-01T00:00:00")) as uow:
        selected = select(SelectionOrder(month=month, capacity=Capacity(otherwise=2)), uow)
    assert selected.chosen == sum(chosen.values())
    assert Counter(row["province"] for row in planning.rows(proposals)) == chosen
    with planning.database.reading() as connection:
        assert len(queries.proposed(connection, province="15")) == sum(chosen.values()) - 1, "today that is Lào Cai, all of it"


def test_capacity_names_provinces_of_its_month() -> None:
    """Visits given to a province that has ended would silently not be made."""
    assert SelectionOrder(month="2025-06", capacity=Capacity(provinces={"10": 1})).capacity_of("10") == 1
    with pytest.raises(ValueError, match="a part of '15'"):
        SelectionOrder(month="2025-07", capacity=Capacity(provinces={"10": 1}))
