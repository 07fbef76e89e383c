"""Saving with a version: nobody overwrites anybody, and nothing that was confirmed is lost."""

import threading
from contextlib import nullcontext

import pytest

from app.answers import store
from app.answers.actions import save_answer, save_column, save_joint
from app.answers.store import find_joint
from app.core.database import Busy
from app.core.errors import Stale
from app.core.fields import Spec
from app.journey.actions import add_party
from tests.conftest import World

TEXT = Spec("text", "Tekst")
PATH = "verkenning/waarom"


def test_stale_save_changes_nothing_and_carries_both_texts(world: World):
    with world.database.write() as tx:
        assert save_joint(world.here(tx, "jan"), PATH, TEXT, ["van Jan"], 0).version == 1
    with pytest.raises(Stale) as caught, world.database.write() as tx:
        save_joint(world.here(tx, "karin"), PATH, TEXT, ["van Karin"], 0)
    assert (caught.value.mine, caught.value.theirs.value, caught.value.theirs.who) == (
        "van Karin",
        "van Jan",
        "Jan Bakker",
    )
    with world.database.read() as tx:
        assert find_joint(tx, world.here(tx).journey, PATH).value == "van Jan"


def test_the_same_text_again_is_no_conflict(world: World):
    for _ in range(2):
        with world.database.write() as tx:
            saved = save_joint(world.here(tx, "jan"), PATH, TEXT, ["van Jan"], 0)
    assert saved.version == 1 and not saved.changed


def test_empty_is_not_saved_for_the_first_time_but_empties_later(world: World):
    with world.database.write() as tx:
        assert not save_joint(world.here(tx, "jan"), PATH, TEXT, [""], 0).changed
    with world.database.read() as tx:
        assert find_joint(tx, world.here(tx).journey, PATH) is None
    with world.database.write() as tx:
        save_joint(world.here(tx, "jan"), PATH, TEXT, ["iets"], 0)
    with world.database.write() as tx:
        saved = save_joint(world.here(tx, "jan"), PATH, TEXT, [""], 1)
    assert saved.changed and (saved.value, saved.version) == ("", 2)


def stored(world: World) -> tuple[str, int]:
    with world.database.read() as tx:
        row = find_joint(tx, world.here(tx).journey, PATH)
        assert row is not None
        return row.value, row.version


def run_together(work, count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_three_hundred_saves_at_once_and_none_is_lost(world: World):
    """Every writer adds its own line to one field, and tries again with the other text in sight when it was too late."""
    conflicts, problems = [], []

    def write(number: int) -> None:
        value, version = "", 0
        for _ in range(400):
            mine = f"{value}\n{number}".strip()
            try:
                with world.database.write() as tx:
                    save_joint(world.here(tx, "jan"), PATH, TEXT, [mine], version)
                return
            except Stale as late:
                value, version = late.theirs.value, late.theirs.version
                conflicts.append(number)
            except Exception as problem:
                problems.append(problem)
                return
        problems.append(number)

    run_together(write, 30)
    for batch in range(9):
        assert stored(world)[1] == 30 * (batch + 1)
        run_together(lambda number, batch=batch: write(1000 * (batch + 1) + number), 30)
    assert not problems
    value, version = stored(world)
    assert version == 300
    assert len(set(value.split("\n"))) == 300
    assert conflicts, "they really met each other"


def test_two_columns_of_one_row_are_not_in_each_others_way(world: World):
    titel, van = Spec("line", "Naam"), Spec("year", "Van")
    with world.database.write() as tx:
        here = world.here(tx)
        save_column(here, here.journey, "title", titel, ["Nieuw"], 0)
    with world.database.write() as tx:
        here = world.here(tx)
        assert save_column(here, here.journey, "period_start", van, ["2027"], 0).version == 1
        assert (here.journey.title, here.journey.period_start) == ("Nieuw", 2027)
    with pytest.raises(Stale) as caught, world.database.write() as tx:
        here = world.here(tx)
        save_column(here, here.journey, "title", titel, ["Anders"], 0)
    assert caught.value.theirs.value == "Nieuw"


def test_columns_keep_their_type(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        save_column(here, here.journey, "meeting_on", Spec("date", "x"), ["12-3-2027"], 0)
        save_column(here, here.seat, "mandate", Spec("tick", "x"), ["ja"], 0)
    with world.database.write() as tx:
        here = world.here(tx)
        assert here.journey.meeting_on.isoformat() == "2027-03-12" and here.seat.mandate is True
        save_column(here, here.journey, "meeting_on", Spec("date", "x"), [""], 1)
        save_column(here, here.seat, "mandate", Spec("tick", "x"), [""], 1)
        assert here.journey.meeting_on is None and here.seat.mandate is False


@pytest.fixture
def too_early(monkeypatch: pytest.MonkeyPatch):
    """Two processes look for a row at the same moment: neither sees it, both make it (on SQLite one waits for the other)."""

    def once(name: str, nothing) -> None:
        real = getattr(store, name)

        def look(*args, **kwargs):
            monkeypatch.setattr(store, name, real)
            return nothing

        monkeypatch.setattr(store, name, look)

    return once


def test_two_first_saves_at_once_are_a_conflict_with_both_texts(world: World, too_early):
    with world.database.write() as tx:
        save_joint(world.here(tx, "jan"), PATH, TEXT, ["van Jan"], 0)
    too_early("find_joint", None)
    with pytest.raises(Stale) as caught, world.database.write() as tx:
        save_joint(world.here(tx, "karin"), PATH, TEXT, ["van Karin"], 0)
    assert (caught.value.mine, caught.value.theirs.value) == ("van Karin", "van Jan")
    too_early("find_joint", None)
    with world.database.write() as tx:
        assert not save_joint(world.here(tx, "karin"), PATH, TEXT, ["van Jan"], 0).changed
    assert stored(world) == ("van Jan", 1)


def test_two_first_saves_of_one_party_at_once(world: World, too_early):
    for number, text in enumerate(("eerst", "daarna")):
        if number:
            too_early("find_answer", None)
        with pytest.raises(Stale) if number else nullcontext(), world.database.write() as tx:
            here = world.here(tx, "jan")
            save_answer(here, here.party, "b/verdeling-anders", TEXT, [text], 0)


def test_two_first_saves_of_one_column_at_once(world: World, too_early):
    with world.database.write() as tx:
        here = world.here(tx)
        save_column(here, here.parties[1], "short", TEXT, ["Eerst"], 0)
    too_early("list_field_versions", {})
    with pytest.raises(Stale) as caught, world.database.write() as tx:
        here = world.here(tx)
        save_column(here, here.parties[1], "short", TEXT, ["Daarna"], 0)
    assert caught.value.theirs.value == "Eerst"


def test_a_row_made_twice_anywhere_else_is_tried_again(world: World):
    with pytest.raises(Busy), world.database.write() as tx:
        here = world.here(tx)
        add_party(here, "schoolbestuur", "Stichting Dubbel")
        here.parties = here.parties[:-1]
        add_party(here, "schoolbestuur", "Stichting Dubbel")
    with world.database.read() as tx:
        assert "Stichting Dubbel" not in [p.name for p in world.here(tx).parties]
