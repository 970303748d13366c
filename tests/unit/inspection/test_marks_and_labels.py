"""Marks, labels and papers of goods are judged by what somebody looked at, on the market and at customs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from services.inspection.model.findings import Verdict
from shared import i18n
from shared.contracts.partners import LabelContent, Marking, PapersAfterRelease
from shared.contracts.vocabulary import Outcome, ProductGroup
from tests.unit.inspection.checks import DAY, declared, looked_at, outcome

Look = Callable[..., Verdict | None]
C, N = Outcome.CONFORMING, Outcome.NONCONFORMING
BY_RIGHT, LABEL, DECLARED = (
    "conformity_mark_is_used_by_right",
    "label_says_what_it_must",
    "goods_are_declared_conforming",
)
TOY, HELMET = ProductGroup.TOY, ProductGroup.HELMET


@pytest.mark.parametrize("see", [looked_at, declared])
def test_a_forged_mark_is_a_violation_of_its_own(see: Look) -> None:
    """Law 05/2007/QH12 Art. 8(7), from the day the law took effect; what nobody asked is not judged."""
    for by_right, expected in ((True, C), (False, N), (None, None)):
        assert outcome(see(Marking(mark_used_by_right=by_right), TOY, BY_RIGHT)) is expected
    assert outcome(see(Marking(mark_used_by_right=False), TOY, BY_RIGHT, on=date(2008, 7, 1))) is N
    assert see(Marking(mark_used_by_right=False), TOY, BY_RIGHT, on=date(2008, 6, 30)) is None
    assert see(None, TOY, BY_RIGHT) is None


@pytest.mark.parametrize("see", [looked_at, declared])
def test_goods_of_group_2_need_a_declaration_of_conformity(see: Look) -> None:
    """Law 05/2007/QH12 Art. 34(2) at customs, 40(1) on the market."""
    for is_declared, expected in ((True, C), (False, N), (None, None)):
        assert outcome(see(Marking(conformity_declared=is_declared), TOY, DECLARED)) is expected
    assert outcome(see(Marking(conformity_declared=False), TOY, DECLARED, on=date(2008, 7, 1))) is N
    assert see(Marking(conformity_declared=False), TOY, DECLARED, on=date(2008, 6, 30)) is None
    assert see(None, TOY, DECLARED) is None


@pytest.mark.parametrize(("papers", "expected"), [(PapersAfterRelease.OWED, None), (PapersAfterRelease.HANDED_IN, N), (None, N)])
def test_papers_that_may_come_after_the_release_are_not_missing_yet(
    papers: PapersAfterRelease | None, expected: Outcome | None
) -> None:
    """While they are owed a clock of planning runs; once they are handed in, they are judged."""
    assert outcome(declared(Marking(conformity_declared=False), TOY, DECLARED, papers=papers)) is expected


@pytest.mark.parametrize("content", list(LabelContent))
def test_each_content_a_label_lacks_is_named(content: LabelContent) -> None:
    """The breach says what is missing; the date of production is demanded of helmets only."""
    lacks = Marking(label_lacks=[content])
    helmet, toy = looked_at(lacks, HELMET, LABEL), looked_at(lacks, TOY, LABEL)
    assert helmet is not None
    assert [(one.parameter, one.measured, one.limit) for one in helmet.breaches] == [(f"label_{content}", 0, 1)]
    assert not helmet.rule.verified
    assert outcome(toy) is (C if content is LabelContent.PRODUCTION_DATE else N)
    for locale in i18n.LOCALES:
        assert i18n.translate(f"parameter.label_{content}", locale)


@pytest.mark.parametrize(
    ("on", "market", "customs"),
    [
        (date(2017, 5, 31), None, None),
        (date(2017, 6, 1), N, None),
        (date(2022, 2, 14), N, None),
        (date(2022, 2, 15), N, N),
    ],
)
def test_the_original_label_is_judged_at_customs_since_the_decree_of_2021(
    on: date, market: Outcome | None, customs: Outcome | None
) -> None:
    """Before it, a supplementary label could say all of it after customs."""
    lacks = Marking(label_lacks=[LabelContent.ORIGIN])
    assert outcome(looked_at(lacks, TOY, LABEL, on=on)) is market
    assert outcome(declared(lacks, TOY, LABEL, on=on)) is customs


def test_at_customs_the_label_need_not_be_vietnamese_yet() -> None:
    """A supplementary label may follow; a complete label conforms, an unread one is not judged."""
    assert outcome(declared(Marking(label_lacks=[LabelContent.VIETNAMESE_TEXT]), TOY, LABEL)) is C
    assert outcome(looked_at(Marking(label_lacks=[]), HELMET, LABEL, on=DAY)) is C
    assert looked_at(Marking(), HELMET, LABEL) is None
    assert looked_at(None, HELMET, LABEL) is None
