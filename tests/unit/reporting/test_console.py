"""The overview page: complete in both languages, safe with any text, and led by links that work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import msgspec
import pytest
from jinja2 import UndefinedError

from services.reporting import console
from services.reporting.console.bars import Bar, bars
from services.reporting.console.language import Language
from services.reporting.console.page import render
from services.reporting.console.view import HEADLINES, look
from services.reporting.console.words import words
from services.reporting.queries import events_behind
from services.reporting.reports import figure
from services.reporting.requests import EventsQuery
from shared.contracts.inspection import CaseOpened, ViolationDetected
from shared.contracts.notification import NoticeIssued
from shared.contracts.planning import DeadlineApproaching
from shared.contracts.vocabulary import Product, ProductGroup, Site
from shared.database.engine import Database
from shared.kernel.provinces import PROVINCES
from tests.unit.reporting.made_up import NOW, event_of, made_up_events, take_in

HOSTILE = """</title><script>alert(1)</script><a href="javascript:x" style='x' onclick=x>"""


class Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data.strip())

    def values(self, attribute: str) -> list[str]:
        """Return the values of one attribute."""
        return [str(attributes[attribute]) for _, attributes in self.tags if attribute in attributes]


def drawing(chart: str) -> ET.Element:
    """Read a chart as XML; it must be well formed."""
    return ET.fromstring(chart)  # noqa: S314 - our own drawing


def page_of(database: Database, locale: str, now: datetime = NOW) -> str:
    """Return the page."""
    with database.reading() as connection:
        return console.overview(connection, now, locale)


@pytest.fixture(params=["vi", "en"])
def locale(request: pytest.FixtureRequest) -> str:
    """Each language."""
    return str(request.param)


def test_both_languages_have_all_words() -> None:
    """A text of one language is a text of the other, with the same places to fill."""
    vi, en = words("vi"), words("en")
    assert vi.keys() == en.keys()
    for name, text in vi.items():
        assert text
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", en[name])), name


def test_an_empty_house_has_a_page(database: Database, locale: str) -> None:
    """Before the first event the page says that there is nothing yet."""
    html = page_of(database, locale)
    assert words(locale)["nothing_yet"] in html
    assert html.count(words(locale)["none"]) >= 3


def test_the_page_shows_the_figures(database: Database, locale: str) -> None:
    """Headline figures, charts, lists and every report are on it, in its language only."""
    take_in(database, made_up_events(600))
    html = page_of(database, locale)
    page = Page(html)
    assert page.tags[0] == ("html", {"lang": locale})
    with database.reading() as connection:
        view = look(connection, NOW)
    assert [one.name for one in view.headlines] == list(HEADLINES)
    for one in view.reports:
        assert (one.vi if locale == "vi" else one.en) in page.text
    for one in view.headlines:
        assert one.value
        assert Language(locale).number(one.value) in page.text
    assert html.count('<ul class="bars"') == 3
    assert getattr(PROVINCES["46"], locale) in html
    assert len(view.notices) == len(view.cases) == 10
    assert view.cases_open > 10


def test_it_needs_no_script_and_no_style_of_its_own(database: Database, locale: str) -> None:
    """Nothing on it is against its own Content-Security-Policy, and nothing comes from elsewhere."""
    take_in(database, made_up_events(500))
    page = Page(page_of(database, locale))
    assert not {tag for tag, _ in page.tags} & {"script", "style", "iframe", "object", "img", "form"}
    assert not [name for _, attributes in page.tags for name in attributes if name == "style" or name.startswith("on")]
    assert [value for value in page.values("href") if not value.startswith(("/", "#"))] == []
    assert page.values("src") == []
    assert "'unsafe" not in console.POLICY
    assert "default-src 'none'" in console.POLICY


def test_texts_of_others_stay_texts(database: Database, locale: str) -> None:
    """Whatever a title, a site, a product or a duty is called, it is shown and not run."""
    site = Site(id="SAMPLE-X", name=HOSTILE, province="46")
    product = Product(group=ProductGroup.TOY, name=HOSTILE)
    due = NOW + timedelta(days=1)
    hostile = (
        msgspec.structs.replace(NoticeIssued.sample(), title=HOSTILE),
        msgspec.structs.replace(CaseOpened.sample(), site=site, product=product, case_id=HOSTILE),
        msgspec.structs.replace(DeadlineApproaching.sample(), site=site, duty=HOSTILE, source=HOSTILE, due_at=due, case_id=""),
        msgspec.structs.replace(ViolationDetected.sample(), site=site, product=product),
    )
    take_in(database, [event_of(data, f"{number}") for number, data in enumerate(hostile)])
    html = page_of(database, locale)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 5
    assert not [name for _, attributes in Page(html).tags for name in attributes if name in ("style", "onclick")]


def test_texts_of_others_stay_texts_on_the_pages_behind(database: Database, locale: str) -> None:
    """What a site is called is shown among the events and not run; an English page shows the English title of a notice."""
    site = Site(id="SAMPLE-X", name=HOSTILE, province="46")
    notice = msgspec.structs.replace(NoticeIssued.sample(), title="Tiêu đề", title_en="A title")
    take_in(database, [event_of(msgspec.structs.replace(ViolationDetected.sample(), site=site), "1"), event_of(notice, "2")])
    query = EventsQuery(lang="vi" if locale == "vi" else "en", province="46")
    with database.reading() as connection:
        html = console.events_page(events_behind(connection, "violations", date(2025, 1, 1), date(2025, 12, 31)), query)
    assert html.count("&lt;script&gt;") == 1
    assert f'<p class="period">{PROVINCES["46"].vi if locale == "vi" else PROVINCES["46"].en}</p>' in html
    assert "<script" not in html
    assert ("A title" in page_of(database, locale), "Tiêu đề" in page_of(database, locale)) == (locale == "en", locale == "vi")


def test_every_element_is_named_for_those_who_do_not_see_it(database: Database, locale: str) -> None:
    """Charts have headings, bars have words, ids are there and only once, tables have headers."""
    take_in(database, made_up_events(1500))
    page = Page(page_of(database, locale))
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)
    assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
    in_charts = [attributes for tag, attributes in page.tags if tag == "a" and "aria-label" in attributes]
    assert len(in_charts) > 10
    assert all(re.search(r"\d", str(attributes["aria-label"])) for attributes in in_charts)


def test_charts_are_well_formed(database: Database, locale: str) -> None:
    """Each chart can be read as XML, and no bar or mark leaves the picture."""
    take_in(database, made_up_events(500))
    charts = re.findall(r'<ul class="bars".*?</ul>', page_of(database, locale), re.DOTALL)
    assert charts
    for chart in charts:
        rects = list(drawing(chart).iter("rect"))
        assert rects
        assert all(0 <= percent(bar.attrib["x" if bar.attrib["class"] == "before" else "width"]) <= 100 for bar in rects)


def test_a_missing_text_is_an_error_and_not_a_gap(database: Database) -> None:
    """A page with an unknown word or value is never sent."""
    with database.reading() as connection:
        view = look(connection, NOW)
    with pytest.raises(KeyError):
        Language("vi").word("no such text")
    object.__setattr__(view, "headlines", [object()])
    with pytest.raises(UndefinedError):
        render(view, "vi")


@pytest.mark.parametrize(
    ("kind", "vi", "en"),
    [
        ("fuel_quality", "chất lượng xăng dầu", "fuel quality"),
        (
            "national_regulation/issued",
            "quy chuẩn kỹ thuật quốc gia (QCVN) · đã công bố, ban hành",
            "national technical regulation (QCVN) · issued",
        ),
        ("not_needed/no_significant_effect", "không cần thông báo · không tác động đáng kể đến thương mại", None),
        ("new_kind", "new kind", "new kind"),
        ("", "không xác định", None),
    ],
)
def test_kinds_as_people_call_them(kind: str, vi: str, en: str | None) -> None:
    """Part by part, by whatever family knows the word; a kind that none knows is shown as it is."""
    assert Language("vi").kind(kind) == vi
    assert en in (None, Language("en").kind(kind))


@pytest.mark.parametrize(
    ("value", "previous", "vi", "en"),
    [
        (3, 2, "+50,0%", "+50.0%"),
        (2, 3, "−33,3%", "−33.3%"),
        (2, 2, "=", "="),
        (1500, 0, "+1.500", "+1,500"),
        (25, 2, "+1.150,0%", "+1,150.0%"),
    ],
)
def test_changes_as_people_write_them(value: int, previous: int, vi: str, en: str) -> None:
    """With a sign, in percent where there is something to compare with, and with the language's comma."""
    assert (Language("vi").change(figure(value, previous)), Language("en").change(figure(value, previous))) == (vi, en)


def test_dates_as_people_write_them() -> None:
    """Days and moments are those of Viet Nam."""
    evening = datetime.fromisoformat("2025-03-14T18:30:00+00:00")
    assert Language("vi").moment(evening) == "01:30 15/03/2025"
    assert Language("en").moment(evening) == "15 Mar 2025, 01:30"
    assert (Language("vi").day(date(2025, 3, 4)), Language("vi").month(date(2025, 3, 4))) == ("04/03/2025", "03/2025")


def bar(value: int, previous: int = 0) -> Bar:
    """Return a bar."""
    return Bar(label="nhãn", value=value, previous=previous, words="nói bằng lời", link="/")


def percent(length: str) -> float:
    """Return a length in percent as a number."""
    return float(length.removesuffix("%"))


def drawn(many: Sequence[Bar]) -> list[float]:
    """Return the lengths of the bars in a chart, in percent."""
    root = drawing(bars(many, labelled_by="x", number=str))
    return [percent(rect.attrib["width"]) for rect in root.iter("rect") if rect.attrib["class"] == "value"]


def test_bars_are_as_long_as_their_values() -> None:
    """Lengths are in proportion, the smallest value is still seen, and nothing is nothing."""
    whole, half, little, nothing = drawn([bar(100_000), bar(50_000), bar(1), bar(0)])
    assert whole == 2 * half
    assert (whole, little, nothing) == (100, 0.3, 0)
    assert drawn([bar(0), bar(0)]) == [0, 0]
    assert drawn([]) == []
    assert drawn([bar(50, 100)]) == [half]


def test_every_province_has_its_bar(database: Database) -> None:
    """All 34 are on the chart, the largest figure first, each with its own link."""
    sample = ViolationDetected.sample()
    sites = {code: Site(id="SAMPLE-X", name="Cửa hàng mẫu", province=code) for code in PROVINCES}
    take_in(
        database,
        [
            event_of(msgspec.structs.replace(sample, site=sites[code], observed_at=NOW - timedelta(days=1)), f"{code}-{number}")
            for index, code in enumerate(PROVINCES)
            for number in range(1 + index)
        ],
    )
    chart = re.search(r'<section class="by_province">.*?</section>', page_of(database, "vi"), re.DOTALL)
    assert chart
    assert re.findall(r"province=(\d\d)", chart[0]) == list(reversed(PROVINCES))
    assert "Cà Mau: 34, cùng kỳ năm trước 0" in chart[0]
