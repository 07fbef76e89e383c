"""What a party has not shared is nowhere: not in a word, not in a number, not in a difference.

Looks at everything the others can open before and after a party fills in its column; the two must be the same, byte for
byte. So nothing needs to be known about where a leak might be.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from starlette.routing import Match

from app.answers.models import BEHALF
from app.document.pages import paper
from tests.architecture.test_hostile import _Forms
from tests.architecture.test_routes import routes
from tests.conftest import World
from tests.document.full import Marks, change_after_sharing, fill_party, only_concepts

ALSO = (
    "waar-staan-we/a/naast-elkaar?projector=1",
    "waar-staan-we/a/naast-elkaar?weergave=partij",
    "waar-staan-we/a/namens/{linde}",
    "waar-staan-we/a/namens/{welzijn}",
    "gesprek/a?projector=1",
    "plan/inventarisatie?herkomst=uit",
    "plan/inventarisatie/nog-niet-verwerkt",
    "conclusies/namens/{welzijn}",
    "opzet/partij/{linde}",
    "opzet/partij/{welzijn}",
    "opzet/voorproef?partij={welzijn}",
    "document?zonder-bijlage=ja",
    "tijdlijn",
    "herinneren",
    "berichten",
    "waar-staan-we/vragen",
)
OTHERS = ("marieke", "karin", "fatima")


def pages(world: World, client, limit: int = 4) -> dict[str, str]:
    """Every page that can be reached by links from the overview, and those of ALSO; at most a few of each route."""
    seen: dict[str, str] = {}
    count: dict[str, int] = {}
    known = list(routes(world.app))
    queue = [world.url, *(world.path(place.format(**world.parties)) for place in ALSO)]
    asked = set(queue)
    while queue:
        url = queue.pop(0)
        scope = {"type": "http", "path": urlsplit(url).path, "method": "GET", "root_path": ""}
        route = next((r.path for r in known if r.matches(scope)[0] == Match.FULL), url)
        count[route] = count.get(route, 0) + 1
        if url in seen or url.endswith(".pdf") or (url not in asked and count[route] > limit):
            continue
        answer = client.get(url)
        seen[url] = f"{answer.status_code} {answer.text}"
        reader = _Forms()
        reader.feed(answer.text)
        queue += [link for link in reader.links if link.startswith(world.url)]
    return seen


@pytest.fixture
def started(world: World) -> tuple[World, Marks]:
    """Two boards have shared one theme; the gemeente filled one in *namens* Ark."""
    marks = Marks()
    with world.database.write() as tx:
        here = world.here(tx)
        themes = [t.slug for t in world.pack.themes]
        fill_party(world.here(tx, "jan"), here.get_party(world.parties["linde"]), marks, themes=themes[:2])
        fill_party(world.here(tx, "karin"), here.get_party(world.parties["opweg"]), marks, themes=themes[:1])
        fill_party(here, here.get_party(world.parties["ark"]), marks, BEHALF, themes=themes[:1])
    return world, marks


def test_what_is_not_shared_changes_nothing_for_others(started: tuple[World, Marks], as_):
    world, marks = started
    browsers = {name: as_(name) for name in OTHERS}
    before = {name: pages(world, browser) for name, browser in browsers.items()}
    assert all(len(found) > 40 for found in before.values())
    with world.database.read() as tx:
        papers = {name: paper(world.here(tx, name), True)[1] for name in OTHERS}
    with world.database.write() as tx:
        here = world.here(tx, "jan")
        change_after_sharing(here, here.get_party(world.parties["linde"]), world.pack.themes[1].slug, marks)
        only_concepts(world.here(tx, "noor"), here.get_party(world.parties["welzijn"]), marks)
    assert len(marks.hidden) > 10
    looking = (world.path("toegang"), world.path("logboek"))  # who looked, and when: that these others did just now
    for name, browser in browsers.items():
        after = pages(world, browser)
        assert sorted(after) == sorted(before[name]), name
        told = [url for url in after if after[url] != before[name][url] and not url.startswith(looking)]
        assert told == [], name
        assert [m for m in marks.hidden if any(m in page for page in after.values())] == [], name
    with world.database.read() as tx:
        assert {name: paper(world.here(tx, name), True)[1] for name in OTHERS} == papers
    own = pages(world, as_("noor")).values()
    assert [m for m, where in marks.hidden.items() if where.startswith("Welzijn") and any(m in p for p in own)], "alive"


def test_a_refused_save_shows_the_own_text_only(started: tuple[World, Marks], as_):
    """The two texts of a conflict, and the parts that come along with a save, are of the own party."""
    world, marks = started
    with world.database.write() as tx:
        here = world.here(tx, "noor")
        only_concepts(here, here.get_party(world.parties["welzijn"]), marks)
    for name in ("karin", "marieke"):
        for where, value in (("verdeling-anders", "x"), ("verdeling", "deels"), ("verdeling", "onzin")):
            for layer in ("", f"namens/{world.parties['welzijn']}/"):
                url = world.path(f"waar-staan-we/a/{layer}veld/{where}")
                for version in ("0", "7"):
                    sent = {"waarde": value, "versie": version}
                    answer = as_(name).post(url, data=sent, headers={"driekolom-deel": "1"})
                    assert answer.status_code in (200, 403, 409, 422)
                    assert [m for m in marks.hidden if m in answer.text] == [], (name, url)
