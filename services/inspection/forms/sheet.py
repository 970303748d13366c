"""What stands on a paper, without regard to how it is printed: PDF and DOCX are drawn from one and the same sheet."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Text(msgspec.Struct, frozen=True, tag_field="block", tag="text"):
    """A paragraph; ``lead`` stands before it in bold."""

    text: str
    lead: str = ""


class Facts(msgspec.Struct, frozen=True, tag_field="block", tag="facts"):
    """Labels with what is entered beside them."""

    rows: list[tuple[str, str]]


class Grid(msgspec.Struct, frozen=True, tag_field="block", tag="grid"):
    """A table; ``widths`` are the shares of its columns in the width of the page."""

    columns: list[str]
    widths: list[int]
    rows: list[list[str]]


class Digest(msgspec.Struct, frozen=True, tag_field="block", tag="digest"):
    """A SHA-256 and what it belongs to."""

    text: str
    sha256: str


Block: TypeAlias = Text | Facts | Grid | Digest


class Signature(msgspec.Struct, frozen=True):
    """A place to sign; ``note`` stands where nobody will."""

    role: str
    name: str = ""
    note: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A whole paper, in Vietnamese.

    ``form`` is the official code of the form, empty where there is none; ``number`` the number and symbol of the paper;
    ``trace`` ties it to the record of its case.
    """

    form: str
    parent: str
    agency: str
    number: str
    dated: str
    issued_on: tuple[int, int, int]
    title: str
    subject: str = ""
    addressee: str = ""
    blocks: list[Block]
    signatures: list[Signature]
    recipients: list[str] = []
    trace: str
    label: bool = False
