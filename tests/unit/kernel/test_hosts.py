"""Which hosts are this machine."""

from __future__ import annotations

import pytest

from shared.kernel.hosts import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine(host: str) -> None:
    """The whole loopback network is, in both versions of the protocol."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["128.0.0.1", "0.0.0.0", "::", "localhost.example", "broker", "", None])  # noqa: S104 - it is refused
def test_elsewhere(host: str | None) -> None:
    """A name could be anything, and all interfaces are more than loopback."""
    assert not is_loopback(host)
