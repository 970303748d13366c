"""Dashboards are what their source says, and ask only for what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.grafana.build import FOLDER, files
from deploy.grafana.pages import PAGES
from tests.deploy.promql import faults

_GRID = 24


def dashboards() -> dict[str, dict[str, Any]]:
    """Return every committed dashboard by name."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def queries() -> Iterator[tuple[str, str]]:
    """Yield where each query stands, and the query."""
    for name, dashboard in dashboards().items():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                yield f"{name}: {panel['title']}", target["expr"]


def test_what_is_committed_is_what_the_source_makes() -> None:
    """A dashboard is changed in its source; nobody edits the JSON."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*")}
    assert committed == files(), "run `python -m deploy.grafana.build`"


@pytest.mark.parametrize(("place", "query"), list(queries()))
def test_each_query_is_promql_and_asks_for_what_there_is(place: str, query: str) -> None:
    """A renamed metric would leave an empty panel behind that nobody notices until the night it is needed."""
    assert not faults(query), place


def test_a_wrong_query_is_noticed() -> None:
    """Neither a metric nor a label that does not exist goes through, nor what is no PromQL."""
    assert faults("sum(rate(chuan_gone_total[5m])) / vector(1)") == ["no metric 'chuan_gone_total'"]
    assert faults('max_over_time(max(chuan_outbox_pending{queue="x"})[1h:5m])') == ["chuan_outbox_pending has no label queue"]
    with pytest.raises(ValueError, match="unclosed"):
        faults("sum(chuan_outbox_pending")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.uid)
def test_panels_lie_side_by_side(page: Any) -> None:
    """No two panels overlap, and none leaves the grid."""
    taken: set[tuple[int, int]] = set()
    for panel in page.document()["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= _GRID
        taken |= cells
