"""Asking for access and handing over, for who is not signed in; and what the procesbegeleider says to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from app.access.actions import open_link
from app.access.actions import owner as owner_of
from app.access.code_routes import remember_asked
from app.access.pages import AskAccessPage, HandOverPage
from app.audit.actions import audited
from app.core.errors import Invalid
from app.core.forms import Form, Sent
from app.core.rendering import Shell, page
from app.core.settings import Settings
from app.core.turn import Router, Tx, turn_of
from app.invitations import actions, asking, pages
from app.journey.gate import Gate, Here
from app.journey.pages import outside_shell, shell
from app.journey.rules import may_decide_access

router = Router()
Decide = Annotated[Here, Depends(Gate(may_decide_access))]
ASK, HAND_OVER = "Toegang vragen", "Geef uw plek door"


def _shell(request: Request, title: str) -> Shell:
    return outside_shell(request.app.state.settings, title)


def _typed(form: Form, *names: str) -> dict[str, str]:
    return {name: form.line(name, 10_000) for name in names}


@router.get("/toegang-vragen")
def ask_form(request: Request) -> Response:
    return page(request, "access/ask_access.html", _shell(request, ASK), AskAccessPage())


@router.post("/toegang-vragen")
def ask(request: Request, tx: Tx, form: Sent) -> Response:
    """The same answer for everybody; who it is about is found out after the answer was sent."""
    settings: Settings = request.app.state.settings
    typed, link = _typed(form, "naam", "e-mail", "organisatie"), form.line("link", 10_000)[:100]
    try:
        secret = asking.ask_access(tx, typed["naam"], typed["e-mail"], typed["organisatie"])
    except Invalid as problem:
        shown = AskAccessPage(link, {k: v[:200] for k, v in typed.items()}, problem.fields)
        return page(request, "access/ask_access.html", _shell(request, ASK), shown, 422)
    asked = (typed["naam"], typed["e-mail"], typed["organisatie"])
    later = BackgroundTask(asking.answer_access_asked, request.app.state.database, settings, secret, link, asked)
    return remember_asked(settings, RedirectResponse("/aanmelden/code?gevraagd=1", 303, background=later), secret)


@router.get("/toegang/{secret}/doorgeven")
def hand_over_form(request: Request, tx: Tx, secret: str) -> Response:
    opened = open_link(tx, secret)
    shown = pages.hand_over_page(tx, opened, secret)
    return page(request, "access/hand_over.html", _shell(request, HAND_OVER), shown)


@router.post("/toegang/{secret}/doorgeven")
@audited("seat_handed_over", by_itself=True)
def hand_over(request: Request, tx: Tx, secret: str, form: Sent) -> Response:
    settings: Settings = request.app.state.settings
    turn_of(request).actor = owner_of(tx, secret)
    opened, typed = open_link(tx, secret), _typed(form, "naam", "e-mail", "functie")
    try:
        with tx.begin_nested():
            colleague, sent = asking.hand_over(tx, settings, opened, typed["naam"], typed["e-mail"], typed["functie"])
    except Invalid as problem:
        shown = pages.hand_over_page(tx, opened, secret, {k: v[:200] for k, v in typed.items()}, problem.fields)
        return page(request, "access/hand_over.html", _shell(request, HAND_OVER), shown, 422)
    done = HandOverPage(done=True, colleague=colleague.name, sent=sent)
    return page(request, "access/hand_over.html", _shell(request, HAND_OVER), done)


# ---- what the procesbegeleider says ----


@router.post("/trajecten/{journey_id}/toegang/vragen/{request_id}/toelaten")
def allow(request: Request, here: Decide, request_id: str, form: Sent) -> Response:
    """Gives a place, and the link with it: by mail when that can be, else to be passed on."""
    asked = asking.get_request(here, request_id)
    seat, person = asking.allow(here, asked, form.line("rol"))
    if actions.may_send(here, person):
        actions.send_invitation(here, seat, person)
        return RedirectResponse(
            f"{pages.person_url(here, seat)}?klaar={'klaargezet' if here.settings.local else 'verstuurd'}", 303
        )
    frame = shell(here, f"Persoonlijke link van {person.name}", audience="Alleen u ziet deze pagina.")
    shown = pages.link_page(here, seat, person, actions.invite(here, seat, person))
    answer = page(request, "invitations/link.html", frame, shown)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/trajecten/{journey_id}/toegang/vragen/{request_id}/afwijzen")
def decline(here: Decide, request_id: str) -> Response:
    asking.decline(here, asking.get_request(here, request_id))
    return RedirectResponse(f"{here.url}/toegang?klaar=afgewezen", 303)
