"""One request, one thread, one transaction.

FastAPI runs every `def` dependency in a turn of its own on the thread pool. A save took six turns, and held the write
lock between them: with forty people waiting for the lock no thread was left for the one who had it. So what a handler
asks for (`Tx`, `Who`, `Here`) is only promised while the request is prepared, and made in the thread of the handler, in
this order: open the transaction, make what was promised, run the handler, commit. The answer is sent after that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from sqlmodel import Session

from app.core.database import Database

T = TypeVar("T")


class Turn:
    """The transaction of one request; `tx` is there while the handler runs."""

    tx: Session

    def __init__(self, request: Request):
        self.request = request


class Later(Generic[T]):
    """What a dependency promises to a handler. Asked for twice, it is made once."""

    def __init__(self, turn: Turn, make: Callable[[], T]):
        self.turn = turn
        self._make = make

    def get(self) -> T:
        if not hasattr(self, "_made"):
            self._made = self._make()
        return self._made


def in_one_turn(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, with a transaction around it when it asked for something that needs one."""

    @wraps(handler)
    def run(**values: Any) -> Any:
        promised = {name: value for name, value in values.items() if isinstance(value, Later)}
        if not promised:
            return handler(**values)
        turn = next(iter(promised.values())).turn
        database: Database = turn.request.app.state.database
        with database.read() if turn.request.method in ("GET", "HEAD") else database.write() as turn.tx:
            return handler(**values | {name: value.get() for name, value in promised.items()})

    return run


class Route(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any):
        super().__init__(path, in_one_turn(endpoint), **options)


class Router(APIRouter):
    """The router of a room: its handlers run in one turn."""

    def __init__(self, **options: Any):
        super().__init__(route_class=Route, **options)


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
