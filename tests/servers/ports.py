"""Ports nobody listens on."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack

# Below the range from which the kernel takes outgoing ports (32768 on Linux): a client that polls a port in that range
# before its server listens can be connected to itself, and the server then finds its port in use.
_LOWEST, _HIGHEST = 20_000, 32_000
_HOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Return ``count`` different loopback ports that can be listened on now."""
    found: list[int] = []
    with ExitStack() as held:
        for port in random.SystemRandom().sample(range(_LOWEST, _HIGHEST), _HIGHEST - _LOWEST):
            listener = held.enter_context(socket.socket())
            try:
                listener.bind((_HOST, port))
            except OSError:
                continue
            found.append(port)
            if len(found) == count:
                return found
    raise OSError(f"no {count} free ports between {_LOWEST} and {_HIGHEST}")


def listens(port: int) -> bool:
    """Tell whether somebody accepts connections on ``port``."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((_HOST, port)) == 0
