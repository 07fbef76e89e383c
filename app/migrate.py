"""Brings a database to the newest shape. On SQLite inside one explicit transaction, so a failed migration changes nothing."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.core.database import Database
from app.core.settings import REPO


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(REPO / "migrations"))
    return config


def is_current(database: Database) -> bool:
    """Whether the database already has the newest shape."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def migrate(url: str) -> None:
    """Runs all migrations that this database has not had yet."""
    database = Database(url)
    try:
        if is_current(database):
            return
        config = _config()
        with database.engine.execution_options(writes=True).connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.engine.dispose()
