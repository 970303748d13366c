"""Notices in words: complete in both languages, and no fact of an event can forge a line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from services.notification.model import Rule
from services.notification.rules import rules
from services.notification.writing import TEMPLATES, Writer, Written, one_line
from shared.contracts.inspection import PublicationDecided, ViolationDetected
from shared.contracts.partners import AlertPublished, TimePrecision
from shared.contracts.planning import DeadlineMissed, TbtNotificationDue
from shared.contracts.vocabulary import RiskLevel
from shared.i18n.citations import cited
from shared.organisation.file import read_organisation

_BY_KIND = {rule.kind: rule for rule in rules()}
PUBLIC = ("violation_warning", "foreign_alert", "publication")


def written(rule: Rule, data: object) -> Written:
    """Return the notice a rule issues on ``data``."""
    decision = rule.decide(data)
    assert decision is not None
    return Writer().write(rule.kind, decision)


@pytest.mark.parametrize("kind", _BY_KIND)
def test_every_kind_has_words_in_both_languages(kind: str) -> None:
    """Title and text are there, the Vietnamese ones in Vietnamese, without a hole or a stored name of ours in them."""
    wording = written(_BY_KIND[kind], _BY_KIND[kind].listens_to.sample()).wording
    assert not wording.title_vi.isascii()
    assert not wording.text_vi.isascii()
    assert wording.title_vi != wording.title_en
    assert wording.text_vi != wording.text_en
    for text in (wording.title_vi, wording.text_vi, wording.title_en, wording.text_en):
        assert text == text.strip() != ""
        assert "None" not in text
        assert "{" not in text


def test_a_draft_to_be_notified_names_articles_and_the_time_for_comments() -> None:
    """What the TBT office needs to decide; an urgent draft has no such time, and one not assessed is to be considered."""
    sample = TbtNotificationDue.sample()
    text = written(_BY_KIND["tbt_notification_due"], sample).wording.text_vi
    assert "Điều khoản của Hiệp định TBT: 2.9.2" in text
    assert "ít nhất 60 ngày" in text
    assert "13/05/2025" in text
    urgent = msgspec.structs.replace(sample, urgent=True, assessed=False, articles=["2.10.1"], comments_until=None)
    text = written(_BY_KIND["tbt_notification_due"], urgent).wording.text_vi
    assert "60 ngày" not in text
    assert "thông báo ngay khi ban hành" in text
    assert "cần xem xét thông báo" in text


@pytest.mark.parametrize(
    ("unit", "day", "vi", "en"),
    [
        (
            "SAMPLE-UNIT-NATIONAL",
            date(2025, 2, 28),
            "Tổng cục Tiêu chuẩn Đo lường Chất lượng (SAMPLE-UNIT-NATIONAL)",
            "Directorate for Standards Metrology and Quality (SAMPLE-UNIT-NATIONAL)",
        ),
        (
            "SAMPLE-UNIT-NATIONAL",
            date(2025, 3, 1),
            "Ủy ban Tiêu chuẩn Đo lường Chất lượng Quốc gia (SAMPLE-UNIT-NATIONAL)",
            "National Commission for Standards Metrology and Quality (SAMPLE-UNIT-NATIONAL)",
        ),
        ("SOMEBODY", date(2025, 3, 1), "SOMEBODY", "SOMEBODY"),
    ],
)
@pytest.mark.parametrize("kind", ["tbt_notification_due", "deadline_reminder", "deadline_missed"])
def test_units_are_called_by_their_names_of_the_day(kind: str, unit: str, day: date, vi: str, en: str) -> None:
    """A unit that the organisation does not know that day is shown by its id."""
    rule = _BY_KIND[kind]
    decision = rule.decide(msgspec.structs.replace(rule.listens_to.sample(), unit=unit))
    assert decision is not None
    wording = Writer(organisation=read_organisation(None)).write(kind, decision, day).wording
    assert f": {vi}\n" in wording.text_vi
    assert f": {en}\n" in wording.text_en


def test_every_template_is_some_rules() -> None:
    """No template is left over, none is missing."""
    assert {path.name.removesuffix(".j2") for path in TEMPLATES.glob("*.j2")} == set(_BY_KIND)


def test_a_violation_warning_tells_what_was_found() -> None:
    """The figures, the limit, the unit, the law and the duty, in the form each language writes them."""
    wording = written(_BY_KIND["violation_warning"], ViolationDetected.sample()).wording
    assert wording.title_vi == "Cảnh báo vi phạm: chất lượng xăng dầu – xăng, Huế"
    assert "Cơ sở: Cửa hàng xăng dầu mẫu 1 (mã SAMPLE-SITE-0001)" in wording.text_vi
    assert "- hàm lượng lưu huỳnh: 62 mg/kg, giới hạn 50 mg/kg" in wording.text_vi
    assert "09:30 ngày 14/03/2025" in wording.text_vi
    assert "Điều 40 khoản 2 điểm a" in wording.text_vi
    assert "- sulfur content: 62 mg/kg, limit 50 mg/kg" in wording.text_en
    assert "14 March 2025, 09:30" in wording.text_en


def test_a_risk_level_that_nobody_validated_is_told_to_authorities_only() -> None:
    """With what it rests on; an event from before there were levels says nothing of any."""
    sample = ViolationDetected.sample()
    found = written(_BY_KIND["violation_warning"], sample)
    assert "Mức rủi ro: trung bình (kịch bản mặc định" in found.wording.text_vi
    assert "Risk level: medium (default scenario: probability 1/2000, severity 2 of 4; not verified)" in found.wording.text_en
    assert found.public is not None
    assert "rủi ro" not in found.public.text_vi
    before = msgspec.structs.replace(sample, risk_basis=None, risk_level=RiskLevel.NOT_STATED)
    assert "rủi ro" not in written(_BY_KIND["violation_warning"], before).wording.text_vi


def test_numbers_are_written_as_the_language_writes_them() -> None:
    """A decimal comma in Vietnamese, a point in English, and every digit that was measured."""
    sample = ViolationDetected.sample()
    breach = msgspec.structs.replace(sample.breaches[0], measured=msgspec.convert("1234.5670", type(sample.breaches[0].measured)))
    wording = written(_BY_KIND["violation_warning"], msgspec.structs.replace(sample, breaches=[breach])).wording
    assert "1.234,567" in wording.text_vi
    assert "1,234.567" in wording.text_en


@pytest.mark.parametrize(("kind", "is_public"), [(kind, kind in PUBLIC) for kind in _BY_KIND])
def test_only_warnings_are_published(kind: str, is_public: bool) -> None:
    """Deadlines are the authorities' own business."""
    assert (written(_BY_KIND[kind], _BY_KIND[kind].listens_to.sample()).public is not None) is is_public


def test_neither_titles_nor_the_public_version_name_the_site() -> None:
    """Law 04/2011 Art. 47(2)(d); the recipients' text does name it."""
    sample = ViolationDetected.sample()
    notice = written(_BY_KIND["violation_warning"], sample)
    assert notice.public is not None
    public = f"{notice.public} {notice.wording.title_vi} {notice.wording.title_en}"
    assert sample.site.name not in public
    assert sample.site.id not in public
    assert sample.site.name in notice.wording.text_vi
    assert "Huế" in notice.public.text_vi


def test_a_decided_publication_names_the_violator_to_everyone() -> None:
    """Name, goods and how far they do not conform, as Law 05/2007 Art. 40(1)(c) and 40(2)(c) ask."""
    sample = PublicationDecided.sample()
    public = written(_BY_KIND["publication"], sample).public
    assert public is not None
    for wanted in (sample.site.name, sample.product.name, sample.degree, cited(sample.source, "vi")):
        assert wanted in public.text_vi
    assert sample.case_id not in public.text_vi


@pytest.mark.parametrize("block", ["title_vi", "public_vi"])
def test_a_template_that_would_publish_a_site_does_not_render(tmp_path: Path, block: str) -> None:
    """The wall is in what the template is given, not in its author's care."""
    blocks = dict.fromkeys(("title_vi", "body_vi", "public_vi", "title_en", "body_en", "public_en"), "words")
    blocks[block] = "{{ site.name }}"
    text = "\n".join(f"{{% block {name} %}}{content}{{% endblock %}}" for name, content in blocks.items())
    (tmp_path / "violation_warning.j2").write_text(text, encoding="utf-8")
    decision = _BY_KIND["violation_warning"].decide(ViolationDetected.sample())
    assert decision is not None
    with pytest.raises(UndefinedError):
        Writer(tmp_path).write("violation_warning", decision)


def test_what_is_known_only_by_year_is_not_shown_as_a_day() -> None:
    """An alert dated 2019 was not published on 1 January."""
    alert = msgspec.structs.replace(
        AlertPublished.sample(), observed_at=datetime(2018, 12, 31, 17, tzinfo=UTC), precision=TimePrecision.YEAR
    )
    wording = written(_BY_KIND["foreign_alert"], alert).wording
    assert "Ngày công bố: năm 2019\n" in wording.text_vi
    assert "Published: 2019\n" in wording.text_en


def test_a_deadline_that_was_over_on_arrival_says_so() -> None:
    """Nobody is blamed for a clock that had run out before they heard of it."""
    sample = DeadlineMissed.sample()
    late = msgspec.structs.replace(sample, late_on_arrival=True)
    told, silent = (written(_BY_KIND["deadline_missed"], one).wording.text_vi for one in (late, sample))
    assert "trước khi thông tin được tiếp nhận" in told
    assert "trước khi thông tin được tiếp nhận" not in silent


hostile = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\r\n\0\v\f\x1c\x85\u2028\u2029\u202e"))
)


@given(name=hostile, brand=hostile, risk=hostile)
def test_no_fact_can_forge_a_line(name: str, brand: str, risk: str) -> None:
    """Whatever an event says, a notice about it has the lines it would have had, and all of them can be read."""
    sample = AlertPublished.sample()
    plain = msgspec.structs.replace(sample, product=msgspec.structs.replace(sample.product, name="x", brand="x"), risk="x")
    forged = msgspec.structs.replace(
        sample, product=msgspec.structs.replace(sample.product, name=f"x{name}", brand=f"x{brand}"), risk=f"x{risk}"
    )
    expected, found = (written(_BY_KIND["foreign_alert"], alert) for alert in (plain, forged))
    assert found.public is not None
    assert expected.public is not None
    for before, after in ((expected.wording, found.wording), (expected.public, found.public)):
        assert len(after.text_vi.splitlines()) == len(before.text_vi.splitlines())
        assert len(after.text_en.splitlines()) == len(before.text_en.splitlines())
        assert after.title_vi.isprintable()
        assert len(after.title_vi) <= 300
        assert after.text_vi.replace("\n", "").isprintable()


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """Nothing is left that begins a line, hides text or turns its direction."""
    line = one_line(text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


def test_a_fact_cannot_fill_a_notice() -> None:
    """Ten thousand characters of risk become the first 500."""
    alert = msgspec.structs.replace(AlertPublished.sample(), risk="a" * 10_000)
    assert len(written(_BY_KIND["foreign_alert"], alert).wording.text_vi) < 2_000
