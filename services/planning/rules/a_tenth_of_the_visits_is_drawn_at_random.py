"""A month's visits: a tenth of the capacity is drawn at random, the rest are those of the highest expected harm.

What is drawn at random is looked at whatever is expected of it, so its violation rate is an unbiased estimate for all
that could have been drawn, and a score that is wrong is found out.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from hashlib import blake2b

from services.planning.model.targeting import Candidate, Choice, SelectionOrder

_ONE_IN = 10


def choose(candidates: Iterable[Candidate], province: str, order: SelectionOrder) -> list[Choice]:
    """Return the visits of one province, those of the highest expected harm first, at most its capacity.

    The same candidates in any order give the same choice. No more of them are held than are chosen.
    """
    capacity = order.capacity_of(province)
    by_chance = random_share(capacity, _draw(order, province))
    drawn: list[tuple[float, str, Candidate]] = []
    best: list[tuple[float, str, Candidate]] = []
    for one in candidates:
        # Largest first in both heaps: the smallest of those kept is what a better one replaces.
        _keep(drawn, (-_draw(order, *one.key), one.target, one), by_chance)
        _keep(best, (one.expected_harm, one.target, one), capacity)
    at_random = {one.target for *_, one in drawn}
    by_harm = sorted((entry for entry in best if entry[1] not in at_random), key=lambda entry: (-entry[0], entry[1]))
    chosen = [*(one for *_, one in drawn), *(one for *_, one in by_harm[: capacity - len(drawn)])]
    chosen.sort(key=lambda one: (-one.expected_harm, one.target))
    return [Choice(one, rank, one.target in at_random) for rank, one in enumerate(chosen, 1)]


def random_share(capacity: int, draw: int) -> int:
    """Return how many of ``capacity`` visits are drawn at random: a tenth; what is left over of it, by ``draw``."""
    return capacity // _ONE_IN + (draw % _ONE_IN < capacity % _ONE_IN)


def _draw(order: SelectionOrder, *of: str) -> int:
    """Return a number as good as random, the same for the same seed, month and target."""
    text = "\x1f".join((str(order.seed), order.month, *of))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _keep(heap: list[tuple[float, str, Candidate]], entry: tuple[float, str, Candidate], most: int) -> None:
    if len(heap) < most:
        heapq.heappush(heap, entry)
    elif most and entry[:2] > heap[0][:2]:
        heapq.heapreplace(heap, entry)
