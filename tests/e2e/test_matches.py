"""From a foreign alert to the risk of the shops that sell the product: through four services, as a user types it."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from services.planning.queries import risky_sites
from shared.contracts.codec import encode
from shared.contracts.envelope import Data, Event
from shared.contracts.partners import AlertPublished, LotDeclared
from shared.contracts.vocabulary import Product, ProductGroup
from shared.database.engine import Database
from tests.e2e.shell import chuan, figures

GTIN = "9521234567899"


def line(data: Data) -> bytes:
    """Return an event as a line of a file."""
    event = Event(id=data.type, source="/sample", type=data.type, subject=data.order_key(), time=data.observed_at, data=data)
    return encode(event) + b"\n"


def risk(data: Path) -> dict[str, Any]:
    """Return the signals of sites at risk, when the clock that follows the events has come to the end of their year."""
    with closing(Database(f"sqlite:///{data}/{{service}}.db", "planning")) as database, database.reading() as connection:
        return {row["site_id"]: row["signals"] for row in risky_sites(connection, date(2026, 1, 1))}


def test_a_confirmed_alert_raises_the_risk_of_who_has_the_product(tmp_path: Path) -> None:
    """An alert with a known GTIN is suggested; nothing follows until an officer confirms it, then planning knows."""
    lot = msgspec.structs.replace(
        LotDeclared.sample(), product=Product(group=ProductGroup.TOY, name="Búp bê mẫu", brand="Mẫu", gtin=GTIN)
    )
    abroad = Product(group=ProductGroup.OTHER, name="Plastic doll", brand="Sample", gtin=f"EAN {GTIN}")
    alert = msgspec.structs.replace(AlertPublished.sample(), product=abroad)
    file, data = tmp_path / "events.jsonl", tmp_path / "data"
    file.write_bytes(line(lot) + line(alert))
    assert figures("process", file, "--data", data)["dead"] == 0
    (match,) = figures("match", "list", "--data", data)["items"]
    assert (match["score"], match["parts"]["gtin"], match["state"]) == (95, 100, "suggested")
    assert lot.importer.id not in risk(data)
    done = chuan("match", "confirm", match["match_id"], "--reason", "Cùng mã (mẫu)", "--officer", "mau-1", "--data", data)
    assert done.returncode == 0, done.stderr
    summary = figures("process", file, "--data", data)
    assert summary["rollups"]["matches_confirmed"] == {"alert": 1}
    assert risk(data)[lot.importer.id] == {"confirmed_match": 1}
    assert json.loads(chuan("register", "show", "sites", lot.importer.id, "--data", data).stdout)["told_by"] == lot.type
