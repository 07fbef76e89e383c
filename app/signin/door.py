"""The door: every way of signing in ends here, so a session always begins anew and never where another one was."""

from __future__ import annotations

from urllib.parse import unquote

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.core.errors import NotAllowed
from app.core.forms import local_path
from app.core.settings import Settings
from app.core.web import back_cookie
from app.journey.gate import cookie_name
from app.journey.store import list_journeys_of
from app.people.actions import sign_in, sign_out
from app.people.models import Person
from app.people.rules import may_manage
from app.people.sessions import device_words

# The cookie outlives the session, so that somebody whose session is over is told so, also in local mode.
COOKIE_DAYS = 90
NO_PLACE = (
    "U kunt hier nu niet in. Wat u eerder invulde, is bewaard. "
    "Vraag de procesbegeleider van uw traject om een nieuwe uitnodiging."
)


def is_welcome(tx: Session, person: Person) -> bool:
    """Whether there is anything to come in for. To know who somebody is, is not enough: with a passkey or an account of
    their organisation people can prove that for ever, also after their access was taken back."""
    return person.may_start or person.local or may_manage(person) or bool(list_journeys_of(tx, person))


def let_in(request: Request, tx: Session, person: Person, method: str) -> str:
    """Starts a session for this person and ends the one that this browser had. Returns the secret for `remember`.

    `method` is how: link, code, oidc or passkey. Raises NotAllowed when there is nothing to come in for.
    """
    if not is_welcome(tx, person):
        raise NotAllowed(NO_PLACE)
    settings: Settings = request.app.state.settings
    if old := request.cookies.get(cookie_name(settings)):
        sign_out(tx, old)
    device = device_words(request.headers.get("user-agent", ""))
    return sign_in(tx, person, settings.session_hours, settings.session_idle_hours, method, device)


def page_wanted(request: Request, within: str = "/") -> str:
    """The page on this site that this browser asked for before it had to sign in, when it lies within; '' for none."""
    settings: Settings = request.app.state.settings
    wanted = local_path(unquote(request.cookies.get(back_cookie(settings), "")), "")
    return wanted if wanted.startswith(within) else ""


def remember(settings: Settings, answer: Response, secret: str) -> Response:
    """The same answer, with the cookie of a session."""
    answer.set_cookie(
        cookie_name(settings),
        secret,
        max_age=COOKIE_DAYS * 86400,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    answer.delete_cookie(back_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer


def forget(settings: Settings, answer: Response) -> Response:
    """The same answer, taking the cookie of a session away."""
    answer.delete_cookie(cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer
