"""RabbitMQ."""

from __future__ import annotations

from deploy.grafana.panels import Page, Panel, Row
from deploy.grafana.queries import QUEUES

PAGE = Page(
    "broker",
    "Broker",
    [
        Row(
            "Health",
            [
                Panel("Memory alarm", [("", "max(rabbitmq_alarms_memory_used_watermark)")], stat=True, red=1),
                Panel("Disk alarm", [("", "max(rabbitmq_alarms_free_disk_space_watermark)")], stat=True, red=1),
                Panel("Connections", [("", "sum(rabbitmq_connections)")], stat=True),
                Panel(
                    "Queues without a reader",
                    [("", f"count(rabbitmq_detailed_queue_consumers{QUEUES} == 0) or vector(0)")],
                    stat=True,
                    red=1,
                ),
                Panel("Failed logins, 1 h", [("", "sum(increase(rabbitmq_auth_attempts_failed_total[1h]))")], stat=True, red=5),
                Panel(
                    "Dropped, 1 h",
                    [("", "sum(increase(rabbitmq_global_messages_unroutable_dropped_total[1h]))")],
                    stat=True,
                    red=1,
                ),
            ],
        ),
        Row(
            "Traffic",
            [
                Panel(
                    "Messages",
                    [
                        ("received", "sum(rate(rabbitmq_global_messages_received_total[5m]))"),
                        ("confirmed", "sum(rate(rabbitmq_global_messages_confirmed_total[5m]))"),
                        ("delivered", "sum(rate(rabbitmq_global_messages_delivered_total[5m]))"),
                        ("acknowledged", "sum(rate(rabbitmq_global_messages_acknowledged_total[5m]))"),
                        ("redelivered", "sum(rate(rabbitmq_global_messages_redelivered_total[5m]))"),
                    ],
                    "ops",
                ),
                Panel("Messages by queue", [("{{queue}}", "max by (queue) (rabbitmq_detailed_queue_messages)")]),
                Panel("Readers by queue", [("{{queue}}", "max by (queue) (rabbitmq_detailed_queue_consumers)")]),
            ],
        ),
        Row(
            "Room",
            [
                Panel(
                    "Memory",
                    [
                        ("{{instance}}", "rabbitmq_process_resident_memory_bytes"),
                        ("{{instance}} limit", "rabbitmq_resident_memory_limit_bytes"),
                    ],
                    "bytes",
                ),
                Panel(
                    "Free disk",
                    [
                        ("{{instance}}", "rabbitmq_disk_space_available_bytes"),
                        ("{{instance}} limit", "rabbitmq_disk_space_available_limit_bytes"),
                    ],
                    "bytes",
                ),
                Panel("Bytes in queues", [("{{queue}}", "max by (queue) (rabbitmq_detailed_queue_messages_bytes)")], "bytes"),
            ],
        ),
    ],
)
