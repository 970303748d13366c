"""The page that the link of a letter leads to."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from services.notification import acknowledging
from services.notification.desk import Desk
from services.notification.queries import AcknowledgementLine, DeliveryLine, NoticeFile
from tests.unit.notification.made_up import MORNING

HOSTILE = """"><script>alert(1)</script>"""


def notice(*read: str, recipients: tuple[str, ...] = ("tbt_office", "leadership")) -> NoticeFile:
    """Return a notice that some recipients have read."""
    return NoticeFile(
        notice_id="N-1",
        kind="violation_warning",
        about="V-1",
        province="46",
        product_group="petrol",
        issued_at=MORNING,
        recipients=len(recipients),
        title_vi="Cảnh báo (mẫu)",
        title_en="Warning (sample)",
        text_vi="",
        text_en="",
        deliveries=[
            DeliveryLine(
                delivery_id=f"{one}/{channel}",
                recipient=one,
                channel=channel,
                state="delivered",
                attempts=1,
                next_attempt_at=MORNING,
                answer="",
                settled_at=MORNING,
            )
            for one in recipients
            for channel in ("email", "webhook")
        ],
        acknowledgements=[AcknowledgementLine(recipient=one, acknowledged_at=MORNING + timedelta(hours=1)) for one in read],
    )


def test_one_button_for_each_who_has_not_acknowledged(desk: Desk) -> None:
    """By name, whatever the channels; who has, stands there with the time; nothing is left to press when all have."""
    page = acknowledging.page(notice("leadership"), desk.contacts)
    office = desk.contacts.find("tbt_office", MORNING.date())
    assert office is not None
    assert page.count("<button") == page.count('value="tbt_office"') == 1
    assert office.name["vi"] in page
    assert "Đã xác nhận" in page
    assert "09:00 14/03/2025" in page
    assert "<form" not in acknowledging.page(notice("leadership", "tbt_office"), desk.contacts)


def test_texts_of_others_stay_texts(desk: Desk) -> None:
    """A title, and a role that the contacts no longer name."""
    hostile = msgspec.structs.replace(notice(recipients=(HOSTILE,)), title_vi=HOSTILE, title_en=HOSTILE)
    page = acknowledging.page(hostile, desk.contacts)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4
