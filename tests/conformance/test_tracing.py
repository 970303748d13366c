"""One trace leads from a laboratory's request to the letter; and nothing of it is there when it is off."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared.client import event
from shared.contracts.codec import encode
from shared.contracts.partners.laboratory import SampleTested
from shared.observability.spans import Spans
from shared.observability.tracing import batch, span, traceparent_after
from tests.chaos.fleet import Copy
from tests.servers.ports import free_ports
from tests.servers.processes import wait_until
from tests.servers.state import ROOT

TRACE = "0af7651916cd43dd8448eb211c80319c"
LABORATORY = f"00-{TRACE}-b7ad6b7169203331-01"
OTHER = "00-11111111111111111111111111111111-2222222222222222-01"


class Seen(NamedTuple):
    """A span that arrived."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    links: frozenset[str]


class Collector:
    """What an OpenTelemetry collector is to us: somebody who takes spans by HTTP."""

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.take(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, body: bytes) -> None:
        """Read what was sent."""
        for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = next(one.value.string_value for one in sent.resource.attributes if one.key == "service.name")
            self.spans += [
                Seen(
                    service,
                    one.name,
                    one.trace_id.hex(),
                    one.span_id.hex(),
                    one.parent_span_id.hex(),
                    frozenset(link.span_id.hex() for link in one.links),
                )
                for scope in sent.scope_spans
                for one in scope.spans
            ]

    def of(self, trace: str) -> list[Seen]:
        """Return the spans of a trace."""
        return [one for one in self.spans if one.trace == trace]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Give a collector that listens."""
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture
def measuring(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    """Let this process measure."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    spans = Spans("chuan-test")
    monkeypatch.setattr("shared.observability.tracing._spans", spans)
    yield spans
    spans.close()


def service(name: str, url: str, broker: str, database: str, folder: Path) -> Copy:
    """Return one service as an operator starts it, with a collector at ``url``."""
    port = free_ports(1)[0]
    environment = {
        "CHUAN_BROKER_URL": broker,
        "CHUAN_DATABASE_URL": database,
        "CHUAN_HTTP_ADDRESS": f"127.0.0.1:{port}",
        "CHUAN_DATA_DIR": str(folder),
        "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    return Copy(name=name, service=name, port=port, environment=environment, log=folder / f"{name}.log", links={})


@pytest.mark.server("rabbitmq")
@pytest.mark.server("postgresql")
@pytest.mark.timeout(180)
def test_one_trace_from_the_laboratory_to_the_letter(
    collector: Collector, rabbitmq_url: str, postgresql_url: str, tmp_path: Path
) -> None:
    """Two real processes, green as in production: each step is a span of the laboratory's own trace, under the step before."""
    copies = [service(name, collector.url, rabbitmq_url, postgresql_url, tmp_path) for name in ("inspection", "notification")]
    for one in copies:
        migrate = [sys.executable, "-m", "services.cli", "migrate", one.service]
        subprocess.run(migrate, env={**os.environ, **one.environment}, cwd=ROOT, check=True, capture_output=True)
    steps = {"POST /v1/events", "send chuan.events", "process inspection", "process notification", "deliver email"}
    try:
        for one in copies:
            one.start()
        for one in copies:
            assert one.await_ready(), one.log.read_text(encoding="utf-8")
        body = encode(event("/sample/laboratory", "SAMPLE-TRACE-1", SampleTested.sample()))
        headers = {"Content-Type": "application/cloudevents+json", "traceparent": LABORATORY}
        request = urllib.request.Request(f"http://127.0.0.1:{copies[0].port}/v1/events", body, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            assert answer.status == 202
        assert wait_until(lambda: steps <= {one.name for one in collector.of(TRACE)}, 40), collector.spans
        stopped = [one.stop() for one in copies]
    finally:
        for one in copies:
            if one.process is not None:
                one.kill()
    assert stopped == [True, True]
    found = collector.of(TRACE)
    known = {one.id: one for one in found}
    assert {one.service for one in found} == {"chuan-inspection", "chuan-notification"}
    assert [one.name for one in found if one.parent not in known] == ["POST /v1/events"]
    letter = next(one for one in found if one.name == "deliver email")
    above = []
    while letter.parent in known:
        letter = known[letter.parent]
        above.append(letter.name)
    assert above == ["process notification", "process inspection", "POST /v1/events"]
    assert not [one for one in collector.spans if "readyz" in one.name]


def test_a_batch_keeps_the_traces_of_its_events_apart(collector: Collector, measuring: Spans) -> None:
    """What follows from an event goes on in its trace; the batch, a trace of its own, links to the events, and they to it."""
    with batch("process sample", "consumer", [LABORATORY, OTHER, LABORATORY, ""], {}):
        follows = {came: traceparent_after(came) for came in (LABORATORY, OTHER, "")}
    measuring.close()
    whole = next(one for one in collector.spans if one.trace not in {TRACE, OTHER[3:35]})
    assert whole.links == {LABORATORY[36:52], OTHER[36:52]}
    assert follows[""].startswith(f"00-{whole.trace}-{whole.id}-")
    for came in (LABORATORY, OTHER):
        (part,) = collector.of(came[3:35])
        assert (part.parent, part.links) == (came[36:52], {whole.id})
        assert follows[came] == f"00-{came[3:35]}-{part.id}-01"


def test_a_batch_of_one_trace_is_a_part_of_it(collector: Collector, measuring: Spans) -> None:
    """Most batches are of one event, and need no trace of their own."""
    with batch("process sample", "consumer", [LABORATORY, LABORATORY], {}):
        follows = traceparent_after(LABORATORY)
    measuring.close()
    (part,) = collector.spans
    assert (part.trace, part.parent, follows) == (TRACE, LABORATORY[36:52], f"00-{TRACE}-{part.id}-01")


@pytest.mark.parametrize("came", [LABORATORY, "", "00-0-0-01", f"00-{'0' * 32}-b7ad6b7169203331-01", "x" * 5000])
def test_without_a_collector_a_context_is_passed_on(came: str) -> None:
    """A trace of somebody else goes through us whole; what is none is dropped."""
    with span("POST", "server", came) as opened:
        assert opened is None
        assert traceparent_after() == (came if came == LABORATORY else "")
    with batch("process sample", "consumer", [came], {}):
        assert traceparent_after(LABORATORY) == LABORATORY
    assert traceparent_after() == ""


def test_without_a_collector_nothing_is_loaded() -> None:
    """OpenTelemetry costs neither time nor memory where nobody listens."""
    code = (
        "from shared.runner.green import go_green; go_green(); import services.cli.hosting, sys; "
        "from shared.observability import tracing; tracing.switch_on('chuan'); "
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
