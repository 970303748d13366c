"""Pieces of PromQL that several dashboards use."""

from __future__ import annotations

OF_SERVICE = '{service=~"$service"}'
QUEUES = '{queue=~"(planning|inspection|notification|reporting).*"}'


def in_a_day(event_type: str) -> str:
    """Return how many events of a type there were within a day: reporting journals each of them once."""
    return f'sum(increase(chuan_handler_events_total{{service="reporting",outcome="ok",type="{event_type}"}}[1d]))'


def p(share: float, histogram: str, by: str, where: str = "") -> str:
    """Return a quantile of a histogram over five minutes."""
    return f"histogram_quantile({share}, sum by ({by}, le) (rate({histogram}_bucket{where}[5m])))"


def mean(histogram: str, by: str) -> str:
    """Return the average of a histogram over five minutes."""
    total, count = (f"sum by ({by}) (rate({histogram}_{part}[5m]))" for part in ("sum", "count"))
    return f"{total} / {count}"
