"""The ``chuan`` command: one file a command; the only place that sees all four services."""
