"""Risk and the inspections it asks for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning import queries
from services.planning.model.risk import VALIDATED, ValidatedLevel, standing_levels
from services.planning.rules.risk_fades_with_time import HALF_LIFE, REMEMBERED, load, score
from services.planning.rules.validated_risk_weighs_more import VERSIONS, weight_of
from services.planning.rules.violation_proposes_one_inspection_a_year import may_propose, vietnamese
from services.planning.tables import proposals
from shared.contracts.inspection import ViolationKind
from shared.contracts.planning import InspectionProposed
from shared.contracts.vocabulary import RiskLevel
from shared.kernel.deadlines import local_day
from tests.unit.planning.story import SCALE, Planning, Story, alert, hanoi

DAY = date(2025, 3, 14)
KINDS = st.sampled_from([*map(str, ViolationKind), *VALIDATED, "complaint", "foreign_alert", "new_kind"])
SIGNALS = st.dictionaries(st.tuples(KINDS, st.dates(date(2023, 1, 1), date(2026, 1, 1))), st.integers(1, 50), max_size=12)


def test_a_signal_weighs_half_after_each_half_life() -> None:
    """The half-life is exact on its day, and after six the signal is forgotten."""
    fresh = Counter({("fuel_quality", DAY): 1})
    assert load(fresh, DAY) == 1.0
    assert load(fresh, DAY + HALF_LIFE) == 0.5
    assert load(fresh, DAY + REMEMBERED) == 2.0**-6
    assert load(fresh, DAY + REMEMBERED + timedelta(days=1)) == 0.0
    assert load(fresh, DAY - timedelta(days=1)) == 0.0


def test_one_fresh_violation_is_half_the_scale() -> None:
    """The score starts at 0.50, and a product known to be bad everywhere adds to it but never reaches 1."""
    assert score(1.0) == Decimal("0.50")
    assert score(0.0) == Decimal("0.00")
    assert score(1.0, 1e9) == Decimal("0.62")


@given(signals=SIGNALS, data=st.data())
def test_the_order_of_signals_plays_no_part(signals: dict[tuple[str, date], int], data: st.DataObject) -> None:
    """The load is the same to the last bit in every order."""
    shuffled = data.draw(st.permutations(list(signals.items())))
    assert load(Counter(dict(shuffled)), DAY) == load(Counter(signals), DAY)


@given(signals=SIGNALS, more=SIGNALS)
def test_more_signals_never_lower_the_risk(signals: dict[tuple[str, date], int], more: dict[tuple[str, date], int]) -> None:
    """Risk is monotone and stays below 1."""
    low, high = load(Counter(signals), DAY), load(Counter(signals) + Counter(more), DAY)
    assert low <= high
    assert Decimal(0) <= score(low) <= score(high) <= Decimal(1)


@pytest.mark.parametrize(
    ("level", "more"), [(RiskLevel.SERIOUS, 1.0), (RiskLevel.HIGH, 0.5), (RiskLevel.MEDIUM, 0.0), (RiskLevel.LOW, 0.0)]
)
def test_a_confirmed_level_weighs_by_a_dated_parameter(level: RiskLevel, more: float) -> None:
    """It fades like a violation; days before the first version are weighed by it; that it is judgement is said."""
    kind = f"validated_{level}"
    assert weight_of(level, VERSIONS[0].valid_from) == weight_of(level, date(1999, 12, 31)) == more
    assert load(Counter({(kind, DAY): 1}), DAY) == more
    assert load(Counter({(kind, DAY): 1}), DAY + HALF_LIFE) == more / 2
    assert not any(version.verified for version in VERSIONS)
    assert vietnamese(kind) != kind


def confirmed(when: str, level: RiskLevel, case: str = "A") -> ValidatedLevel:
    """Return the level of a case."""
    at = hanoi(when)
    return ValidatedLevel(case, at, level, local_day(at), "S", "P")


@given(order=st.permutations(range(5)))
def test_the_level_confirmed_last_stands(order: list[int]) -> None:
    """One for each case, before the day that is asked for, whatever order they are told in; of two at once the graver."""
    told = [
        confirmed("2025-03-01T09:00:00", RiskLevel.SERIOUS),
        confirmed("2025-03-10T09:00:00", RiskLevel.LOW),
        confirmed("2025-03-10T09:00:00", RiskLevel.MEDIUM),
        confirmed("2025-03-14T00:00:00", RiskLevel.HIGH),
        confirmed("2025-03-02T09:00:00", RiskLevel.HIGH, "B"),
    ]
    shuffled = [told[place] for place in order]
    other = ("validated_high", date(2025, 3, 2))
    for before, kind, day in (
        (date(2025, 3, 10), "validated_serious", date(2025, 3, 1)),
        (date(2025, 3, 14), "validated_medium", date(2025, 3, 10)),
        (date(2025, 3, 15), "validated_high", date(2025, 3, 14)),
    ):
        assert standing_levels(shuffled, before) == Counter({(kind, day): 1, other: 1})
    assert not standing_levels(shuffled, date(2025, 3, 1))


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2025, 3, 14), False),
        (date(2026, 3, 13), False),
        (date(2026, 3, 14), True),
        (date(2024, 3, 15), False),
        (date(2024, 3, 14), True),
    ],
)
def test_proposals_lie_a_year_apart(day: date, allowed: bool) -> None:
    """Twelve months to the day, later or earlier."""
    assert may_propose(day, [DAY]) is allowed
    assert may_propose(day, [])


# ---------------------------------------------------------------------------------------------------------------------
# On a database


def test_a_violation_proposes_an_inspection_once_a_year(planning: Planning) -> None:
    """A second violation of the same goods proposes nothing; other goods, other sites and the next year do."""
    story, scale = Story(1), Story(1, product=SCALE)
    planning.react(
        story.violation("2025-03-14T09:00:00"),
        story.violation("2025-03-14T10:00:00", number=2),
        scale.violation("2025-03-14T10:00:00", kind=ViolationKind.SCALE_ERROR),
        Story(2).violation("2025-03-14T10:00:00"),
    )
    planning.react(story.violation("2026-03-13T10:00:00", number=3))
    planning.react(story.violation("2026-03-14T10:00:00", number=4))
    told = planning.emitted(InspectionProposed)
    assert [(event.data.site.id, str(event.data.product.group), event.data.observed_at) for event in told] == [
        ("SAMPLE-SITE-0001", "petrol", hanoi("2025-03-14T09:00:00")),
        ("SAMPLE-SITE-0001", "scale", hanoi("2025-03-14T10:00:00")),
        ("SAMPLE-SITE-0002", "petrol", hanoi("2025-03-14T10:00:00")),
        ("SAMPLE-SITE-0001", "petrol", hanoi("2026-03-14T10:00:00")),
    ]
    assert {row["proposal_id"] for row in planning.rows(proposals)} == {event.data.proposal_id for event in told}


def test_a_proposal_says_why(planning: Planning) -> None:
    """The site's earlier record and the product's record elsewhere are in the reasons and in the score."""
    story = Story(1)
    planning.react(
        story.complaint("2025-02-10T09:00:00"),
        story.complaint("2025-03-01T09:00:00"),
        alert(1, "2025-02-20T09:00:00"),
        Story(2).violation("2025-02-21T09:00:00"),
    )
    planning.react(story.complaint("2025-03-14T08:00:00"), story.violation("2025-03-14T09:00:00"))
    proposal = planning.emitted(InspectionProposed)[-1].data
    assert proposal.reasons == [
        "Vi phạm chất lượng xăng dầu ngày 14/03/2025 (violation fuel_quality on 2025-03-14)",
        "Trước đó tại cơ sở: 2 × phản ánh của người tiêu dùng (earlier at the site: 2 × complaint)",
        *(
            f"Cùng sản phẩm trên cả nước, đến hết tháng trước: 1 × {vi} "
            f"(same product, whole country, up to last month: 1 × {kind})"
            for vi, kind in (
                ("phản ánh của người tiêu dùng", "complaint"),
                ("cảnh báo của nước ngoài", "foreign_alert"),
                ("chất lượng xăng dầu", "fuel_quality"),
            )
        ),
    ]
    assert proposal.score == Decimal("0.61")
    assert proposal.not_after == date(2025, 4, 14)


def test_a_batch_knows_what_it_brought_itself(planning: Planning) -> None:
    """Signals of earlier days and months in the same batch count as if they had come in one before."""
    for number, together in ((1, True), (2, False)):
        story = Story(number, product=msgspec.structs.replace(SCALE, brand=f"Mẫu {number}"))
        events = [
            story.complaint("2025-02-10T09:00:00"),
            story.complaint("2025-03-10T09:00:00"),
            story.violation("2025-03-14T09:00:00"),
        ]
        for batch in [events] if together else [[event] for event in events]:
            planning.react(*batch)
    first, second = planning.emitted(InspectionProposed)
    assert (first.data.score, first.data.reasons) == (second.data.score, second.data.reasons)
    assert len(first.data.reasons) == 3


def test_a_confirmed_level_is_in_the_score_and_its_reasons(planning: Planning) -> None:
    """That of the days before the violation, of the site and of the product elsewhere; an assessment alone says nothing."""
    known = Story(1, product=SCALE)
    planning.react(
        known.violation("2025-02-10T09:00:00"),
        known.risk("2025-02-11T09:00:00", RiskLevel.HIGH),
        known.risk("2025-02-12T09:00:00", RiskLevel.SERIOUS, act="assess_risk"),
        known.risk("2025-03-14T07:00:00", RiskLevel.LOW),
    )
    planning.react(
        Story(1).violation("2025-03-14T09:00:00"),
        Story(2, product=SCALE).violation("2025-03-14T09:00:00"),
    )
    at_site, elsewhere = (event.data for event in planning.emitted(InspectionProposed)[1:])
    said = "1 × vụ việc được xác nhận mức rủi ro cao"
    assert f"Trước đó tại cơ sở: {said} (earlier at the site: 1 × validated_high)" in at_site.reasons
    assert any(reason.startswith(f"Cùng sản phẩm trên cả nước, đến hết tháng trước: {said}") for reason in elsewhere.reasons)
    before = {("fuel_quality", date(2025, 2, 10)): 1, ("validated_high", date(2025, 2, 11)): 1, ("fuel_quality", DAY): 1}
    assert at_site.score == score(load(Counter(before), DAY)) > score(load(Counter(before) - Counter(list(before)[1:2]), DAY))


def test_the_level_of_a_case_ranks_its_site(planning: Planning) -> None:
    """A serious risk brings a site before others with the same violation, from its day until another level replaces it."""
    serious = Story(1)
    planning.react(
        *(Story(number).violation("2025-03-01T09:00:00") for number in (1, 2)),
        serious.risk("2025-03-14T09:00:00", RiskLevel.SERIOUS),
        serious.risk("2025-03-20T09:00:00", RiskLevel.MEDIUM),
    )
    with planning.database.reading() as connection:
        first, second = queries.risky_sites(connection, DAY)
        assert (first["site_id"], first["signals"]) == ("SAMPLE-SITE-0001", {"fuel_quality": 1, "validated_serious": 1})
        assert first["score"] == score(load(Counter({("fuel_quality", date(2025, 3, 1)): 1}), DAY) + 1) > second["score"]
        for day in (date(2025, 3, 13), date(2025, 3, 20)):
            one, other = queries.risky_sites(connection, day)
            assert one["score"] == other["score"]


def test_the_riskiest_sites_come_first(planning: Planning) -> None:
    """Sites are ranked by what is left of their signals today, one province or all."""
    planning.react(
        Story(1).violation("2024-09-15T09:00:00"),
        Story(2).violation("2025-03-14T09:00:00"),
        Story(3).complaint("2025-03-14T09:00:00"),
        Story(4).violation("2020-01-01T09:00:00"),
    )
    with planning.database.reading() as connection:
        ranked = queries.risky_sites(connection, DAY)
        assert [(one["site_id"], one["score"]) for one in ranked] == [
            ("SAMPLE-SITE-0002", Decimal("0.50")),
            ("SAMPLE-SITE-0001", Decimal("0.33")),
            ("SAMPLE-SITE-0003", Decimal("0.23")),
        ]
        assert ranked[0]["signals"] == {"fuel_quality": 1}
        assert queries.risky_sites(connection, DAY, limit=1) == ranked[:1]
        assert queries.risky_sites(connection, DAY, province="01") == []
        shown = msgspec.json.decode(msgspec.json.encode(queries.proposed(connection, province="46", limit=1)))
    assert [one["site"]["id"] for one in shown] == ["SAMPLE-SITE-0002"]
