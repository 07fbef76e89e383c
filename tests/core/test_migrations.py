"""The migrations give exactly the tables of the models, and every key begins with the tenant."""

from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, ForeignKeyConstraint, MetaData, String, Table
from sqlmodel import SQLModel

from app.core.database import Database
from app.main import ROOMS
from app.migrate import is_current, migrate

for room in ROOMS:  # with the models of all of them
    import_module(f"app.{room}.routes")


def test_schema_is_that_of_the_models(empty_database: Path):
    database = Database(f"sqlite:///{empty_database}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert is_current(database)


OF_NO_TENANT = {
    "register_municipality", "register_board", "register_school", "register_import",  # open data, the same for all
    "code_asked",  # nobody is known yet: fingerprints that stay for ten minutes
    "rate_limit", "installation_key",  # of the installation: fingerprints that stay for minutes, and its own secret
}  # fmt: skip


def crossings(metadata: MetaData) -> list[str]:
    """Ways in which a row of one tenant could be taken for, or point at, a row of another."""
    found = []
    for table in metadata.tables.values():
        if table.name in ("tenant", *OF_NO_TENANT):
            continue
        if "tenant_id" not in table.primary_key.columns:
            found.append(f"{table.name}: the key does not hold the tenant")
        pairs = [{(e.parent.name, e.target_fullname) for e in fk.elements} for fk in table.foreign_key_constraints]
        if not pairs:
            found.append(f"{table.name}: belongs to nothing")
        for pair in pairs:
            other = next(iter(pair))[1].partition(".")[0]
            if ("tenant_id", "tenant.id" if other == "tenant" else f"{other}.tenant_id") not in pair:
                found.append(f"{table.name}: points at {other} without the tenant")
    return found


def test_tenant_is_in_every_key_and_in_every_reference():
    assert len(SQLModel.metadata.tables) > 30
    assert crossings(SQLModel.metadata) == []


def _owner() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id"], ["tenant.id"])


def test_a_key_or_reference_without_the_tenant_is_noticed():
    metadata = MetaData()
    text = {"type_": String(16)}
    Table("tenant", metadata, Column("id", **text, primary_key=True))
    key = ("tenant_id", "id")
    Table("good", metadata, *(Column(name, **text, primary_key=True) for name in key), _owner())
    Table("bare", metadata, Column("id", **text, primary_key=True), Column("tenant_id", **text), _owner())
    loose = ForeignKeyConstraint(["good_id"], ["good.id"])
    Table("loose", metadata, Column("tenant_id", **text, primary_key=True), Column("good_id", **text), loose)
    swapped = ForeignKeyConstraint(["good_id", "tenant_id"], ["good.tenant_id", "good.id"])
    Table("swapped", metadata, Column("tenant_id", **text, primary_key=True), Column("good_id", **text), swapped)
    Table("alone", metadata, Column("tenant_id", **text, primary_key=True))
    assert crossings(metadata) == [
        "bare: the key does not hold the tenant",
        "loose: points at good without the tenant",
        "swapped: points at good without the tenant",
        "alone: belongs to nothing",
    ]


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
