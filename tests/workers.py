"""pytest-xdist and green threads: its workers hear the controller through a real thread, which must keep real locks.

eventlet replaces every lock of the process when it goes green. A real thread cannot wake a green one, so the few locks
that the two sides of a worker share are made real again.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from eventlet import patcher


def is_controller() -> bool:
    """Tell whether this process only hands tests to workers. It runs none, and must not go green at all."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return False
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-n", "--numprocesses", default="0")
    words = [*os.environ.get("PYTEST_ADDOPTS", "").split(), *sys.argv[1:]]
    return bool(parser.parse_known_args(words)[0].numprocesses != "0")


def keep_real_locks(interactor: Any) -> None:
    """Make real again what the worker's main thread and the thread that hears the controller share."""
    threading = patcher.original("threading")
    gateway = interactor.channel.gateway
    gateway._receivelock = threading.RLock()
    gateway._channelfactory._writelock = threading.RLock()
    for pool in (gateway._execpool, gateway._receivepool):
        pool._running_lock = threading.RLock()
    model = gateway.execmodel
    model.Event, model.Lock, model.RLock = threading.Event, threading.RLock, threading.RLock
    ready = gateway._execpool._primary_thread_task_ready = threading.Event()
    ready.set()  # it is: this test run is the task
    interactor.torun = type(interactor.torun)(threading)
