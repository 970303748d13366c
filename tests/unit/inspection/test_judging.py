"""Rules are found by themselves, judge by the law of the legal day, and answer in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from services.inspection import rules
from services.inspection.acceptance import CONFORMING, Judgement
from services.inspection.judging import Rule, Version, judges, legal_day
from services.inspection.procedure.deeds import WHOLE
from services.inspection.rules import rulebook
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import AlertPublished, ComplaintReceived, InstrumentChecked, SampleTested
from shared.contracts.vocabulary import Breach, Outcome

BREACH = Breach(parameter="sulfur", measured=Decimal(62), limit=Decimal(50), unit="mg/kg")
NEW_RULE = '''
"""A complaint is always taken at its word."""
from datetime import date
from services.inspection.acceptance import CONFORMING
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import ComplaintReceived


@judges(
    ComplaintReceived,
    kind=ViolationKind.FUEL_QUALITY,
    versions=[Version(valid_from=date(2025, 1, 1), source="SAMPLE", limits=None)],
)
def complaint_is_believed(complaint, version):
    """Judge nothing."""
    return CONFORMING
'''


def judge_as_the_version_says(_data: SampleTested, version: Version[Outcome]) -> Judgement:
    """Return the outcome that is the version's only number."""
    return Judgement(version.limits)


judge_as_the_version_says.__name__ = "test_judging"  # a rule must bear the name of its file


@pytest.fixture
def rules_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let a second folder be part of the rules."""
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    rulebook.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    rulebook.cache_clear()


def test_one_new_file_is_a_new_rule(rules_folder: Path) -> None:
    """A file put into the folder judges its events, and the service subscribes to them, with nothing else touched."""
    (rules_folder / "complaint_is_believed.py").write_text(NEW_RULE, encoding="utf-8")
    book = rulebook()
    assert ComplaintReceived in book.event_types
    assert [verdict.rule.name for verdict in book.verdicts(ComplaintReceived.sample())] == ["complaint_is_believed"]


@pytest.mark.parametrize("rule", rulebook().rules, ids=lambda rule: str(rule.name))
def test_every_rule_has_a_sample_in_the_catalogue(rule: Rule) -> None:
    """Who connects a system sees the shape of an event that the rule judges."""
    shown = [data for event_type in rule.event_types for data in event_type.samples()]
    assert any(rule.verdict(data, legal_day(data)) for data in shown)


def test_the_rules_of_the_service_are_all_found() -> None:
    """The names are stored with verdicts: none may vanish or change."""
    assert [rule.name for rule in rulebook().rules] == [
        "appliance_disturbance_within_limit",
        "appliance_meets_qcvn_4",
        "biofuel_blend_keeps_its_own_limits",
        "conformity_mark_is_used_by_right",
        "dispenser_error_within_limit",
        "ethanol_petrol_holds_its_ethanol",
        "fuel_meets_qcvn_1",
        "goods_are_declared_conforming",
        "goods_carry_conformity_mark",
        "helmet_certificate_is_in_force",
        "helmet_meets_qcvn_2",
        "label_says_what_it_must",
        "prepackaged_lot_holds_its_quantity",
        "scale_error_within_limit",
        "spring_scale_shortage_within_limit",
        "toy_meets_qcvn_3",
        "toy_releases_few_elements",
        "verification_is_valid",
    ]


def test_events_that_no_rule_judges_give_no_verdict() -> None:
    """An alert from abroad is not a finding here."""
    assert rulebook().verdicts(AlertPublished.sample()) == []


def test_several_rules_on_one_finding_answer_in_order_of_their_names() -> None:
    """A dispenser check is judged for its error and for its verification, always in that order."""
    verdicts = rulebook().verdicts(InstrumentChecked.sample())
    assert [verdict.rule.name for verdict in verdicts] == ["dispenser_error_within_limit", "verification_is_valid"]


@pytest.mark.parametrize("as_a_whole", [False, True])
@pytest.mark.parametrize(
    ("judgement", "named", "whole"),
    [
        (Judgement(Outcome.NONCONFORMING, [BREACH, BREACH], ("ron",)), (("sulfur",), ("ron",)), ((WHOLE,), ())),
        (Judgement(Outcome.CONFORMING, kept=("ron",)), ((), ("ron",)), ((), (WHOLE,))),
        (Judgement(Outcome.INCONCLUSIVE, kept=("ron",)), ((), ("ron",)), ((), ())),
        (Judgement(Outcome.NONCONFORMING, kept=("ron",)), ((WHOLE,), ()), ((WHOLE,), ())),
        (Judgement(Outcome.CONFORMING), ((), (WHOLE,)), ((), (WHOLE,))),
        (Judgement(Outcome.INCONCLUSIVE), ((), ()), ((), ())),
    ],
)
def test_a_verdict_says_which_parameters_are_breached_and_kept(
    judgement: Judgement, named: object, whole: object, *, as_a_whole: bool
) -> None:
    """A violation is always of something, and a conforming verdict conforms in something: the whole where nothing is named."""

    def says(_data: SampleTested, _version: Version[None]) -> Judgement:
        return judgement

    says.__name__ = "test_judging"
    version = Version(valid_from=date(2025, 1, 1), source="SAMPLE", limits=None)
    made = judges(SampleTested, kind=ViolationKind.FUEL_QUALITY, versions=[version], as_a_whole=as_a_whole)(says)
    verdict = made.verdict(SampleTested.sample(), date(2025, 1, 1))
    assert verdict is not None
    assert (verdict.breached, verdict.kept) == (whole if as_a_whole else named)


@pytest.mark.parametrize("verified_on", [None, date(2020, 1, 2)])
def test_a_verification_is_one_thing_however_it_is_breached(verified_on: date | None) -> None:
    """No mark at all and one that is too old are both put right by a new one."""
    sample = InstrumentChecked.sample()
    verdict = rulebook().verdicts(msgspec.structs.replace(sample, verified_on=verified_on))[-1]
    assert (verdict.rule.name, verdict.breached, verdict.kept) == ("verification_is_valid", (WHOLE,), ())
    assert rulebook().verdicts(sample)[-1].kept == (WHOLE,)


def test_a_rule_must_bear_the_name_of_its_file() -> None:
    """A misnamed rule is refused when it is loaded."""

    def some_rule(_data: SampleTested, _version: Version[None]) -> Judgement:
        return CONFORMING

    with pytest.raises(ValueError, match=r"file of its own called some_rule\.py"):
        judges(SampleTested, kind=ViolationKind.FUEL_QUALITY, versions=[])(some_rule)


@pytest.mark.parametrize("valid_to", [None, date(2025, 1, 1), date(2025, 6, 30)])
def test_two_versions_valid_on_one_day_are_refused(valid_to: date | None) -> None:
    """The law of a day is one."""
    versions = [
        Version(valid_from=date(2025, 1, 1), source="SAMPLE new", limits=Outcome.NONCONFORMING),
        Version(valid_from=date(2024, 1, 1), valid_to=valid_to, source="SAMPLE old", limits=Outcome.CONFORMING),
    ]
    with pytest.raises(ValueError, match="two versions on 2025-01-01"):
        judges(SampleTested, kind=ViolationKind.FUEL_QUALITY, versions=versions)(judge_as_the_version_says)


def test_both_the_first_and_the_last_day_of_a_version_belong_to_it() -> None:
    """What was lawful until 31 December is judged by the new version from 1 January on, and before the first by none."""
    rule = judges(
        SampleTested,
        kind=ViolationKind.FUEL_QUALITY,
        versions=[
            Version(valid_from=date(2025, 1, 1), source="SAMPLE new", limits=Outcome.NONCONFORMING),
            Version(valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31), source="SAMPLE old", limits=Outcome.CONFORMING),
        ],
    )(judge_as_the_version_says)
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    verdicts = [rule.verdict(SampleTested.sample(), day) for day in days]
    assert verdicts[0] is None
    found = [(verdict.outcome, verdict.rule.valid_from, verdict.rule.source) for verdict in verdicts if verdict]
    assert found == [
        (Outcome.CONFORMING, date(2024, 1, 1), "SAMPLE old"),
        (Outcome.CONFORMING, date(2024, 1, 1), "SAMPLE old"),
        (Outcome.NONCONFORMING, date(2025, 1, 1), "SAMPLE new"),
    ]


def test_the_legal_day_is_the_day_in_viet_nam() -> None:
    """17:00 in UTC is midnight in Hà Nội."""
    sample = SampleTested.sample()
    late = type(sample)(
        observed_at=datetime(2025, 6, 14, 17, 0, tzinfo=UTC),
        sample_id=sample.sample_id,
        site=sample.site,
        product=sample.product,
        finding=sample.finding,
        laboratory=sample.laboratory,
    )
    assert legal_day(late) == date(2025, 6, 15)
