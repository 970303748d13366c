"""A violation is told to the TBT office, to the sub-department of the site's province and to the ministry of the goods."""

from __future__ import annotations

from services.notification.authorities import TBT_OFFICE, ministry_of, sub_department
from services.notification.model import Decision, Rule
from shared.contracts.inspection import ViolationDetected
from shared.contracts.vocabulary import Product, Site


def decide(violation: ViolationDetected) -> Decision:
    """Warn of every violation; only the recipients learn whose it is."""
    site, product = violation.site, violation.product
    return Decision(
        about=violation.violation_id,
        recipients=(TBT_OFFICE, sub_department(site.province), ministry_of(product.group)),
        province=site.province,
        product_group=product.group,
        shown_to_all={
            "observed_at": violation.observed_at,
            "province": site.province,
            "product_group": product.group,
            "product_name": _name_without_site(product, site),
            "violation_kind": violation.violation_kind,
            "source": violation.rule.source,
        },
        shown_to_authorities={
            "violation_id": violation.violation_id,
            "site": site,
            "product": product,
            "track": violation.track,
            "breaches": violation.breaches,
            "rule": violation.rule,
            "risk_level": violation.risk_level,  # a default one is no word for the public
            "risk_basis": violation.risk_basis,
        },
    )


def _name_without_site(product: Product, site: Site) -> str:
    """Return the product's name, or nothing when it tells the site's."""
    name = product.name.casefold()
    return "" if site.name.casefold() in name or site.id.casefold() in name else product.name


RULE = Rule(kind="violation_warning", listens_to=ViolationDetected, decide=decide)
