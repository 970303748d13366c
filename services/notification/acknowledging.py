"""The page that the link of a letter leads to: it says what the letter was about and acknowledges it by a button.

Opening the link changes nothing: mail scanners open every link.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notification.contacts import Contacts
from services.notification.queries import NoticeFile
from services.notification.writing import TEMPLATES
from shared.kernel.clock import HANOI
from shared.kernel.deadlines import local_day

# A browser names the sender of a form only to pages whose policy lets it: `Origin` is what a form is known by.
HEADERS = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


def page(notice: NoticeFile, contacts: Contacts) -> str:
    """Return the page of a notice: a button for each recipient who has not acknowledged it yet, called by their names."""
    name_of = partial(_name, contacts, local_day(notice.issued_at))
    done = {one.recipient: f"{one.acknowledged_at.astimezone(HANOI):%H:%M %d/%m/%Y}" for one in notice.acknowledgements}
    recipients = sorted({one.recipient for one in notice.deliveries} - done.keys())
    template = Environment(
        loader=FileSystemLoader(TEMPLATES / "layouts"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("acknowledgement.html.j2")
    return template.render(
        notice=notice,
        waiting=[(one, name_of(one)) for one in recipients],
        acknowledged=[(name_of(one), at) for one, at in sorted(done.items())],
    )


def _name(contacts: Contacts, day: date, role: str) -> str:
    found = contacts.find(role, day)
    return found.name["vi"] if found is not None else role
