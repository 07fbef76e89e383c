"""What is told of a database to a server that must not import the product."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Writer:
    """Somebody who can save `path` again and again: each client of a measurement has one of its own."""

    cookie: str
    url: str
    party_id: str
    path: str


@dataclass(frozen=True)
class World:
    """What a measurement needs to know of a database. Ids are of the full journey."""

    database: str  # path
    tenant_id: str
    journey_id: str
    seat_id: str  # of the procesbegeleider
    cookie: str  # of the procesbegeleider: name=secret
    writers: tuple[Writer, ...]
    joint_url: str  # a joint field that records an event
    joint_path: str
    theme: str  # the theme with the most on its page
    chapter: str  # the chapter with the most on its page

    def as_json(self) -> dict:
        return asdict(self)

    def version(self, writer: Writer) -> int:
        """Of the value that this writer is going to save."""
        with sqlite3.connect(self.database) as db:
            found = db.execute(
                "SELECT version FROM answer WHERE journey_id = ? AND party_id = ? AND path = ? AND layer = 'eigen'",
                (self.journey_id, writer.party_id, writer.path),
            ).fetchone()
        db.close()
        return found[0]

    def joint_version(self) -> int:
        with sqlite3.connect(self.database) as db:
            found = db.execute(
                "SELECT version FROM joint_answer WHERE journey_id = ? AND path = ?", (self.journey_id, self.joint_path)
            ).fetchone()
        db.close()
        return found[0] if found else 0

    @staticmethod
    def from_json(found: dict) -> World:
        return World(**{**found, "writers": tuple(Writer(**w) for w in found["writers"])})


def copy_world(world: World, path: Path) -> World:
    """The same in a file of its own, so that two servers never write in one database."""
    for end in ("-wal", "-shm"):  # of an earlier copy
        Path(f"{path}{end}").unlink(missing_ok=True)
    shutil.copy(world.database, path)
    return World(**{**world.__dict__, "database": str(path)})
