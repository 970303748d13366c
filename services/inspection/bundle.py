"""A case in one file that proves itself: JSON Lines, each record bound to the one before it by SHA-256; pure.

A line is ``{"sha256": …, "record": …}``: the digest is that of the digest before (nothing for the first) followed by the
bytes of the record. The first record lists the names of all. Inside, acts form the chain they form in the register, and
findings and the bytes of papers have the digests that an act put on record: who made all lines anew would still have to
answer for the hash that inventories and later papers of the case bear in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO, TypeAlias

import msgspec

from services.inspection.forms.dossier import FiledPaper
from services.inspection.procedure.acts import Act, digest
from services.inspection.procedure.deeds import AcceptConformity, AnyDeed, IssuePaper, JoinViolation
from services.inspection.procedure.record import FiledAct
from shared.kernel.errors import ChuanError

_LONGEST = 256 * 1024 * 1024  # bytes of a line; no record of a case is longer


class ContentsRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="contents"):
    """The first record: whose file this is, and the names of all records in their order."""

    case_id: str
    exported_at: datetime
    names: list[str]


class FindingRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="finding"):
    """A finding: the event as it came."""

    name: str
    event: msgspec.Raw


class ActRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="act"):
    """An act as it is on record."""

    name: str
    act: FiledAct


class PaperRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="paper"):
    """A paper and its bytes, in Base64."""

    name: str
    paper: FiledPaper
    pdf: bytes
    docx: bytes


Record: TypeAlias = ContentsRecord | FindingRecord | ActRecord | PaperRecord


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sha256: str
    record: msgspec.Raw


class BundleAltered(ChuanError):
    """A bundle is not the one that was exported; ``number`` and ``name`` are those of the first record that differs."""

    def __init__(self, number: int, name: str, what: str) -> None:
        super().__init__(f"record {number} ({name}) {what}")
        self.number = number
        self.name = name


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle holds; ``head`` is the hash of its last act, to be compared with one in print or in the register."""

    case_id: str
    exported_at: datetime
    records: int
    acts: int
    papers: int
    head: str


def bundled(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the lines of a bundle."""
    sealed = ""
    for record in records:
        raw = msgspec.json.encode(record)
        sealed = _seal(sealed, raw)
        yield msgspec.json.encode(_Line(sha256=sealed, record=msgspec.Raw(raw))) + b"\n"


def verify(file: BinaryIO) -> Verified:
    """Read a whole bundle and return what it holds; raise ``BundleAltered`` at the first record that is not as exported."""
    sealed, names = "", ["contents"]
    contents: ContentsRecord | None = None
    acts: list[Act] = []
    papers: set[int] = set()
    findings: dict[str, tuple[int, str]] = {}
    number = 0
    while line := file.readline(_LONGEST):
        number += 1
        name = names[number - 1] if number <= len(names) else "none"
        record, sealed = _read(line, sealed, number, name)
        match record:
            case ContentsRecord() if contents is None:
                contents, names = record, record.names
            case _ if isinstance(record, ContentsRecord) or contents is None or record.name != name:
                raise BundleAltered(number, name, "does not stand where it belongs")
            case ActRecord():
                acts.append(_act(record, contents.case_id, number, name))
                _check_act(acts, number, name)
            case PaperRecord():
                _check_paper(record, acts, number, name)
                papers.add(record.paper.number)
            case FindingRecord():
                findings[sha256(bytes(record.event)).hexdigest()] = number, name
    if contents is None:
        raise BundleAltered(1, "contents", "is missing: this is no bundle of a case")
    if number < len(names):
        raise BundleAltered(number + 1, names[number], "is missing")
    _check_whole(acts, papers, findings, number + 1)
    return Verified(
        case_id=contents.case_id,
        exported_at=contents.exported_at,
        records=number,
        acts=len(acts),
        papers=len(papers),
        head=acts[-1].hash if acts else "",
    )


def _check_whole(acts: list[Act], papers: set[int], findings: dict[str, tuple[int, str]], end: int) -> None:
    """Check that all acts have what they put on record, and that nothing else is there; ``findings`` are those by digest."""
    named = {act.deed.finding_sha256: act.number for act in acts if isinstance(act.deed, JoinViolation | AcceptConformity)}
    strange = [place for found, place in findings.items() if found not in named]
    if strange:
        raise BundleAltered(*min(strange), "is not a finding that an act put on record")
    missing = [f"finding of act {act}" for found, act in named.items() if found not in findings]
    missing += [
        f"paper {act.number} {act.deed.reference}"
        for act in acts
        if isinstance(act.deed, IssuePaper) and act.number not in papers
    ]
    if missing:
        raise BundleAltered(end, missing[0], "is missing")


def _read(line: bytes, before: str, number: int, name: str) -> tuple[Record, str]:
    try:
        read = msgspec.json.decode(line, type=_Line)
        # Only the very bytes that were written pass: blanks, another order or another spelling are alterations too.
        if msgspec.json.encode(read) + b"\n" == line and read.sha256 == _seal(before, bytes(read.record)):
            return msgspec.json.decode(read.record, type=Record), read.sha256
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BundleAltered(number, name, "was altered: it cannot be read any more") from error
    raise BundleAltered(number, name, "was altered: its SHA-256 is another one")


def _seal(before: str, raw: bytes) -> str:
    return sha256(before.encode() + raw).hexdigest()


def _act(record: ActRecord, case_id: str, number: int, name: str) -> Act:
    one, data = record.act, bytes(record.act.data)
    try:
        deed = msgspec.json.decode(data, type=AnyDeed)
    except msgspec.MsgspecError as error:
        raise BundleAltered(number, name, f"tells of no act that is known: {error}") from error
    if one.act != deed.name:
        raise BundleAltered(number, name, f"is called {one.act}, and is {deed.name}")
    return Act(
        case_id=case_id,
        number=one.number,
        track=one.track,
        acted_at=one.acted_at,
        recorded_at=one.recorded_at,
        officer=one.officer,
        deed=deed,
        data=data.decode(),
        previous=one.previous,
        hash=one.hash,
    )


def _check_act(acts: list[Act], number: int, name: str) -> None:
    """Check the last act; those before it were checked when they were the last."""
    before, last = acts[-2:-1], acts[-1]
    if (last.number, last.previous, last.hash) != (len(acts), before[0].hash if before else "", digest(last)):
        raise BundleAltered(number, name, "breaks the chain of acts")


def _check_paper(record: PaperRecord, acts: list[Act], number: int, name: str) -> None:
    one = record.paper
    found = tuple(sha256(content).hexdigest() for content in (record.pdf, record.docx))
    act = acts[one.number - 1] if 0 < one.number <= len(acts) else None
    if (
        act is None
        or not isinstance(deed := act.deed, IssuePaper)
        or found != (deed.pdf_sha256, deed.docx_sha256)
        or found != (one.pdf_sha256, one.docx_sha256)
        or (one.form, one.reference, one.officer, one.issued_at) != (deed.form, deed.reference, act.officer, act.acted_at)
    ):
        raise BundleAltered(number, name, "is not the paper that its act put on record")
