"""Personal links, signing in and out, and the outbox of local mode."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.access import actions, pages
from app.access.code_routes import router
from app.audit.actions import audited
from app.core.errors import NotFound
from app.core.forms import Sent, local_path
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Tx, turn_of
from app.journey.gate import Visitor, Who, cookie_name
from app.journey.pages import outside_shell
from app.people.actions import sign_out
from app.people.rules import may_manage
from app.signin.door import forget, let_in, page_wanted, remember
from app.signin.reading import provider_left, ways_in
from app.style.reading import look_of

BROKEN = "Deze link werkt niet (meer)"
LEFT = ("afgemeld", "overal")


@router.get("/toegang/{secret}")
def invitation(request: Request, tx: Tx, secret: str, terug: str = "", vragen: str = "") -> Response:
    settings: Settings = request.app.state.settings
    if vragen:
        shown = pages.AskAccessPage(secret[:100])
        return page(request, "access/ask_access.html", outside_shell(settings, "Toegang vragen"), shown)
    try:
        opened = actions.open_link(tx, secret)
    except NotFound as broken:
        return page(request, "access/broken.html", outside_shell(settings, BROKEN), broken, 404)
    shown = pages.invitation_page(tx, opened, secret, local_path(terug, ""))
    look = look_of(tx, opened.person.tenant_id)
    shell = outside_shell(settings, "Uw persoonlijke link", look=look)
    return page(request, "access/invitation.html", shell, shown)


@router.post("/toegang/{secret}")
@audited("signed_in", by_itself=True)
def enter(request: Request, tx: Tx, secret: str, form: Sent) -> Response:
    settings: Settings = request.app.state.settings
    turn_of(request).actor = actions.owner(tx, secret)
    opened = actions.use_link(tx, secret)
    session = let_in(request, tx, opened.person, "link")
    within = f"/trajecten/{opened.journey.id}" if opened.journey else "/beheer" if may_manage(opened.person) else "/"
    default = page_wanted(request, within) or within
    return remember(settings, RedirectResponse(local_path(form.line("terug"), default) or default, 303), session)


@router.get("/aanmelden")
def sign_in_page(request: Request, tx: Tx, person: Visitor, klaar: str = "", bij: str = "") -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.SignInPage(
        left=klaar in LEFT,
        everywhere=klaar == "overal",
        ended=person is None and cookie_name(settings) in request.cookies,
        local=settings.local,
        ways=ways_in(tx, settings, left=bij if klaar in LEFT else ""),
    )
    return page(request, "access/sign_in.html", outside_shell(settings, "Aanmelden", person), shown)


@router.post("/afmelden")
@audited("signed_out", by_itself=True)
def leave(request: Request, tx: Tx) -> Response:
    settings: Settings = request.app.state.settings
    came_from = ""
    if secret := request.cookies.get(cookie_name(settings)):
        came_from = provider_left(tx, settings, secret)
        sign_out(tx, secret)
    also = f"&bij={came_from}" if came_from else ""
    return forget(settings, RedirectResponse(f"/aanmelden?klaar=afgemeld{also}", 303))


@router.get("/uitgaande-post")
def outbox(request: Request, tx: Tx, person: Who) -> Response:
    settings: Settings = request.app.state.settings
    if not (settings.local and person.local):
        raise NotFound
    shell = outside_shell(settings, "Uitgaande post", person)
    return page(request, "access/outbox.html", shell, pages.outbox_page(tx, person.tenant_id))
