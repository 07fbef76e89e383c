"""The counterpart of a page: a bare FastAPI endpoint that reads the same rows with plain SQL and renders the same
template with the same data. It does not sign in, weigh rights or work anything out: what the template gets was made
once, at the start.

    python -m scripts.bench.bare_page PORT WORLD.json
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from app.core import rendering
from app.main import build
from scripts.bench.told import World
from scripts.bench.world import settings_for

STRUCTURE = ("seat", "journey", "party", "step_state")
THEME = (*STRUCTURE, "answer", "joint_answer", "share", "remark")
CHAPTER = (
    *(*STRUCTURE, "answer", "joint_answer", "share", "agreement", "field_version", "paragraph", "paragraph_origin"),
    *("left_out", "goal", "responsibility", "action", "budget_line"),
)


def paths(world: World) -> dict[str, tuple[str, ...]]:
    """The pages that are measured, and the tables that each is made of."""
    url = f"/trajecten/{world.journey_id}"
    return {f"{url}/waar-staan-we/{world.theme}/naast-elkaar": THEME, f"{url}/plan/{world.chapter}": CHAPTER}


def drawn(world: World, path: str, port: int) -> tuple[str, dict[str, Any]]:
    """The template of our page, and what we give it."""
    seen: list[tuple[str, dict[str, Any]]] = []
    env = rendering.ENV

    def watched(name: str) -> SimpleNamespace:
        def render(**context: Any) -> str:
            seen.append((name, context))
            return env.get_template(name).render(**context)

        return SimpleNamespace(render=render)

    app = build(settings_for(world.database, port))
    rendering.ENV = SimpleNamespace(get_template=watched)  # type: ignore[assignment]
    try:
        name, _, secret = world.cookie.partition("=")
        with TestClient(app, base_url=f"http://127.0.0.1:{port}", cookies={name: secret}) as client:
            answer = client.get(path)
    finally:
        rendering.ENV = env
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return next((name, context) for name, context in seen if "shell" in context)


def make_app(world: World, port: int) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    local = threading.local()

    def database() -> sqlite3.Connection:
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(world.database)
        return local.db

    def page(template: str, context: dict[str, Any], tables: tuple[str, ...]) -> Callable[[], HTMLResponse]:
        statements = [
            f"SELECT * FROM {t} WHERE tenant_id = ? AND {'id' if t == 'journey' else 'journey_id'} = ? ORDER BY id"  # noqa: S608
            for t in tables
        ]

        def show() -> HTMLResponse:
            for statement in statements:
                database().execute(statement, (world.tenant_id, world.journey_id)).fetchall()
            return HTMLResponse(rendering.ENV.get_template(template).render(**context))

        return show

    for path, tables in paths(world).items():
        app.get(path)(page(*drawn(world, path, port), tables))

    @app.get("/gezond")
    def healthy() -> str:
        return "goed"

    return app


if __name__ == "__main__":
    told = World.from_json(json.loads(Path(sys.argv[2]).read_text()))
    port = int(sys.argv[1])
    uvicorn.run(make_app(told, port), port=port, access_log=False, log_level="warning", server_header=False)
