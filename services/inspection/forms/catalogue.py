"""All forms there are, and the sheets that orders for them make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, get_args

import msgspec

from services.inspection.forms import units, wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.inspection_decision import InspectionDecision
from services.inspection.forms.inspection_minutes import InspectionMinutes
from services.inspection.forms.inventory import Inventory
from services.inspection.forms.public_notice import PublicNotice
from services.inspection.forms.resumption_notice import ResumptionNotice
from services.inspection.forms.seal import Seal
from services.inspection.forms.seal_minutes import SealMinutes
from services.inspection.forms.sheet import Sheet
from services.inspection.forms.suspension_notice import SuspensionNotice
from services.inspection.forms.transfer_letter import TransferLetter
from services.inspection.forms.units import Unit
from services.inspection.forms.violation_minutes import ViolationMinutes
from services.inspection.procedure.transitions import Who

# Those that turn the direction of writing round are among them: a name must not read otherwise than it is written.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

AnyOrder: TypeAlias = (
    InspectionDecision
    | InspectionMinutes
    | SuspensionNotice
    | ResumptionNotice
    | SealMinutes
    | Seal
    | PublicNotice
    | ViolationMinutes
    | TransferLetter
    | Inventory
)
FORMS: Mapping[str, type[AnyOrder]] = {kind.name(): kind for kind in get_args(AnyOrder)}


class PossibleForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form, who may have it issued by which article, and what must be on record before."""

    form: str
    title: str
    code: str
    who: tuple[Who, ...]
    source: str
    missing: tuple[str, ...]


def possible_forms(dossier: Dossier) -> Iterator[PossibleForm]:
    """Yield all forms as the case stands."""
    track = dossier.case.track
    for name, kind in FORMS.items():
        form = kind.form
        yield PossibleForm(
            form=name,
            title=form.title,
            code=form.code,
            who=(Who.AGENCY,) if form.for_the_agency else (Who.TEAM, Who.AGENCY),
            source=form.source(track),
            missing=missing(kind, dossier),
        )


def missing(kind: type[AnyOrder], dossier: Dossier) -> tuple[str, ...]:
    """Return what must be on record before a paper of this form, in words for the officer."""
    return tuple(need.says for need in kind.form.needs if not need.met(dossier))


def unit_of(order: AnyOrder, dossier: Dossier) -> Unit:
    """Return who issues a paper."""
    return units.national(dossier.today) if order.national else units.sub_department(dossier.case.site.province, dossier.today)


def reference(order: AnyOrder, unit: Unit, serial: int) -> str:
    """Return the number and symbol of a paper."""
    return f"{serial:02}/{order.form.symbol}-{unit.symbol}"


def fill(order: AnyOrder, dossier: Dossier, unit: Unit, number: str) -> Sheet:
    """Return the paper that an order makes of a case."""
    case, draft = dossier.case, order.draw(dossier)
    sheet = Sheet(
        form=order.form.code_on(case.track),
        parent=unit.parent,
        agency=unit.name,
        number=f"Số: {number}",
        dated=f"{unit.place}, {wording.day(dossier.today)}",
        issued_on=(dossier.today.year, dossier.today.month, dossier.today.day),
        title=draft.title,
        subject=draft.subject,
        addressee=draft.addressee,
        blocks=list(draft.blocks),
        signatures=list(draft.signatures),
        recipients=list(draft.recipients),
        trace=f"Hồ sơ {case.id}, bản ghi {case.acts + 1}, sau {case.head[:16]}",
        label=draft.label,
    )
    return msgspec.convert(_without_controls(msgspec.to_builtins(sheet)), Sheet)


def _without_controls(value: Any) -> Any:
    """Return a document with blanks for what neither kind of file can hold."""
    match value:
        case str():
            return _CONTROLS.sub(" ", value)
        case dict():
            return {name: _without_controls(one) for name, one in value.items()}
        case list() | tuple():
            return [_without_controls(one) for one in value]
    return value
