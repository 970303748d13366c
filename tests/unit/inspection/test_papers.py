"""Papers: filled from their case, in PDF and in DOCX alike, and only when what they tell of is on record."""

from __future__ import annotations

import io
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
import pypdf
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from services.inspection import papers
from services.inspection.docket import acts_of
from services.inspection.forms.catalogue import FORMS, AnyOrder, fill, missing, unit_of
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.pdf import _WITHOUT_GLYPH, to_pdf
from services.inspection.forms.sheet import Facts, Sheet, Text
from services.inspection.model.cases import Case
from services.inspection.papers import DOCX, PDF
from services.inspection.procedure.acts import check_chain
from services.inspection.procedure.deeds import IssuePaper, Publish
from services.inspection.procedure.standing import Standing
from services.inspection.tables import cases
from shared.contracts.inspection import ActTaken, ViolationKind
from shared.contracts.vocabulary import SAMPLE_PETROL, SAMPLE_SITE, Track
from shared.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from shared.kernel.wellformed import well_formed
from tests.unit.inspection.conftest import MORNING, Ledger, Make
from tests.unit.inspection.papers import HEAD, TEAM, docx_text, examples, grown, issued, opened, pdf_text
from tests.unit.inspection.test_publication_is_lawful import PROCEDURE, explore

if TYPE_CHECKING:
    from services.inspection.forms.dossier import FiledPaper

CASE = Case(
    id="SAMPLE-CASE",
    site=SAMPLE_SITE,
    product=SAMPLE_PETROL,
    track=Track.TEST_RESULTS,
    violation_kind=ViolationKind.FUEL_QUALITY,
    violation_id="SAMPLE-VIOLATION",
    opened_at=MORNING,
)

# What must stand on every paper of each form, from the case and from the order.
EVERYWHERE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "CHI CỤC TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG")
FIELDS = {
    "inspection_decision": ("Mẫu 4. QĐKTĐL", "QUYẾT ĐỊNH", "Trưởng đoàn (mẫu)", "từ ngày 14 tháng 03 năm 2025", "Điều 3."),
    "inspection_minutes": (
        "Mẫu 5. BBKT",
        "BIÊN BẢN KIỂM TRA",
        "0,95 %",
        "0,45 %",
        "ngày 28 tháng 03 năm 2025",
        "tạm dừng sử dụng",
    ),
    "suspension_notice": ("Mẫu 6. TBTDHĐ", "tạm dừng hoạt động đo lường không phù hợp quy định", "01/BBKT-MẪU", "0,95 %"),
    "resumption_notice": ("Mẫu 7. TBTTHĐ", "hoạt động đo lường được tiếp tục thực hiện", "Báo cáo khắc phục (mẫu)"),
    "seal_minutes": ("Mẫu 8. BBNP", "BIÊN BẢN NIÊM PHONG", "Vật được niêm phong (mẫu)", "Người chứng kiến (mẫu)"),
    "seal": ("Mẫu 9. TNP", "NIÊM PHONG", "Vật được niêm phong (mẫu)"),
    "public_notice": ("Mẫu 10. TBTTĐC", "Tên cơ sở vi phạm", "12/KL-MẪU", "Sai số vượt quá giới hạn (mẫu)"),
    "violation_minutes": ("Mẫu 11. BBVPHC", "BIÊN BẢN VI PHẠM HÀNH CHÍNH", "Điều khoản vi phạm (mẫu)", "Ý kiến (mẫu)"),
    "transfer_letter": ("chuyển hồ sơ", "Kính gửi: Cơ quan có thẩm quyền (mẫu)", "MẪU-2"),
    "inventory": ("DANH MỤC TÀI LIỆU TRONG HỒ SƠ", "Thành viên (mẫu)"),
}


def bytes_of(ledger: Ledger, case_id: str, paper: FiledPaper) -> tuple[bytes, bytes]:
    """Return a stored paper as PDF and as DOCX."""
    return tuple(papers.printed(ledger.connection, case_id, paper.number, kind).content for kind in (PDF, DOCX))  # type: ignore[return-value]


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_is_filled_from_its_case(ledger: Ledger, make: Make, form: str) -> None:
    """Both files can be read and say the same: what the case knows and what the officer added, in Vietnamese."""
    case_id = grown(ledger, make)
    paper = issued(ledger, case_id, FORMS[form].example())
    pdf, docx = bytes_of(ledger, case_id, paper)
    wanted = (*EVERYWHERE, *FIELDS[form], f"Số: {paper.reference}", "Cửa hàng mẫu 1")
    for text in (pdf_text(pdf), docx_text(docx)):
        # Capitals and line breaks are the layout's own.
        plain = "".join(text.casefold().split())
        assert not [one for one in wanted if "".join(one.casefold().split()) not in plain], text
    assert (sha256(pdf).hexdigest(), sha256(docx).hexdigest()) == (paper.pdf_sha256, paper.docx_sha256)


def test_the_pdf_is_made_for_the_archive(ledger: Ledger, make: Make) -> None:
    """PDF/A-2b by its own word, every font inside, and the day of issue as its date."""
    case_id = grown(ledger, make)
    pdf, _ = bytes_of(ledger, case_id, issued(ledger, case_id, FORMS["inspection_minutes"].example()))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    xmp = reader.xmp_metadata
    assert xmp is not None
    assert (xmp.pdfaid_part, xmp.pdfaid_conformance) == ("2", "B")
    assert reader.metadata is not None
    assert reader.metadata.title == "BIÊN BẢN KIỂM TRA về đo lường"
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            (inner,) = font.get_object()["/DescendantFonts"]
            assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"])


def test_what_an_officer_writes_is_printed_and_never_run(ledger: Ledger, make: Make) -> None:
    """Typst's markup and code stand on the paper as they were typed."""
    case_id = grown(ledger, make)
    planted = '#read("/etc/passwd") *đậm* $x$ \\ <a> // "'
    order = msgspec.structs.replace(FORMS["violation_minutes"].example(), provision=planted)
    pdf, docx = bytes_of(ledger, case_id, issued(ledger, case_id, order))
    assert planted.replace(" ", "") in pdf_text(pdf).replace(" ", "")
    assert planted in docx_text(docx)


@settings(max_examples=8)
@given(words=st.lists(st.text(), max_size=30))
def test_whatever_is_written_can_be_printed(words: list[str]) -> None:
    """In any script, with control characters and without; the DOCX has every letter, the PDF spells what its fonts lack."""
    order = FORMS["violation_minutes"].example()
    order = msgspec.structs.replace(order, statement="品 Ω ẵ 😀 \x0b\u202e" + " ".join(words))
    dossier = Dossier(CASE, [], [], [], MORNING.date())
    pdf, docx = papers.to_files(fill(order, dossier, unit_of(order, dossier), "01/MẪU"))
    assert "[U+54C1] Ω ẵ [U+1F600]" in pdf_text(pdf)
    assert "品 Ω ẵ 😀" in docx_text(docx)
    assert "\u202e" not in docx_text(docx)


@pytest.mark.parametrize(
    ("form", "name", "value"),
    [
        ("violation_minutes", "begun_at", "0001-01-01T00:00:00+14:00"),
        ("violation_minutes", "begun_at", "9999-12-31T23:59:59Z"),
        ("violation_minutes", "begun_at", "2025-03-14T09:00:00"),
        ("suspension_notice", "until", "0020-03-28"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(form: str, name: str, value: str) -> None:
    """Nor can a time be printed in Hà Nội's that lies beyond the calendar, or is nobody's."""
    given = msgspec.to_builtins(FORMS[form].example()) | {name: value}
    with pytest.raises(InvalidInput, match=f"{name}|timezone"):
        well_formed(given, AnyOrder)


def test_every_character_that_is_not_spelled_has_a_glyph() -> None:
    """All those of the basic plane at once, in the three faces of the layout."""
    text = _WITHOUT_GLYPH.sub("", "".join(map(chr, (*range(0x20, 0xD800), *range(0xE000, 0x10000)))))
    assert len(text) > 1200
    blocks = [Text(text, text), Facts([("", text)])]
    to_pdf(
        Sheet(
            form=text, parent="", agency="", number="", dated=text, issued_on=(2025, 3, 14), title="x", blocks=blocks,
            signatures=[], trace="",
        )
    )  # fmt: skip


def test_a_refused_signature_leaves_the_minutes_valid(ledger: Ledger, make: Make) -> None:
    """The words are those of Articles 16(2)(b) and 21(2)(b), and the witnesses have a place to sign."""
    case_id = grown(ledger, make)
    order = FORMS["seal_minutes"].example()
    pdf, docx = bytes_of(ledger, case_id, issued(ledger, case_id, order))
    for text in (pdf_text(pdf), docx_text(docx)):
        assert "Đại diện cơ sở không ký biên bản" in text
        assert "vẫn có giá trị pháp lý" in text
        assert "NGƯỜI CHỨNG KIẾN" in text
    sent = msgspec.json.decode(msgspec.json.encode(order))
    assert msgspec.convert(sent, AnyOrder) == order
    del sent["refusal"]
    with pytest.raises(msgspec.ValidationError, match="say in refusal"):
        msgspec.convert(sent, AnyOrder)


def test_an_inventory_names_the_hash_of_every_paper(ledger: Ledger, make: Make) -> None:
    """Of both its files, and the hash that the record of the case ends with."""
    case_id = grown(ledger, make)
    made = [issued(ledger, case_id, FORMS[form].example()) for form in ("inspection_minutes", "suspension_notice")]
    head = acts_of(ledger.connection, case_id)[-1].hash
    pdf, docx = bytes_of(ledger, case_id, issued(ledger, case_id, FORMS["inventory"].example()))
    for text in (pdf_text(pdf), docx_text(docx)):
        assert all(digest in text for one in made for digest in (one.pdf_sha256, one.docx_sha256))
        assert all(one.reference in text for one in made)
        assert head in text


def test_a_paper_is_an_act_of_its_case(ledger: Ledger, make: Make) -> None:
    """With its hashes, under the officer's name, in the chain, and announced."""
    case_id = grown(ledger, make)
    paper = issued(ledger, case_id, FORMS["inspection_minutes"].example(), TEAM)
    acts = acts_of(ledger.connection, case_id)
    check_chain(acts)
    assert (acts[-1].number, acts[-1].officer) == (paper.number, TEAM.name)
    assert acts[-1].deed == IssuePaper(
        form="inspection_minutes",
        reference="01/BBKT-CCTĐC",
        source="TT 28/2013/TT-BKHCN Điều 20(5)",
        pdf_sha256=paper.pdf_sha256,
        docx_sha256=paper.docx_sha256,
    )
    announced = ledger.emitted(ActTaken)[-1].data
    assert (announced.act, announced.note) == ("issue_paper", "01/BBKT-CCTĐC")


@pytest.mark.parametrize(
    "form", ["suspension_notice", "resumption_notice", "seal_minutes", "seal", "public_notice", "transfer_letter"]
)
def test_a_paper_needs_what_it_tells_of(ledger: Ledger, make: Make, form: str) -> None:
    """No paper says that something was stopped, sealed, published or handed over that was not; no number is spent on it."""
    ledger.judge([make.lot(mark=False)])
    case_id = str(ledger.connection.scalar(sa.select(cases.c.id)))
    with pytest.raises(Conflict, match="needs that"):
        ledger.run(lambda uow: papers.issue(case_id, FORMS[form].example(), HEAD, uow))
    assert papers.list_papers(ledger.connection, case_id).papers == []


def test_only_the_act_publish_makes_a_public_notice_possible() -> None:
    """In every state a case can reach; that the act itself is lawful only on the law's own paths is tested beside it."""
    possible: set[Track] = set()
    for step in explore(PROCEDURE, Track.METROLOGY, Track.IMPORT):
        before, after = (lets_out(state.standing) for state in (step.before, step.after))
        assert before or not after or isinstance(step.deed, Publish), step
        possible |= {step.after.track} if after else set()
    assert possible == {Track.METROLOGY}


@cache
def lets_out(standing: Standing) -> bool:
    """Tell whether a public notice could be printed where a case stands so."""
    case = msgspec.structs.replace(CASE, standing=standing)
    return not missing(FORMS["public_notice"], Dossier(case, [], [], [], MORNING.date()))


def test_some_papers_are_for_the_head_to_issue(ledger: Ledger, make: Make) -> None:
    """Decisions, notices and letters; minutes are the team's."""
    case_id = grown(ledger, make)
    for order in examples():
        if order.form.for_the_agency:
            with pytest.raises((NotPermitted, Conflict)):
                ledger.run(lambda uow, order=order: papers.issue(case_id, order, TEAM, uow))  # type: ignore[misc]
        else:
            issued(ledger, case_id, order, TEAM)
    assert {kind.name() for kind in FORMS.values() if not kind.form.for_the_agency} == {
        "inspection_minutes",
        "seal_minutes",
        "seal",
        "violation_minutes",
        "inventory",
    }


def test_goods_bear_no_code_of_the_circular_on_measurement(ledger: Ledger, make: Make) -> None:
    """They rest on the law on the quality of goods."""
    ledger.judge([make.petrol("62")])
    case_id = str(ledger.connection.scalar(sa.select(cases.c.id)))
    text = pdf_text(bytes_of(ledger, case_id, issued(ledger, case_id, FORMS["inspection_decision"].example()))[0])
    assert "Luật Chất lượng sản phẩm, hàng hóa số 05/2007/QH12" in text
    assert "QĐKTĐL" not in text
    assert "28/2013" not in text


def test_a_paper_is_asked_for_by_its_number(ledger: Ledger, make: Make) -> None:
    """With the kind of file as extension, or what the client accepts; the list shows what could be issued next."""
    case_id = opened(ledger, make)
    paper = issued(ledger, case_id, FORMS["inspection_minutes"].example())
    assert papers.number_and_type("3") == (3, PDF)
    assert papers.number_and_type("3", DOCX) == (3, DOCX)
    assert papers.number_and_type("3.pdf", DOCX) == (3, PDF)
    assert papers.number_and_type("3.docx") == (3, DOCX)
    for wrong in ("3.odt", "x", "-1", "", "3.pdf.exe", "٣", "9" * 10):
        with pytest.raises(InvalidInput):
            papers.number_and_type(wrong)
    with pytest.raises(NotFound):
        papers.printed(ledger.connection, case_id, 99)
    with pytest.raises(NotFound):
        papers.list_papers(ledger.connection, "nothing")
    listed = papers.list_papers(ledger.connection, case_id)
    assert listed.papers == [paper]
    missing_of = {one.form: one.missing for one in listed.forms}
    assert missing_of["public_notice"] == ("the act publish is on record",)
    assert missing_of["violation_minutes"] == ()
    assert set(missing_of) == set(FORMS)
