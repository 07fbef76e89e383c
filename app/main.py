"""Builds the app: settings → rooms → handlers. The only place that knows all rooms.

Routes without a gate stand in `PUBLIC`, each with its reason; a test walks all routes and fails on any other.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.core.database import Database
from app.core.rendering import STATIC
from app.core.settings import Settings, read_settings
from app.core.turn import Rooms
from app.core.web import Guard, add_handlers
from app.journey.kept import Kept

FRONT = "start"  # the room that is loaded at start; the others follow after the first answer (app.core.turn.Rooms)
ROOMS = (
    FRONT,
    "handbook",
    "access",
    "signin",
    "register",
    "installation",
    "invitations",
    "setup",
    "remarks",
    "exploration",
    "screening",
    "dialogue",
    "conclusions",
    "checklists",
    "prose",  # only a websocket: its gate is its own
    "plan",
    "versions",
    "document",
    "exchange",
    "keeping",
    "overview",
    "messages",
    "live",
)

# Addresses that take a whole file (see the setting upload_limit).
UPLOADS = ("/register", "/trajecten/uit-bestand")

# A mail program presses this button itself, without being a browser on a page of ours (RFC 8058).
KEYS = ("/berichten/uit/",)

PUBLIC = {
    "/": "de startpagina legt uit wat Driekolom is; trajecten toont zij alleen aan wie een plek heeft",
    "/over": "uitleg voor iedereen",
    "/privacy": "uitleg voor iedereen",
    "/beveiliging": "uitleg voor iedereen",
    "/.well-known/security.txt": "waar iemand een lek kan melden",
    "/handleiding": "uitleg voor iedereen",
    "/handleiding/{name}": "uitleg voor iedereen",
    "/handleiding/beeld/{name}": "de plaatjes van de handleiding",
    "/aanmelden": "wie niet is aangemeld, leest hier hoe dat gaat",
    "/afmelden": "afmelden mag altijd",
    "/account": "vraagt wie u bent en toont alleen wat van u is",
    "/account/aanmeldingen/{session_id}/beeindigen": "zoals /account",
    "/account/overal-uitloggen": "zoals /account",
    "/aanmelden/organisatie/{name}": "wie niet is aangemeld, gaat hier naar de eigen organisatie",
    "/aanmelden/organisatie/{name}/terug": "en komt hier terug: alleen in de browser die wegging, en één keer",
    "/aanmelden/organisatie/{name}/kiezen": "alleen na het aanmelden bij de organisatie, in dezelfde browser",
    "/aanmelden/organisatie/{name}/afmelden": "naar de organisatie, om ook daar af te melden",
    "/account/berichten": "zoals /account",
    "/berichten/uit/{token}": "de link is zelf de sleutel, en kan alleen het eigen dagelijks overzicht uitzetten",
    "/aanmelden/code-vragen": "wie al meedoet, vraagt hier een code; het antwoord is altijd hetzelfde",
    "/aanmelden/code": "de code is zelf de sleutel, in de browser die haar vroeg",
    "/aanmelden/kiezen": "alleen na een goede code, in dezelfde browser",
    "/aanmelden/passkey": "wie een passkey heeft, is daarmee aangemeld",
    "/aanmelden/passkey/vraag": "idem: de vraag aan het apparaat noemt niemand",
    "/account/passkeys": "zoals /account",
    "/account/passkeys/vraag": "zoals /account",
    "/account/passkeys/{passkey_id}/verwijderen": "zoals /account",
    "/toegang/{secret}/doorgeven": "de persoonlijke link is zelf de sleutel",
    "/toegang-vragen": "wie niet binnenkomt, vraagt hier toegang; het antwoord is altijd hetzelfde",
    "/toegang/{secret}": "de persoonlijke link is zelf de sleutel",
    "/huisstijl/{name}": "de huisstijl van de gemeente hoort bij elke pagina",
    "/huisstijl/{tenant_id}/{mark}/{name}": "de huisstijl van één gemeente, ook op de pagina van een persoonlijke link",
    "/gezond": "voor wie de server bewaakt; zegt alleen of de database antwoordt",
    "/static": "vormgeving en lettertypen",
    "/-/onderdelen": "alleen in de lokale stand: de bouwstenen in elke staat",
    "/uitgaande-post": "alleen in de lokale stand: de berichten die nog niet verstuurd kunnen worden",
    "/register": "open gegevens die geen traject raken; alleen op de eigen computer of voor wie de installatie beheert",
    "/register/{import_id}": "zoals /register",
    "/register/{import_id}/overnemen": "zoals /register",
    "/register/{import_id}/weg": "zoals /register",
    "/beheer": "alleen wie de installatie beheert; ziet getallen en geen inhoud",
    "/beheer/gemeenten": "zoals /beheer",
    "/beheer/gemeenten/nieuw": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/instellingen": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/starters": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/starters/{person_id}/intrekken": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/sluiten": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/openen": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl/voorbeeld": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl/voorbeeld.pdf": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl/kleuren": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl/logo": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl/zonder/{part}": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl/overnemen": "zoals /beheer",
    "/beheer/gemeenten/{tenant_id}/huisstijl/weg": "zoals /beheer",
    "/account/gegevens": "vraagt wie u bent en toont alleen wat van u is",
    "/account/gegevens.json": "zoals /account/gegevens",
    "/archief": "vastgestelde stukken, ook van trajecten die er niet meer zijn; vraagt wie u bent en of u mag beginnen",
    "/archief/{record_id}.pdf": "idem",
    "/trajecten": "een nieuw traject begint zonder traject; vraagt wie u bent en of u mag beginnen",
    "/trajecten/nieuw": "idem",
    "/trajecten/uit-bestand": "idem: een traject uit een bestand",
}


class Static(StaticFiles):
    """Our own files. They carry a mark of their content in the address, so a browser may keep them."""

    async def get_response(self, path: str, scope: Scope):
        response = await super().get_response(path, scope)
        fresh = b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if fresh else "public, max-age=300"
        return response


@contextmanager
def mail_going(app: FastAPI) -> Iterator[None]:
    """While the app runs, what is written goes to the mail server, if there is one."""
    if not app.state.settings.smtp_host:
        yield
        return
    from app.mail.bounces import Mailbox
    from app.mail.sender import SenderThread
    from app.messages.digest import Daily

    database, settings = app.state.database, app.state.settings
    thread = SenderThread(database, settings, (Daily(database, settings), Mailbox(database, settings)))
    thread.start()
    try:
        yield
    finally:
        thread.stop()


@contextmanager
def keeping_going(app: FastAPI) -> Iterator[None]:
    """While the app runs, what the terms ask for is done each day; the first time well after the start."""
    from app.keeping.daily import Daily

    daily = Daily(app.state.database, app.state.settings)
    daily.start()
    try:
        yield
    finally:
        daily.stop()


def _router(room: str, routes: str = "routes") -> APIRouter:
    return import_module(f"app.{room}.{routes}").router


def _load() -> list[APIRouter]:
    """The routers of all rooms."""
    fresh, collects = f"app.{ROOMS[-1]}.routes" not in sys.modules, gc.isenabled()
    gc.disable()
    try:
        return [*(_router(room) for room in ROOMS), _router(FRONT, "journey_routes")]
    finally:
        if fresh:
            gc.freeze()  # what is loaded is never garbage: looking at it again only costs time
        if collects:
            gc.enable()


def _note_refusal(*told: Any) -> None:
    """Writes in the log what was refused; loaded when that happens first."""
    from app.audit.actions import note_refusal

    note_refusal(*told)


def _examples() -> dict[str, str]:
    """What each example shows, by its slug, in the order of the front page."""
    from app.examples.script import scripts

    return {script.slug: script.summary for script in scripts()}


def build(settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The whole product as an ASGI app. Raises SettingsError when the environment is wrong."""
    settings = settings or read_settings()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        gc.freeze()
        gc.enable()
        app.state.database.hub.listen()  # what others said before somebody came here is remembered too
        with mail_going(app), keeping_going(app):
            yield
        if (writers := getattr(app.state, "writers", None)) is not None:
            await writers.stop()
        app.state.database.close()

    app = FastAPI(title="Driekolom", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.settings = settings
    app.state.examples = _examples
    app.state.database = database or Database(settings.database_url)
    app.state.kept = Kept()
    app.state.refused = _note_refusal
    # Only our own files are compressed: a compressed page that holds a secret tells its length.
    app.mount("/static", GZipMiddleware(Static(directory=STATIC), minimum_size=1000), name="static")
    app.router.routes.append(Rooms(_router(FRONT), _load))
    add_handlers(app)
    app.add_middleware(Guard, settings=settings, uploads=UPLOADS, keys=KEYS)
    return app
