"""Shows that long work goes on: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_LINE_EVERY = 5.0  # seconds


class counting:  # noqa: N801 - reads as what it does in a `with` statement
    """Counts up to ``total``, or without an end when it is not known; call it with the count so far."""

    def __init__(self, total: int | None, what: str = "events") -> None:
        self._total = total
        self._what = what
        self._began = self._last = time.monotonic()
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._task = self._bar.add_task(self._what, total=self._total)
            self._bar.start()
        return self

    def __call__(self, done: int) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=done)
        elif time.monotonic() - self._last >= _LINE_EVERY:
            self._last = time.monotonic()
            of = f" of {self._total:,}" if self._total else ""
            print(f"{done:,}{of} {self._what}, {done / (self._last - self._began):,.0f} a second", file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
