"""A private RabbitMQ and a private PostgreSQL on loopback ports, for the tests and for machines without containers."""
