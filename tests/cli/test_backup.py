"""A copy of the database while others write: whole, checked, never over another file."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from app.cli import main
from app.core.backup import CannotBackUp, back_up, check
from app.core.database import Database
from app.people.models import Tenant
from tests.dump import dump


@pytest.fixture
def place(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    live = tmp_path / "live.db"
    live.write_bytes(empty_database.read_bytes())
    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", f"sqlite:///{live}")
    return tmp_path


def test_a_copy_is_whole_while_others_write(place: Path, capsys):
    database, stop = Database(f"sqlite:///{place / 'live.db'}"), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with database.write() as tx:
                tx.add(Tenant(id=f"t{number}", name="x" * 100))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            assert main(["backup", "--to", str(place / f"copy{number}.db")]) == 0
    finally:
        stop.set()
        writer.join()
    assert "nagekeken" in capsys.readouterr().out
    for number in range(3):
        copy = place / f"copy{number}.db"
        assert check(copy) >= 0 and copy.stat().st_mode & 0o077 == 0
    database.close()
    last = place / "last.db"
    back_up(place / "live.db", last)
    assert dump(Database(f"sqlite:///{last}"), log=True) == dump(Database(f"sqlite:///{place / 'live.db'}"), log=True)
    assert not list(place.glob(".*")), "no drafts are left"


def test_what_cannot_be_says_so(place: Path, capsys, monkeypatch):
    there = place / "er.db"
    there.write_text("van een ander")
    for words in (str(there), str(place / "geen" / "x.db"), str(place)):
        assert main(["backup", "--to", words]) == 2
    assert there.read_text() == "van een ander"
    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", "postgresql://x/y")
    assert main(["backup", "--to", str(place / "z.db")]) == 2
    assert "pg_dump" in capsys.readouterr().err


def test_a_damaged_copy_is_found(place: Path):
    copy = place / "copy.db"
    back_up(place / "live.db", copy)
    content = bytearray(copy.read_bytes())
    content[5000:9000] = b"x" * 4000
    copy.write_bytes(content)
    with pytest.raises(CannotBackUp, match="beschadigd"):
        check(copy)
    orphan = place / "orphan.db"
    back_up(place / "live.db", orphan)
    with sqlite3.connect(orphan) as raw:
        raw.execute(
            "INSERT INTO person (tenant_id, id, name, email, local, may_start, created_at) VALUES ('x','y','z','',0,0,'2026-01-01')"
        )
    with pytest.raises(CannotBackUp, match="wijzen"):
        check(orphan)


def test_keeping_by_command_looks_or_does(place: Path, capsys):
    assert main(["bewaren"]) == 0
    assert "Er is nog niets veranderd" in capsys.readouterr().out
    assert main(["bewaren", "--uitvoeren", "--to", str(place / "verslag.txt")]) == 0
    assert "0 trajecten gewist" in (place / "verslag.txt").read_text()
    with pytest.raises(SystemExit):
        main(["bewaren", "--uitvoeren", "--dry-run"])
    assert "kan niet samen met --uitvoeren" in capsys.readouterr().err
