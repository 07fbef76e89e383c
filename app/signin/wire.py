"""Talking OpenID Connect with a provider. Nothing of ours is read or written here, and nothing of theirs is believed
before it is checked.

Imported only when somebody signs in (Authlib and its HTTP client take long to load).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.core.clock import now
from app.core.settings import is_loopback
from app.signin.network import Inside, Transport

LOG = logging.getLogger(__name__)
# Only signatures of which we know the public key: with a shared secret, or with none, everybody could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
MOST = 500_000  # bytes of one answer
SECONDS = 10  # for one answer
KEEP = 3600  # seconds that what a provider says of itself is kept
SLACK = 120  # seconds that two clocks may differ


class ProviderProblem(Exception):
    """The provider did not answer, or not as it should. The text is for the log: no secret, no name, no address."""


class Unreachable(ProviderProblem):
    """It did not answer at all, or with an error of its own."""


@dataclass(frozen=True)
class Client:
    """We, as this provider knows us."""

    issuer: str
    client_id: str
    secret: str
    redirect_uri: str
    plain_http: bool = False  # a provider on this computer itself, in tests and trials
    inside: tuple[str, ...] = ()  # hosts in the own network that the settings name


@dataclass(frozen=True)
class Metadata:
    """What a provider says of itself."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str = ""
    end_session: str = ""
    algorithms: tuple[str, ...] = ("RS256",)
    in_body: bool = False  # the secret goes in the body and not in a header
    names_itself: bool = False  # says in every answer which provider it is


@dataclass(frozen=True)
class Claims:
    """Who signed in, as far as the provider says. `email_verified` is None when it does not say."""

    subject: str
    email: str
    email_verified: bool | None
    name: str


# ---- where we go ----


def is_allowed(url: str, issuer: str, plain_http: bool, inside: tuple[str, ...] = ()) -> bool:
    """Whether we talk to this address. What a provider says of itself must not send us around inside the network:
    besides the issuer only a public name, or a host of the settings. Where a name leads is judged when we go there.
    """
    try:
        parts, home = urlsplit(url), urlsplit(issuer)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or any(c <= " " or c in "\\\x7f" for c in url):
        return False
    if parts.scheme == "http":
        return plain_http and is_loopback(host) and parts.netloc == home.netloc
    if parts.scheme != "https":
        return False
    return parts.netloc == home.netloc or host in inside or (_is_public_name(host) and parts.port in (None, 443))


def _is_public_name(host: str) -> bool:
    try:
        ip_address(host)
        return False
    except ValueError:
        last = host.rpartition(".")[2]
        return "." in host and last.isalpha() and last not in ("local", "localhost", "internal", "lan", "home", "corp")


class _Capped(httpx2.SyncByteStream):
    """The bytes of an answer: not more than we can bear, and not for ever."""

    def __init__(self, stream: httpx2.SyncByteStream):
        self.stream = stream

    def __iter__(self) -> Iterator[bytes]:
        left, end = MOST, time.monotonic() + SECONDS
        for part in self.stream:
            left -= len(part)
            if left < 0 or time.monotonic() > end:
                raise Unreachable("the answer is too long")
            yield part

    def close(self) -> None:
        self.stream.close()


class _Transport(Transport):
    def __init__(self, client: Client):
        own = urlsplit(client.issuer).hostname or ""
        here = (own,) if client.plain_http and is_loopback(own) else ()
        super().__init__((*client.inside, *here), trust_env=not client.plain_http)
        self.rule = (client.issuer, client.plain_http, client.inside)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not is_allowed(str(request.url), *self.rule):
            raise ProviderProblem(f"refused to go to {request.url.host}")
        answer = super().handle_request(request)
        return httpx2.Response(
            answer.status_code, headers=answer.headers, stream=_Capped(answer.stream), extensions=answer.extensions
        )


@contextmanager
def _session(client: Client, in_body: bool = False) -> Iterator[OAuth2Client]:
    """A connection to the provider. Whatever goes wrong on the way becomes a ProviderProblem."""
    method = ("client_secret_post" if in_body else "client_secret_basic") if client.secret else "none"
    try:
        with OAuth2Client(
            client.client_id,
            client.secret or None,
            token_endpoint_auth_method=method,
            redirect_uri=client.redirect_uri,
            transport=_Transport(client),
            timeout=SECONDS,
            headers={"accept": "application/json", "accept-encoding": "identity"},
        ) as session:
            yield session
    except ProviderProblem:
        raise
    except Inside as problem:
        raise ProviderProblem(f"{problem} leads into the own network: see DRIEKOLOM_OIDC_INSIDE") from problem
    except (httpx2.HTTPError, OSError) as problem:
        raise Unreachable(type(problem).__name__) from problem
    except Exception as problem:  # whatever a strange answer does to the libraries
        raise ProviderProblem(f"{type(problem).__name__}") from problem


def _json(answer: Any) -> dict[str, Any]:
    if answer.status_code != 200:
        raise Unreachable(f"answered {answer.status_code}")
    found = answer.json()
    if not isinstance(found, dict):
        raise ProviderProblem("no object")
    return found


# ---- what it says of itself ----

_lock = threading.Lock()
_known: dict[tuple[str, bool], tuple[float, Metadata]] = {}
_keys: dict[str, tuple[float, KeySet]] = {}


def forget() -> None:
    """Forgets what providers said of themselves (for tests)."""
    with _lock:
        _known.clear()
        _keys.clear()


def discover(client: Client) -> Metadata:
    """What the provider says of itself; kept for an hour. Raises ProviderProblem."""
    key = (client.issuer, client.plain_http)
    with _lock:
        at, found = _known.get(key, (0.0, None))
    if found and time.monotonic() - at < KEEP:
        return found
    with _session(client) as session:
        url = f"{client.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = read_metadata(_json(session.request("GET", url, withhold_token=True)), client)
    with _lock:
        _known[key] = (time.monotonic(), found)
    return found


def can_sign_out(client: Client) -> bool:
    """Whether the provider offers to sign out there too, as far as we know now."""
    with _lock:
        _, found = _known.get((client.issuer, client.plain_http), (0.0, None))
    return bool(found and found.end_session)


def way_to_sign_out(client: Client, metadata: Metadata, back: str) -> str:
    """The address at the provider to sign out; it asks the person itself, because we keep no token."""
    asked = {"client_id": client.client_id, "post_logout_redirect_uri": back}
    return f"{metadata.end_session}{'&' if '?' in metadata.end_session else '?'}{urlencode(asked)}"


def read_metadata(said: dict[str, Any], client: Client) -> Metadata:
    """Raises ProviderProblem when it is another issuer, or sends us where we do not go."""
    if said.get("issuer") != client.issuer:
        raise ProviderProblem("says it is another issuer")

    def place(name: str, needed: bool = True) -> str:
        url = said.get(name)
        if url is None and not needed:
            return ""
        if not isinstance(url, str) or not is_allowed(url, client.issuer, client.plain_http, client.inside):
            raise ProviderProblem(f"{name} is no address we go to")
        return url

    def words(name: str, default: list[str]) -> list[str]:
        found = said.get(name, default)
        return [w for w in found if isinstance(w, str)] if isinstance(found, list) else default

    algorithms = tuple(a for a in words("id_token_signing_alg_values_supported", ["RS256"]) if a in ALGORITHMS)
    if not algorithms:
        raise ProviderProblem("signs in no way that we trust")
    if "S256" not in words("code_challenge_methods_supported", ["S256"]):
        raise ProviderProblem("knows no PKCE with S256")
    return Metadata(
        issuer=client.issuer,
        authorization=place("authorization_endpoint"),
        token=place("token_endpoint"),
        keys=place("jwks_uri"),
        userinfo=place("userinfo_endpoint", needed=False),
        end_session=place("end_session_endpoint", needed=False),
        algorithms=algorithms,
        # In the body where it may be: in a header not all encode strange characters alike.
        in_body="client_secret_post" in words("token_endpoint_auth_methods_supported", []),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _key_set(client: Client, metadata: Metadata, fresh: bool = False) -> KeySet:
    """The public keys of the provider; `fresh` fetches them again, at most once a minute."""
    with _lock:
        at, found = _keys.get(metadata.keys, (0.0, None))
    age = time.monotonic() - at
    if found and age < (60 if fresh else KEEP):
        return found
    with _session(client) as session:
        said = _json(session.request("GET", metadata.keys, withhold_token=True)).get("keys")
    if not isinstance(said, list):
        raise ProviderProblem("gives no keys")
    public = [k for k in said[:50] if isinstance(k, dict) and k.get("kty") in ("RSA", "EC", "OKP") and "d" not in k]
    found = KeySet([key for raw in public for key in _import(raw)])
    with _lock:
        _keys[metadata.keys] = (time.monotonic(), found)
    return found


def _import(raw: dict[str, Any]) -> list[Any]:
    try:
        return list(KeySet.import_key_set({"keys": [raw]}).keys)
    except (JoseError, ValueError, TypeError, KeyError):
        return []  # of a kind we do not know


# ---- there and back ----


def way_out(client: Client, metadata: Metadata, state: str, nonce: str, verifier: str) -> str:
    """The address at the provider to send the browser to."""
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    return f"{metadata.authorization}{'&' if '?' in metadata.authorization else '?'}{urlencode(asked)}"


def come_back(client: Client, metadata: Metadata, code: str, nonce: str, verifier: str) -> Claims:
    """Changes the code for who signed in. Raises ProviderProblem for anything that is not exactly right."""
    with _session(client, metadata.in_body) as session:
        token = session.fetch_token(metadata.token, grant_type="authorization_code", code=code, code_verifier=verifier)
        id_token, access = token.get("id_token"), token.get("access_token")
        if not isinstance(id_token, str):
            raise ProviderProblem("gives no id_token")
        claims = read_id_token(client, metadata, id_token, nonce, access if isinstance(access, str) else "")
        if "email" not in claims and metadata.userinfo and isinstance(access, str):
            headers = {"authorization": f"Bearer {access}"}
            more = _json(session.request("GET", metadata.userinfo, withhold_token=True, headers=headers))
            if more.get("sub") != claims["sub"]:
                raise ProviderProblem("tells of somebody else")
            claims = more | claims
    return _who(claims)


def read_id_token(client: Client, metadata: Metadata, id_token: str, nonce: str, access: str) -> dict[str, Any]:
    """The claims of a token that is signed by this provider, for us, for this browser, and now."""
    if len(id_token) > 20_000:
        raise ProviderProblem("an id_token of unlikely length")
    allowed = list(metadata.algorithms)
    try:
        try:
            token = jwt.decode(id_token, _key_set(client, metadata), algorithms=allowed)
        except (JoseError, ValueError):  # perhaps the provider has a new key
            token = jwt.decode(id_token, _key_set(client, metadata, fresh=True), algorithms=allowed)
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise ProviderProblem(f"the signature is wrong: {type(problem).__name__}") from problem
    claims, moment = token.claims, now().timestamp()

    def right(fine: object, name: str) -> None:
        if not fine:
            raise ProviderProblem(f"{name} is wrong")

    def number(name: str) -> float:
        value = claims.get(name)
        right(isinstance(value, int | float) and not isinstance(value, bool), name)
        return value  # type: ignore[return-value]

    right(claims.get("iss") == client.issuer, "iss")
    aud = claims.get("aud")
    audience = [aud] if isinstance(aud, str) else aud
    right(isinstance(audience, list) and client.client_id in audience, "aud")
    right("azp" in claims or len(audience) == 1, "azp")
    right(claims.get("azp", client.client_id) == client.client_id, "azp")
    right(number("exp") > moment - SLACK, "exp")
    right(number("iat") < moment + SLACK, "iat")
    right("nbf" not in claims or number("nbf") < moment + SLACK, "nbf")
    said = claims.get("nonce")
    right(isinstance(said, str) and hmac.compare_digest(said.encode("utf-8", "replace"), nonce.encode()), "nonce")
    subject = claims.get("sub")
    right(isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isprintable(), "sub")
    if "at_hash" in claims and access:
        right(claims["at_hash"] == _half_hash(access, str(token.header.get("alg"))), "at_hash")
    return claims


def _half_hash(access: str, algorithm: str) -> str:
    name = {"384": "sha384", "512": "sha512"}.get(algorithm[-3:], "sha512" if algorithm.startswith("Ed") else "sha256")
    made = hashlib.new(name, access.encode()).digest()
    return urlsafe_b64encode(made[: len(made) // 2]).decode().rstrip("=")


def _who(claims: dict[str, Any]) -> Claims:
    email, verified, name = claims.get("email", ""), claims.get("email_verified"), claims.get("name", "")
    if not isinstance(email, str) or not isinstance(name, str):
        raise ProviderProblem("claims of the wrong type")
    if verified is not None and not isinstance(verified, bool):
        raise ProviderProblem("email_verified is no yes or no")
    return Claims(claims["sub"], email, verified, name)
