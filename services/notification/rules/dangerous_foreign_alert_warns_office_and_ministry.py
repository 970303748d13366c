"""A foreign alert of a serious or high risk is told to the TBT office and to the ministry responsible for the goods."""

from __future__ import annotations

from services.notification.authorities import TBT_OFFICE, ministry_of
from services.notification.model import Decision, Rule
from shared.contracts.partners import AlertPublished
from shared.contracts.vocabulary import RiskLevel

_DANGEROUS = frozenset({RiskLevel.SERIOUS, RiskLevel.HIGH})


def decide(alert: AlertPublished) -> Decision | None:
    """Warn of dangerous products only; all of an alert has been published by the country that notified it."""
    if alert.risk_level not in _DANGEROUS:
        return None
    return Decision(
        about=alert.alert_number,
        recipients=(TBT_OFFICE, ministry_of(alert.product.group)),
        product_group=alert.product.group,
        shown_to_all={
            "alert": alert,
            "product": alert.product,
            "product_group": alert.product.group,
        },
        shown_to_authorities={},
    )


RULE = Rule(kind="foreign_alert", listens_to=AlertPublished, decide=decide)
