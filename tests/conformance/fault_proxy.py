"""A TCP proxy on which a network can be made to fail."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_CHUNK = 65_536


class FaultProxy:
    """Forwards connections to ``host:port``; ``hold`` lets nothing through any more, ``cut`` ends every connection."""

    def __init__(self, host: str, port: int) -> None:
        self.url = ""
        self._target = (host, port)
        self._flowing = threading.Event()
        self._flowing.set()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.close()
        self.release()
        self.cut()

    def hold(self) -> None:
        """Keep everything that is sent from now on, in both directions; nobody is told."""
        self._flowing.clear()

    def release(self) -> None:
        """Let through what was kept, and all that follows."""
        self._flowing.set()

    def cut(self) -> None:
        """End every connection."""
        for one in self._sockets:
            with suppress(OSError):  # some ended before
                one.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with source, suppress(OSError):  # the connection was cut
            while data := source.recv(_CHUNK):
                self._flowing.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_RDWR)
