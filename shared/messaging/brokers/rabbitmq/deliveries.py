"""Reads deliveries from the bytes of a connection (AMQP 0-9-1, 4.2.3): pika makes seven objects of each, this makes one.

Measured with 600-byte events: 4 microseconds of processor time for each delivery, where pika takes 15.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

_FRAME = struct.Struct(">BHL")  # type, channel, bytes of payload; after the payload comes one more byte, the end mark
_HEADER = struct.Struct(">BHLHHQ")  # the same, and in the payload of a header frame: class, weight, bytes of the whole body
_TAG = struct.Struct(">Q")
_OVERHEAD = _FRAME.size + 1
_METHOD, _CONTENT_HEADER, _CONTENT_BODY, _END = 1, 2, 3, 0xCE
_DELIVER = b"\x00\x3c\x00\x3c"  # class basic, method deliver


class Found(NamedTuple):
    """A delivery as the broker sent it."""

    tag: int
    routing_key: str
    body: bytes


def split(data: bytes) -> tuple[list[Found], int, bool]:
    """Return the deliveries at the head of ``data``, how many bytes they take, and whether what follows may become one.

    What follows is either the beginning of a delivery that has not arrived whole, or anything else: another method, a
    body in several frames, something that came between the frames, or what is no AMQP. That is left to pika.
    """
    found: list[Found] = []
    at, size = 0, len(data)
    while at < size:
        if data[at] != _METHOD or not _DELIVER.startswith(data[at + 7 : at + 11]):
            return found, at, False
        try:
            header = at + _OVERHEAD + _FRAME.unpack_from(data, at)[2]
            tag_at = at + 12 + data[at + 11]  # behind the consumer's name
            (tag,) = _TAG.unpack_from(data, tag_at)
            key_at = tag_at + 10 + data[tag_at + 9]  # behind the redelivered flag and the exchange's name
            kind, _, length, _, _, whole = _HEADER.unpack_from(data, header)
            body = header + _OVERHEAD + length
            if kind != _CONTENT_HEADER or data[header - 1] != _END:
                return found, at, False
            end = body
            if whole:
                kind, _, length = _FRAME.unpack_from(data, body)
                end = body + _OVERHEAD + length
                if kind != _CONTENT_BODY or length != whole or data[body - 1] != _END:
                    return found, at, False
            if data[end - 1] != _END:
                return found, at, False
        except (IndexError, struct.error):
            return found, at, True
        routing_key = data[key_at + 1 : key_at + 1 + data[key_at]].decode("utf-8", "surrogateescape")
        found.append(Found(tag, routing_key, data[end - 1 - whole : end - 1] if whole else b""))
        at = end
    return found, at, True
