"""The edge: what every request passes, and what every refusal becomes.

`Guard` is plain ASGI (cheap, and it also covers static files): host check, body limit, same-origin check for everything
that writes, security headers. Refusals become a page, or a fragment for a script.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import NOT_THERE, UNFIT, NotSignedIn, Refusal
from app.core.rendering import Shell, fragment, house_style, page, wants_fragment
from app.core.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), interest-cohort=()"),
]


def _own_address(settings: Settings) -> tuple[str, set[str]]:
    """The scheme, and every host (with its port) that this is."""
    address = urlsplit(settings.address)
    hosts = {address.netloc.lower()}
    if settings.local:
        hosts |= {f"{h}:{settings.port}" for h in ("127.0.0.1", "localhost", "[::1]")}
    return address.scheme, hosts


def same_origin(headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether a websocket comes from a page of our own. Every browser says where it comes from, and no other way of
    asking is checked by the browser itself."""
    scheme, hosts = _own_address(settings)
    host = headers.get("host", "").lower()
    return host in hosts and headers.get("origin", "").lower() == f"{scheme}://{host}"


AFTERWARDS = "driekolom.afterwards"


class Afterwards:
    """Around everything: a websocket that is let in goes on in here, when all layers that let it in are gone. They
    would stay in memory for as long as it lasts, 10 kB for each. Whoever lets one in adds what is to be done to
    `scope[AFTERWARDS]`; without this around it, it does so itself."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        todo: list[Callable[[Receive, Send], Awaitable[None]]] = []
        scope[AFTERWARDS] = todo
        await self.app(scope, receive, send)
        if todo:
            await todo.pop()(receive, send)


class Guard:
    """Host, origin, size and headers, before and after everything else."""

    def __init__(self, app: ASGIApp, settings: Settings, uploads: tuple[str, ...] = (), keys: tuple[str, ...] = ()):
        """`uploads` are the addresses that take a whole file, and may receive more than any other. `keys` are how
        addresses begin of which the rest is a secret that lets anybody do one thing, also from outside a browser."""
        self.app = app
        self.settings = settings
        self.uploads = frozenset(uploads)
        self.keys = keys
        self.scheme, self.hosts = _own_address(settings)
        self.headers = list(_HEADERS)
        if settings.secure:
            self.headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # PostgreSQL cannot look for a NUL. The mark that stands for an unreadable character is never found either.
        scope["path"] = scope["path"].replace("\0", "\ufffd")
        scope["query_string"] = scope.get("query_string", b"").replace(b"%00", b"%EF%BF%BD")
        headers = {k.lower(): v for k, v in scope["headers"]}
        problem = self._problem(scope, headers)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {k.lower() for k, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in self.headers if h[0] not in present)]
                if b"cache-control" not in present:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        if problem:
            status, sentence = problem
            await HTMLResponse(f'<!doctype html><html lang="nl"><title>{sentence}</title><h1>{sentence}</h1>', status)(
                scope, receive, send_with_headers
            )
            return
        await self.app(scope, _limited(receive, self._most(scope)), send_with_headers)

    def _most(self, scope: Scope) -> int:
        """How many bytes this address takes."""
        return self.settings.upload_limit if scope["path"] in self.uploads else self.settings.body_limit

    def _problem(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if host not in self.hosts:
            return 421, "Dit adres hoort niet bij deze Driekolom."
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return None
        if not (scope["path"].startswith(self.keys) or self._same_origin(headers, host)):
            return 403, "Dit verzoek kwam van een andere website en is geweigerd."
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 12 or int(length) > self._most(scope):
            return 413, "Dit is te groot om in één keer op te sturen."
        return None

    def _same_origin(self, headers: dict[bytes, bytes], host: str) -> bool:
        """Every browser of the last years sends one of the two. In local mode there is no cookie that another website
        would lack, so a write that does not say where it comes from is refused too."""
        if site := headers.get(b"sec-fetch-site", b"").decode("latin-1"):
            return site in ("same-origin", "none")
        return headers.get(b"origin", b"").decode("latin-1").lower() == f"{self.scheme}://{host}"


def _limited(receive: Receive, left: int) -> Receive:
    """Receives until more than `left` bytes have come."""

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, "Dit is te groot om in één keer op te sturen.")
        return message

    return limited


def refuse(request: Request, status: int, message: str) -> Response:
    """The answer to a refused request: a fragment for a script, a page for a person."""
    if wants_fragment(request):
        return fragment("components/_refused.html", status=status, message=message, status_code=status)
    shell = Shell(title=_TITLES.get(status, "Dat lukte niet"), **house_style(request.app.state.settings))
    return page(request, "layouts/refused.html", shell, message, status)


_TITLES = {
    403: "Dit mag u hier niet doen",
    404: "Niet gevonden",
    405: "Dat kan hier niet",
    409: "Dit kan nu niet",
    410: "Dit is er niet meer",
    413: "Te groot",
    422: "Er ontbreekt iets",
    429: "Even wachten",
    500: "Er ging iets mis bij ons",
    503: "Even geduld",
}

SIGN_IN = "/aanmelden"
BACK_MINUTES = 15


def back_cookie(settings: Settings) -> str:
    """The cookie that holds the page somebody wanted to see when they had to sign in."""
    return "__Host-driekolom-terug" if settings.secure else "driekolom-terug"


def _opens_a_page(request: Request) -> bool:
    """Whether a person asked for this, and not a script of ours that listens or looks something up by itself."""
    return request.headers.get("sec-fetch-mode", "navigate") == "navigate"


def _to_sign_in(request: Request) -> Response:
    """To the page to sign in. The browser remembers for a while where somebody wanted to be, however they sign in."""
    answer = RedirectResponse(SIGN_IN, 303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET" and len(wanted) <= 1000:
        settings: Settings = request.app.state.settings
        answer.set_cookie(
            back_cookie(settings),
            quote(wanted),
            max_age=BACK_MINUTES * 60,
            path="/",
            secure=settings.secure,
            httponly=True,
            samesite="lax",
        )
    return answer


def add_handlers(app: FastAPI) -> None:
    """Every refusal, validation error and crash gets a Dutch sentence and the right status. `app.state.refused` hears
    of each refusal first."""

    @app.exception_handler(Refusal)
    def _refusal(request: Request, problem: Refusal) -> Response:
        if refused := getattr(request.app.state, "refused", None):
            refused(request, problem)
        if isinstance(problem, NotSignedIn) and not wants_fragment(request) and _opens_a_page(request):
            return _to_sign_in(request)
        answer = refuse(request, problem.status, problem.message)
        if problem.status == 503:
            answer.headers["retry-after"] = "2"
        if problem.wait:
            answer.headers["retry-after"] = str(problem.wait)
        return answer

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, problem: RequestValidationError) -> Response:
        return refuse(request, 422, UNFIT)

    @app.exception_handler(HTTPException)
    def _http(request: Request, problem: HTTPException) -> Response:
        sentences = {
            400: UNFIT,
            404: NOT_THERE,
            405: "Deze pagina kunt u alleen openen, of alleen opsturen. Probeer het vanaf de vorige pagina.",
        }
        answer = refuse(request, problem.status_code, sentences.get(problem.status_code, str(problem.detail)))
        answer.headers.update(problem.headers or {})
        return answer

    @app.exception_handler(Exception)
    def _crash(request: Request, problem: Exception) -> Response:
        return refuse(
            request, 500, "Er ging iets mis bij ons. Wat al was opgeslagen, staat er nog. Probeer het opnieuw."
        )
