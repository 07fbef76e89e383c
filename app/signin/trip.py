"""The way to a provider and back: what a browser carries with it, so that only the browser that left can return.

One cookie holds a random seed and where somebody was going, signed. State, nonce and the PKCE verifier are made from
the seed, each for its own use: what the provider sees of them does not give the seed away. Nothing is stored, so
leaving costs nothing and can never fill the database.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass

from sqlmodel import Session

from app.core.clock import now
from app.core.forms import local_path
from app.core.ids import new_secret
from app.core.keys import is_signed, signature
from app.core.settings import Settings

MINUTES = 15  # somebody may still have to find their telephone


@dataclass(frozen=True)
class Trip:
    """`goal` is what this is for (a provider, or a passkey), `back` the page to go on to, on this site."""

    goal: str
    back: str
    seed: str
    until: int  # seconds since 1970
    persons: tuple[str, ...] = ()  # ids of whom one may go on as

    def part(self, tx: Session, use: str) -> str:
        """State, nonce, verifier or challenge of this trip."""
        return signature(tx, f"trip {use} {self.goal}", self.seed)


def cookie_name(settings: Settings) -> str:
    return "__Host-driekolom-heen" if settings.secure else "driekolom-heen"


def leave(goal: str, back: str, persons: tuple[str, ...] = ()) -> Trip:
    return Trip(goal, local_path(back, "/"), new_secret(), int(now().timestamp()) + MINUTES * 60, persons)


def pack(tx: Session, trip: Trip) -> str:
    """The trip as the text of a cookie."""
    text = urlsafe_b64encode(json.dumps(asdict(trip)).encode()).decode()
    return f"{text}.{signature(tx, 'trip', text)}"


def unpack(tx: Session, cookie: str, goal: str) -> Trip | None:
    """The trip that this browser is on, if it is one with this goal and not over."""
    text, _, mark = cookie.partition(".")
    if not is_signed(tx, "trip", text, mark):
        return None
    trip = Trip(**json.loads(urlsafe_b64decode(text)))
    return trip if trip.goal == goal and trip.until > int(now().timestamp()) else None


def carry(settings: Settings, answer, cookie: str):
    """The same answer, with the cookie of a trip. Lax: the way back begins at the provider."""
    answer.set_cookie(
        cookie_name(settings),
        cookie,
        max_age=MINUTES * 60,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def arrive(settings: Settings, answer):
    """The same answer, taking the cookie of a trip away."""
    answer.delete_cookie(cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer
