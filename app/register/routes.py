"""The pages on which open data comes in: of who opens their own computer, or manages the installation."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.audit.actions import note
from app.core.errors import Invalid
from app.core.forms import Sent, before_reading
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Actor, Later, Router, Tx, turn_of
from app.journey.gate import find_who
from app.journey.managing import find_manager
from app.journey.pages import outside_shell
from app.people.models import Person
from app.register import actions, pages

router = Router()


def _who_may(request: Request, tx: Session) -> Person:
    """On one's own computer who opens it; on a server who manages the installation. Raises NotSignedIn and NotFound."""
    person = find_who(request, tx)
    if request.app.state.settings.local and person.local:
        return person
    return find_manager(request, tx)


async def _keeper(request: Request) -> Later[Person]:
    turn = turn_of(request)
    return Later(turn, lambda: _who_may(request, turn.tx))


Keeper = Annotated[Person, Depends(_keeper)]
First = Annotated[None, before_reading(_who_may)]


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
def show(request: Request, tx: Tx, person: Keeper) -> Response:
    return _register(request, tx, person)


@router.post("/register")
def offer(first: First, request: Request, tx: Tx, person: Keeper, form: Sent) -> Response:
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
def show_offered(request: Request, tx: Tx, person: Keeper, import_id: str) -> Response:
    return _offered(request, tx, person, import_id)


@router.post("/register/{import_id}/overnemen")
def take_over(request: Request, tx: Tx, person: Keeper, import_id: str, form: Sent) -> Response:
    shown = tuple(form.number(name) for name in ("nieuw", "gewijzigd", "verdwenen"))
    try:
        taken = actions.take_over(tx, import_id, shown)
    except Invalid as problem:
        return _offered(request, tx, person, import_id, problem.message, 409)
    note(tx, "register_taken", Actor(person.tenant_id, person.id), object=f"bestand:{taken.kind}")
    return RedirectResponse("/register", 303)


@router.post("/register/{import_id}/weg")
def drop(request: Request, tx: Tx, person: Keeper, import_id: str) -> Response:
    actions.drop(tx, import_id)
    return RedirectResponse("/register", 303)
