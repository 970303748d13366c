"""How fresh the figures are, and who asks for them."""

from __future__ import annotations

from deploy.grafana.panels import Page, Panel, Row
from deploy.grafana.queries import p

PAGE = Page(
    "figures",
    "Figures",
    [
        Row(
            "Freshness",
            [
                Panel(
                    "Age of the newest event in the figures",
                    [("", "time() - max(chuan_rollup_watermark_timestamp_seconds)")],
                    "s",
                    about="Grows as well when nothing happens anywhere.",
                ),
                Panel("Journalled", [("{{outcome}}", 'chuan:handler_events:rate5m{service="reporting"}')], "ops"),
                Panel("Late batches, 1 d", [("{{service}}", "chuan:events_late:ratio_rate1d")], "percentunit"),
            ],
        ),
        Row(
            "Use",
            [
                Panel(
                    "Reports answered",
                    [("{{route}}", 'sum by (route) (rate(chuan_http_request_duration_seconds_count{service="reporting"}[5m]))')],
                    "reqps",
                ),
                Panel(
                    "Time to answer, p99",
                    [("{{route}}", p(0.99, "chuan_http_request_duration_seconds", "route", '{service="reporting"}'))],
                    "s",
                ),
            ],
        ),
    ],
)
