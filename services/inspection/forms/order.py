"""What every form shares: what an officer orders, who may, when it is lawful, and how much of the law stands above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, NamedTuple

import msgspec

from services.inspection.forms.dossier import Dossier
from services.inspection.forms.sheet import Block, Signature
from shared.contracts.envelope import Moment, check_year
from shared.contracts.vocabulary import MEASUREMENT_TRACKS, LongText, Text, Track

OFFICE = "Quy tắc nghiệp vụ"  # good practice of the office, no article of a law
Reference = Text  # the number and symbol of another paper


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who is named on a paper."""

    name: Text
    position: Text


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's representative does not sign; the minutes stay valid (TT 28/2013/TT-BKHCN Arts 16(2)(b), 21(2)(b))."""

    reason: LongText = ""
    witnesses: Annotated[list[Person], msgspec.Meta(max_length=10)] = []


class Requirement(NamedTuple):
    """Something that must be on record in the case before a paper, in words for the officer."""

    says: str
    met: Callable[[Dossier], bool]


class Form(NamedTuple):
    """What is known of a form: its code in TT 28/2013/TT-BKHCN, its title, the symbol in its numbers, its articles by track."""

    title: str
    symbol: str
    articles: Mapping[Track, str]
    code: str = ""
    for_the_agency: bool = False
    needs: tuple[Requirement, ...] = ()

    def source(self, track: Track) -> str:
        """Return the article that calls for the paper."""
        return self.articles.get(track, OFFICE)

    def code_on(self, track: Track) -> str:
        """Return the code as it is printed; the circular is about measurement, so that other papers bear none."""
        return f"{self.code} (Phụ lục Thông tư số 28/2013/TT-BKHCN)" if self.code and track in MEASUREMENT_TRACKS else ""


class Draft(NamedTuple):
    """What a form makes of an order: all that is not the same on every paper."""

    title: str
    blocks: Sequence[Block]
    signatures: Sequence[Signature]
    subject: str = ""
    addressee: str = ""
    recipients: Sequence[str] = ()
    label: bool = False


class Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="form", omit_defaults=True, forbid_unknown_fields=True):
    """What an officer adds to what the case knows; the tag is the form's name, which is stored and never renamed.

    Each form has an ``example``, plainly a sample, and can ``draw`` what stands on its paper.
    ``national`` has the paper issued by the national agency and not by the sub-department of the site's province.
    """

    form: ClassVar[Form]

    national: bool = False

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if isinstance(value := getattr(self, name), date):
                check_year(name, value)

    @classmethod
    def name(cls) -> str:
        """Return the name of the form."""
        return str(cls.__struct_config__.tag)


class AgencyOrder(Order, frozen=True, kw_only=True):
    """A paper that the agency issues over the signature of its head."""

    signer: Person

    def signed(self) -> list[Signature]:
        """Return the place where the head signs."""
        return [Signature(self.signer.position, self.signer.name)]


class TeamOrder(Order, frozen=True, kw_only=True):
    """Minutes that the inspection team draws up at the site; the leader comes first in ``team``.

    ``decision`` is the number of the decision to inspect; ``present`` represents the site and may only be nobody where
    signing was refused.
    """

    decision: Reference
    begun_at: Moment
    place: LongText = ""
    team: Annotated[list[Person], msgspec.Meta(min_length=1, max_length=30)]
    present: Annotated[list[Person], msgspec.Meta(max_length=10)] = []
    statement: LongText = ""
    refusal: Refusal | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.present and self.refusal is None:
            raise ValueError(
                "present names nobody of the site: name who represents it, or say in refusal that signing was refused"
            )

    def signed(self) -> list[Signature]:
        """Return where team, site and witnesses sign; the words of a refusal are those of the circular."""
        team = Signature("Trưởng đoàn kiểm tra", self.team[0].name)
        if self.refusal is None:
            return [*(Signature("Đại diện cơ sở được kiểm tra", one.name) for one in self.present), team]
        note = "Đại diện cơ sở không ký biên bản."
        if self.refusal.reason:
            note += f" Lý do: {self.refusal.reason}"
        witnesses = (Signature("Người chứng kiến", one.name) for one in self.refusal.witnesses)
        return [Signature("Đại diện cơ sở được kiểm tra", note=note), team, *witnesses]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is sealed: what it is, how much of it, and in what state."""

    name: Text
    quantity: Text
    state: LongText = ""


def by_track(
    *, in_use: str, in_production: str, labels: str = "", tests: str = "", production: str = "", imports: str = ""
) -> Mapping[Track, str]:
    """Return the article of each track; one that has none is left out. The first two are of TT 28/2013/TT-BKHCN."""
    circular, law = "TT 28/2013/TT-BKHCN Điều", "Luật 05/2007/QH12 Điều"
    found = {
        Track.METROLOGY: f"{circular} {in_use}",
        Track.COVERT_METROLOGY: f"{circular} {in_use}",
        Track.METROLOGY_IN_PRODUCTION: f"{circular} {in_production}",
        Track.LABELS_AND_MARKS: labels and f"{law} {labels}",
        Track.TEST_RESULTS: tests and f"{law} {tests}",
        Track.PRODUCTION: production and f"{law} {production}",
        Track.IMPORT: imports and f"{law} {imports}",
    }
    return {track: article for track, article in found.items() if article}


# What the examples of all forms name.
SAMPLE_HEAD = Person(name="Người ký (mẫu)", position="Chi cục trưởng")
SAMPLE_TEAM = [
    Person(name="Trưởng đoàn (mẫu)", position="Trưởng phòng"),
    Person(name="Thành viên (mẫu)", position="Kiểm soát viên chất lượng"),
]
SAMPLE_PRESENT = [Person(name="Đại diện (mẫu)", position="Cửa hàng trưởng")]
SAMPLE_DAY = date(2025, 3, 14)
