"""The dashboards, from the whole to the parts."""

from deploy.grafana.pages import broker, executive, failures, figures, flow, service

PAGES = (executive.PAGE, flow.PAGE, service.PAGE, failures.PAGE, broker.PAGE, figures.PAGE)
