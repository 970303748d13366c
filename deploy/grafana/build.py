"""Writes the dashboards: ``python -m deploy.grafana.build``."""

from __future__ import annotations

import json
from pathlib import Path

from deploy.grafana.pages import PAGES

FOLDER = Path(__file__).resolve().parent / "dashboards"


def files() -> dict[str, str]:
    """Return the dashboards by file name."""
    return {f"{page.uid}.json": json.dumps(page.document(), ensure_ascii=False, indent=1) + "\n" for page in PAGES}


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
