"""What ``chuan doctor`` looks at, one function a subject."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from services.cli.checks.configuration import settings_in_use
from services.cli.checks.findings import Finding, Level, fail
from services.cli.checks.machine import data_folder, port, python, required_packages
from services.cli.checks.servers import broker, databases, mail_server
from services.cli.databases import settings_of, wrong_settings

__all__ = ["Finding", "Level", "all_findings"]


def all_findings(data: Path | None) -> Iterator[Finding]:
    """Look at everything; without readable settings there is nothing to follow them to."""
    yield from python()
    yield from required_packages()
    try:
        settings = settings_of(data)
    except ValidationError as error:
        yield fail("settings", wrong_settings(error), "correct the environment")
        return
    for check in (settings_in_use, data_folder, databases, broker, mail_server, port):
        yield from check(settings)
