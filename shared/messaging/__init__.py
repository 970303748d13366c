"""At-least-once delivery made once-only: inbox, outbox, relay, subscription, dead letters, and two brokers."""
