"""The connection over which several people write in texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from fastapi import APIRouter, WebSocket
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Receive, Send

from app.core.database import Busy
from app.core.errors import Closed, NotAllowed, NotFound, NotSignedIn
from app.core.web import AFTERWARDS, same_origin
from app.journey import rules
from app.journey.actions import here_for
from app.journey.gate import cookie_name, find_who
from app.journey.store import find_seat_and_journey
from app.prose import joint, log, reasons, sockets, together

router = APIRouter()

SCHEMA = "1"  # of the text: what a paragraph is, which formats there are. Another one loads the page again.
STEP = log.STEP


class Entrance(NamedTuple):
    """Who comes in, to whichever text it is."""

    tenant_id: str
    client: Callable[..., together.Client]


def enter(socket: HTTPConnection, tx: Session, journey_id: str, name: str) -> tuple[log.Document | None, Entrance]:
    """Who writes here: the text, once somebody has opened it, and the client that comes to it. Raises NotSignedIn,
    NotFound, NotAllowed and Closed, as a form would."""
    person = find_who(socket, tx)  # type: ignore[arg-type]  # asks cookies and settings, which a socket has too
    found = find_seat_and_journey(tx, person, journey_id)
    if found is None:
        raise NotFound
    seat, journey = found
    here = here_for(tx, socket.app.state.settings, person, journey, seat)
    if name in {c.slug for c in here.pack.chapters}:
        place = joint.Place(STEP, name, "")
    elif (found_place := joint.find_place(here, name)) is not None:
        place = found_place
    else:
        raise NotFound
    here.require(rules.may_write_joint(seat))
    here.require_open(place.step, place.part)
    client = partial(
        together.Client,
        step=place.step,
        part=place.part,
        event=place.event,
        seat_id=seat.id,
        party_id=seat.party_id or "",
        name=person.name,
        token=socket.cookies.get(cookie_name(here.settings), ""),
    )
    return log.seek_document(tx, journey.tenant_id, journey.id, name), Entrance(journey.tenant_id, client)


async def write_together(socket: WebSocket) -> None:
    """Own page and own session before anything is accepted; rights again at every change. Over the same line a browser
    may open more texts of this journey."""
    journey_id, name = socket.path_params["journey_id"], socket.path_params["name"]
    if not same_origin(socket.headers, socket.app.state.settings):
        await socket.close(reasons.NOT_ALLOWED)
        return
    app, scope = socket.app, socket.scope

    def let_in(text: str) -> together.Client:
        # Who may not come in costs nobody the turn to write; the first who opens a text makes it.
        with app.state.database.read() as tx:
            document, entrance = enter(HTTPConnection(scope), tx, journey_id, text)
        if document is None:
            with app.state.database.write() as tx:
                document = log.open_document(tx, entrance.tenant_id, journey_id, text)
        return entrance.client(document=document)

    async def ask(text: str) -> together.Client | int:
        try:
            async with sockets.entrance_of(app):
                return await run_in_threadpool(let_in, text)
        except NotSignedIn:
            return reasons.SIGNED_OUT
        except NotFound:
            return reasons.GONE
        except NotAllowed:
            return reasons.NOT_ALLOWED
        except Closed:
            return reasons.CLOSED
        except Busy:
            return reasons.AGAIN

    client = reasons.OLD if socket.query_params.get("v") != SCHEMA else await ask(name)
    await socket.accept()  # also to say no: before this a browser does not hear why
    if isinstance(client, int):
        await socket.close(client)
        return

    connections = sockets.connections_of(app)

    async def serve(receive: Receive, send: Send) -> None:
        await connections.serve(receive, send, client, ask)

    if AFTERWARDS in scope:
        scope[AFTERWARDS].append(serve)
    else:
        await serve(socket.receive, socket.send)


# Not a route of FastAPI: planning one loads all of pydantic.v1, a megabyte and a half that nothing else needs.
router.add_websocket_route("/trajecten/{journey_id}/samen/{name:path}", write_together)
