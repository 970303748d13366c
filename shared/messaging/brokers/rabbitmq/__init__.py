"""RabbitMQ: pika reads and publishes, kombu declares."""
