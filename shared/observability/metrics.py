"""Every metric, declared once with a sentence. Base units, bounded labels, never an id in a label."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_AGES = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 3600, 86_400, 604_800)

HANDLED = Counter(
    "chuan_handler_events_total",
    "Events that reached a service, by what became of them: ok, duplicate, held (behind an earlier one), retry, dead.",
    ["service", "type", "outcome"],
)
BATCH_SECONDS = Histogram(
    "chuan_batch_duration_seconds", "Time from taking a batch to its commit.", ["service"], buckets=_SECONDS
)
BATCH_EVENTS = Histogram(
    "chuan_batch_events", "Events handled in one transaction.", ["service"], buckets=(1, 2, 5, 10, 50, 100, 250, 500, 1000)
)
EVENT_AGE = Histogram(
    "chuan_event_age_seconds", "Time from an event's publication to its committed effect.", ["service"], buckets=_AGES
)
LATENESS = Histogram(
    "chuan_event_lateness_seconds",
    "Time from the fact itself, its legal time, to the arrival of its event; of the latest comer in each batch.",
    ["service"],
    buckets=(*_AGES, 2_592_000, 31_536_000),
)
IN_FLIGHT = Gauge("chuan_handler_in_flight_events", "Events that a service has in hand at this moment.", ["service"])
ATTEMPTS = Histogram(
    "chuan_event_attempts",
    "Attempts it took until an event that had failed was done or dead.",
    ["service"],
    buckets=(1, 2, 3, 4, 5, 6, 10, 20, 50),
)
REPLAYS = Counter(
    "chuan_replays_total",
    "Events that a person had tried again, by what the first attempt came to: succeeded, failed.",
    ["service", "result"],
)
BROKER_BLOCKED = Gauge(
    "chuan_broker_blocked_connections", "Connections through which the broker takes nothing now: its memory or disk alarm."
)
REFUSED = Counter("chuan_schema_rejections_total", "Events that could not be read, by reason.", ["service", "reason"])
OUTBOX_PUBLISHED = Counter(
    "chuan_outbox_published_total",
    "Events handed to the broker, by its answer: confirmed, returned, refused, rejected, unknown.",
    ["service", "result"],
)
OUTBOX_CONFIRM_SECONDS = Histogram(
    "chuan_outbox_confirm_seconds", "Time the broker took to confirm a batch.", ["service"], buckets=_SECONDS
)
PUBLISHER_PAUSED = Gauge(
    "chuan_publisher_paused", "1 while the broker, short of memory or disk, takes nothing from this service.", ["service"]
)
OUTBOX_PENDING = Gauge("chuan_outbox_pending", "Events stored and not yet confirmed by the broker.", ["service"])
OUTBOX_OLDEST = Gauge(
    "chuan_outbox_oldest_pending_age_seconds", "Age of the oldest event not yet confirmed by the broker.", ["service"]
)
DEAD_LETTERS = Gauge(
    "chuan_dead_letters", "Events that wait: dead or quarantined for a person, retry for another attempt.", ["service", "state"]
)
LEASES_LOST = Counter(
    "chuan_leases_lost_total",
    "Attempts that came to their end after another copy had taken the event over: a process stood still for a minute.",
    ["service"],
)
DIVERTING_PAUSED = Gauge(
    "chuan_diverting_paused", "1 while so many events fail that consumption stops rather than give them up.", ["service"]
)
CONSUMER_CONNECTED = Gauge("chuan_consumer_connected", "1 while the service reads its queue.", ["service"])
CONSUMER_PAUSED = Gauge("chuan_consumer_paused", "1 while consumption waits for a dependency to come back.", ["service"])
CONSUMER_REOPENED = Counter(
    "chuan_consumer_reopened_total",
    "Times a copy left a queue and went to the end of the line of its readers, by reason: surplus, starved.",
    ["service", "reason"],
)
LAST_EVENT = Gauge("chuan_last_event_timestamp_seconds", "Unix time at which the service last handled an event.", ["service"])
TIMER_RUNS = Counter("chuan_timer_runs_total", "Timer slots, by result: ok, failed.", ["service", "timer", "result"])
HTTP_SECONDS = Histogram(
    "chuan_http_request_duration_seconds", "Time to answer a request.", ["service", "method", "route", "status"], buckets=_SECONDS
)
NOTICE_DELIVERIES = Counter(
    "chuan_notice_deliveries_total", "Attempts to deliver a notice, by result: delivered, retry, failed.", ["channel", "result"]
)
NOTICE_LATENCY = Histogram(
    "chuan_notice_latency_seconds", "Time from a notice's issue to its acceptance by the receiver.", ["channel"], buckets=_AGES
)
NOTICE_WAITING = Gauge("chuan_notice_waiting_letters", "Letters stored and not yet accepted by their receiver.", ["channel"])
NOTICE_OLDEST = Gauge(
    "chuan_notice_oldest_waiting_age_seconds", "Age of the oldest letter that is not yet accepted by its receiver.", ["channel"]
)
CHANNEL_PAUSED = Gauge("chuan_notice_channel_paused", "1 while a channel waits for its server to come back.", ["channel"])
ROLLUP_WATERMARK = Gauge(
    "chuan_rollup_watermark_timestamp_seconds", "Unix time at which the newest event of the roll-ups was published."
)
OLDEST_RETRY = Gauge(
    "chuan_retry_oldest_age_seconds",
    "Age of the oldest event that waits for another attempt; later events of its subject wait with it.",
    ["service"],
)
OLDEST_DEAD_LETTER = Gauge(
    "chuan_dead_letters_oldest_age_seconds", "Age of the oldest letter that waits for a person.", ["service"]
)
DATABASE_CONNECTED = Gauge("chuan_database_connected", "1 while the service's database answers.", ["service"])
DATABASE_IN_USE = Gauge(
    "chuan_database_pool_in_use_connections",
    "Database connections in use, by what for.",
    ["service", "pool"],
)
DATABASE_WAIT_SECONDS = Histogram(
    "chuan_database_pool_wait_seconds", "Time to get a database connection from the pool.", ["service", "pool"], buckets=_SECONDS
)
LOOP_LAG = Histogram("chuan_loop_lag_seconds", "How late the process's event loop woke up, twice a second.", buckets=_SECONDS)
BUILD = Gauge("chuan_build_info", "Always 1; the labels say what is running.", ["version"])
