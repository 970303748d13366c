"""Reading plan files."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from services.planning.model.plans import YearPlan
from services.planning.plan_file import MAX_BYTES, read_plan
from shared.kernel.errors import InvalidInput

PLAN = """\
plan_id: SAMPLE-PLAN-46-2025
title: Kế hoạch năm 2025 của Chi cục mẫu
unit: SAMPLE-UNIT-46
unit_province: "46"
year: 2025
approved_on: 2025-01-10
key_tasks:
  - id: "1"
    title: Thanh tra, kiểm tra
    items:
      - id: "1.1"
        title: Hai cuộc thanh tra xăng dầu
        target: 2
        programmes: [Đề án 996]
        counts: {event: survey.answered, activity: inspection, topics: [petrol, lpg], unit: SAMPLE-UNIT-46}
  - id: "2"
    title: Đào tạo
    items:
      - {id: "2.1", title: Năm lớp tập huấn, target: 5, counts: {event: survey.answered, activity: training_class}}
"""


def test_reads_yaml() -> None:
    """Every part of a plan comes out as it was written."""
    plan = read_plan(PLAN.encode())
    assert (plan.plan_id, plan.year, plan.approved_on) == ("SAMPLE-PLAN-46-2025", 2025, date(2025, 1, 10))
    inspections, classes = plan.items()
    assert (inspections.target, inspections.programmes) == (2, ["Đề án 996"])
    assert inspections.counts.wanted() == {
        "activity": {"inspection"},
        "topics": {"petrol", "lpg"},
        "unit": {"SAMPLE-UNIT-46"},
    }
    assert classes.counts.wanted() == {"activity": {"training_class"}}


def test_json_says_the_same_as_yaml() -> None:
    """One plan in two spellings is one plan."""
    plan = read_plan(PLAN.encode())
    assert read_plan(msgspec.json.encode(plan)) == plan
    assert read_plan(b"\n  " + msgspec.json.format(msgspec.json.encode(plan))) == plan
    assert msgspec.json.decode(msgspec.json.encode(plan), type=YearPlan) == plan


@pytest.mark.parametrize(
    ("old", "new", "pointer", "reason"),
    [
        ("target: 2", "target: 0", "/key_tasks/0/items/0/target", ">= 1"),
        ("target: 2", "target: two", "/key_tasks/0/items/0/target", "Expected `int`"),
        ("target: 2", "target: .nan", "/key_tasks/0/items/0/target", "Expected `int`"),
        ("title: Đào tạo", "titel: Đào tạo", "/key_tasks/1", "titel"),
        ("activity: training_class", "activity: holiday", "/key_tasks/1/items/0/counts/activity", "holiday"),
        ("topics: [petrol, lpg]", "topics: [petrol, beer]", "/key_tasks/0/items/0/counts/topics/1", "beer"),
        ("activity: training_class", "outcome: conforming", "/key_tasks/1/items/0/counts", "it has activity, topics"),
        ("survey.answered, activity: training_class", "lab.sample_tested", "/key_tasks/1/items/0/counts", "advances no items"),
        ("activity: training_class", 'province: "99"', "/key_tasks/1/items/0/counts", "34 codes"),
        ('unit_province: "46"', "unit_province: 46", "/unit_province", "Expected `str`"),
        ('unit_province: "46"', 'unit_province: "99"', "", "34 codes"),
        ('{id: "2.1"', '{id: "1.1"', "", "'1.1'"),
        ('- id: "2"', '- id: "1"', "", "'1'"),
        ("year: 2025", "year: 20255", "/year", "<= 2099"),
        ("approved_on: 2025-01-10", "approved_on: 1925-01-10", "", "approved_on must lie between"),
        ("plan_id: SAMPLE-PLAN-46-2025", "plan_id: a/b", "/plan_id", "regex"),
        ("plan_id: SAMPLE-PLAN-46-2025", 'plan_id: "a\\n"', "/plan_id", "regex"),
        ("unit: SAMPLE-UNIT-46\n", 'unit: "two\\nlines"\n', "/unit", "regex"),
        ("title: Đào tạo", 'title: "\\0"', "/key_tasks/1/title", "regex"),
        ("title: Đào tạo", 'title: " "', "/key_tasks/1/title", "regex"),
    ],
)
def test_says_what_is_wrong_and_where(old: str, new: str, pointer: str, reason: str) -> None:
    """Each error has the JSON pointer of its place, and names what is known there."""
    assert PLAN.count(old) == 1
    with pytest.raises(InvalidInput) as caught:
        read_plan(PLAN.replace(old, new).encode())
    assert caught.value.pointer == pointer
    assert reason in caught.value.detail


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (PLAN.replace("year: 2025", "year: 2025\nyear: 2026").encode(), "line 6, column 1: the key 'year' stands twice"),
        (b"a: &x 1\nb: *x\n", "line 2, column 4: aliases"),
        (b"a: [1,\n", "line 2"),
        (b"a: !!python/object/apply:os.getcwd []\n", "could not determine a constructor"),
        (b"{a: 1", "JSON"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"year": NaN}', "JSON"),
        (b"\xff\xfe\x00", "no YAML"),
        (b"[" * 5000, ""),
        (b"x" * (MAX_BYTES + 1), "at most"),
        (b"", "Expected `object`"),
        (b"- 1", "Expected `object`"),
    ],
)
def test_refuses_what_is_no_plan(raw: bytes, reason: str) -> None:
    """Whatever the bytes, the answer is one refusal a person can read."""
    with pytest.raises(InvalidInput) as caught:
        read_plan(raw)
    assert reason in caught.value.detail
