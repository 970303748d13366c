"""What a command wants changed: done in the data folder, or sent to a running chuan."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from services.cli.databases import changed, settings_of
from shared.client.remote import Remote, problem
from shared.database.unit_of_work import UnitOfWork
from shared.kernel import wellformed
from shared.kernel.errors import InvalidInput

T = TypeVar("T")


def well_formed(given: dict[str, Any], kind: type[T]) -> T:
    """Return the options that were given as ``kind``; raise ``InvalidInput`` that names the one which is wrong."""
    found: T = wellformed.well_formed({name: value for name, value in given.items() if value not in ("", None)}, kind)
    return found


def carry_out(
    do: Callable[[UnitOfWork], Any],
    path: str,
    body: Any,
    *,
    service: str,
    url: str,
    data: Path | None,
    begins: bool = False,
    answer: Any = Any,
) -> Any:
    """Post ``body`` to ``path`` of the chuan that runs at ``url``; without one ``do`` the same on the database of ``service``.

    Returns what came of it, from elsewhere as ``answer``. What can be the first of its kind ``begins``: it makes the database.
    Raises ``InvalidInput`` with what a running chuan says is wrong.
    """
    if url:
        return msgspec.json.decode(_sent(url, path, body), type=answer)
    with changed(settings_of(data), service, otherwise="give --url to send it there", begins=begins) as uow:
        return do(uow)


def _sent(url: str, path: str, body: Any) -> bytes:
    with closing(Remote(url)) as remote:
        answer = remote.post(path, msgspec.json.encode(body), "application/json")
    if not answer.ok:
        said = problem(answer)
        raise InvalidInput(f"{url} refused it: {said.detail or said.title}", said.pointer)
    return answer.content
