"""What operators see of a running installation: every metric that is declared, with what has happened in it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from shared.observability import metrics
from tests.servers.processes import wait_until

DECLARED = {name: metric for name, metric in vars(metrics).items() if isinstance(metric, MetricWrapperBase)}
# Faults and backlogs: where all is well and nothing waits, they are 0.
_MAY_BE_ZERO = {
    metrics.ATTEMPTS,
    metrics.BROKER_BLOCKED,
    metrics.DIVERTING_PAUSED,
    metrics.IN_FLIGHT,
    metrics.LEASES_LOST,
    metrics.REPLAYS,
    metrics.CHANNEL_PAUSED,
    metrics.CONSUMER_PAUSED,
    metrics.CONSUMER_REOPENED,
    metrics.DATABASE_IN_USE,
    metrics.NOTICE_OLDEST,
    metrics.NOTICE_WAITING,
    metrics.OLDEST_RETRY,
    metrics.OUTBOX_OLDEST,
    metrics.OUTBOX_PENDING,
    metrics.PUBLISHER_PAUSED,
}

Samples = dict[str, list[float]]


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samples]:
    """The samples of an installation that has judged a sample, sent notices, and met a body it could not read."""
    data = tmp_path_factory.mktemp("data")
    environment = {**os.environ, "CHUAN_DATA_DIR": str(data), "CHUAN_HTTP_ADDRESS": "127.0.0.1:0"}
    chuan = [sys.executable, "-m", "services.cli"]
    subprocess.run([*chuan, "migrate"], env=environment, check=True, capture_output=True)
    _store_what_cannot_be_read(data / "inspection.db")
    with subprocess.Popen([*chuan, "run"], env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            url = _started(process)
            _publish(url)
            assert wait_until(lambda: _all_happened(_scrape(url)), seconds=60), _scrape(url)
            yield _scrape(url)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _store_what_cannot_be_read(file: Path) -> None:
    with sqlite3.connect(file) as database:
        columns = "(type, subject, body, created_at)"
        database.execute(f"insert into outbox {columns} values (?, 'SAMPLE-1', '{{', 0)", [SampleTested.type])


def _started(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        entry = json.loads(line)
        if entry["event"] == "started":
            return str(entry["url"])
    raise AssertionError("the services did not start")


def _publish(url: str) -> None:
    data = SampleTested.sample()
    event = Event(id="SAMPLE-1", source="/sample/lab", type=data.type, subject=data.order_key(), time=data.observed_at, data=data)
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/v1/events", data=encode(event), headers={"Content-Type": "application/cloudevents+json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 202


def _scrape(url: str) -> Samples:
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:  # noqa: S310 - our own address
        text = answer.read().decode()
    return {family.name: [sample.value for sample in family.samples] for family in text_string_to_metric_families(text)}


def _name(metric: MetricWrapperBase) -> str:
    return next(iter(metric.describe())).name


def _all_happened(samples: Samples) -> bool:
    return all(any(samples.get(_name(metric), ())) for metric in DECLARED.values() if metric not in _MAY_BE_ZERO)


@pytest.mark.parametrize("name", DECLARED)
def test_each_metric_is_exposed_and_fed(name: str, scraped: Samples) -> None:
    """A metric that is declared has samples, and those of things that happened are not 0."""
    metric = DECLARED[name]
    samples = scraped.get(_name(metric), [])
    assert samples, f"{_name(metric)} is declared and never exposed"
    assert any(samples) or metric in _MAY_BE_ZERO, f"{_name(metric)} is never fed"
