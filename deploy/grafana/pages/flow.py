"""The way of an event, hop by hop."""

from __future__ import annotations

from deploy.grafana.panels import Page, Panel, Row
from deploy.grafana.queries import QUEUES, mean, p

PAGE = Page(
    "flow",
    "Flow",
    [
        Row(
            "Out: outbox to broker",
            [
                Panel(
                    "Published",
                    [("{{service}} {{result}}", "sum by (service, result) (rate(chuan_outbox_published_total[5m]))")],
                    "ops",
                ),
                Panel("Waiting for a confirm", [("{{service}}", "max by (service) (chuan_outbox_pending)")]),
                Panel("Oldest waiting", [("{{service}}", "max by (service) (chuan_outbox_oldest_pending_age_seconds)")], "s"),
                Panel("Confirm of a batch, p99", [("{{service}}", p(0.99, "chuan_outbox_confirm_seconds", "service"))], "s"),
            ],
        ),
        Row(
            "Across: the broker",
            [
                Panel("Blocked connections", [("{{job}}", "sum by (job) (chuan_broker_blocked_connections)")]),
                Panel("Ready", [("{{queue}}", f"max by (queue) (rabbitmq_detailed_queue_messages_ready{QUEUES})")]),
                Panel(
                    "Delivered and not acknowledged",
                    [("{{queue}}", f"max by (queue) (rabbitmq_detailed_queue_messages_unacked{QUEUES})")],
                ),
            ],
        ),
        Row(
            "In: inbox and handlers",
            [
                Panel("Handled", [("{{service}} {{outcome}}", "chuan:handler_events:rate5m")], "ops"),
                Panel("In hand", [("{{service}}", "sum by (service) (chuan_handler_in_flight_events)")]),
                Panel(
                    "From the fact to its arrival, p95",
                    [("{{service}}", p(0.95, "chuan_event_lateness_seconds", "service"))],
                    "s",
                    about="Legal time against arrival, of the latest comer in each batch.",
                ),
                Panel(
                    "Events in a batch",
                    [
                        (
                            "{{service}}",
                            mean("chuan_batch_events", "service"),
                        )
                    ],
                ),
                Panel("A batch, p99", [("{{service}}", p(0.99, "chuan_batch_duration_seconds", "service"))], "s"),
                Panel(
                    "From publication to committed effect, p99",
                    [("{{service}}", p(0.99, "chuan_event_age_seconds", "service"))],
                    "s",
                ),
            ],
        ),
        Row(
            "Out of the house: notices",
            [
                Panel(
                    "Deliveries",
                    [("{{channel}} {{result}}", "sum by (channel, result) (rate(chuan_notice_deliveries_total[5m]))")],
                    "ops",
                ),
                Panel("Letters waiting", [("{{channel}}", "max by (channel) (chuan_notice_waiting_letters)")]),
                Panel("Channel paused", [("{{channel}}", "max by (channel) (chuan_notice_channel_paused)")]),
            ],
        ),
    ],
)
