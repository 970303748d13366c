"""Alerts fire when they must and only then, reach whom they must, and say what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.cli.app import COMMANDS
from tests.architecture.tree import ROOT
from tests.deploy.programs import Programs
from tests.deploy.promql import RULES, faults, rules

_PROMETHEUS = ROOT / "deploy" / "prometheus"
_ALERTMANAGER = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
_RUNBOOKS = ROOT / "docs" / "runbooks"
_TESTS = sorted((_PROMETHEUS / "tests").glob("*.yml"))
_HEADINGS = ["Meaning", "Look at", "Do"]

ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}


def test_the_rules_and_the_configuration_are_valid(programs: Programs) -> None:
    """Prometheus and Alertmanager would start with them."""
    programs.run("promtool", "check", "config", _PROMETHEUS / "prometheus.yml")
    programs.run("promtool", "check", "rules", *RULES)
    programs.run("amtool", "check-config", _ALERTMANAGER)


@pytest.mark.parametrize("file", _TESTS, ids=lambda path: path.stem)
def test_alerts_fire_when_they_must(file: Path, programs: Programs) -> None:
    """Promtool plays series to the rules, and compares what fires."""
    programs.run("promtool", "test", "rules", file)


def test_each_alert_is_seen_to_fire_and_to_be_quiet() -> None:
    """An alert that is only tested one way may always fire, or never. The heartbeat always does."""
    fired: set[str] = set()
    quiet = {"Watchdog"}
    for file in _TESTS:
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]:
            for one in test["alert_rule_test"]:
                (fired if one["exp_alerts"] else quiet).add(one["alertname"])
    assert fired == ALERTS.keys()
    assert quiet == ALERTS.keys()


@pytest.mark.parametrize("rule", list(rules()), ids=lambda rule: str(rule.get("alert") or rule.get("record")))
def test_rules_ask_for_what_there_is(rule: dict[str, Any]) -> None:
    """A renamed metric would silence an alert."""
    assert not faults(rule["expr"])


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_has_a_runbook(name: str) -> None:
    """Whoever is woken finds what it means, what to look at, and what to do."""
    alert = ALERTS[name]
    page = re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()
    assert alert["annotations"]["runbook_url"] == f"docs/runbooks/{page}.md"
    text = (_RUNBOOKS / f"{page}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {name}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == _HEADINGS
    assert alert["labels"]["severity"] in {"page", "ticket", "heartbeat"}
    assert {"summary", "description"} <= alert["annotations"].keys()


def test_runbooks_belong_to_alerts_and_name_real_commands() -> None:
    """No page outlives its alert, and every `chuan` command in one exists."""
    pages = {path.stem: path.read_text(encoding="utf-8") for path in _RUNBOOKS.glob("*.md")}
    assert len(pages) == len(ALERTS)
    for page, text in pages.items():
        used = set(re.findall(r"(?:`|^)(?:docker compose run --rm desk|chuan) ([a-z][a-z-]*)", text, re.MULTILINE))
        assert used <= COMMANDS.keys(), page


@pytest.mark.parametrize(("severity", "receiver"), [("page", "on-call"), ("ticket", "tickets"), ("heartbeat", "heartbeat")])
def test_alerts_reach_whom_they_must(severity: str, receiver: str, programs: Programs) -> None:
    """A page calls the person on duty, a ticket waits for the morning, the heartbeat goes to what listens for it."""
    routing = ("config", "routes", "test", "--config.file", _ALERTMANAGER, f"--verify.receivers={receiver}")
    programs.run("amtool", *routing, "alertname=Any", f"severity={severity}")


def test_inhibitions_name_alerts_there_are() -> None:
    """A cause that was renamed would no longer silence what follows from it."""
    for rule in yaml.safe_load(_ALERTMANAGER.read_text(encoding="utf-8"))["inhibit_rules"]:
        named = re.findall(r"[A-Z]\w+", " ".join([*rule["source_matchers"], *rule["target_matchers"]]))
        assert named
        assert set(named) <= ALERTS.keys()
