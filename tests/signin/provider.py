"""A small OpenID provider that tells the truth until a test makes it lie.

The browser never goes to it: a test reads where it would be sent, and comes back with what the provider would have
given. Our server does go to it, over real HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

SECRET = "geheim van de aanbieder"
KEY = RSAKey.generate_key(2048, parameters={"kid": "een", "use": "sig"})  # takes a while, so once
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "een", "use": "sig"})


@dataclass
class Provider:
    """`claims` and `about` (what it says of itself) are added to the truth; `sign` and `answers` replace it."""

    name: str = "meerwijk"
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    sign: Callable[[dict[str, Any]], str] | None = None
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [KEY.as_dict(private=False)])
    port: int = 0

    def __post_init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                self._answer(dict(parse_qsl(body)))

            def _answer(self, form: dict[str, str]) -> None:
                status, content, headers = provider.answer(self.path, form, self.headers.get("authorization", ""))
                self.send_response(status)
                for name, value in ({"content-type": "application/json"} | headers).items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()  # quick to close

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def honest(self) -> None:
        """Tells the truth again."""
        self.claims, self.about, self.answers = {}, {}, {}
        self.userinfo, self.sign, self.keys = None, None, [KEY.as_dict(private=False)]
        self.asked.clear()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # ---- what a browser would do there ----

    def consent(self, address: str) -> dict[str, str]:
        """What the browser brings back after signing in at this address."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    # ---- what our server asks ----

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, bytes, dict[str, str]]:
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        found = {
            "/.well-known/openid-configuration": self._about,
            "/jwks": lambda: {"keys": self.keys},
            "/token": lambda: self._token(form, authorization),
            "/userinfo": lambda: self.userinfo or {"sub": "jan-123"},
        }.get(path, lambda: None)()
        if found is None:
            return 400, b'{"error": "invalid_grant"}', {}
        return 200, json.dumps(found).encode(), {}

    def _about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        } | self.about

    def _token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Like a real one: a code works once, with the verifier of who asked for it."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return None
        who = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if who.partition(":")[0] != asked["client_id"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        moment = int(time.time())
        claims = {
            "iss": self.issuer, "aud": asked["client_id"], "sub": "jan-123", "nonce": asked["nonce"],
            "iat": moment, "exp": moment + 300, "email": "jan@voorbeeld.test", "email_verified": True,
            "name": "Jan Bakker",
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not ...}
        return {"access_token": "toegang", "token_type": "Bearer", "id_token": (self.sign or signed)(claims)}


def signed(claims: dict[str, Any], key: RSAKey = KEY, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "een", **header}, claims, key)


def by_hand(header: dict[str, Any], claims: dict[str, Any], mark: Callable[[bytes], bytes]) -> str:
    """A token as no library makes it."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    text = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    return f"{text}.{part(mark(text.encode()))}"
