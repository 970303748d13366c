"""What stored names and other authorities' English become before an official reads it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from services.notification import handlers
from services.notification.desk import Desk
from services.notification.rules import rules
from services.notification.writing import Writer
from shared import i18n
from shared.contracts.inspection import ViolationDetected
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed
from shared.contracts.vocabulary import Breach
from shared.i18n.citations import cited
from shared.i18n.countries import country_name
from shared.room import Room
from tests.unit.notification.made_up import event_of

_BY_KIND = {rule.kind: rule for rule in rules()}


@pytest.mark.parametrize(
    ("source", "vi", "en"),
    [
        (
            "TT 28/2013/TT-BKHCN Điều 21(2)(c)",
            "Thông tư 28/2013/TT-BKHCN, Điều 21 khoản 2 điểm c",
            "Circular 28/2013/TT-BKHCN, Article 21(2)(c)",
        ),
        (
            "TT 16/2018/TT-BKHCN Điều 16(2)(đ)",
            "Thông tư 16/2018/TT-BKHCN, Điều 16 khoản 2 điểm đ",
            "Circular 16/2018/TT-BKHCN, Article 16(2)(đ)",
        ),
        (
            "NĐ 127/2007/NĐ-CP Điều 4a",
            "Nghị định 127/2007/NĐ-CP, Điều 4a",
            "Decree 127/2007/NĐ-CP, Article 4a",
        ),
        (
            "Luật 05/2007/QH12 Điều 34(2), 36(2)",
            "Luật 05/2007/QH12, Điều 34 khoản 2, 36 khoản 2",
            "Law 05/2007/QH12, Article 34(2), 36(2)",
        ),
        (
            "QCVN 1:2022/BKHCN, TT 16/2022/TT-BKHCN",
            "QCVN 1:2022/BKHCN, Thông tư 16/2022/TT-BKHCN",
            "QCVN 1:2022/BKHCN, Circular 16/2022/TT-BKHCN",
        ),
    ],
)
def test_a_legal_source_is_written_out(source: str, vi: str, en: str) -> None:
    """An official reads the article as the law itself is cited; what is no abbreviation stays."""
    assert (cited(source, "vi"), cited(source, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("name", "vi"),
    [
        ("Germany", "Đức"),
        ("Viet Nam", "Việt Nam"),
        ("Vietnam", "Việt Nam"),
        ("the Netherlands", "Hà Lan"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_a_country_has_its_vietnamese_name(name: str, vi: str) -> None:
    """Sources write English; a name that nobody knows stays as it was written, and so does every name in English."""
    assert (country_name(name, "vi"), country_name(name, "en")) == (vi, name)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("2025", "năm 2025"),
        ("2025-03", "tháng 03/2025"),
        ("2025-H2", "6 tháng cuối năm 2025"),
        ("2025-Q3", "quý 3 năm 2025"),
        ("2025-W07", "tuần 07 năm 2025"),
    ],
)
def test_a_report_that_is_due_names_its_period(key: str, shown: str) -> None:
    """Not the stored key of the duty."""
    sample = DeadlineMissed.sample()
    late = msgspec.structs.replace(sample, about=f"{sample.duty}/{key}/SAMPLE-UNIT-46", case_id="")
    decision = _BY_KIND["deadline_missed"].decide(late)
    assert decision is not None
    assert f"Kỳ: {shown}\n" in Writer().write("deadline_missed", decision).wording.text_vi


def test_a_missing_mark_is_said_to_be_missing() -> None:
    """Nobody has to read a nought beside a limit of one."""
    breach = Breach(parameter="conformity_mark", measured=Decimal(0), limit=Decimal(1), unit="1")
    decision = _BY_KIND["violation_warning"].decide(msgspec.structs.replace(ViolationDetected.sample(), breaches=[breach]))
    assert decision is not None
    wording = Writer().write("violation_warning", decision).wording
    assert "\n- không có dấu hợp quy\n" in wording.text_vi
    assert "\n- no conformity mark\n" in wording.text_en


def test_whatever_is_there_or_not_is_said_in_words() -> None:
    """A parameter of one or nought has its words for nought."""
    words = i18n.catalogue("vi")
    present = [text_id.partition(".")[2] for text_id, text in words.items() if "(1: có" in text]
    assert len(present) >= 2
    assert not [name for name in present if f"missing.{name}" not in words]


@pytest.mark.parametrize(("late", "notices"), [(timedelta(0), 1), (timedelta(seconds=1), 0)])
def test_nobody_is_reminded_of_a_time_that_is_over(room: Room, desk: Desk, late: timedelta, notices: int) -> None:
    """After an outage the clock is announced late: then the notice that it was missed says all there is to say."""
    sample = DeadlineApproaching.sample()
    event = msgspec.structs.replace(event_of(sample), time=sample.due_at + late)
    with room.transaction() as uow:
        handlers.react([event], uow, desk)
        assert len([one for one in uow.emitted if one.type == "notification.notice_issued"]) == notices
