"""A private RabbitMQ and a private PostgreSQL on loopback ports, for the tests and for machines without containers.

The browser of the tests is found or installed here too.
"""
