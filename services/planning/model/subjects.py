"""What statutory clocks run for: a case, a draft, an application, the report of a period …, and the ids they are known by."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from shared.contracts.vocabulary import Product, Site


class SubjectKind(StrEnum):
    """What a clock can be about. Stored: never rename a value."""

    CASE = "case"
    TASK = "task"
    PERIODIC = "periodic_duty"
    APPLICATION = "application"
    DRAFT = "draft"
    MEETING = "meeting"
    TBT_NOTIFICATION = "tbt_notification"
    TBT_REQUEST = "tbt_request"
    CONTACT_POINT = "contact_point"
    AGENCY_CHECK = "agency_check"
    IMPORTED_LOT = "imported_lot"
    WORK = "work"


def key(kind: str, *names: str) -> str:
    """Return the id under which acts are noted: systems number their things by themselves, so the kind is part of it."""
    return "/".join((kind, *names))


def name_in(subject_id: str) -> str:
    """Return the id a thing has in its own system, as events may carry it."""
    return subject_id.partition("/")[2][:120].strip()


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that time limits run for.

    ``origin`` is the key of what led to it, whose acts are its own too: the violation of a case. A finding that joins an
    open case starts no clocks of its own: the measure that reports it is already in force.
    """

    subject_id: str
    kind: SubjectKind
    origin: str = ""
    title: str = ""
    unit: str = ""
    unit_province: str = ""
    site: Site | None = None
    product: Product | None = None

    @property
    def name(self) -> str:
        """The id it has in its own system."""
        return name_in(self.subject_id)
