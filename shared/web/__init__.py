"""HTTP on nameko: JSON in and out, problem details, probes, OpenAPI, and the intake of events."""
