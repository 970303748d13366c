"""Who is told: pure decisions on samples."""

from __future__ import annotations

import msgspec
import pytest

from services.notification import rules as rules_package
from services.notification.authorities import all_roles, ministry_of
from services.notification.model import Rule
from services.notification.rules import events_heard, rules
from services.notification.rules.approaching_deadline_reminds_province import decide as remind
from services.notification.rules.dangerous_foreign_alert_warns_office_and_ministry import decide as warn_of_alert
from services.notification.rules.draft_that_may_hinder_trade_is_told_to_tbt_office import decide as hand_over
from services.notification.rules.missed_deadline_is_reported_to_leadership import decide as report
from services.notification.rules.violation_warns_office_province_and_ministry import decide as warn_of_violation
from shared.contracts.inspection import ViolationDetected
from shared.contracts.partners import AlertPublished
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed, TbtNotificationDue
from shared.contracts.vocabulary import SAMPLE_SITE, ProductGroup, RiskLevel


def test_a_violation_is_told_to_office_province_and_ministry() -> None:
    """The three who must act on petrol in Huế."""
    decision = warn_of_violation(ViolationDetected.sample())
    assert decision.recipients == ("tbt_office", "sub_department_46", "ministry_of_science")
    assert (decision.about, decision.province, decision.product_group) == ("SAMPLE-VIOLATION-0001", "46", "petrol")


def test_what_all_may_read_of_a_violation_never_tells_the_site() -> None:
    """Law 04/2011 Art. 47(2)(d): not by its name, its id or its address, nor by a product named after it."""
    violation = ViolationDetected.sample()
    site = msgspec.structs.replace(violation.site, address="12 đường Mẫu, Huế")
    named = msgspec.structs.replace(violation.product, name=f"Xăng của {site.name.upper()}", brand=site.name, batch=site.id)
    shown = str(warn_of_violation(msgspec.structs.replace(violation, site=site, product=named)).shown_to_all).casefold()
    for secret in (site.name, site.id, site.address):
        assert secret.casefold() not in shown
    assert "xăng ron 95-iii" in str(warn_of_violation(violation).shown_to_all).casefold()


def test_only_a_decided_publication_shows_a_site_to_all() -> None:
    """The rule on it names the site; no other rule does, whatever event it reads."""
    naming = {
        rule.kind
        for rule in rules()
        if (decision := rule.decide(rule.listens_to.sample())) is not None and SAMPLE_SITE.name in str(decision.shown_to_all)
    }
    assert naming == {"publication"}


@pytest.mark.parametrize(
    ("level", "is_told"),
    [
        (RiskLevel.SERIOUS, True),
        (RiskLevel.HIGH, True),
        (RiskLevel.MEDIUM, False),
        (RiskLevel.LOW, False),
        (RiskLevel.NOT_STATED, False),
    ],
)
def test_only_dangerous_alerts_are_told(level: RiskLevel, is_told: bool) -> None:
    """A warning about everything is a warning about nothing."""
    decision = warn_of_alert(msgspec.structs.replace(AlertPublished.sample(), risk_level=level))
    assert (decision is not None) is is_told


def test_an_alert_is_told_to_office_and_ministry() -> None:
    """Toys belong to the Ministry of Science and Technology, cosmetics to that of Health."""
    alert = AlertPublished.sample()
    cosmetic = msgspec.structs.replace(alert, product=msgspec.structs.replace(alert.product, group=ProductGroup.COSMETIC))
    told = [decision.recipients for decision in map(warn_of_alert, (alert, cosmetic)) if decision is not None]
    assert told == [("tbt_office", "ministry_of_science"), ("tbt_office", "ministry_of_health")]


def test_deadlines_go_to_the_province_and_missed_ones_to_the_leadership_too() -> None:
    """Who must act is reminded; who answers for it learns what was missed."""
    assert remind(DeadlineApproaching.sample()).recipients == ("sub_department_46",)
    assert report(DeadlineMissed.sample()).recipients == ("sub_department_46", "leadership")


def test_a_duty_without_a_site_is_the_national_authoritys_own() -> None:
    """No deadline goes to nobody."""
    assert remind(msgspec.structs.replace(DeadlineApproaching.sample(), site=None)).recipients == ("leadership",)
    assert report(msgspec.structs.replace(DeadlineMissed.sample(), site=None)).recipients == ("leadership",)


def test_a_draft_to_be_notified_goes_to_the_tbt_office() -> None:
    """A local one to the TBT point of its province as well; nothing of it is for the public."""
    national = TbtNotificationDue.sample()
    assert hand_over(national).recipients == ("tbt_office",)
    assert hand_over(msgspec.structs.replace(national, unit_province="46")).recipients == ("tbt_office", "sub_department_46")


@pytest.mark.parametrize("group", ProductGroup)
def test_every_product_group_has_a_ministry_that_the_contacts_must_know(group: ProductGroup) -> None:
    """No goods are nobody's."""
    assert ministry_of(group) in all_roles()


def test_rules_are_found_by_themselves() -> None:
    """The rules are there without being named anywhere, and their events are what the service subscribes to."""
    assert [rule.kind for rule in rules()] == [
        "deadline_missed",
        "deadline_reminder",
        "foreign_alert",
        "publication",
        "tbt_notification_due",
        "violation_warning",
    ]
    assert {data.type for data in events_heard()} == {rule.listens_to.type for rule in rules()}


def test_two_rules_of_one_kind_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind is stored and names one template: it cannot mean two things."""
    rule = Rule(kind="same", listens_to=ViolationDetected, decide=warn_of_violation)
    monkeypatch.setattr(rules_package, "import_module", lambda _name: type("Module", (), {"RULE": rule}))
    with pytest.raises(ValueError, match="same"):
        rules.__wrapped__()
