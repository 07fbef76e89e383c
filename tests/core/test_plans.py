"""With many journeys of one tenant, everything of one journey is found by its index."""

import pytest
from sqlmodel import SQLModel

from tests.conftest import World

TABLES = ("party", "seat", "event")


@pytest.mark.sqlite
def test_one_journey_is_found_without_reading_the_others(world: World):
    with world.database.write() as tx:
        connection = tx.connection()
        for table in ("journey", *TABLES):
            columns = [c.name for c in SQLModel.metadata.tables[table].c]
            of = "id" if table == "journey" else "journey_id"
            for number in range(60):
                new = [
                    f"'n{number:03}'" if c == of else f"'n{number:03}' || substr(id, 5)" if c == "id" else c
                    for c in columns
                ]
                connection.exec_driver_sql(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(new)} FROM {table} WHERE {of} = ?",  # noqa: S608
                    (world.journey,),
                )
    world.database.count_rows()
    with world.database.read() as tx:
        for table in TABLES:
            plan = tx.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE tenant_id = ? AND journey_id = ? ORDER BY id",  # noqa: S608
                ("meerwijk", world.journey),
            )
            assert "journey_id=?" in " ".join(str(row) for row in plan), table
