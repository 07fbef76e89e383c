"""The pages on which open data comes in. In server mode this is done at the server, with the command."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import Invalid, NotAllowed
from app.core.forms import Sent
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Later, Router, Tx, turn_of
from app.journey.gate import find_who
from app.journey.pages import outside_shell
from app.people.models import Person
from app.register import actions, pages

router = Router()


async def _manager(request: Request) -> Later[Person]:
    """Raises NotAllowed unless this computer is one's own."""
    turn = turn_of(request)

    def find() -> Person:
        person = find_who(request, turn.tx)
        if not (request.app.state.settings.local and person.local):
            raise NotAllowed("Het register wordt op de server bijgewerkt, met ‘driekolom register import’.")
        return person

    return Later(turn, find)


Manager = Annotated[Person, Depends(_manager)]


def _register(request: Request, tx: Tx, person: Person, error: str = "", status: int = 200) -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.register_page(tx, error)
    return page(
        request,
        "register/show.html",
        outside_shell(settings, "Register van gemeenten en schoolbesturen", person),
        shown,
        status,
    )


@router.get("/register")
def show(request: Request, tx: Tx, person: Manager) -> Response:
    return _register(request, tx, person)


@router.post("/register")
def offer(request: Request, tx: Tx, person: Manager, form: Sent) -> Response:
    try:
        file = form.file("bestand")
        offered, _ = actions.offer(tx, file.name, file.content)
    except Invalid as problem:
        return _register(request, tx, person, problem.message, 422)
    return RedirectResponse(f"/register/{offered.id}", 303)


def _offered(request: Request, tx: Tx, person: Person, import_id: str, notice: str = "", status: int = 200) -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.offered_page(*actions.pending(tx, import_id))
    frame = outside_shell(settings, "Wat verandert er?", person, notice)
    return page(request, "register/offered.html", frame, shown, status)


@router.get("/register/{import_id}")
def show_offered(request: Request, tx: Tx, person: Manager, import_id: str) -> Response:
    return _offered(request, tx, person, import_id)


@router.post("/register/{import_id}/overnemen")
def take_over(request: Request, tx: Tx, person: Manager, import_id: str, form: Sent) -> Response:
    shown = tuple(form.number(name) for name in ("nieuw", "gewijzigd", "verdwenen"))
    try:
        actions.take_over(tx, import_id, shown)
    except Invalid as problem:
        return _offered(request, tx, person, import_id, problem.message, 409)
    return RedirectResponse("/register", 303)


@router.post("/register/{import_id}/weg")
def drop(request: Request, tx: Tx, person: Manager, import_id: str) -> Response:
    actions.drop(tx, import_id)
    return RedirectResponse("/register", 303)
