"""Letters as mail: readable, the same on every attempt, and closed to header and boundary injection."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notification.mail import PORTABLE, READABLE, Composer, Form
from services.notification.model import Letter
from services.notification.writing import one_line

_HEADERS = {"To", "Message-ID", "From", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"}


def composed(letter: Letter, form: Form = READABLE) -> bytes:
    """Return the letter's bytes."""
    return Composer(sender="Chuẩn <chuan@example.invalid>", public_url="https://chuan.example.invalid/", form=form).compose(
        letter
    )


def parsed(raw: bytes) -> EmailMessage:
    """Return a message as a mail program reads it."""
    return message_from_bytes(raw, policy=policy.default)


def content(message: EmailMessage, kind: str) -> str:
    """Return the plain or the HTML part."""
    part = message.get_body((kind,))
    assert part is not None
    return cast("str", part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("form", [READABLE, PORTABLE], ids=["readable", "portable"])
def test_a_letter_reads_as_it_was_written(letter: Letter, form: Form) -> None:
    """Both forms decode to the same headers and texts, Vietnamese with its diacritics."""
    message = parsed(composed(letter, form))
    assert set(message.keys()) == _HEADERS
    assert message["Subject"] == "Cảnh báo vi phạm: chất lượng xăng dầu"
    assert message["To"] == "Văn phòng TBT Việt Nam <tbt@example.invalid>"
    assert message["From"] == "Chuẩn <chuan@example.invalid>"
    assert message["Date"] == "Fri, 14 Mar 2025 09:31:00 +0700"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{letter.delivery_id}@example.invalid>"
    text, html = content(message, "plain"), content(message, "html")
    for part in (text, html):
        assert part.index("Đoạn hai") < part.index("Violation warning") < part.index("Paragraph two")
        assert f"https://chuan.example.invalid/v1/notices/{letter.notice.notice_id}/acknowledgement" in part
    assert "Dòng một\nDòng hai\n\nĐoạn hai" in text
    assert "<p>Dòng một<br>\nDòng hai</p>" in html


def test_what_goes_through_smtp_is_ascii(letter: Letter) -> None:
    """A relay that knows neither SMTPUTF8 nor 8BITMIME has nothing to bounce."""
    raw = composed(letter, PORTABLE)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_what_people_open_is_utf8_as_it_stands(letter: Letter) -> None:
    """A file can be read without a mail program."""
    raw = composed(letter, READABLE).decode()
    assert "Subject: Cảnh báo vi phạm" in raw
    assert "To: Văn phòng TBT Việt Nam <tbt@example.invalid>" in raw


def test_an_english_reader_gets_english_first(letter: Letter) -> None:
    """The recipient's language leads, in the subject too."""
    message = parsed(composed(letter._replace(recipient=replace(letter.recipient, locale="en"))))
    assert message["Subject"] == "Violation warning: fuel quality"
    assert message["To"] == "Viet Nam TBT Office <tbt@example.invalid>"
    text = content(message, "plain")
    assert text.index("Line one") < text.index("Dòng một")


def test_the_same_letter_is_the_same_bytes(letter: Letter) -> None:
    """Every attempt, also after a restart, sends the very message; two recipients' messages differ in two headers only."""
    first, again = composed(letter), composed(letter)
    assert first == again
    composer = Composer(sender="chuan@example.invalid", public_url="https://chuan.example.invalid", form=READABLE)
    other = replace(letter.recipient, channels={"email": {"address": "other@example.invalid"}})
    one, two = (composer.compose(one).split(b"\r\n") for one in (letter, letter._replace(delivery_id="other", recipient=other)))
    differing = {line.partition(b":")[0] for pair in zip(one, two, strict=True) if pair[0] != pair[1] for line in pair}
    assert differing == {b"To", b"Message-ID"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)


def tags(html: str) -> list[str]:
    """Return the start tags of a document."""
    parser = _Tags()
    parser.feed(html)
    return parser.tags


hostile = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\r\n\0\v\f\x1c\x85\u2028<>&\"'-=")),
    max_size=300,
)
boundaries = st.sampled_from(["", "--=_chuan", "--=_chuan--", "--=_chuan_", "\r\n\r\n--=_chuan\r\nBcc: x@example.invalid"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(title=hostile, text=hostile, around=boundaries)
def test_no_text_reaches_the_headers_or_ends_a_part(letter: Letter, title: str, text: str, around: str) -> None:
    """With any event text in title and body: the same headers, one recipient, two parts, and no tag but our own."""
    forged = replace(
        letter.notice.wording,
        title_vi=one_line(f"{title} {around}\r\nBcc: victim@example.invalid")[:300],
        text_vi=one_line(f"{text} {around} <script>alert(1)</script>") + "\n" + one_line(around),
    )
    plain_tags = tags(content(parsed(composed(letter)), "html"))
    for form in (READABLE, PORTABLE):
        raw = composed(letter._replace(notice=letter.notice._replace(wording=forged)), form)
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        message = parsed(raw)
        assert set(message.keys()) == _HEADERS
        assert message["To"] == "Văn phòng TBT Việt Nam <tbt@example.invalid>"
        assert message["Subject"] == forged.title_vi
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert set(tags(content(message, "html"))) <= set(plain_tags)
        assert content(message, "plain").rstrip().endswith("/acknowledgement")


def test_a_header_value_with_a_line_end_is_an_error(letter: Letter) -> None:
    """Should a title with a line end ever get here, no mail leaves at all."""
    wording = replace(letter.notice.wording, title_vi="a\r\nBcc: victim@example.invalid")
    with pytest.raises(ValueError, match="header"):
        composed(letter._replace(notice=letter.notice._replace(wording=wording)))
