"""Every metric is declared once, in one file, with a sentence, and is really used."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.architecture.tree import ROOT, named, parsed, sources

DECLARATIONS = ROOT / "shared" / "observability" / "metrics.py"
_KINDS = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
_UNITS = (
    "_seconds",
    "_total",
    "_info",
    "_timestamp_seconds",
    "_events",
    "_pending",
    "_letters",
    "_connected",
    "_connections",
    "_paused",
    "_bytes",
    "_attempts",
)
# A label with a value for every event or subject makes a time series for each.
_UNBOUNDED = {"id", "key", "subject", "site", "site_id", "case_id", "event_id", "path", "url", "address"}


class Declaration(NamedTuple):
    """One metric as it stands in the source."""

    variable: str
    kind: str
    name: str
    sentence: str
    labels: list[str]


def kind_of(node: ast.AST) -> str:
    """Return the metric class that an expression makes an object of, empty for anything else."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _KINDS and any(isinstance(argument, ast.Constant) for argument in node.args[:1]):
            return str(name)
    return ""


def declarations() -> Iterator[Declaration]:
    """Yield the metrics of the one file."""
    for node in parsed(DECLARATIONS).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and kind_of(node.value):
            target = node.targets[0]
            assert isinstance(target, ast.Name)
            arguments = [ast.literal_eval(argument) for argument in node.value.args]
            yield Declaration(
                target.id, kind_of(node.value), arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else []
            )


METRICS = list(declarations())


def test_metrics_are_declared_nowhere_else() -> None:
    """Who looks for a metric looks in one file."""
    found = {
        f"{named(path)}:{node.lineno}"
        for path in sources()
        if path != DECLARATIONS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and kind_of(node)
    }
    assert not found


def test_each_is_declared_once() -> None:
    """No two metrics share a name."""
    assert METRICS
    assert not {name: number for name, number in Counter(metric.name for metric in METRICS).items() if number > 1}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_units_labels_and_sentences(metric: Declaration) -> None:
    """The prefix tells whose it is, the suffix its unit, the sentence its meaning; labels are bounded."""
    assert re.fullmatch(r"chuan_[a-z0-9_]+", metric.name)
    assert metric.name.endswith(_UNITS)
    assert (metric.kind == "Counter") == metric.name.endswith("_total")
    assert metric.sentence.endswith(".")
    assert not _UNBOUNDED & set(metric.labels)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_each_is_fed(metric: Declaration) -> None:
    """A metric that nothing ever sets misleads whoever watches it."""
    pattern = re.compile(rf"\b(?:metrics\.)?{metric.variable}\.(labels|inc|set|observe|set_to_current_time|time)\b")
    users = [path for path in sources() if path != DECLARATIONS and pattern.search(path.read_text(encoding="utf-8"))]
    assert users, f"{metric.name} is declared and never fed"


def test_metrics_named_outside_exist() -> None:
    """Alerts, dashboards, runbooks and guides speak only of metrics there are."""
    known = {metric.name for metric in METRICS}
    known |= {f"{name}{suffix}" for name in known for suffix in ("_bucket", "_count", "_sum", "_created")}
    spoken: dict[str, set[str]] = {}
    for folder in ("docs", "deploy"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {".md", ".yml", ".yaml", ".json"}:
                text = path.read_text(encoding="utf-8")
                spoken[named(path)] = set(
                    re.findall(r"\bchuan_[a-z0-9_]+_(?:seconds|total|info|pending|letters|connected|paused)\b", text)
                )
    assert not {place: names - known for place, names in spoken.items() if names - known}
