"""A violator whose name the agency has decided to publish is named to everyone; until then nobody but authorities knows it."""

from __future__ import annotations

from services.notification.authorities import TBT_OFFICE, ministry_of, sub_department
from services.notification.model import Decision, Rule
from shared.contracts.inspection import PublicationDecided


def decide(publication: PublicationDecided) -> Decision:
    """Name the site, its address, the goods and how far they do not conform, as the article asks."""
    site, product = publication.site, publication.product
    return Decision(
        about=f"{publication.case_id}/{publication.observed_at.isoformat()}",
        recipients=(TBT_OFFICE, sub_department(site.province), ministry_of(product.group)),
        province=site.province,
        product_group=product.group,
        shown_to_all={
            "observed_at": publication.observed_at,
            "province": site.province,
            "product_group": product.group,
            "site": site,
            "product": product,
            "violation_kind": publication.violation_kind,
            "degree": publication.degree,
            "source": publication.source,
        },
        shown_to_authorities={"case_id": publication.case_id},
    )


RULE = Rule(kind="publication", listens_to=PublicationDecided, decide=decide)
