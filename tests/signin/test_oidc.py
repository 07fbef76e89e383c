"""Signing in at an organisation: who is let in, and every lie that is not believed."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.content.pack import Pack
from app.core.clock import now
from app.core.errors import Invalid
from app.core.settings import Settings, SettingsError, provider_secret, read_settings
from app.invitations.actions import stop_access
from app.journey.actions import add_person, here_for
from app.journey.gate import cookie_name
from app.journey.models import Seat
from app.journey.store import list_journeys_of
from app.main import build
from app.people.models import Person, SignIn, Tenant
from app.signin import network, organisations, trip, wire
from app.signin.models import Identity
from app.signin.store import find_identity
from tests.conftest import World, make_world
from tests.databases import Databases
from tests.dump import dump
from tests.inspection import inspect_html
from tests.signin.provider import KEY, OTHER_KEY, SECRET, Provider, by_hand, signed

ADDRESS = "http://127.0.0.1:8000"
LIE = "klopte niet"


@dataclass
class Place:
    """A running product with two gemeenten that each have a provider."""

    world: World
    provider: Provider
    other: Provider

    def browser(self) -> TestClient:
        client = TestClient(
            self.world.app, base_url=ADDRESS, follow_redirects=False, headers={"sec-fetch-site": "none"}
        )
        client.event_hooks["response"].append(inspect_html)
        return client

    def leave(self, browser: TestClient, name: str = "meerwijk") -> str:
        """Presses the button. Returns where the browser is sent."""
        answer = browser.get(f"/aanmelden/organisatie/{name}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def arrive(self, browser: TestClient, brought: dict[str, str], name: str = "meerwijk"):
        return browser.get(f"/aanmelden/organisatie/{name}/terug", params=brought)

    def sign_in(self, browser: TestClient | None = None):
        """The whole way, there and back."""
        browser = browser or self.browser()
        return self.arrive(browser, self.provider.consent(self.leave(browser)))

    def sessions(self) -> int:
        with self.world.database.read() as tx:
            return len(tx.exec(select(SignIn)).all())

    def person(self, name: str) -> Person:
        with self.world.database.read() as tx:
            return tx.get_one(Person, self.world.persons[name])


def make_place(url: str, pack: Pack) -> Place:
    settings = Settings(mode="server", base_url=ADDRESS, database_url=url)
    world = make_world(build(settings), settings, pack)
    place = Place(world, Provider(), Provider("anderstad"))
    with world.database.write() as tx:
        for provider, tenant in ((place.provider, "Gemeente Meerwijk"), (place.other, "Gemeente Anderstad")):
            organisations.add_provider(
                tx, settings, name=provider.name, tenant_name=tenant, label=tenant, issuer=provider.issuer,
                client_id="driekolom", domains=["voorbeeld.test"], trusts_address=False,
            )  # fmt: skip
    return place


@pytest.fixture(scope="module")
def shared(tmp_path_factory, databases: Databases, pack: Pack) -> Iterator[Place]:
    """One place for every attack: none of them may change anything."""
    url = databases.fresh(tmp_path_factory.mktemp("oidc"))
    yield from opened(make_place(url, pack))
    databases.drop(url)


@pytest.fixture
def place(database_url: str, pack: Pack) -> Iterator[Place]:
    """A place of one's own, for who is let in."""
    yield from opened(make_place(database_url, pack))


def opened(place: Place) -> Iterator[Place]:
    yield place
    place.world.app.state.database.close()
    for one in (place.provider, place.other):
        one.close()


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    wire.forget()
    for name in ("MEERWIJK", "ANDERSTAD"):
        monkeypatch.setenv(f"DRIEKOLOM_OIDC_{name}_SECRET", SECRET)


def refused(place: Place, answer, *words: str, status: int = 400) -> None:
    assert answer.status_code == status, answer.text
    assert "Aanmelden lukte niet" in answer.text
    for word in words:
        assert word in answer.text
    for secret in (SECRET, "toegang", "eyJ"):
        assert secret not in answer.text
    assert cookie_name(place.world.settings) + "=" not in answer.headers.get("set-cookie", "").replace("-heen=", "")


# ---- who is let in ----


def test_somebody_who_was_invited_comes_in(place: Place):
    browser = place.browser()
    browser.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    wanted = place.world.path("verkenning")
    assert browser.get(wanted).headers["location"] == "/aanmelden"
    assert "Aanmelden via Gemeente Meerwijk" in browser.get("/aanmelden").text
    answer = place.sign_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted), "to the page they wanted"
    assert browser.get(wanted).status_code == 200
    account = browser.get("/account").text
    assert "Jan Bakker" in account and "via uw organisatie" in account and "Firefox op Windows" in account
    assert place.provider.codes == {}, "the code was used"


def test_from_then_on_known_by_subject_and_not_by_address(place: Place):
    place.sign_in()
    place.provider.claims = {"email": "jan.nieuw@elders.test", "email_verified": False}
    browser = place.browser()
    assert place.sign_in(browser).status_code == 303
    assert "Jan Bakker" in browser.get("/account").text
    with place.world.database.read() as tx:
        assert [i.subject for i in tx.exec(select(Identity))] == ["jan-123"]


def test_an_address_that_went_on_to_somebody_else_does_not_open_the_old_account(place: Place):
    place.sign_in()
    place.provider.claims = {"sub": "een-ander"}
    refused(place, place.sign_in(), "eerder iemand anders", status=403)


def test_who_was_not_invited_is_told_whom_to_ask(place: Place):
    place.provider.claims = {"email": "piet@voorbeeld.test"}
    refused(place, place.sign_in(), "piet@voorbeeld.test", "Vraag de procesbegeleider", status=403)


def test_an_allowed_domain_may_start(place: Place):
    with place.world.database.write() as tx:
        tenant = tx.get_one(Tenant, "meerwijk")
        tenant.mail_domains = "voorbeeld.test"
        tx.add(tenant)
    place.provider.claims = {"email": "Nieuw.Iemand@voorbeeld.test", "name": "Nieuw\u202e Iemand\n", "sub": "n"}
    browser = place.browser()
    assert place.sign_in(browser).headers["location"] == "/"
    assert browser.get("/trajecten/nieuw").status_code == 200
    assert browser.get(place.world.url).status_code == 404, "no seat"
    with place.world.database.read() as tx:
        person = tx.exec(select(Person).where(Person.email == "Nieuw.Iemand@voorbeeld.test")).one()
        assert (person.tenant_id, person.may_start, person.name) == ("meerwijk", True, "Nieuw Iemand")


def test_the_same_address_at_another_gemeente_is_another_person(place: Place):
    """Jan is invited in Meerwijk. The provider of Anderstad says it is Jan: in Anderstad nobody knows him."""
    browser = place.browser()
    brought = place.other.consent(place.leave(browser, "anderstad"))
    refused(place, place.arrive(browser, brought, "anderstad"), "niemand uitgenodigd", status=403)


def test_the_same_subject_at_another_provider_is_another_person(place: Place):
    place.sign_in()
    with place.world.database.write() as tx:
        person = Person(tenant_id="anderstad", name="Jan in Anderstad", email="jan@voorbeeld.test", may_start=True)
        tx.add(person)
    browser = place.browser()
    assert place.arrive(browser, place.other.consent(place.leave(browser, "anderstad")), "anderstad").status_code == 303
    assert "Jan in Anderstad" in browser.get("/account").text
    assert browser.get(place.world.url).status_code == 404


def test_the_same_subject_at_a_second_provider_of_one_gemeente_is_another_person(place: Place):
    """Subjects are only unique at their own issuer."""
    place.sign_in()
    with place.world.database.write() as tx:
        organisations.remove_provider(tx, "anderstad")
    add(place, name="anderstad", issuer=place.other.issuer, domains=["voorbeeld.test"], client_id="driekolom")
    place.other.claims = {"email": "karin@voorbeeld.test"}
    browser = place.browser()
    brought = place.other.consent(place.leave(browser, "anderstad"))
    assert place.arrive(browser, brought, "anderstad").status_code == 303
    assert "Karin Smit" in browser.get("/account").text


def test_who_somebody_is_is_asked_in_their_own_gemeente_only(shared: Place):
    """Even if a row of another gemeente named the same issuer and subject."""
    _, otto = shared.world.persons["otto"]
    issuer = shared.provider.issuer
    with shared.world.database.read() as tx:
        tx.add(Identity(tenant_id="anderstad", person_id=otto, issuer=issuer, subject="otto-1"))
        tx.flush()
        assert find_identity(tx, organisations.get_provider(tx, "meerwijk"), "otto-1") is None
        tx.rollback()


@pytest.mark.parametrize(
    "claims, words",
    [
        ({"email_verified": False}, "niet door, of zegt niet"),
        ({"email_verified": ...}, "niet door, of zegt niet"),
        ({"email": ...}, "niet door, of zegt niet"),
        ({"email": ""}, "niet door, of zegt niet"),
        ({"email": "jan"}, "niet door, of zegt niet"),
        ({"email": "jan@voorbeeld.test@elders.test"}, "niet door, of zegt niet"),
        ({"email": "jan@elders.test"}, "mag niet zeggen van wie"),
        ({"email": "jan@sub.voorbeeld.test"}, "mag niet zeggen van wie"),
        ({"email": "jan@nietvoorbeeld.test"}, "mag niet zeggen van wie"),
    ],
)
def test_nobody_is_linked_by_an_address_that_is_not_vouched_for(shared: Place, claims: dict[str, Any], words: str):
    shared.provider.honest()
    shared.provider.claims = claims
    before = shared.sessions()
    refused(shared, shared.sign_in(), words, status=403)
    assert shared.sessions() == before


def test_a_provider_that_never_says_verified_is_believed_only_when_told_so(place: Place):
    with place.world.database.write() as tx:
        found = organisations.get_provider(tx, "meerwijk")
        found.trusts_address = True
        tx.add(found)
    place.provider.claims = {"email_verified": False}
    refused(place, place.sign_in(), status=403)
    place.provider.claims = {"email_verified": ...}
    assert place.sign_in().status_code == 303


def test_address_from_userinfo(place: Place):
    place.provider.claims = {"email": ..., "email_verified": ...}
    place.provider.userinfo = {"sub": "iemand-anders", "email": "jan@voorbeeld.test", "email_verified": True}
    refused(place, place.sign_in(), LIE)
    place.provider.userinfo |= {"sub": "jan-123"}
    assert place.sign_in().status_code == 303


def test_a_closed_gemeente_lets_nobody_in(place: Place):
    browser = place.browser()
    brought = place.provider.consent(place.leave(browser))
    with place.world.database.write() as tx:
        tenant = tx.get_one(Tenant, "meerwijk")
        tenant.closed_at = now()
        tx.add(tenant)
    assert place.arrive(browser, brought).status_code == 404
    assert "Meerwijk" not in browser.get("/aanmelden").text
    assert browser.get("/aanmelden/organisatie/meerwijk").status_code == 404


def test_signing_in_at_the_organisation_ends_the_session_this_browser_had(place: Place):
    browser = place.browser()
    place.sign_in(browser)
    first = browser.cookies[cookie_name(place.world.settings)]
    place.sign_in(browser)
    thief = place.browser()
    thief.cookies.set(cookie_name(place.world.settings), first, domain="127.0.0.1")
    assert thief.get("/account").status_code == 303


def test_signing_out_offers_to_sign_out_there_too(place: Place):
    browser = place.browser()
    place.sign_in(browser)
    browser.headers["sec-fetch-site"] = "same-origin"
    page = browser.get(browser.post("/afmelden").headers["location"])
    assert "ook af bij Gemeente Meerwijk" in page.text
    there = browser.get("/aanmelden/organisatie/meerwijk/afmelden").headers["location"]
    asked = parse_qs(urlsplit(there).query)
    assert there.startswith(f"{place.provider.issuer}/end?")
    assert asked["post_logout_redirect_uri"] == [f"{ADDRESS}/aanmelden"]


def known_twice(place: Place) -> Person:
    """Jan was invited in another journey of Meerwijk too."""
    with place.world.database.write() as tx:
        olga = tx.get_one(Person, place.world.persons["olga"])
        journey, seat = list_journeys_of(tx, olga)[0]
        here = here_for(tx, place.world.settings, olga, journey, seat)
        return tx.get_one(
            Person, ("meerwijk", add_person(here, None, "J. Bakker", "Jan@voorbeeld.test", "meelezer").person_id)
        )


def test_who_was_invited_twice_chooses(place: Place):
    second = known_twice(place)
    browser = place.browser()
    url = place.sign_in(browser).headers["location"]
    assert url == "/aanmelden/organisatie/meerwijk/kiezen"
    assert cookie_name(place.world.settings) not in browser.cookies, "not in yet"
    shown = browser.get(url).text
    assert "Een ander traject" in shown and "Ouderbetrokkenheid in Meerwijk" in shown
    browser.headers["sec-fetch-site"] = "same-origin"
    kept = browser.cookies[trip.cookie_name(place.world.settings)]
    karin = place.world.persons["karin"][1]
    assert browser.post(url, data={"persoon": karin}).status_code == 403, "nobody that was not offered"
    browser.cookies.set(trip.cookie_name(place.world.settings), kept, domain="127.0.0.1")
    answer = browser.post(url, data={"persoon": second.id})
    assert answer.headers["location"] == f"/trajecten/{place.world.other}"
    assert browser.get(answer.headers["location"]).status_code == 200
    assert browser.get(place.world.url).status_code == 404, "they stay apart"
    thief = place.browser()
    thief.headers["sec-fetch-site"] = "same-origin"
    assert thief.post(url, data={"persoon": second.id}).status_code == 403
    thief.cookies.set(trip.cookie_name(place.world.settings), kept, domain="127.0.0.1")
    assert thief.post(url, data={"persoon": second.id}).status_code == 400, "once"


def test_who_was_invited_twice_goes_to_the_page_they_wanted(place: Place):
    known_twice(place)
    for wanted in (place.world.url, f"/trajecten/{place.world.other}"):
        browser = place.browser()
        browser.get(wanted)
        assert place.sign_in(browser).headers["location"] == wanted
        assert browser.get(wanted).status_code == 200


def stopped(place: Place, name: str = "jan") -> None:
    with place.world.database.write() as tx:
        seat = tx.get_one(Seat, ("meerwijk", place.world.seats[name]))
        stop_access(place.world.here(tx), seat, tx.get_one(Person, place.world.persons[name]))


@pytest.mark.parametrize("known", [True, False])
def test_access_that_was_taken_back_is_not_given_by_the_organisation(place: Place, known: bool):
    """Known by subject, or only by an address that was once invited."""
    if known:
        assert place.sign_in().status_code == 303
    stopped(place)
    browser = place.browser()
    refused(place, place.sign_in(browser), "Vraag de procesbegeleider", status=403)
    assert browser.get(place.world.url).status_code == 303


def test_who_may_start_for_their_domain_still_gets_in_nowhere_else(place: Place):
    with place.world.database.write() as tx:
        tenant = tx.get_one(Tenant, "meerwijk")
        tenant.mail_domains = "voorbeeld.test"
        tx.add(tenant)
    stopped(place)
    browser = place.browser()
    assert place.sign_in(browser).status_code == 303, "to start a traject of their own"
    assert browser.get(place.world.url).status_code == 404
    assert not place.person("jan").may_start, "else nobody who leads the traject could let them in again"


def test_who_was_stopped_in_one_traject_goes_on_in_the_other(place: Place):
    place.sign_in()
    known_twice(place)
    stopped(place)
    browser = place.browser()
    assert place.sign_in(browser).status_code == 303
    assert browser.get(f"/trajecten/{place.world.other}").status_code == 200
    assert browser.get(place.world.url).status_code == 404


def test_a_choice_that_was_offered_before_is_not_given_after(place: Place):
    second = known_twice(place)
    browser = place.browser()
    url = place.sign_in(browser).headers["location"]
    stopped(place)
    browser.headers["sec-fetch-site"] = "same-origin"
    kept = browser.cookies[trip.cookie_name(place.world.settings)]
    assert browser.post(url, data={"persoon": place.world.persons["jan"][1]}).status_code == 403
    browser.cookies.set(trip.cookie_name(place.world.settings), kept, domain="127.0.0.1")
    assert browser.post(url, data={"persoon": second.id}).status_code == 303


# ---- lies in the token ----


def hs256(secret: bytes) -> Callable[[dict[str, Any]], str]:
    def sign(claims: dict[str, Any]) -> str:
        header = {"alg": "HS256", "typ": "JWT", "kid": "een"}
        return by_hand(header, claims, lambda text: hmac.digest(secret, text, hashlib.sha256))

    return sign


SIGNATURES = {
    "no signature": lambda c: by_hand({"alg": "none"}, c, lambda _: b""),
    "no signature, oddly spelled": lambda c: by_hand({"alg": "nOnE"}, c, lambda _: b""),
    "no signature with a kid": lambda c: by_hand({"alg": "none", "kid": "een"}, c, lambda _: b""),
    "our secret": hs256(SECRET.encode()),
    "the public key as a secret": hs256(KEY.as_pem(private=False)),
    "nothing as a secret": hs256(b""),
    "the key of another": lambda c: signed(c, OTHER_KEY),
    "a key in the token itself": lambda c: signed(c, OTHER_KEY, jwk=OTHER_KEY.as_dict(private=False)),
    "a key we do not know": lambda c: signed(c, OTHER_KEY, kid="twee"),
    "changed after signing": lambda c: signed(c)[:-6] + "AAAAAA",
    "no token at all": lambda c: "geen token",
    "endless": lambda c: signed(c | {"x": "x" * 30_000}),
}
FAR = 4_000_000_000
CLAIMS: dict[str, dict[str, Any]] = {
    "audience of another": {"aud": "een-ander"},
    "no audience": {"aud": ...},
    "audience is a number": {"aud": 1},
    "audience is part of ours": {"aud": "driekolom-twee"},
    "two audiences and no azp": {"aud": ["driekolom", "een-ander"]},
    "azp of another": {"azp": "een-ander"},
    "issuer of another": {"iss": "https://kwaad.test"},
    "issuer almost": {"iss": "{issuer}/"},
    "no issuer": {"iss": ...},
    "issuer is a list": {"iss": ["{issuer}"]},
    "no nonce": {"nonce": ...},
    "nonce of another": {"nonce": "een-ander"},
    "nonce is a number": {"nonce": 12},
    "over": {"exp": 1_600_000_000},
    "never over": {"exp": ...},
    "end in words": {"exp": "4000000000"},
    "end is yes": {"exp": True},
    "end is no number": {"exp": float("nan")},
    "made tomorrow": {"iat": FAR},
    "made never": {"iat": ...},
    "not yet": {"nbf": FAR},
    "no subject": {"sub": ...},
    "subject is a number": {"sub": 123},
    "subject is empty": {"sub": ""},
    "subject is a list": {"sub": ["jan-123"]},
    "subject without end": {"sub": "x" * 300},
    "address is a list": {"email": ["jan@voorbeeld.test"]},
    "verified in words": {"email_verified": "true"},
    "verified is 1": {"email_verified": 1},
    "name is an object": {"name": {"x": 1}},
    "hash of another access token": {"at_hash": "x"},
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_signature_that_proves_nothing(shared: Place, name: str):
    shared.provider.honest()
    shared.provider.sign = SIGNATURES[name]
    before = shared.sessions()
    refused(shared, shared.sign_in(), LIE)
    assert shared.sessions() == before


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_that_is_not_right(shared: Place, name: str):
    shared.provider.honest()
    issuer = shared.provider.issuer
    lies = {
        k: v.format(issuer=issuer) if isinstance(v, str) else [w.format(issuer=issuer) for w in v] if k == "iss" and isinstance(v, list) else v
        for k, v in CLAIMS[name].items()
    }  # fmt: skip
    shared.provider.claims = lies
    before = shared.sessions()
    refused(shared, shared.sign_in(), LIE)
    assert shared.sessions() == before


def test_a_secret_key_among_the_public_ones_is_not_used(shared: Place):
    """A provider (or who can write its key list) offers a shared secret, and asks for HS256."""
    shared.provider.honest()
    shared.provider.keys.append({"kty": "oct", "kid": "drie", "k": "Z2VoZWlt", "alg": "HS256"})
    header = {"alg": "HS256", "kid": "drie"}
    shared.provider.sign = lambda c: by_hand(header, c, lambda text: hmac.digest(b"geheim", text, hashlib.sha256))
    refused(shared, shared.sign_in(), LIE)


def test_only_public_keys_are_kept(shared: Place):
    """Apart from which signatures are asked for: a shared secret, or the secret half of a key, is none of ours to use."""
    shared.provider.honest()
    oct_key = {"kty": "oct", "kid": "drie", "k": "Z2VoZWlt"}
    shared.provider.keys += [
        oct_key,
        oct_key | {"kid": "vier", "alg": "RS256"},
        OTHER_KEY.as_dict(private=True) | {"kid": "vijf"},
    ]
    with shared.world.database.read() as tx:
        client = organisations.client_of(shared.world.settings, organisations.get_provider(tx, "meerwijk"))
    kept = wire._key_set(client, wire.discover(client)).keys
    assert [(key.kid, key.key_type, key.is_private) for key in kept] == [("een", "RSA", False)]


@pytest.mark.parametrize("said", [["HS256"], ["none"], ["RS256", "HS256", "none"], "HS256", [1, None]])
def test_only_signatures_of_a_public_key_are_asked_for(shared: Place, said: object):
    """Whatever a provider says it signs with."""
    shared.provider.honest()
    shared.provider.about = {"id_token_signing_alg_values_supported": said}
    with shared.world.database.read() as tx:
        client = organisations.client_of(shared.world.settings, organisations.get_provider(tx, "meerwijk"))
    try:
        assert set(wire.discover(client).algorithms) == {"RS256"}
    except wire.ProviderProblem:
        assert "RS256" not in said
    assert all(name[:2] in ("RS", "PS", "ES", "Ed") for name in wire.ALGORITHMS)


def test_the_verifier_is_new_each_time_and_only_the_provider_gets_it(shared: Place, monkeypatch: pytest.MonkeyPatch):
    """PKCE: who sees the address a browser goes to cannot use the code, and neither can another trip."""
    shared.provider.honest()
    sent: list[dict[str, str]] = []
    real = shared.provider._token
    monkeypatch.setattr(shared.provider, "_token", lambda form, who: sent.append(form) or real(form, who))
    seen, cookies = [], []
    for _ in range(2):
        browser = shared.browser()
        address = shared.leave(browser)
        cookies.append(browser.cookies[trip.cookie_name(shared.world.settings)])
        seen.append({k: v[0] for k, v in parse_qs(urlsplit(address).query).items()})
        assert shared.arrive(browser, shared.provider.consent(address)).status_code == 303
    verifiers = [form["code_verifier"] for form in sent]
    assert len({*verifiers, *(s[name] for s in seen for name in ("state", "nonce", "code_challenge"))}) == 8
    for verifier, asked, cookie in zip(verifiers, seen, cookies, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier)
        digest = hashlib.sha256(verifier.encode()).digest()
        assert urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        assert verifier not in str(asked) and verifier not in cookie


def test_a_new_key_is_fetched(place: Place, monkeypatch: pytest.MonkeyPatch):
    assert place.sign_in().status_code == 303
    place.provider.keys = [OTHER_KEY.as_dict(private=False) | {"kid": "nieuw"}]
    place.provider.sign = lambda c: signed(c, OTHER_KEY, kid="nieuw")
    refused(place, place.sign_in(), LIE)  # not asked again within a minute: a bad token must not make us knock
    clock = wire.time.monotonic
    monkeypatch.setattr(wire.time, "monotonic", lambda: clock() + 61)
    assert place.sign_in().status_code == 303


# ---- lies on the way ----


def test_another_browsers_state(shared: Place):
    """The attacker signs in, and lets the victim's browser make the last step: it would be signed in as the attacker."""
    shared.provider.honest()
    attacker, victim = shared.browser(), shared.browser()
    brought = shared.provider.consent(shared.leave(attacker))
    refused(shared, shared.arrive(victim, brought), "andere browser")
    shared.leave(victim)
    refused(shared, shared.arrive(victim, brought), "andere browser")


def test_another_browsers_code(shared: Place, caplog: pytest.LogCaptureFixture):
    """A stolen code in the thief's own trip: its verifier does not fit."""
    shared.provider.honest()
    thief, victim = shared.browser(), shared.browser()
    stolen = shared.provider.consent(shared.leave(victim))["code"]
    own = shared.provider.consent(shared.leave(thief))["state"]
    assert shared.arrive(thief, {"code": stolen, "state": own}).status_code in (400, 502)
    assert "oidc meerwijk: OAuthError" in caplog.text, "refused by the provider itself: another verifier"
    assert cookie_name(shared.world.settings) not in thief.cookies


@pytest.mark.parametrize("state", ["", "x", "é", "x" * 5000])
def test_no_or_strange_state(shared: Place, state: str):
    shared.provider.honest()
    browser = shared.browser()
    brought = shared.provider.consent(shared.leave(browser))
    refused(shared, shared.arrive(browser, brought | {"state": state}), "andere browser")


@pytest.mark.parametrize("cookie", ["", ".", "x.y", "e30=.x", "é"])
def test_a_cookie_of_ones_own_making(shared: Place, cookie: str):
    shared.provider.honest()
    browser = shared.browser()
    brought = shared.provider.consent(shared.leave(browser))
    browser.cookies.clear()
    headers = {"cookie": f"{trip.cookie_name(shared.world.settings)}={cookie}".encode()}
    answer = browser.get("/aanmelden/organisatie/meerwijk/terug", params=brought, headers=headers)
    refused(shared, answer, "andere browser")


def test_going_back_does_not_sign_in_again(place: Place):
    browser = place.browser()
    brought = place.provider.consent(place.leave(browser))
    kept = browser.cookies[trip.cookie_name(place.world.settings)]
    assert place.arrive(browser, brought).status_code == 303
    assert trip.cookie_name(place.world.settings) not in browser.cookies
    browser.cookies.set(trip.cookie_name(place.world.settings), kept, domain="127.0.0.1")
    place.provider.asked.clear()
    place.provider.codes[brought["code"]] = {}
    refused(place, place.arrive(browser, brought), "al gebruikt")
    assert place.provider.asked == [], "refused before the provider is asked"


def test_too_late(shared: Place, monkeypatch: pytest.MonkeyPatch):
    shared.provider.honest()
    browser = shared.browser()
    brought = shared.provider.consent(shared.leave(browser))
    later = now().replace(year=now().year + 1)
    monkeypatch.setattr(trip, "now", lambda: later)
    refused(shared, shared.arrive(browser, brought), "langer dan een kwartier")


def test_mix_up_of_two_providers(shared: Place):
    """The browser left for Meerwijk and comes back at Anderstad's address: the code goes to neither."""
    shared.provider.honest()
    shared.other.honest()
    browser = shared.browser()
    brought = shared.provider.consent(shared.leave(browser))
    refused(shared, shared.arrive(browser, brought, "anderstad"), "andere browser")
    assert "/token" not in shared.other.asked + shared.provider.asked


def test_the_answer_names_another_provider(shared: Place):
    shared.provider.honest()
    browser = shared.browser()
    brought = shared.provider.consent(shared.leave(browser)) | {"iss": shared.other.issuer}
    refused(shared, shared.arrive(browser, brought), LIE)
    assert "/token" not in shared.provider.asked


def test_a_provider_that_always_names_itself_must(shared: Place):
    shared.provider.honest()
    shared.provider.about = {"authorization_response_iss_parameter_supported": True}
    refused(shared, shared.sign_in(), LIE)


def test_a_token_of_another_provider(shared: Place):
    """Anderstad signs rightly, but it is not the provider that was asked."""
    shared.provider.honest()
    shared.provider.claims = {"iss": shared.other.issuer}
    refused(shared, shared.sign_in(), LIE)


def test_back_goes_to_this_site_only(place: Place):
    for target in ("https://kwaad.test/", "//kwaad.test", "/\\kwaad.test", "javascript:alert(1)", "/%09/kwaad.test"):
        browser = place.browser()
        browser.cookies.set("driekolom-terug", target, domain="127.0.0.1")
        assert place.sign_in(browser).headers["location"] == "/", target


@pytest.mark.parametrize("query, word", [({"error": "access_denied"}, "afgebroken"), ({"error": "<b>x"}, "lukte niet")])
def test_an_error_is_said_in_our_words(shared: Place, query: dict[str, str], word: str):
    shared.provider.honest()
    browser = shared.browser()
    state = shared.provider.consent(shared.leave(browser))["state"]
    answer = shared.arrive(browser, query | {"state": state, "error_description": "<script>kwaad"})
    refused(shared, answer, word)
    assert "kwaad" not in answer.text and "<b>x" not in answer.text


# ---- lies about itself ----


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://kwaad.test"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
        {"token_endpoint": "https://169.254.169.254/latest"},
        {"token_endpoint": "https://[::1]/x"},
        {"token_endpoint": "https://localhost/x"},
        {"token_endpoint": "https://intranet/x"},
        {"token_endpoint": "https://db.internal/x"},
        {"token_endpoint": "https://login.kwaad.test:8443/x"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": 12},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://ander@127.0.0.1/x"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"code_challenge_methods_supported": ["plain"]},
    ],
    ids=str,
)
def test_a_provider_cannot_send_us_around(shared: Place, about: dict[str, Any]):
    shared.provider.honest()
    shared.provider.about = about
    refused(shared, shared.browser().get("/aanmelden/organisatie/meerwijk"), LIE)
    assert shared.provider.asked == ["/.well-known/openid-configuration"]


DISCOVERY = "/.well-known/openid-configuration"


@pytest.mark.parametrize(
    "answers",
    [
        {DISCOVERY: (302, b"", {"location": "http://169.254.169.254/"})},
        {DISCOVERY: (500, b"kapot", {})},
        {DISCOVERY: (200, b"[]", {})},
        {DISCOVERY: (200, b"\xff\xfe{", {})},
        {DISCOVERY: (200, b'{"x": "' + b"x" * 600_000 + b'"}', {})},
        {DISCOVERY: (200, b"[" * 100_000, {})},
    ],
    ids=["elsewhere", "broken", "a list", "no text", "endless", "deep"],
)
def test_a_provider_that_answers_nonsense(shared: Place, answers: dict):
    shared.provider.honest()
    shared.provider.answers = answers
    assert shared.browser().get("/aanmelden/organisatie/meerwijk").status_code in (400, 502)


def test_a_provider_is_not_followed_elsewhere(shared: Place):
    """Not even to another page of its own."""
    shared.provider.honest()
    about = json.dumps(shared.provider._about()).encode()
    shared.provider.answers = {DISCOVERY: (302, b"", {"location": "/elders"}), "/elders": (200, about, {})}
    refused(shared, shared.browser().get("/aanmelden/organisatie/meerwijk"), "antwoordt nu niet", status=502)
    assert shared.provider.asked == [DISCOVERY]


def test_an_answer_without_end_is_cut_off(shared: Place):
    """Right in everything, but for half a million letters that nobody asked for."""
    shared.provider.honest()
    shared.provider.about = {"x": "x" * 600_000}
    refused(shared, shared.browser().get("/aanmelden/organisatie/meerwijk"), "antwoordt nu niet", status=502)


@pytest.mark.parametrize(
    "answers",
    [
        {"/token": (302, b"", {"location": "http://169.254.169.254/"})},
        {"/token": (500, b"kapot", {})},
        {"/token": (200, b"[]", {})},
        {"/token": (200, b"{}", {})},
        {"/token": (200, b'{"id_token": 5, "access_token": "x", "token_type": "Bearer"}', {})},
        {"/token": (200, b"x" * 600_000, {})},
        {"/jwks": (200, b'{"keys": {}}', {})},
        {
            "/jwks": (
                200,
                b'{"keys": [1, {"kty": "RSA"}, {"kty": "RSA", "n": "", "e": ""}, {"kty": "EC", "crv": "x"}]}',
                {},
            )
        },
    ],
    ids=["elsewhere", "broken", "a list", "nothing", "a number", "endless", "keys", "strange keys"],
)
def test_a_provider_that_answers_nonsense_at_the_end(shared: Place, answers: dict):
    shared.provider.honest()
    browser = shared.browser()
    brought = shared.provider.consent(shared.leave(browser))
    shared.provider.answers = answers
    answer = shared.arrive(browser, brought)
    assert answer.status_code in (400, 502) and cookie_name(shared.world.settings) not in browser.cookies


def test_a_provider_that_is_not_there(place: Place):
    place.provider.close()
    refused(place, place.browser().get("/aanmelden/organisatie/meerwijk"), "antwoordt nu niet", status=502)
    place.provider = Provider()


def test_secrets_stay_out_of_log_and_database(place: Place, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    browser = place.browser()
    place.sign_in(browser)
    place.provider.sign = SIGNATURES["the key of another"]
    refused(place, place.sign_in(browser), LIE)
    assert "oidc meerwijk: the signature is wrong" in caplog.text
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("app."))
    for text in (ours, dump(place.world.database)):
        for secret in (SECRET, "eyJ", 'toegang"', "jan-123" if text is ours else SECRET):
            assert secret not in text


# ---- addresses and cookies ----


@pytest.mark.parametrize(
    "url, fine",
    [
        ("https://login.test/realm/token", True),
        ("https://oauth2.elders.example/token", True),
        ("http://login.test/token", False),
        ("https://10.0.0.1/token", False),
        ("https://0x7f000001/token", False),
        ("https://2130706433/token", False),
        ("https://127.1/token", False),
        ("https://metadata/token", False),
        ("https://printer.local/token", False),
        ("https://elders.example:99999/token", False),
        ("https://elders.example\\@login.test/", False),
        ("gopher://login.test/", False),
        ("", False),
    ],
)
def test_where_we_go(url: str, fine: bool):
    assert wire.is_allowed(url, "https://login.test/realm", False) is fine
    assert not wire.is_allowed("http://127.0.0.1:5/x", "https://login.test/realm", False)


def test_another_computer_inside_is_no_issuer():
    assert wire.is_allowed("https://10.1.1.1:8443/token", "https://10.1.1.1:8443/adfs", False)
    assert not wire.is_allowed("https://10.1.1.2:8443/token", "https://10.1.1.1:8443/adfs", False)


@pytest.mark.parametrize(
    "address, fine",
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_what_is_a_public_address(address: str, fine: bool):
    assert network.is_public(address) is fine


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name leads to these addresses. Returns the names that were asked for."""
    asked: list[str] = []
    real = network.socket.getaddrinfo

    def look_up(host: str, port: int, *more: Any, **named: Any):
        if host in addresses:
            return real(host, port, *more, **named)
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    monkeypatch.setattr(network.socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.216.34", "10.0.0.8"), ("::1",), ("169.254.169.254",)])
def test_a_public_name_that_leads_inside_is_not_gone_to(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, addresses: tuple[str, ...]
):
    gone_to: list[str] = []
    monkeypatch.setattr(network.httpcore2.SyncBackend, "connect_tcp", lambda self, host, *_: gone_to.append(host))
    add(place, issuer="https://login.nieuw.test")
    asked = leads_to(monkeypatch, *addresses)
    refused(place, place.browser().get("/aanmelden/organisatie/nieuw"), LIE)
    assert asked == ["login.nieuw.test"] and gone_to == []
    assert "login.nieuw.test leads into the own network" in caplog.text


def test_a_provider_inside_that_the_settings_name_is_gone_to(place: Place, monkeypatch: pytest.MonkeyPatch):
    """It is connected to the address that was looked up, not to the name: a second look could lead elsewhere."""
    asked = leads_to(monkeypatch, "127.0.0.1")
    port = urlsplit(place.provider.issuer).port
    stream = network.Network(("Login.Nieuw.test",)).connect_tcp("login.nieuw.test", port, 5)
    stream.close()
    assert asked == ["login.nieuw.test"]
    with pytest.raises(network.Inside):
        network.Network(("login.nieuw.test",)).connect_tcp("ander.test", port, 5)
    settings = replace(place.world.settings, base_url="https://lea.test", oidc_inside="login.nieuw.test ADFS.test")
    with place.world.database.read() as tx:
        client = organisations.client_of(settings, organisations.get_provider(tx, "meerwijk"))
    assert client.inside == ("login.nieuw.test", "adfs.test")
    assert wire.is_allowed("https://adfs.test:8443/token", "https://login.nieuw.test", False, client.inside)
    pool = wire._Transport(client)._pool
    assert pool._network_backend._inside == set(client.inside)
    assert pool._ssl_context.verify_mode is ssl.CERT_REQUIRED and pool._ssl_context.check_hostname


def test_the_cookie_of_a_trip_is_careful(place: Place):
    settings = replace(place.world.settings, base_url="https://lea.test")
    from starlette.responses import Response

    cookie = trip.carry(settings, Response(), "x").headers["set-cookie"]
    assert cookie.startswith("__Host-driekolom-heen=x")
    for flag in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=900"):
        assert flag in cookie
    assert "Domain" not in cookie


# ---- setting it up ----


def add(place: Place, **changes: Any) -> None:
    given = {
        "name": "nieuw", "tenant_name": "Gemeente Meerwijk", "label": "", "issuer": "https://login.nieuw.test",
        "client_id": "abc", "domains": ["nieuw.test"], "trusts_address": False,
    } | changes  # fmt: skip
    with place.world.database.write() as tx:
        organisations.add_provider(tx, place.world.settings, **given)


@pytest.mark.parametrize(
    "changes, place_of_sentence",
    [
        ({"name": "Nieuw"}, "NAAM"),
        ({"name": "../x"}, "NAAM"),
        ({"name": "meerwijk"}, "NAAM"),
        ({"tenant_name": "Nergens"}, "--gemeente"),
        ({"tenant_name": ""}, "--gemeente"),
        ({"issuer": "http://login.nieuw.test"}, "--issuer"),
        ({"issuer": "https://login.microsoftonline.com/common/v2.0"}, "--issuer"),
        ({"issuer": "https://login.test/?x=1"}, "--issuer"),
        ({"issuer": "ftp://login.test"}, "--issuer"),
        ({"client_id": ""}, "--client"),
        ({"domains": []}, "--domein"),
        ({"domains": ["*"]}, "--domein"),
        ({"label": "x" * 81}, "--label"),
    ],
)
def test_wrong_settings_are_said_one_by_one(shared: Place, changes: dict[str, Any], place_of_sentence: str):
    with pytest.raises(Invalid) as refused_:
        add(shared, **changes)
    assert list(refused_.value.fields) == [place_of_sentence]


def test_an_issuer_belongs_to_one_gemeente(shared: Place):
    with pytest.raises(Invalid) as refused_:
        add(shared, issuer=shared.provider.issuer, tenant_name="Gemeente Anderstad")
    assert "--issuer" in refused_.value.fields


def test_taking_a_provider_away_ends_what_came_in_by_it(place: Place):
    browser = place.browser()
    place.sign_in(browser)
    with place.world.database.write() as tx:
        organisations.remove_provider(tx, "meerwijk")
    assert browser.get("/account").status_code == 303
    assert browser.get("/aanmelden/organisatie/meerwijk").status_code == 404
    with place.world.database.read() as tx:
        assert tx.exec(select(Identity)).all() == []


def test_secret_from_a_file(tmp_path: Path):
    path = tmp_path / "geheim"
    path.write_text("uit een bestand\n")
    assert provider_secret("oud-zuid", {"DRIEKOLOM_OIDC_OUD_ZUID_SECRET_FILE": str(path)}) == "uit een bestand"
    assert provider_secret("oud-zuid", {"DRIEKOLOM_OIDC_OUD_ZUID_SECRET": "x"}) == "x"
    assert provider_secret("anders", {"DRIEKOLOM_OIDC_OUD_ZUID_SECRET": "x"}) == ""
    read_settings({"DRIEKOLOM_OIDC_OUD_ZUID_SECRET_FILE": str(path)})
    with pytest.raises(SettingsError, match="wijst naar een bestand dat er niet is"):
        read_settings({"DRIEKOLOM_OIDC_OUD_ZUID_SECRET_FILE": "/is/er/niet"})
