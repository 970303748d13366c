"""What went wrong, and what waits for a person."""

from __future__ import annotations

from deploy.grafana.panels import Page, Panel, Row

PAGE = Page(
    "failures",
    "Failures",
    [
        Row(
            "For a person",
            [
                Panel(
                    "Letters",
                    [("{{service}} {{state}}", "max by (service, state) (chuan_dead_letters)")],
                    about="dead and quarantined wait for a person, retry for its next attempt.",
                ),
                Panel("Oldest letter", [("{{service}}", "max by (service) (chuan_dead_letters_oldest_age_seconds)")], "s"),
                Panel(
                    "Put aside by the broker",
                    [("{{queue}}", 'max by (queue) (rabbitmq_detailed_queue_messages{queue=~"chuan.(dead|unroutable)"})')],
                ),
            ],
        ),
        Row(
            "Faults",
            [
                Panel(
                    "Unreadable events an hour",
                    [("{{service}} {{reason}}", "sum by (service, reason) (increase(chuan_schema_rejections_total[1h])) > 0")],
                ),
                Panel(
                    "Failed attempts", [("{{service}} {{outcome}}", 'chuan:handler_events:rate5m{outcome=~"retry|dead"}')], "ops"
                ),
                Panel("Oldest event tried again", [("{{service}}", "max by (service) (chuan_retry_oldest_age_seconds)")], "s"),
                Panel("Repeated events", [("{{service}}", 'chuan:handler_events:rate5m{outcome="duplicate"}')], "ops"),
                Panel(
                    "Not confirmed by the broker, an hour",
                    [
                        (
                            "{{service}} {{result}}",
                            'sum by (service, result) (increase(chuan_outbox_published_total{result!="confirmed"}[1h])) > 0',
                        )
                    ],
                ),
                Panel(
                    "Failed timers an hour",
                    [
                        (
                            "{{service}} {{timer}}",
                            'sum by (service, timer) (increase(chuan_timer_runs_total{result="failed"}[1h])) > 0',
                        )
                    ],
                ),
                Panel("Waits for a dependency", [("{{service}}", "max by (service) (chuan_consumer_paused)")]),
                Panel(
                    "Stopped because most events fail",
                    [("{{service}}", "max by (service) (chuan_diverting_paused)")],
                    about="Nothing goes to the desk meanwhile; the queue keeps it.",
                ),
                Panel(
                    "Replayed events an hour",
                    [("{{service}} {{result}}", "sum by (service, result) (increase(chuan_replays_total[1h])) > 0")],
                ),
                Panel(
                    "Attempts lost to another copy, an hour",
                    [("{{service}}", "sum by (service) (increase(chuan_leases_lost_total[1h])) > 0")],
                ),
                Panel(
                    "Attempts of what had failed",
                    [
                        (
                            "{{service}} p95",
                            "histogram_quantile(0.95, sum by (service, le) (rate(chuan_event_attempts_bucket[1h])))",
                        )
                    ],
                ),
            ],
        ),
    ],
)
