"""A TCP proxy that spoils connections, in a process of its own: ``python -m tests.chaos.proxy``.

It reads one JSON command a line and answers each with one JSON line. A link leads from a port of its own to one server.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import sys
from contextlib import suppress
from typing import Any

_CHUNK = 65_536
_HOST = "127.0.0.1"


class Link:
    """One port, the server behind it, and how its connections are spoilt at the moment.

    ``delay`` holds every piece back for so many seconds, ``rate`` is bytes a second, ``slices`` the most bytes that are
    passed on at once; 0 leaves each of them alone. While ``closed``, whoever connects is sent away.
    """

    def __init__(self, port: int, chance: random.Random) -> None:
        self.port = port
        self.chance = chance
        self.delay = 0.0
        self.rate = 0.0
        self.slices = 0
        self.closed = False
        self._connections: set[_Connection] = set()

    async def listen(self, own: int) -> None:
        """Begin to accept connections on the port ``own``."""
        await asyncio.start_server(self._accept, _HOST, own)

    def cut(self) -> None:
        """End every connection at once, towards both sides."""
        for connection in list(self._connections):
            connection.abort()

    def freeze(self) -> None:
        """Make every present connection half-open: it passes nothing on any more, not even that a side has left."""
        for connection in self._connections:
            connection.frozen = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.closed:
            _abort(writer)
            return
        try:
            onward, back = await asyncio.open_connection(_HOST, self.port)
        except OSError:
            _abort(writer)
            return
        connection = _Connection(self, writer, back)
        self._connections.add(connection)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(connection.pass_on(reader, back))
                both.create_task(connection.pass_on(onward, writer))
        finally:
            self._connections.discard(connection)


class _Connection:
    """A client's connection and the one to the server that belongs to it."""

    def __init__(self, link: Link, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.frozen = False
        self._link = link
        self._sides = (client, server)
        for side in self._sides:
            side.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def abort(self) -> None:
        for side in self._sides:
            _abort(side)

    async def pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass on what comes until a side leaves."""
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                await self._thaw()
                await self._shaped(data, target)
        await self._thaw()
        self.abort()

    async def _thaw(self) -> None:
        while self.frozen:
            await asyncio.Event().wait()  # never: half-open is for good

    async def _shaped(self, data: bytes, target: asyncio.StreamWriter) -> None:
        link = self._link
        if link.delay:
            await asyncio.sleep(link.delay)
        if link.rate:
            await asyncio.sleep(len(data) / link.rate)
        position = 0
        while position < len(data):
            size = link.chance.randint(1, link.slices) if link.slices else len(data)
            target.write(data[position : position + size])
            await target.drain()
            position += size
            if link.slices:
                await asyncio.sleep(0)


def _abort(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, which tells the other side at once."""
    with suppress(OSError, ValueError):
        linger = (1).to_bytes(4, sys.byteorder) + (0).to_bytes(4, sys.byteorder)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def _obey(links: dict[str, Link], order: dict[str, Any], chance: random.Random) -> None:
    if order["do"] == "open":
        link = links[order["link"]] = Link(order["to"], chance)
        await link.listen(order["port"])
        return
    link = links[order["link"]]
    if order["do"] == "set":
        for name in ("delay", "rate", "slices", "closed"):
            setattr(link, name, order.get(name, 0))
    elif order["do"] == "cut":
        link.cut()
    elif order["do"] == "freeze":
        link.freeze()


async def _serve() -> None:
    chance = random.Random(0)
    links: dict[str, Link] = {}
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        await _obey(links, json.loads(line), chance)
        print("{}", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
