"""Deliveries read in bulk are those that pika reads, however the bytes come in."""

from __future__ import annotations

import pika.frame
import pika.spec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.brokers.rabbitmq.deliveries import Found, split

_texts = st.text(st.characters(codec="utf-8"), max_size=60)
_bodies = st.binary(max_size=300)


def _frames(tag: int, key: str, body: bytes, *, most: int = 1000) -> list[bytes]:
    """Return the frames of one delivery, its body in pieces of at most ``most`` bytes."""
    deliver = pika.spec.Basic.Deliver("ctag1", tag, redelivered=True, exchange="chuan.events", routing_key=key)
    properties = pika.spec.BasicProperties(content_type="application/cloudevents+json", headers={"compression": "gzip"})
    pieces = [body[at : at + most] for at in range(0, len(body), most)]
    return [
        pika.frame.Method(1, deliver).marshal(),
        pika.frame.Header(1, len(body), properties).marshal(),
        *(pika.frame.Body(1, piece).marshal() for piece in pieces),
    ]


@given(st.lists(st.tuples(st.integers(1, 2**63), _texts, _bodies), max_size=8), st.data())
def test_whole_deliveries_are_found_and_the_rest_waits(sent: list[tuple[int, str, bytes]], data: st.DataObject) -> None:
    """Every delivery comes out once, in order and unchanged, wherever the stream is cut."""
    stream = b"".join(b"".join(_frames(*one)) for one in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    got: list[Found] = []
    waiting = b""
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        waiting += stream[start:end]
        found, length, more_to_come = split(waiting)
        assert more_to_come
        got += found
        waiting = waiting[length:]
    assert got == [Found(*one) for one in sent]
    assert not waiting


@pytest.mark.parametrize(
    "other",
    [
        pika.frame.Heartbeat().marshal(),
        pika.frame.Method(1, pika.spec.Basic.QosOk()).marshal(),
        b"".join(_frames(2, "lab.sample_tested", b"x" * 300, most=100)),
        b"".join([_frames(2, "k", b"x")[0], pika.frame.Heartbeat().marshal(), *_frames(2, "k", b"x")[1:]]),
        b"".join([*_frames(2, "k", b"x")[:2], pika.frame.Heartbeat().marshal(), _frames(2, "k", b"x")[2]]),
        b"AMQP\x00\x00\x09\x01",
        b"".join(_frames(2, "k", b"x"))[:-1] + b"\x00",
    ],
    ids=[
        "heartbeat",
        "another method",
        "body in pieces",
        "heartbeat inside",
        "heartbeat before the body",
        "refused",
        "no end mark",
    ],
)
def test_everything_else_is_left_to_pika(other: bytes) -> None:
    """What is no delivery of three frames stops the bulk reading at its first byte, and does not wait for more."""
    before = b"".join(_frames(1, "lab.sample_tested", b"{}"))
    found, length, more_to_come = split(before + other)
    assert (found, length, more_to_come) == ([Found(1, "lab.sample_tested", b"{}")], len(before), False)
