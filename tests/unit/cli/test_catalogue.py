"""The catalogue tells the truth about every contract."""

from __future__ import annotations

import jsonschema
import msgspec
import pytest

from services.cli import catalogue
from shared.contracts.codec import decode
from shared.contracts.registry import contracts
from shared.kernel.errors import NotFound


@pytest.mark.parametrize("event_type", contracts())
def test_samples_are_accepted_and_fit_their_schema(event_type: str) -> None:
    """What the catalogue shows can be published as it stands."""
    page = catalogue.page(event_type)
    for sample in (page.sample, *page.other_samples):
        assert decode(bytes(sample), edge=True).type == event_type
        jsonschema.validate(msgspec.json.decode(sample)["data"], page.schema)
    assert len({decode(bytes(one)).id for one in (page.sample, *page.other_samples)}) == 1 + len(page.other_samples)


def test_subjects_are_told_by_their_fields() -> None:
    """The rule names the fields that make up the subject, all alternatives of it."""
    subjects = {one.type: one.subject for one in catalogue.entries()}
    assert subjects["lab.sample_tested"] == "site/{site.id}"
    assert subjects["market.alert_published"] == "alert/{system}/{alert_number}"
    assert subjects["survey.answered"] == "site/{site.id} or unit/{unit}"
    assert all("SAMPLE" not in subject for subject in subjects.values())


def test_subscribers_come_from_the_service_classes() -> None:
    """Reporting listens to everything; a violation reaches everyone who must act on it."""
    subscribers = {one.type: one.subscribers for one in catalogue.entries()}
    assert all("reporting" in names for names in subscribers.values())
    assert {"planning", "notification"} <= set(subscribers["inspection.violation_detected"])
    assert "inspection" in subscribers["lab.sample_tested"]


def test_an_unknown_type_is_named() -> None:
    """A misspelling is answered with what was meant, anything else with the way to the list."""
    with pytest.raises(NotFound, match=r"no event type 'lab\.sample'; did you mean lab\.sample_tested\?"):
        catalogue.page("lab.sample")
    with pytest.raises(NotFound, match=r"no event type 'xyz'; `chuan events` lists them"):
        catalogue.page("xyz")
