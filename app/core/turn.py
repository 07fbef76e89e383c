"""One request, one thread, one transaction.

FastAPI runs every `def` dependency in a turn of its own on the thread pool. A save took six turns, and held the write
lock between them: with forty people waiting for the lock no thread was left for the one who had it. So what a handler
asks for (`Tx`, `Who`, `Here`) is only promised while the request is prepared, and made in the thread of the handler, in
this order: open the transaction, make what was promised, run the handler, commit. The answer is sent after that.
"""

from __future__ import annotations

import inspect
import random
import re
import threading
import time
from asyncio import get_running_loop
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial, wraps
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette._utils import get_route_path
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Receive, Scope, Send

from app.core.database import Collided, Database
from app.core.parameters import Plan, Unplanned, answers_itself

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

TRIES = 5  # of what collides with another process


class Actor(NamedTuple):
    """Who does something, as ids."""

    tenant_id: str
    person_id: str
    seat_id: str = ""
    party_id: str = ""


class Turn:
    """The transaction of one request; `tx` is there while the handler runs. `actor` is who asked, once that is known:
    for the log, also when it is refused after that."""

    tx: Session
    actor: Actor | None = None

    def __init__(self, request: Request):
        self.request = request
        self.database: Database = request.app.state.database
        self.reads = request.scope.get("method", "GET") in ("GET", "HEAD")  # a websocket has no method


class Later(Generic[T]):
    """What a dependency promises to a handler. Asked for twice in one transaction, it is made once."""

    def __init__(self, turn: Turn, make: Callable[[], T]):
        self.turn = turn
        self._make = make

    def get(self) -> T:
        tx = getattr(self.turn, "tx", None)
        if not hasattr(self, "_made") or self._made_in is not tx:  # what is done again, is made again
            self._made, self._made_in = self._make(), tx
        return self._made


def in_one_turn(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, with a transaction around it when it asked for something that needs one.

    An async handler does not run in a thread, and may go on for hours. What was promised to it is made in a turn that
    only reads and is over before it begins.
    """

    @wraps(handler)
    def run(**values: Any) -> Any:
        turn = _turn_in(values)
        if turn is None:
            return handler(**values)
        if turn.reads:
            with turn.database.read() as turn.tx:
                return handler(**_made(values))
        return _written(handler, turn, values)

    @wraps(handler)
    async def run_async(**values: Any) -> Any:
        return await handler(**await run_in_threadpool(_made_before, values))

    return run_async if inspect.iscoroutinefunction(handler) else run


def _written(handler: Callable[..., Any], turn: Turn, values: dict[str, Any]) -> Any:
    """The answer of a handler that writes. Where several processes write, one that stood in the way of another does it
    again from the beginning: nobody has to press a button twice for that."""
    for attempt in range(TRIES):
        try:
            with turn.database.write() as turn.tx:
                return handler(**_made(values))
        except Collided:
            if turn.database.sqlite or attempt == TRIES - 1:
                raise
            time.sleep(random.uniform(0.5, 1) * 0.02 * 2**attempt)  # noqa: S311 - so that they do not meet again
    raise AssertionError


def _turn_in(values: dict[str, Any]) -> Turn | None:
    """The turn of what is promised here, if anything is."""
    return next((value.turn for value in values.values() if isinstance(value, Later)), None)


def _made(values: dict[str, Any]) -> dict[str, Any]:
    """The same with everything made that was promised."""
    return {name: value.get() if isinstance(value, Later) else value for name, value in values.items()}


def _made_before(values: dict[str, Any]) -> dict[str, Any]:
    turn = _turn_in(values)
    if turn is None:
        return values
    with turn.database.read() as turn.tx:
        return _made(values)


class Route(APIRoute):
    """A route of a room. Its plan is made the first time it is asked; what FastAPI would make of it is made when there
    is no plan for it, and for who looks at its dependencies (the tests)."""

    def __init__(self, path: str, endpoint: Callable[..., Any], methods: Iterable[str] | None = None, **options: Any):
        self.path = path
        self.methods = {method.upper() for method in methods or ("GET",)}
        self.handler = endpoint
        self.endpoint = in_one_turn(endpoint)
        self.name = options.pop("name", None) or endpoint.__name__
        self.include_in_schema = False
        self._options = options

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str], str, dict[str, Any]]:
        return compile_path(self.path)

    path_regex = property(lambda self: self._compiled[0])
    path_format = property(lambda self: self._compiled[1])
    param_convertors = property(lambda self: self._compiled[2])

    @cached_property
    def full(self) -> APIRoute:
        """This route as FastAPI makes it."""
        return APIRoute(self.path, self.endpoint, methods=list(self.methods), name=self.name, **self._options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.full, name)

    @cached_property
    def plan(self) -> Plan | None:
        """How to make what the handler asks for; None when only FastAPI can."""
        if self._options or not answers_itself(self.handler):
            return None
        try:
            return Plan(self.handler, frozenset(self.param_convertors))
        except Unplanned:
            return None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or not (found := self.path_regex.match(get_route_path(scope))):
            return Match.NONE, {}
        named = {name: self.param_convertors[name].convert(value) for name, value in found.groupdict().items()}
        inner = {"endpoint": self.endpoint, "route": self, "path_params": named}
        return Match.FULL if scope["method"] in self.methods else Match.PARTIAL, inner

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in self.methods:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(self.methods))})
        if self.plan is None:
            await self.full.app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        values = await self.plan.values(request)
        turn = _turn_in(values) if self.plan.quick else None
        if inspect.iscoroutinefunction(self.endpoint):
            answer = await self.endpoint(**values)
        elif turn is not None and not turn.reads and turn.database.groups:
            answer = await turn.database.writer.do(partial(_save, self.handler, turn, values))
        else:
            answer = await run_in_threadpool(self.endpoint, **values)
        await answer(scope, receive, send)


def _save(handler: Callable[..., Any], turn: Turn, values: dict[str, Any], tx: Session) -> Any:
    turn.tx = tx
    return handler(**_made(values))


class Router(APIRouter):
    """The router of a room: its handlers run in one turn."""

    def __init__(self, prefix: str = "", **options: Any):
        super().__init__(prefix=prefix, route_class=Route, **options)
        self._plain = not options

    def get(self, path: str, **options: Any) -> Callable[[F], F]:
        return self._declare("GET", path, options)

    def post(self, path: str, **options: Any) -> Callable[[F], F]:
        return self._declare("POST", path, options)

    def _declare(self, method: str, path: str, options: dict[str, Any]) -> Callable[[F], F]:
        def add(handler: F) -> F:
            if self._plain and not options:
                self.routes.append(Route(self.prefix + path, handler, (method,)))
            else:
                self.add_api_route(path, handler, methods=[method], **options)
            return handler

        return add


class Index:
    """Routes in their order. Most addresses have only a few that begin and go on as they do: those are found by the
    first and the third word, and tried in turn."""

    def __init__(self, routes: Sequence[BaseRoute]):
        self.routes = list(routes)
        self._shapes = [(_shape(getattr(route, "path", "")), route) for route in self.routes]
        self._words = tuple({shape[n] for shape, _ in self._shapes} - {ANY} for n in range(2))
        self._known: dict[tuple[str, ...], list[BaseRoute]] = {}

    def find(self, scope: Scope) -> tuple[Match, Scope]:
        """The route of this address, in what it adds to the scope; else one that is of it with another method."""
        partial: tuple[Match, Scope] = Match.NONE, {}
        for route in self._candidates(get_route_path(scope)):
            match, inner = route.matches(scope)
            if match == Match.FULL:
                return match, {**inner, FOUND: route}
            if match == Match.PARTIAL and partial[0] == Match.NONE:
                partial = match, {**inner, FOUND: route}
        return partial

    def _candidates(self, path: str) -> list[BaseRoute]:
        asked = tuple(word if word in known else ANY for word, known in zip(_ends(path), self._words, strict=True))
        if asked not in self._known:
            self._known[asked] = [
                route for shape, route in self._shapes if all(w in (ANY, a) for w, a in zip(shape, asked, strict=True))
            ]
        return self._known[asked]


FOUND = "driekolom.route"


class Rooms(BaseRoute):
    """The routes of all rooms. What stands outside a journey in `front` is there at once, so that who opens the start
    page need not wait for all the rest. That is loaded after the first answer, or by the first address that the front
    does not know."""

    def __init__(self, front: APIRouter, load: Callable[[], Sequence[APIRouter]]):
        """`load` gives the routers of all rooms, the front among them, in their order."""
        self._load = load
        self._loading = threading.Lock()
        self._front = Index([r for r in front.routes if "{journey_id}" not in getattr(r, "path", "")])
        self._all: Index | None = None
        self.original_router = self  # for who walks along the routes of an app

    @property
    def routes(self) -> list[BaseRoute]:
        return self.all().routes

    def all(self) -> Index:
        """All routes; waits until they are there."""
        with self._loading:
            if self._all is None:
                self._all = Index([route for router in self._load() for route in router.routes])
        return self._all

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if self._all is not None:
            return self._all.find(scope)
        match, inner = self._front.find(scope)
        return Match.FULL, inner if match == Match.FULL else {FOUND: None}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (route := scope.pop(FOUND)) is None:
            await run_in_threadpool(self.all)
            await scope["app"].router(scope, receive, send)  # look again
            return
        await route.handle(scope, receive, send)
        if self._all is None:
            get_running_loop().run_in_executor(None, self.all)


ANY = ""


def _ends(path: str) -> tuple[str, str]:
    words = path.split("/", 4)
    return words[1] if len(words) > 1 else ANY, words[3] if len(words) > 3 else ANY


def _shape(path: str) -> tuple[str, str]:
    """The first and the third word of a declared address. ANY where a name stands, or behind one that takes it all."""
    words = path.split("/")
    whole = next((n for n, word in enumerate(words) if ":" in word), len(words))
    return tuple(  # type: ignore[return-value]
        words[n] if n < min(len(words), whole) and "{" not in words[n] else ANY for n in (1, 3)
    )


def turn_of(request: Request) -> Turn:
    """The turn of this request: one, whoever asks. A dependency asks it here, and nothing of FastAPI but the request:
    every dependency of a dependency costs a twentieth of a save."""
    shared = request.scope.setdefault("driekolom", {})
    if "turn" not in shared:
        shared["turn"] = Turn(request)
    return shared["turn"]


async def _transaction(request: Request) -> Later[Session]:
    turn = turn_of(request)
    return Later(turn, lambda: turn.tx)


Tx = Annotated[Session, Depends(_transaction)]  # for handlers
