"""``python -m tests.benchmarks.kit SERVICE``: host a service the way ``chuan run`` hosts ours."""

from __future__ import annotations

from shared.runner.green import go_green

go_green()

import signal  # noqa: E402 - nothing may be imported before
import sys  # noqa: E402
import threading  # noqa: E402

from shared.kernel.clock import SystemClock  # noqa: E402
from shared.observability import logging  # noqa: E402
from shared.runner.launcher import Hosting  # noqa: E402
from shared.settings import Settings  # noqa: E402
from tests.benchmarks.kit.service import AnnouncerService, RollupService  # noqa: E402


def main() -> None:
    """Run until SIGTERM."""
    service = {one.name: one for one in (AnnouncerService, RollupService)}[sys.argv[1]]
    settings = Settings()
    logging.configure(settings.log_level, settings.log_format)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    with Hosting([service], settings, SystemClock(), version="bench", asyncapi=dict, serve_http=False):
        while not stopping.wait(1.0):
            pass


if __name__ == "__main__":
    main()
