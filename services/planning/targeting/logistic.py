"""Ridge logistic regression by Newton's method on sparse rows, in plain Python.

A country's inspections of some years (tens of thousands of rows with a dozen values each) take seconds, so no numeric
library has to be installed with the services.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

# The columns of a row that are not 0, and their values.
SparseRow = tuple[tuple[int, ...], tuple[float, ...]]

_STEPS = 25
_CLOSE_ENOUGH = 1e-6


def fit(rows: Sequence[SparseRow], found: Sequence[bool], width: int, penalty: float, start: Sequence[float] = ()) -> list[float]:
    """Return the ``width`` weights that maximise the likelihood less ``penalty``/2 times their squares.

    Column 0 must be 1 in every row; its weight is not penalised. ``start`` are weights of a similar fit. Both outcomes
    must occur in ``found``.
    """
    weights = list(start) or [_logit(sum(found) / len(found)), *[0.0] * (width - 1)]
    for _ in range(_STEPS):
        gradient, curvature = _derivatives(rows, found, weights, penalty)
        step = _solve(curvature, gradient)
        # Far from the optimum a full step may overshoot: never move a weight by more than 2.
        scale = min(1.0, 2.0 / max(map(abs, step)) if any(step) else 1.0)
        weights = [weight + scale * change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < _CLOSE_ENOUGH:
            break
    return weights


def score(row: SparseRow, weights: Sequence[float]) -> float:
    """Return the log-odds that something is found."""
    return math.fsum(weights[column] * value for column, value in zip(*row, strict=True))


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def _derivatives(
    rows: Sequence[SparseRow], found: Sequence[bool], weights: Sequence[float], penalty: float
) -> tuple[list[float], list[list[float]]]:
    """Return the gradient, and the lower half of the negative Hessian."""
    width = len(weights)
    gradient = [0.0, *(-penalty * weight for weight in weights[1:])]
    curvature = [[0.0] * (row + 1) for row in range(width)]
    for row in range(1, width):
        curvature[row][row] = penalty
    for (columns, values), outcome in zip(rows, found, strict=True):
        odds = sum([weights[column] * value for column, value in zip(columns, values, strict=True)])
        chance = 1.0 / (1.0 + math.exp(-max(-35.0, min(35.0, odds))))
        residual, spread = outcome - chance, chance * (1.0 - chance)
        for place, column in enumerate(columns):
            value = values[place]
            gradient[column] += residual * value
            line, weighed = curvature[column], spread * value
            for other in range(place + 1):
                line[columns[other]] += weighed * values[other]
    return gradient, curvature


def _solve(lower: list[list[float]], right: list[float]) -> list[float]:
    """Solve a symmetric positive definite system, given by its lower half, by Cholesky's method."""
    size = len(right)
    factor: list[list[float]] = []
    for i in range(size):
        line = lower[i][:]
        for j in range(i + 1):
            known = line[j] - math.fsum(line[k] * (factor[j][k] if j < i else line[k]) for k in range(j))
            line[j] = known / factor[j][j] if j < i else math.sqrt(known)
        factor.append(line)
    forward: list[float] = []
    for i in range(size):
        forward.append((right[i] - math.fsum(factor[i][k] * forward[k] for k in range(i))) / factor[i][i])
    solved = [0.0] * size
    for i in reversed(range(size)):
        solved[i] = (forward[i] - math.fsum(factor[k][i] * solved[k] for k in range(i + 1, size))) / factor[i][i]
    return solved
