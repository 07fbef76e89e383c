"""The migrations give exactly the tables of the models, and every key begins with the tenant."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, ForeignKeyConstraint, MetaData, String, Table, inspect
from sqlmodel import SQLModel

from app.core.database import Database
from app.main import ROOMS
from app.migrate import MIGRATIONS, is_current, migrate
from tests.databases import Databases
from tests.dump import dump

for room in ROOMS:  # with the models of all of them
    import_module(f"app.{room}.routes")


@pytest.fixture
def bare_url(tmp_path: Path, databases: Databases) -> Iterator[str]:
    """A database without any table."""
    url = databases.bare(tmp_path)
    yield url
    databases.drop(url)


def differences(url: str) -> list:
    """Between the tables of this database and those of the models."""
    database = Database(url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, SQLModel.metadata)
    database.close()
    return found


def tables(url: str) -> set[str]:
    engine = Database(url).engine
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_schema_is_that_of_the_models(database_url: str):
    assert differences(database_url) == []
    database = Database(database_url)
    assert is_current(database)
    database.close()


def test_every_migration_can_be_taken_back(bare_url: str):
    from alembic import command
    from alembic.config import Config

    migrate(bare_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = Database(bare_url).engine
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    engine.dispose()
    assert tables(bare_url) == {"alembic_version"}
    migrate(bare_url)
    assert differences(bare_url) == []


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


BY = "by whom: a seat, looked up among the seats of its own journey; it stays when that seat is no more"
LINE = "a line of what happened: it may outlive what it is about, and is read per tenant and journey"
OUTLIVES = "outlives its journey, with a term of its own"
# Columns that hold an id and are no reference to the database: a row of another tenant may never be found by them.
LOOSE_IDS = {
    **dict.fromkeys(("made_by", "saved_by", "shared_by", "by_seat", "confirmed_by", "removed_by", "settled_by"), BY),
    **dict.fromkeys(("archived_by", "fixed_by", "prose_update.seat_id", "remark.seat_id", "remark.by_party_id"), BY),
    **dict.fromkeys(("event.seat_id", "event.party_id", "mail.person_id", "mail.by_person"), LINE),
    **dict.fromkeys(("audit_entry.seat_id", "audit_entry.person_id", "audit_entry.party_id"), LINE),
    **dict.fromkeys(("audit_entry.journey_id", "purge_line.journey_id", "archive_record.journey_id"), OUTLIVES),
    "mail.journey_id": "goes with its journey (`app.keeping.store.remove`), or after a term",
    "journey.chair_id": "one of its own gemeenten; another id is nobody",
    "field_version.record_id": "a row of its own journey, which may be gone",
    "seat_link.mail_id": "what became of a message, which goes after a term",
}  # fmt: skip
NO_IDS = {"audit_entry.result", "digest.told", "house_style.logo_kind", "house_style.mark", "paragraph_origin.via",
          "seat.seen", "sign_in.method"}  # fmt: skip


def loose_ids(metadata: MetaData) -> set[str]:
    """Columns that could hold an id and point at nothing."""
    found = set()
    for table in metadata.tables.values():
        if table.name in ("tenant", *OF_NO_TENANT):
            continue
        bound = {e.parent.name for fk in table.foreign_key_constraints for e in fk.elements}
        for column in table.columns:
            if getattr(column.type, "length", None) == 16 and column.name not in (*bound, "id", "tenant_id"):
                found.add(column.name if column.name in LOOSE_IDS else f"{table.name}.{column.name}")
    return found


def test_every_id_is_a_reference_or_says_why_not():
    assert loose_ids(SQLModel.metadata) - NO_IDS == set(LOOSE_IDS)
    for name, table in SQLModel.metadata.tables.items():
        loose = f"{name}.journey_id" in LOOSE_IDS
        to_journey = any(fk.referred_table.name == "journey" for fk in table.foreign_key_constraints)
        assert "journey_id" not in table.columns or loose or to_journey, name


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


def test_migrating_twice_changes_nothing(bare_url: str):
    migrate(bare_url)
    before = dump(Database(bare_url))
    migrate(bare_url)
    assert dump(Database(bare_url)) == before


def test_a_failed_migration_changes_nothing(bare_url: str, monkeypatch: pytest.MonkeyPatch):
    import alembic.op

    real = alembic.op.create_table

    def breaks(name, *args, **kwargs):
        if name == "goal":
            raise RuntimeError("power cut")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(alembic.op, "create_table", breaks)
    with pytest.raises(RuntimeError):
        migrate(bare_url)
    assert tables(bare_url) == set()
