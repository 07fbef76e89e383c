"""Brings a database to the newest shape, in one explicit transaction: a failed migration changes nothing.

Alembic is imported only when there is something to migrate: looking whether there is must not slow every start.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from app.core.database import Database
from app.core.settings import REPO

MIGRATIONS = REPO / "migrations"


class CannotMigrate(Exception):
    """The database has a shape that these migrations do not know, or cannot hold every text."""


def newest() -> str:
    """The newest migration: files are numbered and named after their revision, so it is the last name."""
    return max(file.stem for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_current(database: Database) -> bool:
    """Whether the database already has the newest shape. Raises CannotMigrate."""
    with database.engine.connect() as connection:
        if not database.sqlite:
            _require_unicode(connection)
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest()]


def _require_unicode(connection: Connection) -> None:
    """PostgreSQL would refuse the first text with a sign that the database does not know: an emoji, or a dash."""
    encoding = connection.connection.driver_connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise CannotMigrate(
            f"de tekenset is {encoding} en moet UTF8 zijn; "
            "maak een nieuwe met createdb --encoding=UTF8 --template=template0"
        )


def migrate(url: str) -> None:
    """Runs all migrations that the database at this address has not had yet. Raises CannotMigrate."""
    database = Database(url)
    try:
        bring_up_to_date(database)
    finally:
        database.close()


def bring_up_to_date(database: Database) -> None:
    """Runs all migrations that this database has not had yet; of processes that start together one does so and the
    others wait. Raises CannotMigrate."""
    if is_current(database):
        return
    with database.alone("migrate"):
        if not is_current(database):
            _upgrade(database)


def _upgrade(database: Database) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.execution_options(writes=True).connect() as connection, connection.begin():
        if not database.sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as problem:
            raise CannotMigrate(str(problem)) from problem
