"""What the service needs besides its room: its rules, words and contacts, made once for a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notification.channels import check_address
from services.notification.contacts import Contacts, read_contacts
from services.notification.model import Rule
from services.notification.rules import rules
from services.notification.writing import Writer
from shared.organisation.file import read_organisation
from shared.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Rules by the event type they listen to, the writer, and the recipients; ``wall`` is physical time."""

    rules: Mapping[str, tuple[Rule, ...]]
    writer: Writer
    contacts: Contacts
    wall: Callable[[], datetime]


def open_desk(settings: Settings, wall: Callable[[], datetime]) -> Desk:
    """Return the desk. Raises ``InvalidInput`` for contacts, or an organisation, that cannot be used."""
    by_type: dict[str, tuple[Rule, ...]] = {}
    for rule in rules():
        by_type[rule.listens_to.type] = (*by_type.get(rule.listens_to.type, ()), rule)
    writer = Writer(organisation=read_organisation(settings.organisation))
    return Desk(rules=by_type, writer=writer, contacts=read_contacts(settings.contacts, check_address), wall=wall)
