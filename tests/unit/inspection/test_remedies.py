"""A breach is remedied by a later finding that was tested for the same parameter, and by no other."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy as sa

from services.inspection.docket import case_of
from services.inspection.rules.case_is_ready_to_close import is_remedied
from services.inspection.tables import case_findings, cases
from shared.contracts.inspection import CaseClosed, CaseOpened, VerdictReached
from shared.contracts.vocabulary import Outcome, Product, ProductGroup

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Ledger, Make


def test_a_sample_that_was_not_tested_for_what_was_breached_remedies_nothing(ledger: Ledger, make: Make) -> None:
    """The octane number says nothing of the sulfur: such a sample is not even part of the case."""
    ledger.judge([make.petrol("62")], [make.fuel(1, ron="95")])
    assert ledger.emitted(VerdictReached)[-1].data.outcome is Outcome.CONFORMING
    assert ledger.emitted(CaseClosed) == []
    assert len(ledger.connection.execute(sa.select(case_findings)).all()) == 1
    ledger.judge([make.petrol("50", at=2)])
    assert len(ledger.emitted(CaseClosed)) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_two_parameters_of_one_sample_are_remedied_by_two_later_ones(ledger: Ledger, make: Make, order: tuple[int, ...]) -> None:
    """In whatever order the three arrive; neither of the two is enough."""
    told = [make.fuel(0, sulfur="62", benzene="1.1"), make.fuel(1, sulfur="40", ron="95"), make.fuel(2, benzene="1.0")]
    for number, index in enumerate(order):
        ledger.judge([told[index]])
        assert len(ledger.emitted(CaseClosed)) == (number == len(order) - 1)


def test_what_conforms_in_a_nonconforming_sample_is_remedied(ledger: Ledger, make: Make) -> None:
    """The sulfur is right when the benzene is wrong; then only the benzene is still open."""
    ledger.judge([make.petrol("62")], [make.fuel(1, sulfur="40", benzene="1.1")])
    assert ledger.emitted(CaseClosed) == []
    assert len(ledger.emitted(CaseOpened)) == 1
    row = ledger.connection.execute(sa.select(cases)).mappings().one()
    assert [one.parameter for one in case_of(row).matters if not is_remedied(one)] == ["benzene"]
    ledger.judge([make.fuel(2, benzene="0.9")])
    (closed,) = ledger.emitted(CaseClosed)
    assert closed.data.findings == 2


@pytest.mark.parametrize(
    ("breached", "then", "closes"),
    [
        ({"cetane_index": "45"}, {"cetane_number": "50"}, True),
        ({"cetane_index": "45"}, {"cetane_index": "46"}, True),
        ({"cetane_index": "45"}, {"cetane_number": "49"}, False),
        ({"cetane_number": "49"}, {"cetane_index": "60"}, False),
        ({"cetane_number": "49"}, {"cetane_number": "50", "cetane_index": "40"}, True),
    ],
)
def test_the_cetane_number_decides_for_the_index_too(
    ledger: Ledger, make: Make, breached: dict[str, str], then: dict[str, str], closes: bool
) -> None:
    """A number that was measured remedies a breach found by the index; an index, for which less is enough, none of the number."""
    for at, values in enumerate((breached, then)):
        event = make.fuel(at, **values)
        diesel = msgspec.structs.replace(event.data, product=Product(group=ProductGroup.DIESEL, name="Dầu điêzen 0,005S-IV"))
        ledger.judge([msgspec.structs.replace(event, data=diesel)])
    assert len(ledger.emitted(CaseOpened)) == 1
    assert bool(ledger.emitted(CaseClosed)) is closes


def test_a_rule_that_looked_at_something_else_remedies_nothing(ledger: Ledger, make: Make) -> None:
    """The ethanol of E5 has a rule of its own, of the same kind: that it is right again closes no case about the sulfur."""
    first, again = (make.fuel(at, sulfur="62", ethanol="4.5") for at in (0, 1))
    blend = msgspec.structs.replace(first.data.product, name="Xăng E5 RON 92-IV")
    for event in (first, again):
        ledger.judge([msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, product=blend))])
    outcomes = {"ethanol_petrol_holds_its_ethanol": Outcome.CONFORMING, "fuel_meets_qcvn_1": Outcome.NONCONFORMING}
    assert {one.data.rule.name: one.data.outcome for one in ledger.emitted(VerdictReached)} == outcomes
    assert ledger.emitted(CaseClosed) == []
    assert ledger.connection.scalar(sa.select(cases.c.findings)) == 2


def test_a_violation_that_comes_late_is_closed_by_a_sample_that_breached_something_else(ledger: Ledger, make: Make) -> None:
    """What that sample showed of the sulfur is remembered, though its own case was about benzene."""
    ledger.judge([make.fuel(1, sulfur="40", benzene="1.1")], [make.fuel(2, benzene="0.9")])
    ledger.judge([make.petrol("62")])
    assert len(ledger.emitted(CaseClosed)) == len(ledger.emitted(CaseOpened)) == 2
