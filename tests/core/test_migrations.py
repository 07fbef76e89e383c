"""The migrations give exactly the tables of the models, and every key begins with the tenant."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import app.main  # noqa: F401  (imports the models of all rooms)
from app.core.database import Database
from app.migrate import is_current, migrate


def test_schema_is_that_of_the_models(empty_database: Path):
    database = Database(f"sqlite:///{empty_database}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert is_current(database)


@pytest.mark.parametrize("table", sorted(SQLModel.metadata.tables.values(), key=lambda t: t.name), ids=lambda t: t.name)
def test_tenant_is_in_every_key(table):
    if table.name in ("tenant", "rate_limit"):  # limits are of the installation: fingerprints that stay for minutes
        return
    if table.name.startswith("register_"):  # the register is open data, the same for all
        return
    assert "tenant_id" in {c.name for c in table.primary_key.columns}
    for constraint in table.foreign_key_constraints:
        assert "tenant_id" in {c.name for c in constraint.columns}, f"{table.name}: {constraint.name}"


def test_migrating_twice_changes_nothing(tmp_path: Path):
    path = tmp_path / "twice.db"
    migrate(f"sqlite:///{path}")
    before = path.read_bytes()
    migrate(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_failed_migration_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "broken.db"
    import alembic.op

    real = alembic.op.create_table

    def breaks(name, *args, **kwargs):
        if name == "goal":
            raise RuntimeError("power cut")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(alembic.op, "create_table", breaks)
    with pytest.raises(RuntimeError):
        migrate(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    with database.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
    assert tables == []
