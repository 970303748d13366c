"""One service in depth."""

from __future__ import annotations

from deploy.grafana.panels import Page, Panel, Row
from deploy.grafana.queries import OF_SERVICE, p

PAGE = Page(
    "service",
    "One service",
    [
        Row(
            "Work",
            [
                Panel(
                    "Events by type", [("{{type}}", f"sum by (type) (rate(chuan_handler_events_total{OF_SERVICE}[5m]))")], "ops"
                ),
                Panel(
                    "Events by outcome",
                    [("{{outcome}}", f"sum by (outcome) (rate(chuan_handler_events_total{OF_SERVICE}[5m]))")],
                    "ops",
                ),
                Panel("A batch, p99", [("{{service}}", p(0.99, "chuan_batch_duration_seconds", "service", OF_SERVICE))], "s"),
                Panel("Reads its queue", [("{{service}}", f"max by (service) (chuan_consumer_connected{OF_SERVICE})")]),
                Panel(
                    "Since its last event",
                    [("{{service}}", f"time() - max by (service) (chuan_last_event_timestamp_seconds{OF_SERVICE})")],
                    "s",
                ),
                Panel(
                    "Timers",
                    [("{{timer}} {{result}}", f"sum by (timer, result) (rate(chuan_timer_runs_total{OF_SERVICE}[15m]))")],
                    "ops",
                ),
            ],
        ),
        Row(
            "HTTP",
            [
                Panel(
                    "Answers",
                    [("{{status}}", f"sum by (status) (rate(chuan_http_request_duration_seconds_count{OF_SERVICE}[5m]))")],
                    "reqps",
                ),
                Panel(
                    "Time to answer, p99",
                    [("{{method}} {{route}}", p(0.99, "chuan_http_request_duration_seconds", "method, route", OF_SERVICE))],
                    "s",
                ),
            ],
        ),
        Row(
            "Database",
            [
                Panel("Answers", [("{{service}}", f"min by (service) (chuan_database_connected{OF_SERVICE})")]),
                Panel(
                    "Connections in use",
                    [("{{service}} {{pool}}", f"sum by (service, pool) (chuan_database_pool_in_use_connections{OF_SERVICE})")],
                ),
                Panel(
                    "Wait for a connection, p99",
                    [("{{service}} {{pool}}", p(0.99, "chuan_database_pool_wait_seconds", "service, pool", OF_SERVICE))],
                    "s",
                ),
            ],
        ),
        Row(
            "Processes",
            [
                Panel("Event loop late, p99", [("{{app}}", p(0.99, "chuan_loop_lag_seconds", "app", '{app=~"$service"}'))], "s"),
                Panel(
                    "Memory", [("{{app}} {{instance}}", 'process_resident_memory_bytes{job="chuan",app=~"$service"}')], "bytes"
                ),
                Panel(
                    "CPU",
                    [("{{app}} {{instance}}", 'rate(process_cpu_seconds_total{job="chuan",app=~"$service"}[5m])')],
                    "percentunit",
                ),
                Panel("Versions", [("{{app}} {{version}}", 'sum by (app, version) (chuan_build_info{app=~"$service"})')]),
            ],
        ),
    ],
    per_service=True,
)
