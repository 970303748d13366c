"""What a check found."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad a finding is; ``fail`` keeps services from doing their duty."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the doctor: what was looked at, what was found, and what to do about it."""

    level: Level
    subject: str
    finding: str
    advice: str = ""


def ok(subject: str, finding: str) -> Finding:
    """Return that all is well."""
    return Finding(level=Level.OK, subject=subject, finding=finding)


def warn(subject: str, finding: str, advice: str) -> Finding:
    """Return something to know about."""
    return Finding(level=Level.WARN, subject=subject, finding=finding, advice=advice)


def fail(subject: str, finding: str, advice: str) -> Finding:
    """Return something that must be put right."""
    return Finding(level=Level.FAIL, subject=subject, finding=finding, advice=advice)
