"""What can go wrong, told apart by who has to act on it."""

from __future__ import annotations

from enum import StrEnum


class ChuanError(Exception):
    """Base of every error this project raises on purpose; its text is fit for a user to read."""


class Reason(StrEnum):
    """Why an event was refused. Stored and used as a metric label: never rename a value."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    DUPLICATE_KEY = "duplicate_key"
    NOT_A_CLOUDEVENT = "not_a_cloudevent"
    UNKNOWN_TYPE = "unknown_type"
    NEWER_VERSION = "newer_version"
    INVALID_DATA = "invalid_data"
    NOT_FROM_OUTSIDE = "not_from_outside"
    SAME_ID_OTHER_CONTENT = "same_id_other_content"
    NOT_DELIVERED = "not_delivered"  # by the broker: rejected, unroutable, or given up


class Refused(ChuanError):
    """An event that cannot be accepted: what was wrong, where, and what to do.

    ``pointer`` is the JSON pointer (RFC 6901) of the offending value, empty for the whole document.
    """

    def __init__(self, reason: Reason, detail: str, pointer: str = "") -> None:
        super().__init__(f"{detail} (at {pointer})" if pointer else detail)
        self.reason = reason
        self.detail = detail
        self.pointer = pointer


class InvalidInput(ChuanError):
    """Something a person or a system sent is not valid; ``pointer`` says where."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(f"{detail} (at {pointer})" if pointer else detail)
        self.detail = detail
        self.pointer = pointer


class NotFound(ChuanError):
    """What was asked for does not exist."""


class Conflict(ChuanError):
    """The request contradicts the present state."""


class NotPermitted(ChuanError):
    """Who asks may not do this; somebody else may."""


class Permanent(ChuanError):
    """A handler knows that trying again cannot help: the event goes to the dead-letter desk at once."""


class DependencyDown(ChuanError):
    """The broker, database or mail server is away: wait for it, and spend no attempts."""


class Interrupted(BaseException):
    """A signal asked this process to end; like ``KeyboardInterrupt`` it is nobody's error, and is caught by nobody."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
