"""What docs/beheer/back-up.md says about PostgreSQL: its own commands, done."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from app import migrate
from app.core.database import Database
from app.core.settings import REPO
from tests.conftest import World
from tests.databases import PostgresServer
from tests.dump import dump

COMMANDS = re.findall(r"^ *(pg_(?:dump|restore) .*)$", (REPO / "docs" / "beheer" / "back-up.md").read_text(), re.M)


def test_a_copy_is_put_back_whole(world: World, postgres: PostgresServer, tmp_path: Path):
    make, look, put_back = COMMANDS
    if not (postgres.programs / "pg_dump").exists():
        pytest.skip("this PostgreSQL comes without pg_dump")

    def do(command: str, url: str) -> subprocess.CompletedProcess:
        file = tmp_path / "driekolom.dump"
        asked = re.sub(r"/back-up/\S+", str(file), command).replace('"$DATABASE_URL"', url.replace("+psycopg", ""))
        program, *words = shlex.split(asked)
        return subprocess.run([str(postgres.programs / program), *words], capture_output=True, text=True)

    assert world.client("jan").get(world.url).status_code == 200
    before = dump(world.database, log=True)
    assert "Stichting De Linde" in before
    done = do(make, world.settings.database_url)
    assert done.returncode == 0, done.stderr
    assert "TABLE DATA public journey" in do(look, "").stdout

    empty = postgres.bare(tmp_path)
    with world.database.write() as tx:
        tx.connection().execute(text("UPDATE person SET name = 'later'"))
    for url in (empty, world.settings.database_url):  # on another computer, and over what is there
        world.database.engine.dispose()
        done = do(put_back, url)
        assert done.returncode == 0, done.stderr
        restored = Database(url)
        try:
            assert dump(restored, log=True) == before
            assert migrate.is_current(restored)
            with pytest.raises(exc.DatabaseError, match="append-only"), restored.engine.begin() as connection:
                connection.execute(text("DELETE FROM audit_entry"))
        finally:
            restored.close()
    postgres.drop(empty)
