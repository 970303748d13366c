"""Form 9, TNP: the seal itself, a label."""

from __future__ import annotations

from datetime import date

from services.inspection.forms import wording
from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import SAMPLE_DAY, SAMPLE_HEAD, AgencyOrder, Draft, Form, Reference
from services.inspection.forms.seal_minutes import SEALED, SEALING
from services.inspection.forms.sheet import Facts
from shared.contracts import vocabulary


class Seal(AgencyOrder, frozen=True, kw_only=True, tag="seal"):
    """Seal what the seal minutes name."""

    form = Form(title="Tem niêm phong", code="Mẫu 9. TNP", symbol="TNP", articles=SEALING, needs=(SEALED,))

    minutes: Reference
    item: vocabulary.Text
    sealed_on: date

    @classmethod
    def example(cls) -> Seal:
        """Return an order that is plainly a sample."""
        return cls(signer=SAMPLE_HEAD, minutes="01/BBNP-MẪU", item="Vật được niêm phong (mẫu)", sealed_on=SAMPLE_DAY)

    def draw(self, dossier: Dossier) -> Draft:
        """Return what stands on the paper."""
        return Draft(
            title="NIÊM PHONG",
            blocks=[
                Facts(
                    [
                        ("Cơ sở", dossier.case.site.name),
                        ("Biên bản niêm phong số", self.minutes),
                        ("Niêm phong", self.item),
                        ("Thời điểm", wording.day(self.sealed_on)),
                    ]
                )
            ],
            signatures=self.signed(),
            label=True,
        )
