"""The first page after a start is not kept waiting by what it does not need."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse, Response
from fastapi.testclient import TestClient

from app.content import cover
from app.content.cover import cover_of, read_cover
from app.content.load import DEFAULT_FOLDER, ContentError, default_pack
from app.core import compiled as kept
from app.core.turn import Rooms, Router

ASK = """
import json, sys
from fastapi.testclient import TestClient
from app.core.settings import Settings
from app.main import build

app = build(Settings(mode="server", base_url="http://lea.test", database_url=sys.argv[1]))
rooms = app.router.routes[-1]
load, rooms._load = rooms._load, lambda: seen.append(sorted(sys.modules)) or load()
seen = []
client = TestClient(app, base_url="http://lea.test", follow_redirects=False)
first = client.get("/")
rooms.all()
print(json.dumps([first.status_code, client.get("/trajecten/x/plan").headers["location"], seen, sorted(sys.modules)]))
"""
NOT_YET = ("weasyprint", "yaml", "alembic", "argparse", "app.content.load", "app.content.pack", "app.examples.script",
           "app.plan.routes", "app.audit.actions", "app.journey.verbs", "app.answers.models", "app.overview.deeds")  # fmt: skip
NEVER = ("weasyprint", "pydantic.v1")  # also not when all rooms are loaded


def test_the_start_page_is_answered_before_the_other_rooms_are_loaded(empty_database):
    command = [sys.executable, "-c", ASK, f"sqlite:///{empty_database}"]
    subprocess.run(command, check=True, capture_output=True)  # the cover may have to be made first
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    status, elsewhere, seen, whole = json.loads(done.stdout)
    assert (status, elsewhere) == (200, "/aanmelden")
    assert len(seen) == 1, "loaded once"
    assert [name for name in NOT_YET if name in seen[0]] == []
    assert [name for name in NEVER if name in whole] == []


# Says what is loaded when the first of the other rooms is looked for: that is after the first answer.
SERVE = """
import json, sys

class Looks:
    def find_spec(self, name, path=None, target=None):
        if name == "app.handbook":
            models = [m for m in vars(sys.modules["fastapi.openapi.models"]).values() if isinstance(m, type)]
            built = [m.__name__ for m in models if m.__dict__.get("__pydantic_complete__")]
            print(json.dumps([sorted(sys.modules), built]), flush=True)

sys.meta_path.insert(0, Looks())
from app.cli import main
sys.exit(main(["serve"]))
"""
NOR_BY_SERVE = (*(name for name in NOT_YET if name != "argparse"), "websockets", "app.core.limits", "app.core.difference",
                "app.style.theme")  # fmt: skip


def test_serve_loads_and_builds_nothing_that_the_start_page_does_not_show(empty_database, tmp_path):
    shutil.copy(empty_database, tmp_path / "d.db")
    read_cover(str(DEFAULT_FOLDER))  # made, if it was not
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {
        "MODE": "server",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'd.db'}",
    }
    env = {**os.environ, **{f"DRIEKOLOM_{name}": value for name, value in told.items()}}
    with subprocess.Popen([sys.executable, "-c", SERVE], env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout.readline().startswith("Driekolom staat klaar")
            with urlopen(told["BASE_URL"]) as answer:  # noqa: S310
                assert answer.status == 200
            loaded, built = json.loads(server.stdout.readline())
        finally:
            server.terminate()
    assert [name for name in NOR_BY_SERVE if name in loaded] == []
    assert "OpenAPI" not in built, "it describes what nobody asks for"


def test_an_address_that_is_not_loaded_yet_waits_for_it():
    front, plan, loading = Router(), Router(), threading.Event()
    front.get("/")(_front)
    plan.get("/plan")(_plan)

    def load() -> list[APIRouter]:
        loading.set()
        time.sleep(0.2)
        return [front, plan]

    app = FastAPI()
    app.router.routes.append(Rooms(front, load))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/plan").text == "plan"
        assert client.get("/").text == "front"
        assert client.get("/plan/", follow_redirects=False).headers["location"].endswith("/plan")
        assert client.get("/nergens").status_code == 404
        assert client.post("/").status_code == client.post("/plan").status_code == 405


def test_what_goes_wrong_while_loading_goes_wrong_for_who_asked_and_is_tried_again():
    front, tries = Router(), []
    front.get("/")(_front)

    def load() -> list[APIRouter]:
        tries.append(1)
        if len(tries) == 1:
            raise ImportError
        return [front]

    app = FastAPI()
    app.router.routes.append(Rooms(front, load))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert [client.get("/ergens").status_code for _ in range(2)] == [500, 404]


def _front() -> Response:
    return PlainTextResponse("front")


def _plan() -> Response:
    return PlainTextResponse("plan")


# ---- what is worked out once ----


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Nothing was worked out before."""
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "kept")
    read_cover.cache_clear()
    yield Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "pakket"))
    read_cover.cache_clear()


def test_the_cover_of_a_pack_is_read_from_the_pack_once(folder, monkeypatch):
    assert read_cover(str(folder)) == cover_of(default_pack())
    read_cover.cache_clear()
    monkeypatch.setattr(cover, "cover_of", None)  # making it again would break
    assert read_cover(str(folder)) == read_cover.__wrapped__(str(folder))


def test_a_pack_that_changes_has_another_cover(folder):
    title = read_cover(str(folder)).title
    shape = next(f for f in folder.rglob("*.yaml") if f"title: {title}" in f.read_text("utf-8"))
    shape.write_text(shape.read_text("utf-8").replace(f"title: {title}", "title: Anders"), "utf-8")
    read_cover.cache_clear()
    assert read_cover(str(folder)).title == "Anders"
    shape.write_text("title: [", "utf-8")
    read_cover.cache_clear()
    with pytest.raises(ContentError):
        read_cover(str(folder))


def test_where_nothing_can_be_kept_everything_still_works(folder, monkeypatch):
    monkeypatch.setattr(kept, "FOLDER", Path("/proc/nergens"))
    assert read_cover(str(folder)).title == default_pack().title


def test_what_was_kept_does_not_pile_up(folder):
    for number in range(kept.MOST + 5):
        assert kept.compiled("proef", f"{number:032}", lambda n=number: str(n).encode()) == str(number).encode()
    assert len(list(kept.FOLDER.glob("proef-*"))) == kept.MOST
