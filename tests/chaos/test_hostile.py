"""What the chaos calls hostile is refused, each kind for a reason of its own."""

from __future__ import annotations

import random

import pytest

from shared.contracts.codec import decode
from shared.kernel.errors import Refused
from tests.chaos.hostile import _KINDS, make


@pytest.mark.parametrize("kind", sorted(_KINDS))
def test_a_hostile_body_is_refused(kind: str) -> None:
    """No hostile body can be read, so that each one has to be found in quarantine."""
    body = _KINDS[kind]("lab.sample_tested", b"SAMPLE--").body
    with pytest.raises(Refused):
        decode(body)


def test_hostile_bodies_differ() -> None:
    """Each body has an id of its own in quarantine: none can hide behind another."""
    chance = random.Random(1)
    ids = [make(chance).quarantine_id for _ in range(200)]
    assert len(set(ids)) == len(ids)
