"""A sheet as DOCX, to be signed or completed in a word processor."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from services.inspection.forms.sheet import Block, Digest, Facts, Grid, Sheet, Text

_LAYOUT_TABLE = "Normal Table"
_WIDTH = 165  # of the text of an A4 page, in mm


def to_docx(sheet: Sheet) -> bytes:
    """Return the DOCX."""
    document = Document()
    _set_up(document, sheet)
    if sheet.form:
        _paragraph(document, sheet.form, italic=True, size=10).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _head(document, sheet)
    _centred(_paragraph(document, sheet.title, bold=True, size=14))
    if sheet.subject:
        _centred(_paragraph(document, sheet.subject, bold=True))
    if sheet.addressee:
        _centred(_paragraph(document, f"Kính gửi: {sheet.addressee}"))
    for block in sheet.blocks:
        _block(document, block)
    if sheet.recipients:
        _paragraph(document, "Nơi nhận:", bold=True, italic=True, size=11)
        for one in sheet.recipients:
            _paragraph(document, f"- {one}", size=11)
    _signatures(document, sheet)
    _paragraph(document.sections[0].footer, sheet.trace, size=7)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: DocumentType, sheet: Sheet) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(148), Mm(105)) if sheet.label else (Mm(210), Mm(297))
    margins = (8, 8, 8, 8) if sheet.label else (20, 15, 20, 30)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(10 if sheet.label else 13)
    about = document.core_properties
    about.title, about.author, about.language = f"{sheet.title} {sheet.subject}".strip(), sheet.agency, "vi-VN"
    about.created = about.modified = datetime(*sheet.issued_on, tzinfo=UTC)


def _head(document: DocumentType, sheet: Sheet) -> None:
    left, right = document.add_table(rows=1, cols=2, style=_LAYOUT_TABLE).rows[0].cells
    _lines(left, (sheet.parent.upper(), False), (sheet.agency.upper(), True), (sheet.number, False))
    _lines(right, ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True), (sheet.dated, False))


def _block(document: DocumentType, block: Block) -> None:
    match block:
        case Text():
            paragraph = document.add_paragraph()
            if block.lead:
                paragraph.add_run(f"{block.lead} ").bold = True
            paragraph.add_run(block.text)
        case Facts():
            for label, value in block.rows:
                paragraph = document.add_paragraph(f"{label}: ")
                paragraph.add_run(value).bold = True
        case Grid():
            table = document.add_table(rows=0, cols=len(block.columns), style="Table Grid")
            share = _WIDTH / sum(block.widths)
            for row in (block.columns, *block.rows):
                for cell, text, width in zip(table.add_row().cells, row, block.widths, strict=True):
                    cell.width = Mm(share * width)
                    cell.paragraphs[0].add_run(text).bold = row is block.columns
        case Digest():
            document.add_paragraph(block.text)
            document.add_paragraph().add_run(block.sha256).font.name = "Courier New"


def _signatures(document: DocumentType, sheet: Sheet) -> None:
    table = document.add_table(rows=-(-len(sheet.signatures) // 2), cols=2, style=_LAYOUT_TABLE)
    for index, one in enumerate(sheet.signatures):
        cell = table.rows[index // 2].cells[index % 2]
        _lines(
            cell, (one.role.upper(), True), (one.note or "(Ký, ghi rõ họ tên)", False), ("", False), ("", False), (one.name, True)
        )


def _lines(cell: _Cell, *lines: tuple[str, bool]) -> None:
    first, *more = lines
    for paragraph, (text, bold) in zip((cell.paragraphs[0], *(cell.add_paragraph() for _ in more)), (first, *more), strict=True):
        paragraph.add_run(text).bold = bold
        _centred(paragraph)


def _paragraph(where: object, text: str, *, bold: bool = False, italic: bool = False, size: int | None = None) -> Paragraph:
    paragraph: Paragraph = where.add_paragraph()  # type: ignore[attr-defined]
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)
    return paragraph


def _centred(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
