"""To the provider of an organisation, and back.

The way back is the one address that is only looked at (GET) and still changes something: OpenID Connect has it so. What
guards it is that only the browser that left can come back, once. No transaction is open while the provider is asked.
"""

from __future__ import annotations

import hmac
import logging
import threading

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.audit.actions import audited
from app.core.database import Database
from app.core.errors import NotFound, Refusal
from app.core.forms import Sent
from app.core.limits import spend
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.journey.pages import outside_shell
from app.journey.store import list_journeys_of
from app.people.models import Person
from app.signin import organisations, trip
from app.signin.door import NO_PLACE, is_welcome, let_in, page_wanted, remember
from app.signin.models import OidcProvider
from app.signin.organisations import NotLetIn
from app.signin.pages import choose_page, failed

LOG = logging.getLogger(__name__)
router = Router()

FAILED = "Aanmelden lukte niet"
LOST = (
    "Dit aanmelden begon in een andere browser, duurde langer dan een kwartier, of is al klaar. Begin opnieuw. "
    "Er is niets verloren."
)
# Asking a provider keeps a thread busy; a provider that does not answer must not keep them all.
_asking = threading.BoundedSemaphore(8)


@router.get("/aanmelden/organisatie/{name}")
def go(request: Request, name: str) -> Response:
    settings, database = _state(request)
    with database.read() as tx:
        provider = organisations.get_provider(tx, name)
        begun = trip.leave(_goal(provider), page_wanted(request) or "/")
        cookie = trip.pack(tx, begun)
        state, nonce, verifier = (begun.part(tx, use) for use in ("state", "nonce", "verifier"))
    try:
        url = _ask(
            provider, lambda wire, client: wire.way_out(client, wire.discover(client), state, nonce, verifier), settings
        )
    except NotLetIn as problem:
        return failed(request, FAILED, problem, "/aanmelden")
    return trip.carry(settings, RedirectResponse(url, 303), cookie)


@router.get("/aanmelden/organisatie/{name}/terug")
def come_back(request: Request, name: str) -> Response:
    settings, database = _state(request)
    try:
        with database.read() as tx:
            provider = organisations.get_provider(tx, name)
            begun, nonce, verifier = _same_browser(request, tx, provider)
        code = _code(request, provider)
        with database.write() as tx:
            organisations.use_once(tx, begun.seed)
            spend(tx, organisations.ARRIVALS, provider.id)
        said = request.query_params.get("iss")

        def ask(wire, client):
            metadata = wire.discover(client)
            if said != client.issuer and (said is not None or metadata.names_itself):
                raise wire.ProviderProblem("the answer comes from another provider")
            return wire.come_back(client, metadata, code, nonce, verifier)

        claims = _ask(provider, ask, settings)
        with database.write() as tx:
            person = organisations.person_of(tx, provider, claims)
            persons = organisations.welcome_as(tx, provider, claims, person)
            wanted = persons[0] if len(persons) == 1 else organisations.who_wants(tx, persons, begun.back)
            if wanted is None:
                choice = trip.leave(_choice(provider), begun.back, tuple(p.id for p in persons))
                url = f"/aanmelden/organisatie/{name}/kiezen"
                return trip.carry(settings, RedirectResponse(url, 303), trip.pack(tx, choice))
            secret = let_in(request, tx, wanted, "oidc")
    except NotFound:
        raise
    except Refusal as problem:
        return trip.arrive(settings, failed(request, FAILED, problem, "/aanmelden"))
    return remember(settings, trip.arrive(settings, RedirectResponse(begun.back, 303)), secret)


@router.get("/aanmelden/organisatie/{name}/kiezen")
def choose_form(request: Request, tx: Tx, name: str) -> Response:
    """As whom to go on, for whoever was invited to several trajecten at one address."""
    try:
        _, persons = _choosing(request, tx, name)
    except NotLetIn as problem:
        return failed(request, FAILED, problem, "/aanmelden")
    shell = outside_shell(request.app.state.settings, "Waar wilt u naartoe?")
    return page(request, "access/choose.html", shell, choose_page(tx, persons, f"/aanmelden/organisatie/{name}/kiezen"))


@router.post("/aanmelden/organisatie/{name}/kiezen")
@audited("signed_in", by_itself=True)
def choose(request: Request, tx: Tx, name: str, form: Sent) -> Response:
    settings, _ = _state(request)
    try:
        begun, persons = _choosing(request, tx, name)
        person = next((p for p in persons if p.id == form.line("persoon")), None)
        if person is None:
            raise NotLetIn(LOST)
        organisations.use_once(tx, begun.seed)
        secret = let_in(request, tx, person, "oidc")
    except NotLetIn as problem:
        return trip.arrive(settings, failed(request, FAILED, problem, "/aanmelden"))
    journeys = list_journeys_of(tx, person)
    back = f"/trajecten/{journeys[0][0].id}" if len(journeys) == 1 else "/"
    return remember(settings, trip.arrive(settings, RedirectResponse(back, 303)), secret)


def _choosing(request: Request, tx: Session, name: str) -> tuple[trip.Trip, list[Person]]:
    """Whom this browser may go on as. Raises NotLetIn."""
    settings, _ = _state(request)
    provider = organisations.get_provider(tx, name)
    begun = trip.unpack(tx, request.cookies.get(trip.cookie_name(settings), ""), _choice(provider))
    if begun is None:
        raise NotLetIn(LOST)
    found = [tx.get(Person, (provider.tenant_id, one)) for one in begun.persons]
    persons = [p for p in found if p is not None and is_welcome(tx, p)]
    if not persons:
        raise NotLetIn(NO_PLACE)
    return begun, persons


@router.get("/aanmelden/organisatie/{name}/afmelden")
def sign_out_there(request: Request, name: str) -> Response:
    """On to the provider, to sign out there too; here that has happened already."""
    settings, database = _state(request)
    with database.read() as tx:
        provider = organisations.get_provider(tx, name)

    def where(wire, client) -> str:
        metadata = wire.discover(client)
        return wire.way_to_sign_out(client, metadata, f"{settings.address}/aanmelden") if metadata.end_session else ""

    try:
        return RedirectResponse(_ask(provider, where, settings) or "/aanmelden", 303)
    except NotLetIn as problem:
        return failed(request, FAILED, problem, "/aanmelden")


def _state(request: Request) -> tuple[Settings, Database]:
    return request.app.state.settings, request.app.state.database


def _goal(provider: OidcProvider) -> str:
    return f"oidc {provider.id}"


def _choice(provider: OidcProvider) -> str:
    return f"choose {provider.id}"


def _same_browser(request: Request, tx: Session, provider: OidcProvider) -> tuple[trip.Trip, str, str]:
    """The trip on which this browser left for this provider, with its nonce and verifier. Raises NotLetIn."""
    settings: Settings = request.app.state.settings
    begun = trip.unpack(tx, request.cookies.get(trip.cookie_name(settings), ""), _goal(provider))
    state = request.query_params.get("state", "").encode("utf-8", "replace")
    if begun is None or not hmac.compare_digest(begun.part(tx, "state").encode(), state):
        raise NotLetIn(LOST, 400)
    return begun, begun.part(tx, "nonce"), begun.part(tx, "verifier")


def _code(request: Request, provider: OidcProvider) -> str:
    """Raises NotLetIn when the provider gives none."""
    code, error = (request.query_params.get(n, "") for n in ("code", "error"))
    if error == "access_denied":
        raise NotLetIn(f"U hebt het aanmelden bij {provider.label} afgebroken. U kunt het opnieuw proberen.", 400)
    if error or not 0 < len(code) <= 4000:
        LOG.warning("oidc %s: no code", provider.name)
        raise NotLetIn(f"Aanmelden bij {provider.label} lukte niet. Probeer het opnieuw.", 400)
    return code


def _ask(provider: OidcProvider, work, settings: Settings):
    """What `work(wire, client)` gives. Raises NotLetIn with a plain sentence when the provider does not answer well."""
    from app.signin import wire

    if not _asking.acquire(timeout=5):
        raise NotLetIn("Het is even druk met aanmelden. Probeer het over een minuut opnieuw.", 503)
    try:
        return work(wire, organisations.client_of(settings, provider))
    except wire.Unreachable as problem:
        LOG.warning("oidc %s: %s", provider.name, problem)
        raise NotLetIn(
            f"{provider.label} antwoordt nu niet. Probeer het straks opnieuw, of gebruik een andere manier.", 502
        ) from None
    except wire.ProviderProblem as problem:
        LOG.warning("oidc %s: %s", provider.name, problem)
        raise NotLetIn(
            f"Het antwoord van {provider.label} klopte niet. U bent niet aangemeld. Probeer het opnieuw. "
            "Lukt het weer niet? Meld het dan bij uw beheerder.",
            400,
        ) from None
    finally:
        _asking.release()
