"""What a process keeps of a journey is right: after every change, in every process, for every seat."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.answers.actions import save_answer
from app.journey import packs, store
from app.journey.gate import cookie_name
from app.journey.kept import Kept
from app.journey.models import Journey
from app.main import build
from app.people.actions import sign_in
from app.people.models import Person
from app.screening import rules
from tests.conftest import HOST, World


@pytest.fixture
def side(world: World) -> str:
    return world.path(f"waar-staan-we/{world.pack.themes[1].slug}/naast-elkaar")


def changes(world: World) -> int:
    with world.database.read() as tx:
        return tx.exec(select(Journey.changes).where(Journey.id == world.journey)).one()


def field_of(world: World, party: str) -> tuple[str, str]:
    """A text field of this party at the second theme: where it saves, and its path."""
    theme = world.pack.themes[1]
    with world.database.read() as tx:
        here = world.here(tx)
        found = rules.specs(world.pack, here.get_party(world.parties[party]), theme)
    name = next(n for n, spec in found.items() if spec.kind == "text")
    return world.path(f"waar-staan-we/{theme.slug}/veld/{name}"), f"{theme.slug}/{name}"


def in_another_process(world: World, name: str) -> TestClient:
    """A browser at a second server on the same database."""
    client = TestClient(
        build(world.settings), base_url=HOST, follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
    )
    with world.database.write() as tx:
        secret = sign_in(tx, tx.get_one(Person, world.persons[name]), 12)
    client.cookies.set(cookie_name(world.settings), secret, domain="lea.test")
    return client


def test_the_same_page_is_drawn_once_and_looks_the_same(world: World, as_, side: str, monkeypatch):
    first = as_("jan").get(side).text
    monkeypatch.setattr("app.screening.routes.side_page", None)  # drawing it again would break
    assert as_("jan").get(side).text == first


def test_nobody_gets_the_page_that_was_kept_for_somebody_else(world: World, as_, side: str):
    names = ("marieke", "jan", "karin", "fatima", "pieter")
    for url in (side, world.path("plan"), world.path(f"plan/{world.pack.chapters[1].slug}")):
        for name in names * 2:
            text = as_(name).get(url).text
            assert {n for n in names if world.seats[n] in text} == {name}, url


def test_the_quick_save_never_takes_the_place_of_what_somebody_else_saved(world: World, as_):
    url, path = field_of(world, "linde")
    for value_sent, version, status in (("een", 0, 303), ("twee", 1, 303), ("drie", 1, 409), ("drie", 3, 409)):
        assert as_("jan").post(url, data={"waarde": value_sent, "versie": str(version)}).status_code == status
    with world.database.read() as tx:
        assert value(tx, path) == "twee"


def test_a_change_is_seen_at_once_in_every_process(world: World, as_, side: str):
    url, _ = field_of(world, "linde")
    theme = world.pack.themes[1].slug
    other = in_another_process(world, "karin")
    assert "Wij lezen elke week voor." not in other.get(side).text
    assert as_("jan").post(url, data={"waarde": "Wij lezen elke week voor.", "versie": "0"}).status_code == 303
    assert "Wij lezen elke week voor." not in other.get(side).text, "a concept is nobody else's business"
    assert as_("jan").post(world.path(f"waar-staan-we/{theme}/delen")).status_code == 303
    assert "Wij lezen elke week voor." in other.get(side).text
    assert "Wij lezen elke week voor." in as_("karin").get(side).text
    other.post(world.path(f"gesprek/veld/{theme}/notities"), data={"waarde": "Samen genoteerd.", "versie": "0"})
    assert "Samen genoteerd." in as_("karin").get(side).text


def test_closing_a_theme_is_seen_at_once_also_by_who_is_saving(world: World, as_, side: str):
    url, _ = field_of(world, "linde")
    theme = world.pack.themes[1].slug
    other = in_another_process(world, "marieke")
    assert as_("jan").post(url, data={"waarde": "een", "versie": "0"}).status_code == 303
    assert other.post(world.path(f"waar-staan-we/{theme}/sluiten")).status_code == 303
    assert as_("jan").post(url, data={"waarde": "twee", "versie": "1"}).status_code == 409
    assert "gesloten" in as_("jan").get(side).text
    assert other.post(world.path(f"waar-staan-we/{theme}/openen")).status_code == 303
    assert as_("jan").post(url, data={"waarde": "twee", "versie": "1"}).status_code == 303


def test_a_concept_changes_nothing_for_others_and_is_kept_nowhere(world: World, as_, side: str):
    url, _ = field_of(world, "linde")
    as_("jan").get(side)
    before = changes(world)
    assert as_("jan").post(url, data={"waarde": "Nog niet voor anderen.", "versie": "0"}).status_code == 303
    assert as_("jan").post(url, data={"waarde": "Nog niet voor iedereen.", "versie": "1"}).status_code == 303
    assert changes(world) == before
    own = as_("jan").get(world.path(f"waar-staan-we/{world.pack.themes[1].slug}")).text
    assert "Nog niet voor iedereen." in own
    for who in ("jan", "karin", "marieke"):
        assert "Nog niet voor" not in as_(who).get(side).text
    kept: Kept = world.app.state.kept
    assert not any(b"Nog niet voor" in page for page in kept._pages.values())


def test_who_leaves_or_signs_out_is_out_at_once(world: World, as_, side: str):
    karin = as_("karin")
    assert karin.get(side).status_code == 200
    other = in_another_process(world, "marieke")
    removed = other.post(world.path(f"toegang/mensen/{world.seats['karin']}/verwijderen"))
    assert removed.status_code == 303, removed.text[:300]
    assert karin.get(side).status_code in (303, 404)
    jan = as_("jan")
    assert jan.get(side).status_code == 200
    jan.post("/afmelden")
    assert jan.get(side).status_code in (303, 401)


def test_a_new_name_is_seen_by_everybody(world: World, as_, side: str):
    assert "Jan Bakker" in as_("jan").get(side).text
    with world.database.write() as tx:
        person = tx.get_one(Person, world.persons["jan"])
        person.name = "Johannes Bakker"
        tx.add(person)
    assert "Johannes Bakker" in as_("jan").get(side).text


def test_what_is_rolled_back_is_not_counted(world: World):
    before = changes(world)
    with pytest.raises(ZeroDivisionError), world.database.write() as tx:
        journey = tx.exec(select(Journey).where(Journey.id == world.journey)).one()
        journey.title = "Nooit"
        tx.add(journey)
        tx.flush()
        raise ZeroDivisionError
    assert changes(world) == before


def test_what_came_before_a_part_that_was_taken_back_is_counted(world: World):
    """Two processes make the same row: the second takes that part back and goes on with the rest."""
    before = changes(world)
    with world.database.write() as tx:
        journey = tx.exec(select(Journey).where(Journey.id == world.journey)).one()
        journey.title = "Nieuwe naam"
        tx.add(journey)
        tx.flush()
        with pytest.raises(ZeroDivisionError), tx.begin_nested():
            raise ZeroDivisionError
    assert changes(world) == before + 1


def test_what_changed_between_two_questions_is_not_kept(world: World, as_, side: str, monkeypatch):
    """PostgreSQL answers each question of a request with what is there by then: the page may be half old, half new."""
    place, now_there = store.find_place, changes(world)
    monkeypatch.setattr(store, "find_place", lambda *asked: place(*asked)._replace(changes=now_there - 1))
    assert as_("jan").get(side).status_code == 200
    kept: Kept = world.app.state.kept
    assert not kept._pages
    assert kept.of(world.journey, now_there - 1) == {}


def test_a_save_in_the_same_session_is_seen_in_its_objects(world: World):
    """The quick save goes past the objects of the session; who holds one sees the new value."""
    _, path = field_of(world, "linde")
    with world.database.write() as tx:
        here = world.here(tx, "jan")
        party = here.get_party(world.parties["linde"])
        spec = rules.specs(world.pack, party, world.pack.themes[1])[path.partition("/")[2]]
        save_answer(here, party, path, spec, ["een"], 0)
        assert value(tx, path) == "een"
        assert save_answer(here, party, path, spec, ["twee"], 1).version == 2
        assert value(tx, path) == "twee"


def value(tx: Session, path: str) -> str:
    from app.answers.models import Answer

    return tx.exec(select(Answer).where(Answer.path == path)).one().value


def test_pages_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.journey.kept.PAGES", 100)
    kept = Kept()
    for number in range(50):
        assert kept.page(number, lambda n=number: b"%030d" % n) == b"%030d" % number
    assert sum(map(len, kept._pages.values())) <= 100
    assert kept.page(49, lambda: b"not drawn again") == b"%030d" % 49


def test_journeys_do_not_fill_the_memory():
    kept = Kept()
    for number in range(500):
        kept.of(str(number), 1)["x"] = number
    assert len(kept._journeys) == 100
    assert kept.of("499", 1) == {"x": 499}
    assert kept.of("499", 2) == {}


def test_packs_do_not_fill_the_memory(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packs, "_parsed", {})
    monkeypatch.setattr(packs, "MOST_PARSED", 3)
    with world.database.read() as tx:
        journey = world.here(tx).journey
        for number in range(6):
            pack = world.pack.model_copy(update={"title": f"Pakket {number}"})
            journey.pack_hash = packs.keep_pack(tx, journey.tenant_id, pack)
            assert packs.pack_of(tx, journey).title == f"Pakket {number}"
            assert len(packs._parsed) <= 3
