"""Herinneren, Verzonden berichten, and the daily overview on and off."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import Invalid, NotFound
from app.core.forms import Sent
from app.core.rendering import fragment, page
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.journey.gate import Facilitate, Here, Who
from app.journey.pages import outside_shell, shell
from app.mail.queue import can_send
from app.messages import digest, pages
from app.messages.reminder import remind
from app.signin.actions import require_page_of

router = Router()
FACILITATORS_ONLY = "Alleen begeleiders zien deze pagina."


# ---- reminding ----


@router.get("/trajecten/{journey_id}/herinneren")
def show_reminder(request: Request, here: Facilitate) -> Response:
    return _reminder(request, here)


@router.post("/trajecten/{journey_id}/herinneren")
def send_reminder(request: Request, here: Facilitate, form: Sent) -> Response:
    typed = form.text("tekst", limit=100_000)
    try:
        reached, passed_over = remind(here, typed, form.line("aan", 100_000).split())
    except Invalid as problem:
        return _reminder(request, here, typed, problem.fields.get("tekst", problem.message))
    said = pages.said_of(reached, passed_over, can_send(here.settings))
    return RedirectResponse(f"{here.url}/berichten?klaar={said}", 303)


def _reminder(request: Request, here: Here, typed: str | None = None, error: str = "") -> Response:
    frame = shell(here, "Herinneren", audience=FACILITATORS_ONLY)
    shown = pages.remind_page(here, typed, error)
    return page(request, "messages/remind.html", frame, shown, 422 if error else 200)


# ---- what was sent ----


@router.get("/trajecten/{journey_id}/berichten")
def show_sent(request: Request, here: Facilitate) -> Response:
    frame = shell(here, "Verzonden berichten", audience=FACILITATORS_ONLY)
    return page(request, "messages/sent.html", frame, pages.sent_page(here))


@router.get("/trajecten/{journey_id}/berichten/{mail_id}/stand")
def show_state(here: Facilitate, mail_id: str) -> Response:
    if line := pages.sent_line(here, mail_id):
        return fragment("messages/_line.html", line=line)
    raise NotFound


# ---- the daily overview ----


@router.get("/account/berichten")
def show_choice(request: Request, tx: Tx, person: Who, klaar: str = "") -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.ChoicePage(
        on=digest.wants_digest(tx, person),
        sends=can_send(settings),
        email=person.email,
        hour=settings.mail_hour,
        person_id=person.id,
    )
    frame = outside_shell(settings, "Berichten die u krijgt", person, "Opgeslagen." if klaar else "")
    return page(request, "messages/choice.html", frame, shown)


@router.post("/account/berichten")
def choose(tx: Tx, person: Who, form: Sent) -> Response:
    require_page_of(person, form.line("van"))
    digest.choose(tx, person, off=form.line("overzicht", 100) != "aan")
    return RedirectResponse("/account/berichten?klaar=opgeslagen", 303)


@router.get("/berichten/uit/{token}")
def ask_off(request: Request, tx: Tx, token: str) -> Response:
    return _off(request, tx, token)


@router.post("/berichten/uit/{token}")
def turn_off(request: Request, tx: Tx, token: str) -> Response:
    """By the button on the page, and by the button that a mail program itself shows (RFC 8058)."""
    digest.choose(tx, digest.reader_of(tx, token), off=True)
    return _off(request, tx, token)


def _off(request: Request, tx: Tx, token: str) -> Response:
    on = digest.wants_digest(tx, digest.reader_of(tx, token))
    shown = pages.OffPage(f"/berichten/uit/{token}", on)
    return page(request, "messages/off.html", outside_shell(request.app.state.settings, "Dagelijks overzicht"), shown)
