"""Which hosts are this machine: what goes to any other can be read on the way."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str | None) -> bool:
    """Tell whether ``host``, a name or an address, is this machine by whatever a name server says."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
