"""Grafana: how it is set up, and its dashboards with the few lines they are made from."""
