"""The data folder of the embedded mode belongs to one process at a time."""

from __future__ import annotations

import fcntl
from typing import IO

from shared.kernel.errors import Conflict
from shared.settings import Settings


def lock_folder(settings: Settings, *, otherwise: str) -> IO[str] | None:
    """Keep other processes off the data folder until the returned file is closed; ``Conflict`` with a way out when one uses it.

    SQLite files and the in-process broker cannot be shared. Servers guard themselves, so that there nothing has to be stopped.
    """
    if not settings.service_database_url().startswith("sqlite"):
        return None
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    file = (settings.data_dir / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise Conflict(
            f"{settings.data_dir} is in use by a running chuan, and SQLite files belong to one process: {otherwise}"
        ) from error
    return file
