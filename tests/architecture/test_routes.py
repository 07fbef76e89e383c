"""Every route has a gate or is public for a reason; nothing that is only looked at changes anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.core.settings import Settings
from app.core.turn import Route
from app.journey.gate import Gate
from app.main import PUBLIC, build
from tests.conftest import World
from tests.dump import dump


def routes(app: FastAPI) -> Iterator[APIRoute]:
    """All routes, those of included routers too."""

    def walk(found) -> Iterator[APIRoute]:
        for route in found:
            if isinstance(route, APIRoute):
                yield route
            elif hasattr(route, "original_router"):
                yield from walk(route.original_router.routes)

    yield from walk(app.routes)


def gated(dependant: Dependant) -> bool:
    return isinstance(dependant.call, Gate) or any(gated(d) for d in dependant.dependencies)


def all_routes() -> list[APIRoute]:
    return list(routes(build(Settings(database_url="sqlite://"))))


def test_there_are_routes_to_look_at():
    paths = {r.path for r in all_routes()}
    assert len(paths) > 40
    assert {"/", "/trajecten/{journey_id}", "/trajecten/{journey_id}/opzet", "/toegang/{secret}"} <= paths


def test_every_route_has_a_gate_or_is_public_for_a_reason():
    without = {r.path for r in all_routes() if not gated(r.dependant)}
    assert sorted(without - set(PUBLIC)) == [], "a gate is missing"


def test_nothing_is_public_by_mistake():
    found = all_routes()
    known = {r.path for r in found} | {"/static"}
    assert sorted(set(PUBLIC) - known) == [], "public, but not there"
    assert [r.path for r in found if r.path in PUBLIC and gated(r.dependant)] == [], "public, but gated"
    assert all(len(reason) > 10 or reason == "idem" for reason in PUBLIC.values())


def test_everything_below_a_journey_is_gated():
    assert [r.path for r in all_routes() if "{journey_id}" in r.path and not gated(r.dependant)] == []


def test_every_write_of_a_journey_asks_for_more_than_looking():
    """Writing with the right to look only is a mistake, but for what one marks for oneself."""
    mine = {"/trajecten/{journey_id}/gezien"}
    weak = []
    for route in all_routes():
        if "POST" in route.methods and "{journey_id}" in route.path:
            gates = [d.call for d in _nested(route.dependant) if isinstance(d.call, Gate)]
            if all(g.right.__name__ == "may_view" for g in gates):
                weak.append(route.path)
    assert sorted(set(weak) - mine) == []


def _nested(dependant: Dependant) -> Iterator[Dependant]:
    for inner in dependant.dependencies:
        yield inner
        yield from _nested(inner)


def fill(world: World, path: str) -> str:
    """An address that exists as far as we can know: the journey, a theme, a party, a seat."""
    known = {
        "journey_id": world.journey,
        "theme": world.pack.themes[0].slug,
        "chapter": world.pack.chapters[0].slug,
        "conclusion": world.pack.conclusions[0].slug,
        "example": world.pack.examples[0].slug,
        "party_id": world.parties["linde"],
        "seat_id": world.seats["jan"],
        "tenant_id": "meerwijk",
        "name": "theme.css",
        "secret": "x" * 43,
    }
    return re.sub(r"{(\w+)(:path)?}", lambda m: known.get(m[1], "x"), path)


def test_looking_changes_nothing(world: World, as_):
    """Walks every GET route as every member of the cast and compares the whole database before and after."""
    paths = sorted({r.path for r in routes(world.app) if "GET" in r.methods} - {"/trajecten/{journey_id}/document.pdf"})
    cast = ("marieke", "jan", "noor", "pieter", "otto", "nobody")
    for name in cast:
        as_(name)
    before = dump(world.database)
    seen = 0
    for name in cast:
        for path in paths:
            answer = as_(name).get(fill(world, path))
            assert answer.status_code in (200, 303, 403, 404), (name, path, answer.status_code)
            seen += answer.status_code == 200
    assert dump(world.database) == before
    assert seen > 60, "most pages were really there"


def test_outsiders_see_nothing_of_a_journey(world: World, as_):
    paths = sorted({r.path for r in routes(world.app) if "{journey_id}" in r.path})
    for path in paths:
        method = next(iter(next(r for r in routes(world.app) if r.path == path).methods))
        for name in ("otto", "olga"):
            answer = as_(name).request(method, fill(world, path))
            absent = as_(name).request(method, fill(world, path).replace(world.journey, "bestaatniet00000"))
            assert answer.status_code == absent.status_code == 404, (name, path)
            assert answer.text == absent.text, "not yours and not there are the same answer"
        assert as_("nobody").request(method, fill(world, path)).headers.get("location") == "/aanmelden", path


def test_every_handler_runs_in_one_turn():
    """A plain APIRouter would hand a handler promises instead of a transaction (see app.core.turn)."""
    assert [r.path for r in all_routes() if not isinstance(r, Route)] == []
