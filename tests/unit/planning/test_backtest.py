"""The backtest of targeting: it uses only what was known, and claims only what it can show."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.targeting.backtest import Spans, backtest
from services.planning.targeting.features import Listed, design
from services.planning.targeting.history import Inspection, Mapping, read_history, shipped
from services.planning.targeting.logistic import SparseRow, fit, score
from services.planning.targeting.order import auc, compare
from shared.kernel.errors import InvalidInput
from shared.typed_files import read_toml

MAPPING = read_toml(
    """
name = "sample"
date = "day"
id = "id"
found = "found"
forbidden = ["inspector"]
years_since_last = "since"
features = [
    {columns = ["past"], as = "number", from_last_visit = true},
    {columns = ["since"], as = "years", absent = "-"},
    {columns = ["trade"], as = "category"},
    {columns = ["street"], as = "record"},
]
""",
    Mapping,
)
HEADER = "id,day,found,past,since,trade,street,inspector"
BEGIN = date(2024, 1, 1)
SPANS = Spans(date(2024, 12, 31), date(2025, 1, 1), date(2025, 2, 28))


def invented(*, effect: float, seed: int = 7, days: int = 425, per_day: int = 4) -> list[Inspection]:
    """Return inspections at which more is found the more was found before, by ``effect`` on the log-odds."""
    chance = random.Random(seed)
    made = []
    for number in range(days * per_day):
        past = chance.choice([0, 0, 1, 2])
        odds = -1.5 + effect * past
        known = {"past": str(past), "since": "1.5", "trade": chance.choice("ab"), "street": f"street {chance.randrange(50)}"}
        found = chance.random() < 1 / (1 + math.exp(-odds))
        made.append(Inspection(id=str(number), day=BEGIN + timedelta(days=number // per_day), found=found, known=known))
    return made


def test_a_gain_that_is_there_is_shown() -> None:
    """Where the past tells, what is found is found sooner, more of it by half-way, and the same again with the same seed."""
    tried = backtest(invented(effect=1.0), MAPPING, SPANS)
    found = tried.comparison
    assert found.gain_shown
    assert (tried.trained_on, found.n) == (366 * 4, 59 * 4)
    assert max(tried.weights, key=lambda name: abs(tried.weights[name])) == "past"
    assert found.days_earlier > found.days_earlier_interval.low > 0
    assert found.found_by_half > 0.6 > found.actual_found_by_half
    assert backtest(invented(effect=1.0), MAPPING, SPANS) == tried


@pytest.mark.parametrize("seed", range(5))
def test_no_gain_is_claimed_where_there_is_none(seed: int) -> None:
    """Where nothing tells anything, nothing is claimed."""
    assert not backtest(invented(effect=0.0, seed=seed), MAPPING, SPANS).comparison.gain_shown


def test_a_poor_actual_order_is_no_gain_for_an_order_by_chance() -> None:
    """Scores that know nothing come sooner than an actual order with everything at the end; they show no gain."""
    inspections = [
        Inspection(id=str(place), day=BEGIN + timedelta(days=place), found=place >= 150, known={}) for place in range(200)
    ]
    found = compare(inspections, [0.0] * 200, seed=1)
    assert found.days_earlier_interval.low > 0
    assert not found.gain_shown


def _changed(history: Sequence[Inspection], begin: date, end: date) -> list[Inspection]:
    return [msgspec.structs.replace(one, found=not one.found) if begin <= one.day <= end else one for one in history]


def test_what_the_test_found_is_no_part_of_its_scores() -> None:
    """The rows of the test stay the same whatever is found at it."""
    history = invented(effect=1.0)
    drawn = [Listed(one, date(2024, 7, 1) if one.day > date(2024, 6, 30) else BEGIN) for one in history]
    other = [Listed(one, listed.drawn) for one, listed in zip(_changed(history, date(2025, 1, 1), date.max), drawn, strict=True)]
    assert design(drawn, MAPPING, 366 * 4) == design(other, MAPPING, 366 * 4)


def test_what_was_found_between_training_and_test_is_not_looked_at() -> None:
    """Nothing after the last day of training is learnt from or remembered."""
    spans = SPANS._replace(train_until=date(2024, 10, 31))
    history = invented(effect=1.0)
    assert backtest(history, MAPPING, spans) == backtest(_changed(history, date(2024, 11, 1), date(2024, 12, 31)), MAPPING, spans)


def test_a_list_knows_nothing_of_the_time_it_is_for() -> None:
    """A record counts what was found before the list was drawn up; what a visit inside that time found is unknown."""
    one = Inspection(id="1", day=BEGIN, found=True, known={"past": "1", "since": "1", "trade": "a", "street": "Phố A"})
    again = msgspec.structs.replace(one, id="2", day=date(2024, 2, 1), known={**one.known, "since": "0.05", "street": "phố  a."})
    known = design([Listed(one, BEGIN), Listed(again, date(2024, 1, 25))], MAPPING, 2)
    unknown = design([Listed(one, BEGIN), Listed(again, BEGIN)], MAPPING, 2)
    columns = [{rows.names[place] for place in rows.rows[1][0]} for rows in (known, unknown)]
    assert columns == [{"1", "past", "since", "trade = a", "street (record)"}, {"1", "trade = a"}]


def test_neither_outcome_nor_inspector_can_be_a_feature() -> None:
    """A mapping that would look into the future, or at who made the visit, is refused; so is one of the Chicago file."""
    text = 'name = "x"\ndate = "d"\nid = "i"\nfound = "f"\nforbidden = ["who"]\nfeatures = [{columns = ["%s"], as = "any"}]'
    assert read_toml(text % "before", Mapping).columns() == ["d", "i", "f", "before"]
    for column in ("f", "who"):
        with pytest.raises(InvalidInput, match="cannot be a feature"):
            read_toml(text % column, Mapping)
    (chicago,) = shipped()
    outcomes = {"criticalCount", "seriousCount", "minorCount", "pass_flag", "fail_flag", "Results", "Inspector_Assigned"}
    assert outcomes <= set(chicago.forbidden)
    assert outcomes & set(chicago.columns()) == {chicago.found}


# ---------------------------------------------------------------------------------------------------------------------
# Files


def test_reads_a_file_in_the_order_of_days() -> None:
    """Cells come out under their columns; what is no feature is not kept."""
    lines = [HEADER, "b,2024-05-02,1,2,0.5,fuel,Phố A,green", "a,2024-05-01,0,0,,toys,Phố B,blue"]
    _, (first, second) = read_history(lines, MAPPING)
    assert (first.id, first.found, second.id, second.found) == ("a", False, "b", True)
    assert second.known == {"past": "2", "since": "0.5", "trade": "fuel", "street": "Phố A"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,yesterday,1,2,1,a,b,c", "line 2: "),
        ("1,2024-05-01,,2,1,a,b,c", "line 2: "),
        ("1,2024-05-01,1,many,1,a,b,c", "many"),
        ("1,2024-05-01,1,nan,1,a,b,c", "nan"),
        ("1,2024-05-01,1", "3 cells under 8"),
    ],
)
def test_a_wrong_line_is_named(line: str, words: str) -> None:
    """The error tells the line and what was wrong in it."""
    with pytest.raises(InvalidInput, match=words):
        read_history([HEADER, line], MAPPING)


def test_a_header_that_fits_no_mapping_is_refused() -> None:
    """So is one that lacks what the mapping given needs."""
    with pytest.raises(InvalidInput, match="--columns"):
        read_history([HEADER])
    with pytest.raises(InvalidInput, match="needs the columns street, inspector_id"):
        read_history(["id,day,found,past,since,trade"], _with_column("inspector_id"))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('features = [{columns = ["i"], as = "record"}]', "'i' tells one visit from the others"),
        ('features = [{columns = ["d"], as = "category"}]', "'d' tells one visit from the others"),
        ('years_since_last = "f"\nfeatures = [{columns = ["a"], as = "any"}]', "'f' is not known before the visit"),
        ('features = [{columns = ["a"], as = "any"}, {columns = ["a", "b"], as = "number"}]', "'a' is a feature twice"),
        ('features = [{columns = ["a"], as = "colour"}]', "features"),
        ('features = [{columns = ["a"], as = "any", most = -1}]', "most"),
        ('features = [{columns = ["a"], as = "any"}]\nfeature = 1', "feature"),
        ("features = []", "features"),
        ("features = [", "end of document"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(more: str, told: str) -> None:
    """When it is read, in words, and not by a fault in the middle of the work."""
    with pytest.raises(InvalidInput) as error:
        read_toml(f'name = "x"\ndate = "d"\nid = "i"\nfound = "f"\n{more}', Mapping)
    assert told in str(error.value)


def test_every_number_is_checked_when_it_is_read() -> None:
    """Also that of the last visit where it is no feature itself; what stands for a first visit need not be a number."""
    text = 'name = "x"\ndate = "d"\nid = "i"\nfound = "f"\nyears_since_last = "s"\n'
    text += 'features = [{columns = ["%s"], as = "years"%s}]'
    with pytest.raises(InvalidInput, match=r"line 2: column 's': .*long ago"):
        read_history(["i,d,f,s,a", "1,2024-05-01,0,long ago,1"], read_toml(text % ("a", ""), Mapping))
    mapping = read_toml(text % ("s", ', absent = "never"'), Mapping)
    _, (first,) = read_history(["i,d,f,s", "1,2024-05-01,0,never"], mapping)
    assert design([Listed(first, BEGIN)], mapping, 1).names == ["1", "s unknown"]
    with pytest.raises(InvalidInput, match="s stands twice"):
        read_history(["i,d,f,s,s", "1,2024-05-01,0,1,2"], mapping)


def _with_column(name: str) -> Mapping:
    feature = msgspec.structs.replace(MAPPING.features[-1], columns=["street", name])
    return msgspec.structs.replace(MAPPING, features=[*MAPPING.features[:-1], feature])


def test_too_little_is_refused() -> None:
    """Nothing is said of a test in which hardly anything was found, or of days in the wrong order."""
    history = invented(effect=1.0)
    with pytest.raises(InvalidInput, match="the test has 4 inspections"):
        backtest(history, MAPPING, SPANS._replace(test_to=SPANS.test_from))
    with pytest.raises(InvalidInput, match="in order"):
        backtest(history, MAPPING, SPANS._replace(test_from=SPANS.train_until))


# ---------------------------------------------------------------------------------------------------------------------
# Arithmetic


def test_without_penalty_a_flag_gets_its_odds_ratio() -> None:
    """Of 10 without the flag 2 found something, of 10 with it 6: weights are the logit of 0.2 and the difference to 0.6."""
    rows: list[SparseRow] = [((0,), (1.0,))] * 10 + [((0, 1), (1.0, 1.0))] * 10
    found = [place in {0, 1, 10, 11, 12, 13, 14, 15} for place in range(20)]
    weights = fit(rows, found, 2, penalty=1e-12)
    assert weights == pytest.approx([math.log(0.2 / 0.8), math.log(0.6 / 0.4) - math.log(0.2 / 0.8)])
    assert score(rows[-1], weights) == pytest.approx(math.log(0.6 / 0.4))


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.booleans()), min_size=4, max_size=40), st.floats(0.1, 100))
def test_the_weights_are_the_optimum(cases: list[tuple[float, float, bool]], penalty: float) -> None:
    """At the weights found the penalised likelihood is flat in every direction."""
    found = [True, False, *(outcome for *_, outcome in cases)]
    rows: list[SparseRow] = [((0, 1, 2), (1.0, 0.0, 0.0))] * 2 + [((0, 1, 2), (1.0, a, b)) for a, b, _ in cases]
    weights = fit(rows, found, 3, penalty)
    for column in range(3):
        slope = sum(row[1][column] * (y - 1 / (1 + math.exp(-score(row, weights)))) for row, y in zip(rows, found, strict=True))
        assert slope - (penalty * weights[column] if column else 0.0) == pytest.approx(0.0, abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30))
def test_auc_counts_pairs(cases: list[tuple[int, bool]]) -> None:
    """It is the share of pairs in the right order, a tie one half."""
    cases = [(1, True), (2, False), *cases]
    pairs = [(high > low) + (high == low) / 2 for high, hit in cases if hit for low, other in cases if not other]
    assert auc([one for one, _ in cases], [hit for _, hit in cases]) == pytest.approx(sum(pairs) / len(pairs))


def test_the_same_days_are_handed_out_again() -> None:
    """Four visits on three days, the two that find something last: the best order gains the difference of the days."""
    days = [BEGIN, BEGIN, BEGIN + timedelta(days=3), BEGIN + timedelta(days=10)]
    inspections = [Inspection(id=str(place), day=day, found=place > 1, known={}) for place, day in enumerate(days)]
    best = compare(inspections, [0.0, 0.0, 1.0, 2.0], seed=1)
    assert (best.auc, best.days_earlier, best.found_by_half, best.actual_found_by_half) == (1.0, 6.5, 1.0, 0.0)
    as_it_was = compare(inspections, [4.0, 3.0, 2.0, 1.0], seed=1)
    assert (as_it_was.auc, as_it_was.days_earlier, as_it_was.found_by_half) == (0.0, 0.0, 0.0)
