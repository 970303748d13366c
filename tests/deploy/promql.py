"""What alerts and dashboards ask for, read out of their PromQL; and what there is to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import promql_parser
import yaml
from prometheus_client.metrics import MetricWrapperBase

from shared.observability import metrics
from tests.architecture.tree import ROOT

RULES = sorted((ROOT / "deploy" / "prometheus" / "rules").glob("*.yml"))

# What Prometheus adds to every sample, and what marks the buckets of a histogram.
_ADDED_LABELS = {"job", "instance", "app", "le"}
# Metrics of others that we rely on: RabbitMQ's plugin, the Python client of a process on Linux, Prometheus itself.
_OF_OTHERS = {
    "ALERTS",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "rabbitmq_alarms_file_descriptor_limit",
    "rabbitmq_alarms_free_disk_space_watermark",
    "rabbitmq_alarms_memory_used_watermark",
    "rabbitmq_auth_attempts_failed_total",
    "rabbitmq_connections",
    "rabbitmq_detailed_queue_consumers",
    "rabbitmq_detailed_queue_messages",
    "rabbitmq_detailed_queue_messages_bytes",
    "rabbitmq_detailed_queue_messages_ready",
    "rabbitmq_detailed_queue_messages_unacked",
    "rabbitmq_disk_space_available_bytes",
    "rabbitmq_disk_space_available_limit_bytes",
    "rabbitmq_global_messages_acknowledged_total",
    "rabbitmq_global_messages_confirmed_total",
    "rabbitmq_global_messages_delivered_total",
    "rabbitmq_global_messages_received_total",
    "rabbitmq_global_messages_redelivered_total",
    "rabbitmq_global_messages_unroutable_dropped_total",
    "rabbitmq_process_resident_memory_bytes",
    "rabbitmq_resident_memory_limit_bytes",
    "up",
}


class Selector(NamedTuple):
    """A metric that an expression reads, and the labels it is narrowed by."""

    metric: str
    labels: frozenset[str]


def rules() -> Iterator[dict[str, Any]]:
    """Yield every alerting and recording rule."""
    for path in RULES:
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            yield from group["rules"]


def selectors(expression: str) -> set[Selector]:
    """Return what an expression reads. Raises ``ValueError`` when it is no PromQL."""
    return set(_walk(promql_parser.parse(expression)))


def _walk(node: Any) -> Iterator[Selector]:
    if isinstance(node, promql_parser.VectorSelector):
        yield Selector(node.name or "", frozenset(matcher.name for matcher in node.matchers.matchers))
        return
    for name in ("lhs", "rhs", "expr", "param", "vector_selector"):
        child = getattr(node, name, None)
        if child is not None:
            yield from _walk(child)
    for child in getattr(node, "args", None) or ():
        yield from _walk(child)


def known() -> dict[str, frozenset[str] | None]:
    """Return every metric there is and its labels; None where they are not ours to know."""
    found: dict[str, frozenset[str] | None] = dict.fromkeys(_OF_OTHERS)
    found |= {rule["record"]: None for rule in rules() if "record" in rule}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            described = next(iter(metric.describe()))
            labels = frozenset(metric._labelnames)  # the client has no other way to ask
            suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(described.type, ("",))
            found |= {described.name + suffix: labels for suffix in suffixes}
    return found


def faults(expression: str) -> list[str]:
    """Return which metrics and labels an expression asks for in vain."""
    there = known()
    found = []
    for metric, labels in selectors(expression):
        if metric not in there:
            found.append(f"no metric {metric!r}")
        elif there[metric] is not None:
            found += [f"{metric} has no label {label}" for label in labels - (there[metric] or frozenset()) - _ADDED_LABELS]
    return found
