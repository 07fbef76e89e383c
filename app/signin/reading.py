"""What signing in offers to the page *Aanmelden*."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from sqlmodel import Session

from app.core.rendering import Link
from app.core.settings import Settings
from app.people.store import find_sign_in
from app.signin import store
from app.signin.organisations import client_of

FEW = 4  # more than this many organisations are under a fold


@dataclass(frozen=True)
class Ways:
    """How somebody can come in here, besides a personal link."""

    organisations: tuple[Link, ...] = ()
    folded: bool = False
    passkeys: bool = False
    also_leave: Link | None = None  # to sign out at the organisation too


def ways_in(tx: Session, settings: Settings, left: str = "") -> Ways:
    """`left` is the name of the provider that somebody who just signed out had come in by."""
    providers = store.list_providers(tx)
    links = tuple(Link(p.label, f"/aanmelden/organisatie/{p.name}") for p in providers)
    also = next((Link(p.label, f"/aanmelden/organisatie/{p.name}/afmelden") for p in providers if p.name == left), None)
    return Ways(links, len(links) > FEW, not settings.local, also)


def provider_left(tx: Session, settings: Settings, secret: str) -> str:
    """The name of the provider that the session of this secret came in by, when one can sign out there; else ''."""
    session = find_sign_in(tx, secret)
    wire = sys.modules.get("app.signin.wire")  # who came in by it has loaded it; else nothing is known of it anyway
    if session is None or session.method != "oidc" or wire is None:
        return ""
    for provider in store.list_providers_of(tx, session.tenant_id, session.person_id):
        if wire.can_sign_out(client_of(settings, provider)):
            return provider.name
    return ""
