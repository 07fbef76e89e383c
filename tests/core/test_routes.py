"""How a request finds its handler, and what the handler gets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Query, Request, WebSocket
from fastapi.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from fastapi.testclient import TestClient
from starlette.routing import Match

from app.core.database import Database
from app.core.forms import Sent
from app.core.settings import Settings
from app.core.turn import FOUND, Later, Rooms, Route, Router, Tx, turn_of
from app.core.web import add_handlers
from app.main import build

router = Router(prefix="/kamer")
made: list[str] = []


def _slow(request: Request, form: Sent) -> str:
    made.append("slow")
    return form.line("naam")


async def _promise(request: Request, name: Annotated[str, Depends(_slow)]) -> Later[str]:
    turn = turn_of(request)
    return Later(turn, lambda: f"{name} in {'a transaction' if turn.tx.is_active else 'nothing'}")


@router.get("/woord/{word}")
def word(request: Request, word: str, soort: str = "", deel: str | None = None) -> Response:
    return PlainTextResponse(f"{word}|{soort}|{deel}|{request.path_params['word']}")


@router.get("/lang")
def long(kort: Annotated[str, Query(alias="k", max_length=2)], soort: str = "x") -> PlainTextResponse:
    return PlainTextResponse(f"{kort}|{soort}")


@router.post("/alles/{rest:path}")
def everything(
    rest: str, name: Annotated[str, Depends(_slow)], told: Annotated[str, Depends(_promise)]
) -> PlainTextResponse | RedirectResponse:
    return PlainTextResponse(f"{rest}|{name}|{told}")


@router.get("/getal/{number}")
def number(number: int, dubbel: bool = False) -> dict[str, int]:
    return {"number": number * (2 if dubbel else 1)}


@router.get("/gemaakt", status_code=201)
def created(tx: Tx) -> Response:
    return PlainTextResponse("gemaakt", 201)


@router.get("/stroom")
async def stream(request: Request, tx: Tx, soort: str = "") -> StreamingResponse:
    async def words() -> Iterator[str]:
        for text in ("een ", soort, f" {tx.in_transaction()}"):
            yield text

    return StreamingResponse(words(), media_type="text/plain")


@router.websocket("/draad/{name}")
async def wire(socket: WebSocket, name: str) -> None:
    await socket.accept()
    await socket.send_text(f"dag {name}")
    await socket.close()


@router.get("/woord/eerder")
def never(request: Request) -> Response:
    raise AssertionError("a route that was declared earlier is of this address too")


@pytest.fixture
def client(tmp_path) -> Iterator[TestClient]:
    app = FastAPI()
    app.state.settings = Settings(database_url=f"sqlite:///{tmp_path}/a.db")
    app.state.database = Database(app.state.settings.database_url)
    app.router.routes.append(Rooms(router, lambda: [router]))
    add_handlers(app)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    app.state.database.close()


def test_a_handler_gets_what_it_asks_for(client):
    assert client.get("/kamer/woord/één?soort=a&soort=b&deel=").text == "één|b||één"
    assert client.get("/kamer/woord/eerder").text == "eerder||None|eerder"
    assert client.get("/kamer/lang?k=ab").text == "ab|x"


@pytest.mark.parametrize("address", ["/kamer/lang", "/kamer/lang?k=abc", "/kamer/lang?soort=a", "/kamer/getal/twee"])
def test_an_address_that_misses_something_is_refused_with_a_sentence(client, address):
    answer = client.get(address)
    assert answer.status_code == 422
    assert "past niet bij deze pagina" in answer.text


def test_what_is_asked_for_twice_is_made_once(client):
    made.clear()
    answer = client.post("/kamer/alles/a/b/c", data={"naam": "Jan"})
    assert answer.text == "a/b/c|Jan|Jan in a transaction"
    assert made == ["slow"]


def test_what_only_fastapi_can_make_is_made_by_fastapi(client):
    assert client.get("/kamer/getal/4?dubbel=true").json() == {"number": 8}
    assert client.get("/kamer/gemaakt").status_code == 201
    plans = {r.path: r.plan is not None for r in router.routes if isinstance(r, Route)}
    assert [path for path, planned in plans.items() if not planned] == ["/kamer/getal/{number}", "/kamer/gemaakt"]


def test_what_was_promised_to_an_async_handler_is_made_before_it_begins(client):
    assert client.get("/kamer/stroom?soort=twee").text == "een twee False"


def test_a_websocket_of_a_room_is_found(client):
    with client.websocket_connect("/kamer/draad/jan") as socket:
        assert socket.receive_text() == "dag jan"


def test_a_wrong_method_is_said(client):
    answer = client.post("/kamer/lang")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert client.get("/kamer/nergens").status_code == client.get("/ergens").status_code == 404


def test_the_route_of_an_address_is_the_first_that_fits():
    """Looking among the routes that begin as the address does gives what looking through all would give."""
    rooms = next(r for r in build(Settings(database_url="sqlite://")).routes if isinstance(r, Rooms))
    words = ["x", "", *sorted({w for r in rooms.routes for w in r.path.split("/") if "{" not in w})]
    paths = {r.path.replace("{", "").replace(":path", "/y").replace("}", "") for r in rooms.routes}
    paths |= {f"/trajecten/x/{'/'.join(p)}" for n in (1, 2) for p in itertools.product(words, repeat=n)}
    paths |= {f"/{a}/{b}" for a, b in itertools.product(words, repeat=2)}
    for path in sorted(paths)[::5]:
        for method in ("GET", "POST"):
            scope = {"type": "http", "path": path, "method": method}
            fits = [(route.matches(scope), route) for route in rooms.routes]
            full = [r for (match, _), r in fits if match == Match.FULL]
            partial = [r for (match, _), r in fits if match == Match.PARTIAL]
            found = rooms.matches(scope)[1].get(FOUND)
            assert found is next(iter([*full, *partial]), None), (method, path)
