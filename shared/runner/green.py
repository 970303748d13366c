"""The first thing a process does: make waiting cooperative, before anything else is imported."""

from __future__ import annotations

import os
import sys
import warnings


def go_green() -> None:
    """Patch the standard library for green threads; a second call changes nothing.

    psycopg must be told to wait through Python, for its C code would stop the whole process while it waits. Raises
    ``RuntimeError`` when something that must not come first was imported before.
    """
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
    with warnings.catch_warnings():
        # eventlet announces its maintenance mode at import; docs/adr/0003 says what that means here.
        warnings.simplefilter("ignore")
        import eventlet  # noqa: PLC0415
        import eventlet.patcher  # noqa: PLC0415
    if eventlet.patcher.is_monkey_patched("socket"):
        return
    early = [name for name in ("psycopg", "prometheus_client", "nameko", "kombu", "pika") if name in sys.modules]
    if early:
        raise RuntimeError(f"imported before the process went green: {', '.join(early)}")
    eventlet.monkey_patch()
    _remember_no_addresses()


def _remember_no_addresses() -> None:
    # eventlet's resolver keeps an address for as long as the name server allows, in some container networks a day: a broker
    # that comes back at another address would not be found.
    from eventlet.support import greendns  # noqa: PLC0415

    greendns.resolver._resolver.cache = None  # noqa: SLF001 - it can be cleared only, and would fill again


def assert_green() -> None:
    """Raise ``RuntimeError`` unless waiting is cooperative, down to the database driver."""
    import eventlet.patcher  # noqa: PLC0415

    if not eventlet.patcher.is_monkey_patched("socket"):
        raise RuntimeError("this process hosts services but did not call go_green() first")
    import psycopg.waiting  # noqa: PLC0415

    if psycopg.waiting.wait is not psycopg.waiting.wait_selector:
        raise RuntimeError("psycopg would block every service of this process; set PSYCOPG_WAIT_FUNC=wait_selector before start")
