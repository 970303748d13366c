"""Ways to deliver a notice: one file per channel; a new file here is a new channel, found by itself.

A file ``<name>.py`` defines ``open_channel(settings, wall) -> Channel`` and ``check_address(address)``. A recipient is
reached by it when the contacts give them an address under its name.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Protocol

from services.notification.model import Letter
from shared.kernel.errors import ChuanError
from shared.settings import Settings

# Sends one letter and returns the receipt; raises one of the four below.
Send = Callable[[Letter], str]


class Channel(Protocol):
    """One way to deliver. A session serves the letters of one round and closes what it opened."""

    def session(self) -> AbstractContextManager[Send]:
        """Give the function that sends."""


class Deferred(ChuanError):
    """The letter was not accepted now: it goes one step up its retry ladder."""


class Refused(ChuanError):
    """The letter will never be accepted: trying again cannot help."""


class AddressGone(Refused):
    """Nothing must be sent to this address any more, until the contacts give another one."""


class ServerAway(ChuanError):
    """The server that all letters of this channel share is away: nothing was tried, and no letter is to blame."""


def open_channels(settings: Settings, wall: Callable[[], datetime]) -> dict[str, Channel]:
    """Return every channel by name, ready for use; ``wall`` is physical time."""
    return {name: module.open_channel(settings, wall) for name, module in _modules().items()}


def channel_names() -> tuple[str, ...]:
    """Return the names of all channels. They are stored: never rename one."""
    return tuple(_modules())


def check_address(channel: str, address: Mapping[str, str]) -> None:
    """Raise ``ValueError`` unless ``address`` is one that ``channel`` can deliver to."""
    module = _modules().get(channel)
    if module is None:
        raise ValueError(f"there is no channel {channel!r}; there are {', '.join(channel_names())}")
    module.check_address(address)


@cache
def _modules() -> dict[str, ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}") for name in names}
