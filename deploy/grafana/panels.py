"""Grafana's panels and pages in few words, and their JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_WIDTH = 24
_DATASOURCE = {"type": "prometheus", "uid": "chuan-prometheus"}


@dataclass(frozen=True)
class Panel:
    """One graph, or with ``stat`` one figure; ``queries`` are a legend and a PromQL expression each.

    A stat turns red from ``red`` upwards.
    """

    title: str
    queries: Sequence[tuple[str, str]]
    unit: str = "short"
    stat: bool = False
    red: float | None = None
    about: str = ""

    @property
    def size(self) -> tuple[int, int]:
        return (4, 4) if self.stat else (8, 8)


@dataclass(frozen=True)
class Row:
    """Panels that belong together."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Page:
    """A dashboard; ``per_service`` lets its reader choose services, ``$service`` in the queries."""

    uid: str
    title: str
    rows: Sequence[Row]
    per_service: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as Grafana reads it."""
        return {
            "uid": f"chuan-{self.uid}",
            "title": f"Chuẩn: {self.title}",
            "tags": ["chuan"],
            "schemaVersion": 39,
            "version": 1,
            "editable": False,
            "timezone": "Asia/Ho_Chi_Minh",
            "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"},
            "links": [{"type": "dashboards", "tags": ["chuan"], "title": "Chuẩn", "asDropdown": True, "keepTime": True}],
            "templating": {"list": [_SERVICES] if self.per_service else []},
            "panels": list(self._panels()),
        }

    def _panels(self) -> Iterator[dict[str, Any]]:
        number, top = 0, 0
        for row in self.rows:
            number += 1
            yield {"id": number, "type": "row", "title": row.title, "collapsed": False, "gridPos": _place(0, top, _WIDTH, 1)}
            top, left, height = top + 1, 0, 0
            for panel in row.panels:
                number += 1
                width, tall = panel.size
                if left + width > _WIDTH:
                    top, left, height = top + height, 0, 0
                yield {"id": number, "gridPos": _place(left, top, width, tall), **_panel(panel)}
                left, height = left + width, max(height, tall)
            top += height


_SERVICES = {
    "name": "service",
    "type": "query",
    "datasource": _DATASOURCE,
    "query": {"query": "label_values(chuan_consumer_connected, service)", "refId": "service"},
    "refresh": 2,
    "multi": True,
    "includeAll": True,
    "current": {"text": ["All"], "value": ["$__all"]},
}


def _place(left: int, top: int, width: int, height: int) -> dict[str, int]:
    return {"x": left, "y": top, "w": width, "h": height}


def _panel(panel: Panel) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": panel.unit, "min": 0}
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red is not None:
        steps.append({"color": "red", "value": panel.red})
    if panel.stat:
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
        options: dict[str, Any] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value", "graphMode": "area"}
    else:
        defaults["custom"] = {"fillOpacity": 8, "showPoints": "never"}
        options = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return {
        "type": "stat" if panel.stat else "timeseries",
        "title": panel.title,
        "description": panel.about,
        "datasource": _DATASOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": _DATASOURCE, "expr": expression, "legendFormat": legend}
            for place, (legend, expression) in enumerate(panel.queries)
        ],
    }
