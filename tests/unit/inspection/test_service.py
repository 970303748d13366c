"""The service is wired to every rule, and its migrations make exactly its tables."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.schema import SchemaItem

from services.inspection.service import InspectionService
from services.inspection.tables import metadata
from shared.database.engine import Database
from shared.messaging.subscription import subscribed_types


def test_the_service_subscribes_to_all_that_its_rules_judge_and_its_registers_match() -> None:
    """Nothing is listed twice: the rules say what is judged; alerts and complaints are matched."""
    assert subscribed_types(InspectionService) == [
        "customs.lot_declared",
        "lab.sample_tested",
        "market.alert_published",
        "market.complaint_received",
        "metrology.instrument_checked",
        "survey.answered",
    ]


def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    """Columns, keys and indexes."""

    def is_own(item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        table = getattr(item, "table", item)
        return getattr(table, "name", name) in metadata.tables or kind == "column"

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_own, "compare_type": True})
        assert compare_metadata(context, metadata) == []
