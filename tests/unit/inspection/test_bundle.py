"""A bundle proves itself: whatever byte is altered, the record it belongs to is named, without any database."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection import papers
from services.inspection.bundle import (
    ActRecord,
    BundleAltered,
    ContentsRecord,
    FindingRecord,
    PaperRecord,
    Record,
    bundled,
    verify,
)
from services.inspection.forms.catalogue import FORMS
from services.inspection.papers import DOCX, PDF
from services.inspection.procedure.acts import Act, digest
from services.inspection.procedure.deeds import AnyDeed
from shared.kernel.errors import NotFound
from tests.unit.inspection.conftest import MORNING, Ledger, Make
from tests.unit.inspection.papers import HEAD, grown, issued

if TYPE_CHECKING:
    from shared.database.engine import Database


class Exported(NamedTuple):
    """A bundle, with its records and the hash of the case's last act."""

    content: bytes
    records: list[Record]
    head: str


@pytest.fixture(scope="module")
def exported(database: Database) -> Exported:
    """Return a case with three papers; their bytes are cut short, so that a random place is not always in one."""
    with database.rehearsing() as connection:
        ledger = Ledger(connection)
        case_id = grown(ledger, Make())
        for number, form in enumerate(("inspection_decision", "inspection_minutes", "inventory")):
            ledger.run(
                lambda uow, form=form, number=number: papers.issue(  # type: ignore[misc]
                    case_id, FORMS[form].example(), HEAD, uow, printer=lambda _: (b"%PDF" * (number + 3), b"PK" * 9)
                )
            )
        records = list(papers.export(connection, case_id, MORNING))
    acts = [one for one in records if isinstance(one, ActRecord)]
    return Exported(b"".join(bundled(records)), records, acts[-1].act.hash)


def altered(content: bytes) -> BundleAltered:
    """Return what is found in a bundle."""
    with pytest.raises(BundleAltered) as caught:
        verify(io.BytesIO(content))
    return caught.value


def name_at(exported: Exported, position: int) -> tuple[int, str]:
    """Return number and name of the record that a byte belongs to."""
    number = exported.content.count(b"\n", 0, position) + 1
    return number, named(exported.records[number - 1])


def named(record: Record) -> str:
    """Return the name of a record."""
    return "contents" if isinstance(record, ContentsRecord) else record.name


def test_what_was_exported_is_verified(exported: Exported) -> None:
    """With how much there is of it, and the hash by which it can be compared with the register."""
    found = verify(io.BytesIO(exported.content))
    assert (found.records, found.acts, found.papers) == (len(exported.records), 13, 3)
    assert found.head == exported.head
    assert {type(one) for one in exported.records} == {ContentsRecord, FindingRecord, ActRecord, PaperRecord}


@given(data=st.data())
def test_any_altered_byte_is_found_and_its_record_named(exported: Exported, data: st.DataObject) -> None:
    """Anywhere: in contents, findings, acts, papers, digests, punctuation and line feeds."""
    position = data.draw(st.integers(0, len(exported.content) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda one: one != exported.content[position]))
    changed = exported.content[:position] + bytes([value]) + exported.content[position + 1 :]
    found = altered(changed)
    assert (found.number, found.name) == name_at(exported, position)


def test_every_place_of_a_line_is_guarded(exported: Exported) -> None:
    """Not by chance: each byte of the first records and each byte around every line feed, one after the other."""
    feeds = [place for place, byte in enumerate(exported.content) if byte == ord("\n")]
    places = {*range(2000), *(place + step for place in feeds for step in (-2, -1, 0, 1, 2))}
    for place in sorted(one for one in places if one < len(exported.content)):
        changed = bytearray(exported.content)
        changed[place] ^= 1
        found = altered(bytes(changed))
        assert (found.number, found.name) == name_at(exported, place), place


@given(data=st.data())
def test_what_is_cut_off_put_in_or_moved_is_found(exported: Exported, data: st.DataObject) -> None:
    """A byte more or less, a record missing, doubled or in another place."""
    content, lines = exported.content, exported.content.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(content) - 1))
    assert altered(content[:place]).number <= name_at(exported, place)[0]
    assert altered(content[:place] + b" " + content[place:]).number == name_at(exported, place)[0]
    one = data.draw(st.integers(0, len(lines) - 1))
    assert altered(b"".join(lines[:one] + lines[one + 1 :])).number == one + 1
    assert altered(b"".join([*lines[: one + 1], *lines[one:]])).number == one + 2
    other = data.draw(st.integers(0, len(lines) - 1).filter(lambda number: number != one))
    lines[one], lines[other] = lines[other], lines[one]
    assert altered(b"".join(lines)).number == min(one, other) + 1


def test_who_makes_all_lines_anew_still_breaks_the_chain_of_acts(exported: Exported) -> None:
    """An act that was rewritten, and a paper that was, are found although every line has a fresh digest."""
    for number, record in enumerate(exported.records, start=1):
        changed = list(exported.records)
        if isinstance(record, ActRecord):
            act = msgspec.structs.replace(record.act, officer="SAMPLE-OTHER")
            changed[number - 1] = msgspec.structs.replace(record, act=act)
        elif isinstance(record, PaperRecord):
            changed[number - 1] = msgspec.structs.replace(record, docx=record.docx + b" ")
        elif isinstance(record, FindingRecord):
            changed[number - 1] = msgspec.structs.replace(record, event=msgspec.Raw(bytes(record.event).replace(b"0.9", b"0.4")))
        else:
            continue
        assert altered(b"".join(bundled(changed))).number == number


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", "99/QĐKT-CCTĐC"),
        ("officer", "SAMPLE-OTHER"),
        ("form", "seal"),
        ("issued_at", MORNING.replace(year=2024)),
        ("pdf_sha256", "0"),
    ],
)
def test_who_makes_all_lines_anew_cannot_say_otherwise_of_a_paper(exported: Exported, field: str, value: object) -> None:
    """Its number, its form, its digest, who issued it and when are those of its act."""
    place, paper = next((index, one) for index, one in enumerate(exported.records) if isinstance(one, PaperRecord))
    said = msgspec.structs.replace(paper, paper=msgspec.structs.replace(paper.paper, **{field: value}))
    changed = [*exported.records[:place], said, *exported.records[place + 1 :]]
    assert altered(b"".join(bundled(changed))).number == place + 1


def test_who_makes_all_lines_anew_cannot_put_in_call_otherwise_or_leave_out(exported: Exported) -> None:
    """What the first record does not name, names otherwise, or names no more although an act tells of it."""
    contents, *others = exported.records
    assert isinstance(contents, ContentsRecord)
    more = b"".join(bundled([*exported.records, others[0]]))
    assert altered(more).number == len(exported.records) + 1
    names = [*contents.names[:-1], "paper 1 01/MẪU"]
    assert altered(b"".join(bundled([msgspec.structs.replace(contents, names=names), *others]))).number == len(names)
    place, act = next((index, one) for index, one in enumerate(exported.records) if isinstance(one, ActRecord))
    called = msgspec.structs.replace(act, act=msgspec.structs.replace(act.act, act="publish"))
    assert altered(b"".join(bundled([*exported.records[:place], called, *exported.records[place + 1 :]]))).number == place + 1
    left = [one for one in others if not isinstance(one, FindingRecord)]
    found = altered(b"".join(bundled([msgspec.structs.replace(contents, names=["contents", *map(named, left)]), *left])))
    assert (found.number, found.name) == (len(left) + 2, "finding of act 2")


def test_who_makes_all_lines_anew_cannot_leave_a_paper_out(exported: Exported) -> None:
    """Its act still names it; and an act of no kind that there is says so."""
    contents, *others = [one for one in exported.records if not isinstance(one, PaperRecord)]
    names = ["contents", *map(named, others)]
    found = altered(b"".join(bundled([msgspec.structs.replace(contents, names=names), *others])))
    assert (found.number, found.name) == (len(names) + 1, "paper 11 01/QĐKT-CCTĐC")
    place, act = next((index, one) for index, one in enumerate(exported.records) if isinstance(one, ActRecord))
    burnt = msgspec.structs.replace(act, act=msgspec.structs.replace(act.act, data=msgspec.Raw(b'{"act":"burn"}')))
    changed = [*exported.records[:place], burnt, *exported.records[place + 1 :]]
    assert altered(b"".join(bundled(changed))).number == place + 1


def test_who_makes_the_chain_anew_too_cannot_keep_its_last_hash(exported: Exported) -> None:
    """It is the one that inventories and later papers bear in print."""
    changed, previous, started = list(exported.records), "", False
    for number, record in enumerate(exported.records):
        if not isinstance(record, ActRecord):
            continue
        one = record.act if started else msgspec.structs.replace(record.act, officer="SAMPLE-OTHER")
        started = True
        data = bytes(one.data)
        act = Act(
            case_id=exported.records[0].case_id,  # type: ignore[union-attr]
            number=one.number,
            track=one.track,
            acted_at=one.acted_at,
            recorded_at=one.recorded_at,
            officer=one.officer,
            deed=msgspec.json.decode(data, type=AnyDeed),
            data=data.decode(),
            previous=previous,
            hash="",
        )
        previous = digest(act)
        changed[number] = msgspec.structs.replace(record, act=msgspec.structs.replace(one, previous=act.previous, hash=previous))
    assert verify(io.BytesIO(b"".join(bundled(changed)))).head != exported.head


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"\xff\n", b"[" * 100_000, b'{"sha256":"","record":1}\n'])
def test_what_is_no_bundle_is_no_bundle(content: bytes) -> None:
    """In one sentence and without a fault."""
    assert altered(content).number == 1


def test_the_bytes_of_real_papers_are_in_it(ledger: Ledger, make: Make) -> None:
    """As they were issued."""
    case_id = grown(ledger, make)
    paper = issued(ledger, case_id, FORMS["inspection_minutes"].example())
    (found,) = [one for one in papers.export(ledger.connection, case_id, MORNING) if isinstance(one, PaperRecord)]
    assert found.paper == paper
    assert (found.pdf, found.docx) == tuple(
        papers.printed(ledger.connection, case_id, paper.number, kind).content for kind in (PDF, DOCX)
    )
    with pytest.raises(NotFound):
        papers.export(ledger.connection, "nothing", MORNING)
