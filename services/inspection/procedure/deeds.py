"""What can be done in a case, by the system or by an officer.

The names of acts (the ``tag`` of each class) and of their fields are stored and hashed: never rename one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, TypeAlias

import msgspec

from services.inspection.illegal_gain import GainFacts
from services.inspection.risk import Scenario
from shared.contracts.inspection import CloseReason, Referral, ReopenReason, ViolationKind
from shared.contracts.vocabulary import LongText, Measure, Product, RiskLevel, Site, Text

# The parameter of what is judged as a whole.
WHOLE = ""


class Deed(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", omit_defaults=True, forbid_unknown_fields=True):
    """What was done; the tag is the act's name."""

    @property
    def name(self) -> str:
        return name_of(type(self))


def name_of(deed: type[Deed]) -> str:
    """Return the name of the act."""
    return str(deed.__struct_config__.tag)


class OpenCase(Deed, frozen=True, kw_only=True, tag="open_case"):
    """The system opens a case on a violation."""

    violation_id: str
    violation_kind: ViolationKind
    site: Site
    product: Product


class JoinViolation(Deed, frozen=True, kw_only=True, tag="join_violation"):
    """The system makes a violation part of the case.

    ``breached`` are the parameters it is about, each with the latest conforming verdict known of it; ``tested`` tells that a
    test result shows it; ``risk_level`` is that of the default scenario; ``finding_sha256`` is that of the event it came with.
    """

    violation_id: str
    kind: ViolationKind
    item: str
    violated_at: datetime
    breached: dict[str, datetime | None]
    tested: bool = False
    risk_level: RiskLevel = RiskLevel.NOT_STATED
    finding_sha256: str = ""


class AcceptConformity(Deed, frozen=True, kw_only=True, tag="accept_conformity"):
    """The system lets a verdict count for the matters of the case whose parameters it found kept."""

    kind: ViolationKind
    item: str
    kept: tuple[str, ...]
    conformed_at: datetime
    finding_sha256: str = ""


class OrderMeasure(Deed, frozen=True, kw_only=True, tag="order_measure"):
    """Order a measure, to be carried out ``until`` a day; ``source`` is the article that empowers it, empty for the usual one."""

    measure: Measure
    source: LongText = ""
    until: date | None = None
    note: LongText = ""


class EstablishContinuation(Deed, frozen=True, kw_only=True, tag="establish_continuation"):
    """Establish that the violation goes on after a measure was ordered; ``violation_id`` names a finding that shows it."""

    violation_id: str = ""
    note: LongText = ""


class FindThreat(Deed, frozen=True, kw_only=True, tag="find_threat"):
    """Find that tested goods threaten the safety of people, animals, plants, property or the environment."""

    note: Text


class FindSeriousViolation(Deed, frozen=True, kw_only=True, tag="find_serious_violation"):
    """Find that the law on measurement was seriously violated."""

    note: Text


class FindTermExpired(Deed, frozen=True, kw_only=True, tag="find_term_expired"):
    """Find that the term written in the suspension notice has run out without a remedy."""

    note: LongText = ""


class Conclude(Deed, frozen=True, kw_only=True, tag="conclude"):
    """Record the official conclusion on the violation; before it everything about the site is secret."""

    number: Text
    note: LongText = ""


class ProposePublication(Deed, frozen=True, kw_only=True, tag="propose_publication"):
    """Propose that the agency publish the violator's name."""

    note: LongText = ""


class Publish(Deed, frozen=True, kw_only=True, tag="publish"):
    """Decide the public notice; ``degree`` is how far the goods or the measurement do not conform, in words for everyone."""

    degree: Text
    note: LongText = ""


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paper in a file: what it is and its number."""

    title: Text
    number: Text


class Transfer(Deed, frozen=True, kw_only=True, tag="transfer"):
    """Send the file to the competent authority for handling by law.

    It holds the official letter, the minutes and the papers and evidence (Law 04/2011/QH13 Art. 48(2)(c)).
    """

    authority: Text
    documents: Annotated[list[Document], msgspec.Meta(min_length=2, max_length=200)]
    note: LongText = ""


class Refer(Deed, frozen=True, kw_only=True, tag="refer"):
    """Tell another authority in writing of what is its to act on."""

    to: Referral
    authority: Text
    note: LongText = ""


class Resume(Deed, frozen=True, kw_only=True, tag="resume"):
    """Let what was stopped go on; ``evidence`` is the written report that it was put right."""

    evidence: Text
    note: LongText = ""


class Unseal(Deed, frozen=True, kw_only=True, tag="unseal"):
    """Remove a seal."""

    note: LongText = ""


class AssessRisk(Deed, frozen=True, kw_only=True, tag="assess_risk"):
    """State how the violation can do harm; the worst scenario decides.

    ``items_in_use`` is 0 where it is not known. ``level`` is worked out and recorded; who states another is refused.
    """

    scenarios: Annotated[tuple[Scenario, ...], msgspec.Meta(min_length=1, max_length=20)]
    items_in_use: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0
    level: RiskLevel = RiskLevel.NOT_STATED
    note: LongText = ""


class ValidateRisk(Deed, frozen=True, kw_only=True, tag="validate_risk"):
    """Confirm, as a second person, the ``level`` that was assessed; from here on it is the case's."""

    level: RiskLevel
    note: LongText = ""


class RecordIllegalGain(Deed, frozen=True, kw_only=True, tag="record_illegal_gain"):
    """Put on record what was gained illegally; a later record replaces an earlier one.

    ``amount`` in VND is worked out and recorded; who states another is refused.
    """

    facts: GainFacts
    amount: int | None = None
    note: LongText = ""


class CloseCase(Deed, frozen=True, kw_only=True, tag="close_case"):
    """Close the case."""

    reason: CloseReason
    note: LongText = ""


class ReopenCase(Deed, frozen=True, kw_only=True, tag="reopen_case"):
    """Open a closed case again."""

    reason: ReopenReason
    note: Text


class IssuePaper(Deed, frozen=True, kw_only=True, tag="issue_paper"):
    """The system records that a paper was issued: its form, its number and symbol, the article, and the SHA-256 of its bytes."""

    form: str
    reference: str
    source: str
    pdf_sha256: str
    docx_sha256: str

    @property
    def note(self) -> str:
        return self.reference


# What officers can do; the rest is the system's own.
OfficerDeed: TypeAlias = (
    OrderMeasure
    | EstablishContinuation
    | FindThreat
    | FindSeriousViolation
    | FindTermExpired
    | Conclude
    | ProposePublication
    | Publish
    | Transfer
    | Refer
    | Resume
    | Unseal
    | AssessRisk
    | ValidateRisk
    | RecordIllegalGain
    | CloseCase
    | ReopenCase
)
AnyDeed: TypeAlias = OpenCase | JoinViolation | AcceptConformity | IssuePaper | OfficerDeed
