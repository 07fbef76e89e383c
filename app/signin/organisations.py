"""Signing in at one's own organisation: which providers there are, and which person comes from there."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlmodel import Session

from app.core.errors import Invalid, NotFound, Refusal
from app.core.limits import Limit, TooOften, hours, minutes, spend
from app.core.settings import Settings, is_loopback, provider_secret
from app.core.text import capital, clean
from app.journey.store import list_journeys_of
from app.people.actions import end_sessions, looks_like_email
from app.people.models import Person
from app.people.rules import domain_allowed, full_name
from app.people.store import find_tenant, list_tenants
from app.signin import store
from app.signin.door import NO_PLACE, is_welcome
from app.signin.models import Identity, OidcProvider

if TYPE_CHECKING:
    from app.signin.wire import Claims, Client

LOG = logging.getLogger(__name__)
ONCE = Limit("trip", 1, minutes(30))  # longer than a trip lasts
ARRIVALS = Limit("oidc", 2000, hours(1))  # per provider: we do not hammer it for whoever makes up codes
NAME = re.compile("[a-z0-9](-?[a-z0-9]){1,39}")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
# Issuers behind which anybody in the world can make an organisation of their own.
EVERYBODY = ("common", "organizations", "consumers")


class NotLetIn(Refusal):
    """Signing in did not work. The page says what to do now."""

    def __init__(self, message: str, status: int = 403):
        super().__init__(message)
        self.status = status


def get_provider(tx: Session, name: str) -> OidcProvider:
    """Raises NotFound, also when its tenant is closed."""
    found = next((p for p in store.list_providers(tx) if p.name == name), None)
    if found is None:
        raise NotFound
    return found


def client_of(settings: Settings, provider: OidcProvider) -> Client:
    """We, as this provider knows us."""
    from app.signin.wire import Client

    return Client(
        issuer=provider.issuer,
        client_id=provider.client_id,
        secret=provider_secret(provider.name),
        redirect_uri=f"{settings.address}{way_back(provider.name)}",
        plain_http=not settings.secure,
        inside=tuple(settings.oidc_inside.casefold().split()),
    )


def way_back(name: str) -> str:
    """Where this provider sends people back to: an address of its own, so that no answer can be taken for another's."""
    return f"/aanmelden/organisatie/{name}/terug"


# ---- who it is ----


def person_of(tx: Session, provider: OidcProvider, claims: Claims) -> Person:
    """The person that this provider says has signed in.

    Who was here before is known by issuer and subject. For the first time somebody is let in by the address that their
    own organisation vouches for: as who was invited at it, or when the domain may start journeys. Raises NotLetIn.
    """
    if found := store.find_identity(tx, provider, claims.subject):
        return found[1]
    email = _vouched(provider, claims)
    tenant = find_tenant(tx, provider.tenant_id)
    starts = tenant is not None and domain_allowed(tenant, email)
    known = [p for p in store.list_by_address(tx, provider.tenant_id, email) if is_welcome(tx, p)]
    if not known and not starts:
        raise NotLetIn(
            f"U bent aangemeld bij {provider.label}, maar er is in Driekolom niemand uitgenodigd op {email}. "
            "Vraag de procesbegeleider van uw traject om u op dit adres uit te nodigen."
        )
    person = known[0] if known else _new_person(tx, provider, claims, email)
    if starts and not person.may_start:
        person.may_start = True
        tx.add(person)
    taken = {i.person_id for i in store.list_identities(tx, provider.tenant_id, provider.issuer)}
    if person.id in taken:  # the address went on to another person
        raise NotLetIn(
            f"Op {email} meldde zich eerder iemand anders aan. Vraag de procesbegeleider van uw traject "
            "om u op een eigen adres uit te nodigen."
        )
    tx.add(Identity(tenant_id=provider.tenant_id, person_id=person.id, issuer=provider.issuer, subject=claims.subject))
    return person


def welcome_as(tx: Session, provider: OidcProvider, claims: Claims, person: Person) -> list[Person]:
    """As whom they may come in: this person, and others who were invited at the same address, as far as the provider
    vouches for it: one person, many trajecten. Raises NotLetIn when there is nothing to come in for.

    They stay apart: whoever leads one traject can make a link for the person that takes part in it, and must not come
    into another by that.
    """
    try:
        known = store.list_by_address(tx, provider.tenant_id, _vouched(provider, claims))
    except NotLetIn:
        known = []
    others = [p for p in known if p.id != person.id and list_journeys_of(tx, p)]
    found = [*([person] if is_welcome(tx, person) else []), *others]
    if not found:
        raise NotLetIn(NO_PLACE)
    return found


def who_wants(tx: Session, persons: list[Person], page: str) -> Person | None:
    """The one of these persons who takes part in the traject that this page is of."""
    parts = page.partition("?")[0].split("/")
    wanted = parts[2] if parts[:2] == ["", "trajecten"] and len(parts) > 2 else ""
    return next((p for p in persons if wanted in {journey.id for journey, _ in list_journeys_of(tx, p)}), None)


def _vouched(provider: OidcProvider, claims: Claims) -> str:
    """The address, when this provider may speak for it and says that it is verified. Raises NotLetIn."""
    email = clean(claims.email, lines=False)
    sure = claims.email_verified is True or (claims.email_verified is None and provider.trusts_address)
    if not looks_like_email(email) or email.count("@") != 1 or not sure:
        raise NotLetIn(
            f"{provider.label} geeft uw e-mailadres niet door, of zegt niet dat het is nagekeken. "
            "Daarom weten wij niet wie u bent. Vraag de procesbegeleider van uw traject om een persoonlijke link. "
            "Meld dit ook bij uw eigen beheerder."
        )
    if email.rpartition("@")[2].casefold() not in provider.domains.split():
        raise NotLetIn(
            f"{provider.label} mag niet zeggen van wie {email} is. Vraag de procesbegeleider van uw traject om een "
            "persoonlijke link."
        )
    return email


def _new_person(tx: Session, provider: OidcProvider, claims: Claims, email: str) -> Person:
    name = clean(claims.name, lines=False)[:120] or email.partition("@")[0]
    person = Person(tenant_id=provider.tenant_id, name=name, email=email)
    tx.add(person)
    tx.flush()
    return person


def use_once(tx: Session, seed: str) -> None:
    """Raises NotLetIn when this trip was made already: going back in the browser does not sign in again."""
    try:
        spend(tx, ONCE, seed)
    except TooOften:
        raise NotLetIn("Deze aanmelding is al gebruikt. Meld u opnieuw aan.", 400) from None


# ---- which there are ----


def add_provider(
    tx: Session,
    settings: Settings,
    *,
    name: str,
    tenant_name: str,
    label: str,
    issuer: str,
    client_id: str,
    domains: list[str],
    trusts_address: bool,
) -> OidcProvider:
    """One more place to sign in. Raises Invalid with a sentence per word."""
    tenants = list_tenants(tx)
    tenant = next((t for t in tenants if t.name.casefold() == tenant_name.casefold()), None)
    if not tenant_name and len(tenants) == 1:
        tenant = tenants[0]
    domains = [d.strip().casefold().removeprefix("@") for d in domains]
    wrong = {}
    if not NAME.fullmatch(name):
        wrong["NAAM"] = "kies een korte naam van kleine letters, cijfers en streepjes, bijvoorbeeld meerwijk."
    elif store.find_provider(tx, name):
        wrong["NAAM"] = f"‘{name}’ is er al. Haal die eerst weg, of kies een andere naam."
    if tenant is None:
        wrong["--gemeente"] = "zeg voor welke gemeente dit is; zij moet er al zijn, bijvoorbeeld --gemeente Meerwijk."
    if not 0 < len(client_id) <= 200 or not client_id.isprintable():
        wrong["--client"] = "vul in onder welke naam of welk nummer de aanbieder Driekolom kent."
    if len(label) > 80:
        wrong["--label"] = "maak de tekst op de knop korter dan 80 tekens."
    if problem := _issuer_problem(settings, issuer):
        wrong["--issuer"] = problem
    elif store.find_issuer(tx, issuer):
        wrong["--issuer"] = "dit adres hoort al bij een andere gemeente of een andere naam."
    if not domains or not all(DOMAIN.fullmatch(d) for d in domains):
        wrong["--domein"] = (
            "zeg wat er achter de @ staat in de adressen van deze organisatie, bijvoorbeeld meerwijk.nl."
        )
    if len(" ".join(domains)) > 500:
        wrong["--domein"] = "dit zijn te veel domeinen."
    if wrong or tenant is None:
        raise Invalid("Deze aanbieder is niet toegevoegd.", wrong)
    provider = OidcProvider(
        tenant_id=tenant.id,
        name=name,
        label=label or capital(full_name(tenant)),
        issuer=issuer,
        client_id=client_id,
        domains=" ".join(dict.fromkeys(domains)),
        trusts_address=trusts_address,
    )
    tx.add(provider)
    tx.flush()
    return provider


def _issuer_problem(settings: Settings, issuer: str) -> str:
    """A sentence when this is no issuer we can trust."""
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or len(issuer) > 300 or parts.query or parts.fragment or "@" in parts.netloc or " " in issuer:
        return "dit moet het adres van de aanbieder zijn (‘issuer’), zoals https://aanmelden.meerwijk.nl."
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host) and not settings.secure):
        return "dit adres moet met https:// beginnen."
    if set(parts.path.split("/")) & set(EVERYBODY):
        return "dit adres laat iedereen binnen. Gebruik het adres met het nummer van uw eigen organisatie erin."
    return ""


def remove_provider(tx: Session, name: str) -> OidcProvider:
    """Nobody signs in there any more, and who did is signed out and forgotten. Raises NotFound."""
    provider = store.find_provider(tx, name)
    if provider is None:
        raise NotFound
    for identity in store.list_identities(tx, provider.tenant_id, provider.issuer):
        end_sessions(tx, tx.get_one(Person, (identity.tenant_id, identity.person_id)))
        tx.delete(identity)
    tx.delete(provider)
    return provider
