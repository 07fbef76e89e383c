"""Side by side: differences, silences, remarks, thirty parties, the projector, the number of queries."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.core.clock import date_text, now
from app.journey.actions import add_party, add_person
from app.journey.models import Seat
from app.journey.store import find_last_event_id
from app.screening.models import Share
from app.screening.reading import progress, read_screening
from tests.conftest import World
from tests.screening.conftest import Screen

ITEM = "onderwijsondersteunend-gedrag-bevorderen"
MIDDLE = "onderwijsondersteunend-gedrag"


def told(screen: Screen) -> None:
    """De Linde, Ark and the gemeente share theme B; Op Weg and Welzijn are silent."""
    for who, answers in {
        "jan": {f"{ITEM}/stand": "geborgd", f"{MIDDLE}/wens": "optrekken", "verdeling": "ja"},
        "fatima": {
            f"{ITEM}/stand": "nog-niet",
            "verdeling": "deels",
            "verdeling-anders": "peuters horen bij ons",
        },
        "marieke": {
            "vsv-beleid/stand": "weet-niet",
            f"{MIDDLE}/wens": "uitwisselen",
            "vve-voorschools/stand": "nvt",
        },
    }.items():
        for name, value in answers.items():
            assert screen.put(who, "b", name, value).status_code == 200
        assert screen.share(who, "b").status_code == 303


def item_html(page: str, slug: str) -> str:
    return page.split(f'id="punt-{slug}"')[1].split("</article>")[0]


def test_nobody_has_shared(screen: Screen):
    page = screen.read("marieke", "b", "naast-elkaar")
    assert "Nog niemand heeft gedeeld. Begin gerust zonder voorbereiding." in page
    assert "Vul samen in namens een partij" in page and "Geen verschillen gevonden" in page
    assert "Vul samen in namens" not in screen.read("jan", "b", "naast-elkaar")


def test_differences_in_order_with_links(screen: Screen, world: World):
    told(screen)
    page = screen.read("karin", "b", "naast-elkaar")
    block = page.split('id="verschillen"')[1].split('aria-labelledby="stil-kop"')[0]
    phrase = world.pack.item("b", ITEM).phrase
    sentences = [
        "Kinderopvang Ark herkent deze verdeling deels: ‘peuters horen bij ons’.",
        f"Stichting De Linde wil gezamenlijk optrekken bij {world.pack.item('b', MIDDLE).phrase}, maar Gem",
        f"Stichting De Linde heeft {phrase} geborgd, maar Kinderopvang Ark is hiermee nog niet begonnen.",
    ]
    places = [block.index(s) for s in sentences]
    assert places == sorted(places)
    assert f'href="#punt-{ITEM}"' in block and 'href="#verdeling"' in block


def test_silences_are_told_apart(screen: Screen):
    told(screen)
    page = screen.read("karin", "b", "naast-elkaar")
    assert "3 van 5 gedeeld. Op Weg en Welzijn hebben nog niet gedeeld." in page
    quiet = page.split('id="stil-kop"')[1].split("</section>")[0]
    assert "Op Weg en Welzijn: nog niet gedeeld" in quiet
    assert "Gemeente Meerwijk: weet het bij een of meer punten niet" in quiet
    assert "gedeeld, maar niet elk punt ingevuld" in quiet
    assert "1 ja · 1 deels · 3 stil" in page
    assert "Gemeente Meerwijk: weet ik niet" in item_html(page, "vsv-beleid")
    assert "Niet van toepassing: Gemeente Meerwijk" in item_html(page, "vve-voorschools")
    middle = item_html(page, MIDDLE)
    assert "Ark: gedeeld, maar hier niets ingevuld" in middle and "Nog niet besproken" in middle
    assert middle.index("Samen optrekken") < middle.index("Uitwisselen")


def test_what_is_begun_is_nobodys_business(screen: Screen):
    screen.put("jan", "b", f"{ITEM}/stand", "bezig")
    page = screen.read("karin", "b", "naast-elkaar")
    assert "De Linde, Op Weg, Ark en Welzijn" in page and "begonnen" not in page and "concept" not in page.lower()


def test_new_since_your_visit(world: World, screen: Screen):
    told(screen)
    assert "nieuw sinds" not in screen.read("karin", "b", "naast-elkaar").lower()  # never looked: all is new
    with world.database.write() as tx:
        here = world.here(tx, "karin")
        seat = tx.get(Seat, (here.tenant_id, here.seat.id))
        seat.seen = find_last_event_id(tx, here.journey)
        tx.add(seat)
        for share in tx.exec(select(Share)):
            share.at = now().replace(year=now().year - 1)
            tx.add(share)
        from app.answers.models import Answer

        for answer in tx.exec(select(Answer).where(Answer.shared_at != None)):  # noqa: E711
            ahead = answer.party_id == world.parties["linde"] and answer.path.endswith("/stand")
            answer.shared_at = now().replace(year=now().year + (1 if ahead else -1))
            tx.add(answer)
    page = screen.read("karin", "b", "naast-elkaar")
    assert f"Nieuw sinds {date_text(now())}." in item_html(page, ITEM)
    assert "Nieuw sinds" not in item_html(page, MIDDLE)
    assert "ieuw sinds" not in screen.read("jan", "b", "naast-elkaar")


def test_projector_shows_the_same_without_forms(screen: Screen, as_):
    told(screen)
    screen.put("jan", "b", f"{ITEM}/toelichting", "Dit is nog concept")
    page = as_("jan").get(screen.url("b", "naast-elkaar?projector=1")).text
    assert "projector" in page.split("<body")[1].split(">")[0]
    assert "Dit is nog concept" not in page and "<textarea" not in page and "herken" in page
    assert "naast-elkaar?projector=1" in page.split("tabs")[1]


def test_long_texts_are_cut_with_the_rest_behind_a_tap(screen: Screen):
    screen.put("jan", "b", f"{ITEM}/stand", "bezig")
    screen.put("jan", "b", f"{ITEM}/toelichting", "woord " * 500 + "x" * 200)
    screen.share("jan", "b")
    shown = item_html(screen.read("karin", "b", "naast-elkaar"), ITEM)
    assert "meer</span>" in shown and "x" * 200 in shown


@contextmanager
def counted(world: World):
    seen: list[str] = []

    def note(conn, cursor, statement, *rest):
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)


@pytest.fixture
def many(world: World, screen: Screen) -> World:
    """Thirty parties, all of which shared theme B."""
    with world.database.write() as tx:
        here = world.here(tx)
        for number in range(25):
            name = f"Stichting met een heel lange naam voor onderwijs en opvang nummer {number}"
            party = add_party(here, "schoolbestuur", name, f"Bestuur {number}", ["po"])
            seat = add_person(here, party, f"Persoon {number}")
            world.persons[f"p{number}"] = ("meerwijk", seat.person_id)
    states = ["nog-niet", "bezig", "uitvoering", "geborgd", "nvt", "weet-niet"]
    wishes = ["niets", "uitwisselen", "afstemmen", "optrekken"]
    for number in range(25):
        screen.put(f"p{number}", "b", f"{ITEM}/stand", states[number % 6])
        screen.put(f"p{number}", "b", f"{MIDDLE}/wens", wishes[number % 4])
        screen.put(f"p{number}", "b", f"{MIDDLE}/waarom", "Omdat " + "het speelt " * 20)
        screen.put(f"p{number}", "b", "verdeling", ["ja", "deels", "nee"][number % 3])
        screen.share(f"p{number}", "b")
    told(screen)
    return world


def test_thirty_parties(many: World, screen: Screen, as_):
    page = screen.read("karin", "b", "naast-elkaar")
    shown = item_html(page, ITEM)
    assert "Voeren wij uit</b>" not in shown and "Voeren wij uit (" in shown and "Toon per partij" in page
    per_party = as_("karin").get(screen.url("b", "naast-elkaar?weergave=partij")).text
    assert "Toon per antwoord" in per_party and '<b class="says__who">Bestuur 3</b>: vast onderdeel' in per_party
    assert "andere partijen" in page and "28 van 30 gedeeld" in page
    places = ("waar-staan-we", "waar-staan-we/b", "waar-staan-we/b/naast-elkaar", "waar-staan-we/vragen",
              f"waar-staan-we/b/namens/{many.parties['opweg']}")  # fmt: skip
    for place in places:
        with counted(many) as seen:
            assert as_("marieke").get(many.path(place)).status_code == 200
        assert len(seen) <= 8, "\n".join([place, *(" ".join(s.split("FROM")[-1].split())[:60] for s in seen)])


def test_reminding_is_a_link_to_the_one_reminder(world: World, screen: Screen, as_):
    told(screen)
    assert "Herinner wie nog niet deelde" not in screen.read("jan", "b", "naast-elkaar")
    page = screen.read("marieke", "b", "naast-elkaar")
    assert f'<a class="link" href="{world.path("herinneren")}">Herinner wie nog niet deelde</a>' in page
    assert as_("marieke").post(screen.url("b", "herinneren")).status_code == 404


def test_reading_for_the_rooms_above(world: World, screen: Screen):
    told(screen)
    screen.put("karin", "b", "verdeling", "nee")
    with world.database.read() as tx:
        here = world.here(tx)
        found = read_screening(here)
        assert found is read_screening(here)
        assert [p.short for p in found.parties_in("besturen")] == ["De Linde", "Op Weg", "Ark"]
        said = {s.party.short: s for s in found.said("b", ITEM)}
        assert said["De Linde"].choice.slug == "geborgd" and said["De Linde"].by_name == "Jan Bakker"
        assert said["Op Weg"].silence == "niet-gedeeld" and said["Op Weg"].choice is None
        vve = {s.party.short: s for s in found.said("b", "vve-vroegschools")}
        assert not vve["Op Weg"].applies and vve["Op Weg"].silence == ""
        assert not vve["Ark"].applies
        assert vve["De Linde"].silence == "niets-ingevuld"
        recognised = {s.party.short: s for s in found.recognition("b")}
        assert recognised["Ark"].instead == "peuters horen bij ons"
        assert recognised["Op Weg"].choice is None  # a concept
        assert [p.short for p in found.silent("b")] == ["Op Weg", "Welzijn"]
        assert found.has_shared(here.parties[0], "b") and found.shared_at(here.parties[0], "a") is None
        assert found.wish_summary("b", MIDDLE) == "2 van 5 noemen uitwisselen of meer"
        assert len(found.differences("b")) == 3
        assert [s.silence for s in found.said("b", "vsv-beleid")] == ["weet-niet"]
        done = progress(here, here.parties[0])
        assert (done["b"].filled, done["b"].total) == (1, 5)
