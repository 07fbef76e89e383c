"""A code on a new device: ask for it, type it, and choose where to go. `app.access.routes` adds the rest."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session
from starlette.background import BackgroundTask

from app.access import codes, pages
from app.audit.actions import audited
from app.core.errors import Invalid
from app.core.forms import Sent
from app.core.rendering import Shell, page
from app.core.settings import Settings
from app.core.turn import Actor, Router, Tx, turn_of
from app.journey.pages import outside_shell
from app.mail.queue import can_write
from app.people.models import Person
from app.signin.door import let_in, page_wanted, remember

router = Router()
ASK, TYPE, CHOOSE = "Code aanvragen", "Vul de code in", "Waar wilt u naartoe?"


def _cookie(settings: Settings) -> str:
    return "__Host-driekolom-code" if settings.secure else "driekolom-code"


def _secret(request: Request) -> str:
    return request.cookies.get(_cookie(request.app.state.settings), "")[:100]


@router.get("/aanmelden/code-vragen")
def ask_form(request: Request) -> Response:
    return page(request, "access/ask_code.html", _shell(request, ASK), pages.AskCodePage())


@router.post("/aanmelden/code-vragen")
def ask(request: Request, tx: Tx, form: Sent) -> Response:
    """The same answer for every address; what it is about is found out after the answer was sent."""
    settings: Settings = request.app.state.settings
    address = form.line("e-mail", 10_000)
    try:
        secret = codes.ask_code(tx, address)
    except Invalid as problem:
        shown = pages.AskCodePage(address[:200], problem.message)
        return page(request, "access/ask_code.html", _shell(request, ASK), shown, 422)
    later = BackgroundTask(codes.answer_asked, request.app.state.database, settings, secret, address)
    return remember_asked(settings, RedirectResponse("/aanmelden/code", 303, background=later), secret)


def remember_asked(settings: Settings, answer: Response, secret: str) -> Response:
    """The same answer, with the cookie that binds the code to this browser."""
    answer.set_cookie(
        _cookie(settings),
        secret,
        max_age=codes.MINUTES * 60,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/aanmelden/code")
def code_form(request: Request, gevraagd: str = "") -> Response:
    if not _secret(request):
        return RedirectResponse("/aanmelden/code-vragen", 303)
    return _code_page(request, asked=bool(gevraagd))


def _code_page(request: Request, wrong: str = "", status: int = 200, asked: bool = False) -> Response:
    shown = pages.CodePage(can_write(request.app.state.settings), codes.MINUTES, wrong, wrong == codes.OVER, asked)
    return page(request, "access/code.html", _shell(request, TYPE), shown, status)


@router.post("/aanmelden/code")
@audited("signed_in", by_itself=True)
def try_code(request: Request, tx: Tx, form: Sent) -> Response:
    if not _secret(request):
        return RedirectResponse("/aanmelden/code-vragen", 303)
    try:
        found = codes.try_code(tx, _secret(request), form.line("code", 10_000)[:40])
    except Invalid as problem:
        return _code_page(request, problem.message, 422)
    if len(found) > 1:
        return RedirectResponse("/aanmelden/kiezen", 303)
    return _enter(request, tx, found[0])


@router.get("/aanmelden/kiezen")
def choose_form(request: Request, tx: Tx) -> Response:
    found = codes.passed(tx, _secret(request))
    if not found:
        return RedirectResponse("/aanmelden/code-vragen", 303)
    return page(request, "access/choose.html", _shell(request, CHOOSE), pages.choose_page(tx, found))


@router.post("/aanmelden/kiezen")
@audited("signed_in", by_itself=True)
def choose(request: Request, tx: Tx, form: Sent) -> Response:
    person = codes.choose(tx, _secret(request), form.line("persoon", 10_000))
    if person is None:
        return RedirectResponse("/aanmelden/code-vragen", 303)
    return _enter(request, tx, person)


def _enter(request: Request, tx: Session, person: Person) -> Response:
    settings: Settings = request.app.state.settings
    turn_of(request).actor = Actor(person.tenant_id, person.id)
    seats = codes.open_seats(tx, person)
    session = let_in(request, tx, person, "code")
    within = f"/trajecten/{seats[0][1].id}" if len(seats) == 1 else "/"
    answer = RedirectResponse(page_wanted(request, within) or within, 303)
    answer.delete_cookie(_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")
    return remember(settings, answer, session)


def _shell(request: Request, title: str) -> Shell:
    return outside_shell(request.app.state.settings, title)
