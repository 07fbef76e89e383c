"""The counterpart of a save: a bare FastAPI endpoint with one SQLite writer. No sign-in, no rights, no page.

python -m scripts.bench.bare_save PORT WORLD.json
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Form, HTTPException

from scripts.bench.told import World

UPDATE = (
    "UPDATE {table} SET value = ?, version = version + 1, saved_at = datetime('now') "
    "WHERE tenant_id = ? AND journey_id = ? AND path = ? AND version = ?"
)


def build(world: World) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    db = sqlite3.connect(world.database, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        db.execute(f"PRAGMA {pragma}")
    writer = threading.Lock()

    def save(sql: str, values: tuple, version: int) -> dict[str, int]:
        with writer:
            db.execute("BEGIN IMMEDIATE")
            changed = db.execute(sql, values).rowcount
            db.execute("COMMIT" if changed else "ROLLBACK")
        if not changed:
            raise HTTPException(409)
        return {"versie": version + 1}

    own = UPDATE.format(table="answer") + " AND party_id = ? AND layer = 'eigen'"
    joint = UPDATE.format(table="joint_answer")

    @app.get("/gezond")
    def healthy() -> str:
        return "goed"

    @app.post("/eigen/{party_id}/{path:path}")
    def save_own(
        party_id: str, path: str, waarde: Annotated[str, Form()], versie: Annotated[int, Form()]
    ) -> dict[str, int]:
        return save(own, (waarde, world.tenant_id, world.journey_id, path, versie, party_id), versie)

    @app.post("/samen/{path:path}")
    def save_joint(path: str, waarde: Annotated[str, Form()], versie: Annotated[int, Form()]) -> dict[str, int]:
        return save(joint, (waarde, world.tenant_id, world.journey_id, path, versie), versie)

    return app


if __name__ == "__main__":
    told = World.from_json(json.loads(Path(sys.argv[2]).read_text()))
    uvicorn.run(build(told), port=int(sys.argv[1]), access_log=False, log_level="warning", server_header=False)
