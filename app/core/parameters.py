"""What a function asks for, made from a request.

FastAPI works this out for every route when it is declared, with a validator for each parameter: half a second for our
routes at each start, and a tenth of a save. Ours ask for a few kinds of things only, so a plan is made the first time
that a route is asked, and following it is a handful of calls. Whatever a plan does not know raises Unplanned;
`app.core.turn` leaves such a route to FastAPI.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_args, get_origin

from fastapi import Request, params
from starlette.concurrency import run_in_threadpool

from app.core.errors import UNFIT, Invalid

Take = Callable[[Request, list[Any]], Any]  # from a request and what its dependencies gave


D = TypeVar("D", bound=Callable[..., Any])


def quick(dependency: D) -> D:
    """Says of a dependency that who asks for it is done in milliseconds: a save. Saves that wait for each other on
    SQLite are committed together (`app.core.writer`)."""
    dependency.quick = True  # type: ignore[attr-defined]
    return dependency


class Unplanned(Exception):
    """Only FastAPI can make what is asked for here."""


@dataclass(frozen=True)
class _Call:
    """One dependency, and what it gets."""

    function: Callable[..., Any]
    wait: bool  # async: awaited; otherwise it gets a thread
    takes: tuple[tuple[str, Take], ...]

    async def __call__(self, request: Request, made: list[Any]) -> Any:
        given = {name: take(request, made) for name, take in self.takes}
        return await (self.function(**given) if self.wait else run_in_threadpool(self.function, **given))


class Plan:
    """How to make what `function` asks for. A dependency that is asked for twice is made once."""

    def __init__(self, function: Callable[..., Any], path_names: frozenset[str]):
        """`path_names` are the names in the address. Raises Unplanned."""
        self._paths = path_names
        self._calls: list[_Call] = []
        self._places: dict[Callable[..., Any], int] = {}
        self._takes = self._all(function)
        self.quick = any(getattr(call.function, "quick", False) for call in self._calls)

    async def values(self, request: Request) -> dict[str, Any]:
        """What the function gets, by name. Raises Invalid for an address that misses something, and whatever the
        dependencies raise."""
        made: list[Any] = []
        for call in self._calls:
            made.append(await call(request, made))
        return {name: take(request, made) for name, take in self._takes}

    def _all(self, function: Callable[..., Any]) -> tuple[tuple[str, Take], ...]:
        return tuple((p.name, self._take(p)) for p in _signature(function).parameters.values())

    def _take(self, parameter: inspect.Parameter) -> Take:
        kind, marks = _kind(parameter)
        if len(marks) > 1 or parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise Unplanned(parameter.name)
        mark = marks[0] if marks else None
        if type(mark) is params.Depends and mark == params.Depends(mark.dependency):
            return self._depend(mark.dependency)
        if kind is Request and mark is None:
            return lambda request, made: request
        if parameter.name in self._paths and kind is str and mark is None:
            return lambda request, made, name=parameter.name: request.path_params[name]
        if kind in (str, str | None) and (mark is None or type(mark) is params.Query):
            return _query(parameter, mark)
        raise Unplanned(parameter.name)

    def _depend(self, function: Callable[..., Any] | None) -> Take:
        if function is None:
            raise Unplanned
        if function not in self._places:
            called = function if inspect.isroutine(function) else getattr(function, "__call__", None)  # noqa: B004
            if inspect.isclass(function) or inspect.isgeneratorfunction(called) or inspect.isasyncgenfunction(called):
                raise Unplanned
            call = _Call(function, inspect.iscoroutinefunction(called), self._all(function))
            self._calls.append(call)  # after what it asks for itself
            self._places[function] = len(self._calls) - 1
        return lambda request, made, place=self._places[function]: made[place]


def answers_itself(function: Callable[..., Any]) -> bool:
    """Whether it gives an answer that needs no turning into one, by its own word."""
    from starlette.responses import Response

    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        return False
    kind = _signature(function).return_annotation
    return all(inspect.isclass(k) and issubclass(k, Response) for k in (get_args(kind) or (kind,)))


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(function, eval_str=True)
    except (NameError, TypeError, ValueError) as problem:  # e.g. a name that is only imported for type checkers
        raise Unplanned(str(problem)) from problem


def _kind(parameter: inspect.Parameter) -> tuple[Any, tuple[Any, ...]]:
    """The type and the marks of an Annotated."""
    kind = parameter.annotation
    return (get_args(kind)[0], get_args(kind)[1:]) if get_origin(kind) is Annotated else (kind, ())


def _query(parameter: inspect.Parameter, mark: params.Query | None) -> Take:
    """A word behind the question mark: the last one, if it is there more than once."""
    name, most = parameter.name, None
    if mark is not None:
        lengths = [m.max_length for m in mark.metadata if hasattr(m, "max_length")]
        if len(lengths) != len(mark.metadata) or len(lengths) > 1:
            raise Unplanned(parameter.name)
        name, most = mark.alias or name, lengths[0] if lengths else None
    default = parameter.default
    if default is not parameter.empty and not isinstance(default, str | None):
        raise Unplanned(parameter.name)  # e.g. Query("") as a default

    def take(request: Request, made: list[Any]) -> str | None:
        value = request.query_params.get(name, default)
        if value is parameter.empty or (most is not None and value is not None and len(value) > most):
            raise Invalid(UNFIT)
        return value

    return take
