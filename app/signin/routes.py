"""One's own account: where you are signed in, and how to end that."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.audit.actions import audited
from app.core.forms import Sent
from app.core.ids import fingerprint
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.journey.gate import Who, cookie_name
from app.journey.pages import outside_shell
from app.signin import actions, oidc_routes, pages, passkey_routes
from app.signin.door import forget

router = Router()
router.routes.extend([*oidc_routes.router.routes, *passkey_routes.router.routes])

NOTICES = {
    "beeindigd": "Op dat apparaat bent u nu afgemeld.",
    "ingesteld": "Ingesteld. De volgende keer komt u zo binnen.",
    "weggehaald": "Weggehaald. Zo komt u nu niet meer binnen.",
}


@router.get("/account")
def account(request: Request, tx: Tx, person: Who, klaar: str = "") -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.account_page(tx, settings, person, request.cookies.get(cookie_name(settings), ""))
    shell = outside_shell(settings, "Uw gegevens en aanmeldingen", person, NOTICES.get(klaar, ""))
    return page(request, "signin/account.html", shell, shown)


@router.post("/account/aanmeldingen/{session_id}/beeindigen")
@audited("session_ended")
def end_session(request: Request, tx: Tx, person: Who, session_id: str, form: Sent) -> Response:
    settings: Settings = request.app.state.settings
    actions.require_page_of(person, form.line("van"))
    ended = actions.end_session(tx, person, session_id)
    if ended.token_hash == fingerprint(request.cookies.get(cookie_name(settings), "")):
        return forget(settings, RedirectResponse("/aanmelden?klaar=afgemeld", 303))
    return RedirectResponse("/account?klaar=beeindigd", 303)


@router.post("/account/overal-uitloggen")
@audited("signed_out_everywhere")
def end_everywhere(request: Request, tx: Tx, person: Who, form: Sent) -> Response:
    actions.require_page_of(person, form.line("van"))
    actions.end_everywhere(tx, person)
    return forget(request.app.state.settings, RedirectResponse("/aanmelden?klaar=overal", 303))
