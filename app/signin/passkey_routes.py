"""Making and using a passkey. A script asks for a challenge, the device answers, a plain form sends the answer."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.audit.actions import audited
from app.core.errors import Refusal
from app.core.forms import Form, Sent
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.journey.gate import Who
from app.people.sessions import device_words
from app.signin import passkeys, trip
from app.signin.actions import require_page_of
from app.signin.door import let_in, page_wanted, remember
from app.signin.organisations import NotLetIn
from app.signin.pages import failed

router = Router()


@router.post("/aanmelden/passkey/vraag")
def ask_to_use(request: Request, tx: Tx) -> Response:
    settings: Settings = request.app.state.settings
    begun = trip.leave(passkeys.SIGN_IN, page_wanted(request) or "/")
    return _asked(tx, settings, passkeys.options_to_use(tx, settings, begun), begun)


@router.post("/aanmelden/passkey")
@audited("signed_in", by_itself=True)
def use(request: Request, tx: Tx, form: Sent) -> Response:
    settings: Settings = request.app.state.settings
    begun = _trip(request, tx, passkeys.SIGN_IN)
    try:
        person = passkeys.person_of(tx, settings, begun, _answer(form))
        secret = let_in(request, tx, person, "passkey")
    except Refusal as problem:  # what was tried is counted, so the transaction goes on
        return trip.arrive(settings, failed(request, "Aanmelden lukte niet", problem, "/aanmelden"))
    back = begun.back if begun else "/"
    return remember(settings, trip.arrive(settings, RedirectResponse(back, 303)), secret)


@router.post("/account/passkeys/vraag")
def ask_to_make(request: Request, tx: Tx, person: Who) -> Response:
    settings: Settings = request.app.state.settings
    begun = trip.leave(passkeys.goal_of_new(person), "/account")
    return _asked(tx, settings, passkeys.options_to_make(tx, settings, person, begun), begun)


@router.post("/account/passkeys")
@audited("passkey_added")
def make(request: Request, tx: Tx, person: Who, form: Sent) -> Response:
    settings: Settings = request.app.state.settings
    require_page_of(person, form.line("van"))
    device = device_words(request.headers.get("user-agent", ""))
    begun = _trip(request, tx, passkeys.goal_of_new(person))
    try:
        passkeys.make(tx, settings, person, begun, _answer(form), device)
    except NotLetIn as problem:
        return trip.arrive(settings, failed(request, "Dit is niet ingesteld", problem, "/account"))
    return trip.arrive(settings, RedirectResponse("/account?klaar=ingesteld", 303))


@router.post("/account/passkeys/{passkey_id}/verwijderen")
@audited("passkey_removed")
def remove(request: Request, tx: Tx, person: Who, passkey_id: str, form: Sent) -> Response:
    require_page_of(person, form.line("van"))
    passkeys.remove(tx, person, passkey_id)
    return RedirectResponse("/account?klaar=weggehaald", 303)


def _trip(request: Request, tx: Session, goal: str) -> trip.Trip | None:
    settings: Settings = request.app.state.settings
    return trip.unpack(tx, request.cookies.get(trip.cookie_name(settings), ""), goal)


def _answer(form: Form) -> str:
    return (form.raw("antwoord") or [""])[0]


def _asked(tx: Session, settings: Settings, options: str, begun: trip.Trip) -> Response:
    answer = Response(options, media_type="application/json")
    return trip.carry(settings, answer, trip.pack(tx, begun))
