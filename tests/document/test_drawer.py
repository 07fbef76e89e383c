"""The document is drawn by a process of its own: the same document, and by the web process when that cannot."""

from collections.abc import Iterator

import pytest

from app.document import drawer
from app.document.pages import paper
from app.document.press import Press
from app.journey.gate import Here
from app.prose.actions import add_paragraph
from app.remarks import actions as remarks
from tests.conftest import World


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """No process keeps the database of a test open."""
    yield
    drawer.DRAWER.close()


def told(world: World) -> None:
    with world.database.write() as tx:
        here = world.here(tx)
        paragraph = add_paragraph(here, "inleiding", text="Samen met ouders, dat is ons plan.")
        remarks.place(here, f"alinea/{paragraph.id}", "Dit moet korter.")


@pytest.mark.parametrize("unused, asked", [(True, False), (False, True)])
def test_the_other_process_draws_the_same(world: World, unused: bool, asked: bool):
    told(world)
    with world.database.read() as tx:
        here = world.here(tx)
        name, html, style = drawer.draw(here, unused, asked)
        assert html == paper(here, unused, asked)[1] and "Samen met ouders, dat is ons plan." in html
        assert ("Dit moet korter." in html) is asked
        assert name.endswith(".pdf") and style.logo is None


def test_what_was_saved_in_between_is_in_the_next_one(world: World):
    with world.database.read() as tx:
        assert "dat is ons plan" not in drawer.draw(world.here(tx), True, False)[1]
    told(world)
    with world.database.read() as tx:
        assert "dat is ons plan" in drawer.draw(world.here(tx), True, False)[1]


def test_a_broken_process_costs_nobody_the_document(world: World, monkeypatch: pytest.MonkeyPatch):
    told(world)
    monkeypatch.setattr(drawer, "DRAWER", Press(["/bin/false"]))
    with world.database.read() as tx:
        assert "dat is ons plan" in drawer.draw(world.here(tx), True, False)[1]


def test_a_seat_of_another_journey_draws_nothing(world: World):
    with world.database.read() as tx:
        here: Here = world.here(tx)
        job = {
            "settings": drawer.asdict(here.settings),
            "cwd": "/",
            "tenant": here.tenant_id,
            "journey": world.other,
            "seat": here.seat.id,
            "unused": True,
            "remarks": False,
        }
    with pytest.raises(Exception, match="No row"):
        drawer.answer(job, {})
