"""The settings: which are set, which are misspelt, and whether the files they name are there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.cli.checks.findings import Finding, fail, ok, warn
from shared.settings import Settings

_PREFIX = str(Settings.model_config["env_prefix"])
# Read by commands and clients, and not by services.
_OF_OTHERS = {"CHUAN_ONCE", "CHUAN_TOKEN"}


def settings_in_use(settings: Settings) -> Iterator[Finding]:
    """Show every setting that is not the default, with secrets masked."""
    names = {f"{_PREFIX}{name.upper()}": name for name in Settings.model_fields}
    changed = [
        f"{variable}={_shown(getattr(settings, name))}"
        for variable, name in names.items()
        if getattr(settings, name) != Settings.model_fields[name].default
    ]
    yield ok("settings", ", ".join(changed) or "all defaults")
    given = {name.upper() for name in os.environ if name.upper().startswith(_PREFIX)}
    for variable in sorted(given - names.keys() - _OF_OTHERS):
        yield warn("settings", f"{variable} is no setting", "look for a misspelling")
    for variable, name in names.items():
        value = getattr(settings, name)
        if isinstance(value, Path) and name in ("tokens_file", "contacts", "organisation") and not value.is_file():
            yield fail("settings", f"{variable} names {value}, and there is no such file", "correct the path, or unset it")


def _shown(value: object) -> str:
    if not isinstance(value, SecretStr):
        return str(value)
    parts = urlsplit(value.get_secret_value())
    # Of a URL everything but the password may be seen; of anything else nothing.
    if not parts.scheme or not parts.hostname:
        return "***" if "@" in parts.path or not parts.scheme else parts.geturl()
    user = f"{parts.username}:***@" if parts.username else ""
    place = parts.hostname + (f":{parts.port}" if parts.port else "")
    return f"{parts.scheme}://{user}{place}{parts.path}"
