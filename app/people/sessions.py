"""How long a session lasts, and what its owner can recognise it by.

A session ends at its absolute limit, or when it was not used for some hours. That it was used is written once in ten
minutes at most, so the idle limit is that much more generous.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from app.core.clock import aware, now
from app.people import store

SEEN_EVERY = timedelta(minutes=10)

METHODS = {
    "link": "met een persoonlijke link",
    "code": "met een code",
    "oidc": "via uw organisatie",
    "passkey": "met vingerafdruk, gezicht of pincode",
}

# The first word of a user agent that fits. Browsers name each other, so the order matters.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """'Firefox op Windows': enough to recognise one's own device, and no more."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Een browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} op {system}" if system else browser


def until(moment: datetime, ends_at: datetime, idle_hours: int) -> datetime:
    """When a session that was seen at this moment ends by itself."""
    return min(ends_at, moment + timedelta(hours=idle_hours) + SEEN_EVERY) if idle_hours else ends_at


def is_stale(seen_at: datetime) -> bool:
    """Whether it is time to write that a session is used."""
    return now() - aware(seen_at) >= SEEN_EVERY


def seen(tx: Session, token: str, idle_hours: int) -> None:
    """The session of this secret is used now. One that is over stays over."""
    session, moment = store.find_sign_in(tx, token), now()
    if session is None or session.ended_at is not None or aware(session.expires_at) <= moment:
        return
    session.last_seen_at = moment
    session.expires_at = until(moment, aware(session.ends_at), idle_hours)
    tx.add(session)
