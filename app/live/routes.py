"""The stream, the same by asking now and then, and who is here."""

from __future__ import annotations

import re

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.core.rendering import fragment, page, wants_fragment
from app.core.turn import Router
from app.journey.gate import Here, View, cookie_name
from app.journey.kept import within
from app.journey.pages import shell
from app.live.pages import here_page
from app.live.places import checked_place
from app.live.streams import Stream, Window, state_of

router = Router(prefix="/trajecten/{journey_id}")

_NAME = re.compile("[a-z0-9]{1,32}")


@router.get("/stroom")
def stream(request: Request, here: View, plek: str = "", venster: str = "", sinds: str = "") -> Response:
    live = state_of(request.app)
    live.require_room(here.seat.id)
    return Stream(live, _window(request, here, plek, venster, request.headers.get("last-event-id", "") or sinds))


@router.get("/stand")
def stand(request: Request, here: View, plek: str = "", venster: str = "", sinds: str = "") -> Response:
    """The number of changes, what changed since, and who is here. Says that this window is still there."""
    live = state_of(request.app)
    window = _window(request, here, plek, venster, sinds)
    if window.name:
        live.presence.enter(here.journey.id, (here.seat.id, window.name), here.seat.id, window.place)
    changes = here.journey.changes
    return JSONResponse(
        {
            "stand": changes,
            "onderwerpen": live.hub.since(here.journey.id, window.known, changes) if window.known else [],
            "hier": sorted(f"{seat}:{place}" for seat, place in live.presence.who(here.journey.id).items()),
        }
    )


@router.get("/hier")
def who(request: Request, here: View, plek: str = "") -> Response:
    """Who is here: a line for the page, or a page of its own."""
    shown = here_page(here, state_of(request.app).presence, checked_place(here, plek))
    if wants_fragment(request):
        return fragment("live/_here.html", page=shown)
    return page(request, "live/show.html", shell(here, "Wie is er nu?"), shown)


def _window(request: Request, here: Here, place: str, name: str, known: str) -> Window:
    return Window(
        journey_id=here.journey.id,
        seat_id=here.seat.id,
        party_channel=within(here.journey.id, here.seat.party_id or ""),
        token=request.cookies.get(cookie_name(here.settings), ""),
        name=name if _NAME.fullmatch(name) else "",
        place=checked_place(here, place),
        known=int(known) if re.fullmatch("[0-9]{1,9}", known) else 0,
    )
