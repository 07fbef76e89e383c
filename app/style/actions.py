"""The verbs of a house style: offer a theme or a logo, look at it, take it over. The caller has checked the right."""

from __future__ import annotations

from hashlib import sha256

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Gone, Invalid
from app.style import store
from app.style.logo import checked_logo
from app.style.models import HouseStyle
from app.style.theme import checked_theme

MOST_ALT = 120


def offer_theme(tx: Session, tenant_id: str, content: bytes) -> HouseStyle:
    """A theme to look at; nothing changes yet. Raises Invalid: a sentence on each line of its message."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("Dit bestand is niet als tekst te lezen. Bewaar het als gewone tekst.") from None
    style = _offered(tx, tenant_id)
    style.theme_css = checked_theme(text)
    return _kept(tx, style)


def offer_logo(tx: Session, tenant_id: str, content: bytes, alt: str) -> HouseStyle:
    """A logo to look at; nothing changes yet. Raises Invalid with a sentence per field."""
    wrong = {}
    try:
        kind, clean = checked_logo(content)
    except Invalid as problem:
        wrong["logo"] = problem.message
    if not 0 < len(alt) <= MOST_ALT:
        wrong["alt"] = (
            f"Vul in wat er op het logo staat, bijvoorbeeld ‘Gemeente Meerwijk’. Er passen {MOST_ALT} tekens."
        )
    if wrong:
        raise Invalid("Dit logo is niet overgenomen.", wrong)
    style = _offered(tx, tenant_id)
    style.logo_kind, style.logo, style.logo_alt = kind, clean, alt
    return _kept(tx, style)


def leave_out(tx: Session, tenant_id: str, part: str) -> HouseStyle:
    """Offers the style without its theme ('theme') or without its logo ('logo')."""
    style = _offered(tx, tenant_id)
    if part == "theme":
        style.theme_css = ""
    else:
        style.logo_kind, style.logo, style.logo_alt = "", b"", ""
    return _kept(tx, style)


def _offered(tx: Session, tenant_id: str) -> HouseStyle:
    """What is being looked at, or else a copy of what is in use."""
    if found := store.find_offered(tx, tenant_id):
        return found
    made, taken = HouseStyle(tenant_id=tenant_id), store.find_taken(tx, tenant_id)
    if taken:
        for name in ("theme_css", "logo", "logo_kind", "logo_alt"):
            setattr(made, name, getattr(taken, name))
    return made


def _kept(tx: Session, style: HouseStyle) -> HouseStyle:
    parts = (style.id, style.theme_css, style.logo_kind, style.logo_alt)
    style.mark = sha256("\0".join(parts).encode() + style.logo).hexdigest()[:16]
    style.offered_at = now()
    tx.add(style)
    tx.flush()
    return style


def get_offered(tx: Session, tenant_id: str) -> HouseStyle:
    """Raises Gone when there is none (any more)."""
    if found := store.find_offered(tx, tenant_id):
        return found
    raise Gone("Er staat geen nieuwe huisstijl klaar. Kies het bestand opnieuw.")


def take_over(tx: Session, tenant_id: str, mark: str) -> None:
    """What is being looked at is in use from now on. `mark` is of what was shown. Raises Gone, and Invalid when it
    is another by now."""
    style = get_offered(tx, tenant_id)
    if style.mark != mark:
        raise Invalid("Iemand heeft intussen een ander bestand gekozen. Kijk eerst weer naar het voorbeeld.")
    for other in store.list_styles(tx, tenant_id):
        if other.id != style.id:
            tx.delete(other)
    style.taken_at = now()
    tx.add(style)
    tx.flush()


def drop(tx: Session, tenant_id: str) -> None:
    """Stops looking at a new style. Raises Gone."""
    tx.delete(get_offered(tx, tenant_id))
    tx.flush()
