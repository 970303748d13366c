"""How a piece of work fares that is tried again until it succeeds."""

from __future__ import annotations

import time

from shared.kernel.errors import DependencyDown


class Health:
    """Remembers why the last try failed, and since when every one has: physical time, for business time may stand still."""

    def __init__(self) -> None:
        self.fault = ""
        self._since = 0.0

    def succeeded(self) -> None:
        """Note a try that succeeded."""
        self.fault = ""

    def failed(self, error: Exception) -> None:
        """Note a try that failed."""
        if not self.fault:
            self._since = time.monotonic()
        self.fault = str(error) if isinstance(error, DependencyDown) else f"{type(error).__name__}: {error}"

    def lasting(self, seconds: float) -> str:
        """Return the fault when all tries of the last ``seconds`` failed, else an empty text."""
        return self.fault if self.fault and time.monotonic() - self._since >= seconds else ""
