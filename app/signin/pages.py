"""What the pages of signing in show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.core.clock import aware, date_text, moment_text, now
from app.core.errors import Refusal
from app.core.ids import fingerprint
from app.core.limits import TooOften
from app.core.rendering import page
from app.core.settings import Settings
from app.journey.pages import outside_shell
from app.journey.store import list_journeys_of
from app.people.models import Person, SignIn
from app.people.sessions import METHODS
from app.people.store import find_tenant, list_sign_ins
from app.signin.store import list_passkeys


@dataclass(frozen=True)
class SessionLine:
    id: str
    device: str  # "Firefox op Windows"
    how: str  # "met een persoonlijke link"
    since: str
    seen: str
    until: str
    here: bool  # the session of this browser


@dataclass(frozen=True)
class PasskeyLine:
    id: str
    device: str  # where it was made
    since: str
    used: str  # '' when never


@dataclass(frozen=True)
class AccountPage:
    person_id: str  # whose page this is; sent along with every button
    name: str
    email: str
    tenant: str
    local: bool  # the person of this computer, who never signs in
    can_passkey: bool
    sessions: tuple[SessionLine, ...]
    passkeys: tuple[PasskeyLine, ...]


def account_page(tx: Session, settings: Settings, person: Person, token: str) -> AccountPage:
    """What Driekolom knows of somebody, and where they are signed in; the session of this browser first."""
    moment, mine = now(), fingerprint(token) if token else ""
    alive = [s for s in list_sign_ins(tx, person) if aware(s.expires_at) > moment]
    lines = [_line(s, s.token_hash == mine) for s in alive]
    tenant = find_tenant(tx, person.tenant_id)
    return AccountPage(
        person.id,
        person.name,
        person.email,
        tenant.name if tenant and not person.local else "",
        person.local,
        not settings.local,
        tuple(sorted(lines, key=lambda line: not line.here)),
        tuple(
            PasskeyLine(p.id, p.label, date_text(p.created_at), date_text(p.used_at) if p.used_at else "")
            for p in list_passkeys(tx, person)
        ),
    )


def _line(session: SignIn, here: bool) -> SessionLine:
    return SessionLine(
        session.id,
        session.device or "Een browser",
        METHODS[session.method],
        moment_text(session.created_at),
        moment_text(session.last_seen_at),
        moment_text(session.expires_at),
        here,
    )


@dataclass(frozen=True)
class Place:
    person: str  # id
    titles: tuple[str, ...]  # of trajecten; () for who has none yet
    party: str = ""


@dataclass(frozen=True)
class ChoosePage:
    """As whom to go on, for whoever is known under one address in several places."""

    places: tuple[Place, ...]
    action: str


def choose_page(tx: Session, persons: Sequence[Person], action: str) -> ChoosePage:
    titles = ((p, tuple(journey.title for journey, _ in list_journeys_of(tx, p))) for p in persons)
    return ChoosePage(tuple(Place(p.id, found) for p, found in titles), action)


@dataclass(frozen=True)
class FailedPage:
    sentence: str  # what went wrong, and what to do
    title: str
    back: str


def failed(request: Request, title: str, problem: Refusal, back: str) -> Response:
    """The page that says why somebody did not come in, and what to do."""
    shell = outside_shell(request.app.state.settings, title)
    answer = page(request, "signin/failed.html", shell, FailedPage(problem.message, title, back), problem.status)
    if isinstance(problem, TooOften):
        answer.headers["retry-after"] = str(problem.wait)
    return answer
