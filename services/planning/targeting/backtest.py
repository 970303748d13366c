"""Would an order by score have found more, sooner? Learnt up to one day, tried on the inspections of a later time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from services.planning.targeting.features import Listed, design
from services.planning.targeting.history import Inspection, Mapping
from services.planning.targeting.logistic import SparseRow, fit, score
from services.planning.targeting.order import Comparison, auc, compare
from shared.kernel.errors import InvalidInput

# Strongest first: each fit starts from the one before. With equal results the strongest is taken.
_PENALTIES = (1000.0, 100.0, 10.0)
_FOLDS = 5
_FEWEST_FOUND = 20


class Spans(NamedTuple):
    """The days of a backtest, all inclusive."""

    train_until: date
    test_from: date
    test_to: date

    def check(self) -> None:
        """Raise ``InvalidInput`` when the days are not in order."""
        if not self.train_until < self.test_from <= self.test_to:
            raise InvalidInput("the days must be in order: --train-until before --test-from, --test-to on or after it")


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backtest found; ``weights`` are those of the score by feature, per standard deviation, in log-odds."""

    trained_on: int
    penalty: float
    fold_aucs: list[float]
    weights: dict[str, float]
    comparison: Comparison


def backtest(history: Sequence[Inspection], mapping: Mapping, spans: Spans, seed: int = 1) -> Backtest:
    """Learn from the inspections up to ``train_until`` and order those of the test by score.

    Each list of visits is as long as the test and uses only what was known when it was drawn up, on its first day; the
    test's is drawn up on ``test_from`` with what was found up to ``train_until``. How much the weights are held back is
    chosen inside the training time, by predicting its last lists from the time before each. Raises ``InvalidInput`` when
    there is too little to learn from or to try.
    """
    spans.check()
    days = [one.day for one in history]
    training = history[: bisect_right(days, spans.train_until)]
    test = history[bisect_left(days, spans.test_from) : bisect_right(days, spans.test_to)]
    _check_enough("the training time", training)
    _check_enough("the test", test)
    listed = [Listed(one, _drawn(one.day, spans)) for one in training] + [Listed(one, spans.test_from) for one in test]
    names, rows = design(listed, mapping, len(training))
    found = [one.found for one in training]
    penalty, fold_aucs = _choose(listed[: len(training)], rows[: len(training)], found, len(names))
    weights = fit(rows[: len(training)], found, len(names), penalty)
    return Backtest(
        trained_on=len(training),
        penalty=penalty,
        fold_aucs=fold_aucs,
        weights=dict(zip(names[1:], weights[1:], strict=True)),
        comparison=compare(test, [score(row, weights) for row in rows[len(training) :]], seed),
    )


def _check_enough(what: str, inspections: Sequence[Inspection]) -> None:
    positives = sum(one.found for one in inspections)
    if min(positives, len(inspections) - positives) < _FEWEST_FOUND:
        raise InvalidInput(
            f"{what} has {len(inspections)} inspections, {positives} of which found something; "
            f"at least {_FEWEST_FOUND} must have, and {_FEWEST_FOUND} must not"
        )


def _drawn(day: date, spans: Spans) -> date:
    """Return the first day of the list that a training inspection would have stood in, counted back from the last."""
    length = (spans.test_to - spans.test_from).days + 1
    back = (spans.train_until - day).days // length + 1
    # A history may begin less than one list after the first day there is.
    return spans.train_until + timedelta(days=1) - min(timedelta(days=back * length), spans.train_until - date.min)


def _choose(listed: Sequence[Listed], rows: Sequence[SparseRow], found: Sequence[bool], width: int) -> tuple[float, list[float]]:
    """Return the penalty that orders the last lists best, each predicted from those before it, and its AUC in each."""
    drawn = [one.drawn for one in listed]
    aucs: dict[float, list[float]] = {penalty: [] for penalty in _PENALTIES}
    for first in sorted(set(drawn))[1:][-_FOLDS:]:
        begin, end = bisect_left(drawn, first), bisect_right(drawn, first)
        if not (_has_both(found[:begin]) and _has_both(found[begin:end])):
            continue
        weights: list[float] = []
        for penalty in _PENALTIES:
            weights = fit(rows[:begin], found[:begin], width, penalty, weights)
            aucs[penalty].append(auc([score(row, weights) for row in rows[begin:end]], found[begin:end]))
    best = max(_PENALTIES, key=lambda penalty: sum(aucs[penalty]))
    return best, aucs[best]


def _has_both(found: Sequence[bool]) -> bool:
    return any(found) and not all(found)
