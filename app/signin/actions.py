"""The verbs of one's own account."""

from __future__ import annotations

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import NotAllowed, NotFound
from app.people.actions import end_sessions
from app.people.models import Person, SignIn
from app.people.store import list_sign_ins

SOMEBODY_ELSE = "In deze browser is intussen iemand anders aangemeld. Er is niets gewijzigd."


def require_page_of(person: Person, sent_by: str) -> None:
    """Raises NotAllowed when the page that was sent belongs to somebody who is not signed in here any more."""
    if sent_by != person.id:
        raise NotAllowed(SOMEBODY_ELSE)


def end_session(tx: Session, person: Person, session_id: str) -> SignIn:
    """Ends one session of this person, at once. Raises NotFound for what is not there, over already, or not theirs."""
    for session in list_sign_ins(tx, person):
        if session.id == session_id:
            session.ended_at = now()
            tx.add(session)
            return session
    raise NotFound


def end_everywhere(tx: Session, person: Person) -> None:
    """Ends all sessions of this person, also the one in which they ask it."""
    end_sessions(tx, person)
