"""The pages that everybody looks at ask the database at most eight things, also when nothing is kept of the journey."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.journey.kept import Kept
from app.plan.reading import read_at_once, read_plan
from app.screening.reading import read_screening
from tests.story.example_world import ExampleWorld, example_world  # noqa: F401

MOST = 8


@contextmanager
def counted(world: ExampleWorld) -> Iterator[list[str]]:
    """The questions to the database."""
    seen: list[str] = []

    def note(*told) -> None:
        if told[2].lstrip().startswith("SELECT"):
            seen.append(told[2])

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)


def pages(world: ExampleWorld) -> list[str]:
    themes = [f"waar-staan-we/{t.slug}/naast-elkaar" for t in world.pack.themes]
    return [*themes, "plan", *(f"plan/{c.slug}" for c in world.pack.chapters)]


@pytest.mark.parametrize("who", ["", "J. Bakker"])
def test_few_questions_per_page(example_world: ExampleWorld, who: str):  # noqa: F811
    client = example_world.client(who)
    for journey in example_world.journeys.values():
        for page in pages(example_world):
            if client.get(f"/trajecten/{journey}").status_code == 404:
                continue
            example_world.app.state.kept = Kept()
            with counted(example_world) as seen:
                first = client.get(f"/trajecten/{journey}/{page}")
            assert first.status_code == 200
            told = "\n".join(q[:100].replace("\n", " ") for q in seen)
            assert len(seen) <= MOST, f"{page}: {len(seen)}\n{told}"
            with counted(example_world) as seen:
                assert client.get(f"/trajecten/{journey}/{page}").text == first.text
            assert len(seen) == 1, page


def test_few_questions_of_a_closed_theme_and_chapter(example_world: ExampleWorld):  # noqa: F811
    client = example_world.client()
    url = f"/trajecten/{example_world.journeys['meerwijk']}"
    theme, chapter = example_world.pack.themes[0].slug, example_world.pack.chapters[1].slug
    for closed, page in (
        (f"waar-staan-we/{theme}", f"waar-staan-we/{theme}/naast-elkaar"),
        (f"plan/{chapter}", f"plan/{chapter}"),
    ):
        assert client.post(f"{url}/{closed}/sluiten").status_code == 303, closed
        try:
            with counted(example_world) as seen:
                assert "gesloten" in client.get(f"{url}/{page}").text
            assert len(seen) <= MOST, page
        finally:
            assert client.post(f"{url}/{closed}/openen").status_code == 303


def test_read_at_once_is_read_the_same(example_world: ExampleWorld):  # noqa: F811
    """One query for all tables of the plan gives what the readings of the rooms give."""
    world = example_world
    with world.database.read() as tx:
        from sqlmodel import select

        from app.journey.actions import here_for
        from app.journey.models import Journey, Seat
        from app.people.models import Person

        journey = tx.exec(select(Journey).where(Journey.id == world.journeys["meerwijk"])).one()
        seat = tx.exec(select(Seat).where(Seat.journey_id == journey.id, Seat.role == "procesbegeleider")).one()
        person = tx.exec(select(Person).where(Person.id == seat.person_id)).one()
        plain, at_once = (here_for(tx, world.settings, person, journey, seat) for _ in range(2))
        at_once.keep = {}
        read_at_once(at_once)
        assert {"rows", "prose", "agreements", "joint"} <= set(at_once.extra)
        assert read_plan(at_once) == read_plan(plain)
        themes = world.pack.themes
        one, other = read_screening(at_once), read_screening(plain)
        assert [one.remarks(t) for t in themes] == [other.remarks(t) for t in themes]
        assert [one.sharing(p, t) for p in one.parties for t in themes] == [
            other.sharing(p, t) for p in other.parties for t in themes
        ]
