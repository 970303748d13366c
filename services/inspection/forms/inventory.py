"""The inventory: what is in the file, each paper with its SHA-256."""

from __future__ import annotations

from collections.abc import Iterator

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_TEAM, Draft, Form, Order, Person
from services.inspection.forms.sheet import Block, Digest, Signature, Text
from shared.kernel.clock import HANOI


class Inventory(Order, frozen=True, kw_only=True, tag="inventory"):
    """List the papers of the case so far."""

    form = Form(title="Danh mục tài liệu trong hồ sơ", symbol="DM", articles={})

    keeper: Person

    @classmethod
    def example(cls) -> Inventory:
        """Return an order that is plainly a sample."""
        return cls(keeper=SAMPLE_TEAM[1])

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        return Draft(
            title="DANH MỤC TÀI LIỆU TRONG HỒ SƠ",
            blocks=[wording.site(dossier), wording.product(dossier), *listed(dossier)],
            signatures=[Signature("Người lập danh mục", self.keeper.name)],
        )


def listed(dossier: Dossier) -> Iterator[Block]:
    """Yield the papers issued so far, and the hash at which the record of the case stands."""
    for index, one in enumerate(dossier.papers, start=1):
        issued = wording.day(one.issued_at.astimezone(HANOI).date())
        yield Text(f"{one.title} số {one.reference}, {issued}.", f"{index}.")
        yield Digest("SHA-256 của bản PDF:", one.pdf_sha256)
        yield Digest("SHA-256 của bản DOCX:", one.docx_sha256)
    if not dossier.papers:
        yield Text("Chưa có tài liệu nào được ban hành trong hồ sơ.")
    yield Digest(f"Sổ sự kiện của hồ sơ có {dossier.case.acts} bản ghi; mã băm của bản ghi cuối:", dossier.case.head)
