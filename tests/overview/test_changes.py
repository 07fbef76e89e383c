"""What is told of what others did: to whom, in which words, and that every link leads to the thing itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from app.answers.actions import save_answer
from app.checklists import actions as lists
from app.checklists.models import Checklist
from app.core.clock import now
from app.core.rendering import ROOT
from app.dialogue.actions import NewAgreement, add_agreement
from app.examples.actions import play
from app.examples.script import scripts
from app.journey.actions import add_person, here_for, mark_step
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Event, Journey, Party, Seat
from app.journey.store import find_last_event_id, list_events
from app.overview.deeds import _DEEDS, NO_NEWS, deed
from app.overview.happened import MOST_PLACES, changes
from app.people.models import Person
from app.plan import actions as plan
from app.plan.rows import KINDS
from app.prose.reading import read_prose
from app.screening import actions as screening
from app.screening import rules as table
from tests.conftest import World
from tests.dump import dump
from tests.inspection import problems


def sentences(world: World, name: str = "karin") -> list[str]:
    """What this person is told since the last visit, without links, newest day first."""
    with world.database.read() as tx:
        here = world.here(tx, name)
        return [c.words for day in changes(here, list_events(tx, here.journey, here.seat.seen)) for c in day.changes]


def did(world: World, name: str, kind: str, **what: str) -> None:
    with world.database.write() as tx:
        record(world.here(tx, name), kind, **what)


def seen(world: World, name: str) -> None:
    with world.database.write() as tx:
        here = world.here(tx, name)
        here.seat.seen = find_last_event_id(tx, here.journey)
        tx.add(here.seat)


# ---- the words ----


def test_each_kind_of_event_has_its_own_words():
    kinds = {p.stem for p in (ROOT / "templates" / "events").glob("*.html")}
    without = {k for k in kinds if k not in _DEEDS and k.rsplit("_", 1)[0] + "_*" not in _DEEDS}
    assert without == set(), "say in app/overview/deeds.py where these lead"


def test_one_sentence_for_a_party_and_a_day(world: World):
    did(world, "jan", "theme_shared", step="waar-staan-we", part="a", party_id=world.parties["linde"])
    did(world, "ellen", "outcome_changed", step="gesprek", part="b", ref="b/vve-afstemming/omdat")
    for item in ("omdat", "uitkomst"):
        did(world, "jan", "outcome_changed", step="gesprek", part="b", ref=f"b/vve-afstemming/{item}")
    did(world, "jan", "step_finished", step="plan", part="inleiding")
    mine = [s for s in sentences(world) if s.startswith("Stichting De Linde")]
    assert mine == [
        "Stichting De Linde deelde thema A, werkte aan de uitkomsten van thema B en rondde hoofdstuk 1 van het plan af."
    ]


def test_a_busy_day_stays_one_readable_sentence(world: World):
    for theme in world.pack.themes:
        for kind in ("outcome_changed", "notes_changed", "agreement_changed", "division_recognised"):
            for _ in range(5):
                did(world, "jan", kind, step="gesprek", part=theme.slug)
    (sentence,) = [s for s in sentences(world) if s.startswith("Stichting De Linde")]
    assert sentence.count("thema") == MOST_PLACES and len(sentence) < 300
    assert sentence.endswith(f"en werkte aan nog {'tien'} andere onderdelen.")


def test_who_has_no_party_is_called_by_name(world: World):
    with world.database.write() as tx:
        seat = add_person(world.here(tx), None, "Gerda Gids", role="mede-begeleider")
        gerda = tx.get_one(Person, (seat.tenant_id, seat.person_id))
        here = here_for(tx, world.settings, gerda, world.here(tx).journey, seat)
        mark_step(here, "gesprek", "gesloten")
        mark_step(here, "plan", "gesloten", "inleiding")
    assert "Gerda Gids sloot de stap ‘Gesprek’ en hoofdstuk 1 van het plan." in sentences(world)


def test_what_is_done_for_another_party_is_done_by_the_own_one(world: World):
    """Marieke adds people at De Linde and fills in for Welzijn: neither De Linde nor Welzijn did that."""
    seen(world, "karin")
    with world.database.write() as tx:
        here = world.here(tx)
        add_person(here, here.get_party(world.parties["linde"]), "Nieuw")
    did(world, "marieke", "behalf_shared", step="waar-staan-we", part="a", party_id=world.parties["welzijn"])
    did(world, "marieke", "conclusion_supported", step="conclusies", ref="impuls", party_id=world.parties["ark"])
    told = sentences(world)
    assert not [s for s in told if s.startswith(("Stichting De Linde", "Welzijn", "Kinderopvang"))]
    (own,) = told
    assert own.startswith("Gemeente Meerwijk ") and "vulde thema A in namens Welzijn Meerwijk" in own
    assert "vulde de mening over conclusie 2 in namens Kinderopvang Ark" in own
    assert "voegde mensen toe bij Stichting De Linde" in own


def test_own_work_is_left_out_and_that_of_a_colleague_is_not(world: World):
    did(world, "jan", "exploration_changed", step="verkenning", ref="waarom")
    assert "Stichting De Linde werkte aan de verkenning." in sentences(world, "ellen")
    assert "Stichting De Linde werkte aan de verkenning." not in sentences(world, "jan")


def test_days_are_apart(world: World):
    did(world, "jan", "exploration_changed", step="verkenning", ref="waarom")
    did(world, "jan", "theme_shared", step="waar-staan-we", part="a", party_id=world.parties["linde"])
    with world.database.write() as tx:
        event = tx.exec(select(Event).where(Event.kind == "exploration_changed")).one()
        event.at = now() - timedelta(days=2)
        tx.add(event)
        early = [e for e in tx.exec(select(Event)) if e.id < event.id]
        for one in early:
            one.at = event.at
            tx.add(one)
    with world.database.read() as tx:
        here = world.here(tx, "karin")
        days = changes(here, list_events(tx, here.journey))
    assert len(days) == 2
    assert [c.words for c in days[0].changes] == ["Stichting De Linde deelde thema A."]


# ---- nothing leaks ----


def test_nothing_is_told_of_what_is_not_shared(world: World, as_):
    """Filling in, changing after sharing and going back: others cannot see that a party is busy, nowhere."""
    with world.database.write() as tx:
        here = world.here(tx, "jan")
        screening_name, spec = next(iter(table.specs(here.pack, here.party, here.pack.theme("a")).items()))
        value = [o.value for o in spec.options]
        path = f"a/{screening_name}"
        save_answer(here, here.party, path, spec, [value[0]], 0)
        screening.share_theme(here, here.party, here.pack.theme("a"))
    for name in ("karin", "ellen"):
        seen(world, name)
    with world.database.write() as tx:
        here = world.here(tx, "jan")
        save_answer(here, here.party, path, spec, [value[1]], 1)
        screening.back_to_shared(here, here.party, here.pack.theme("a"))
    for name in ("karin", "marieke"):
        for page in ("", "/veranderd", "/tijdlijn"):
            assert "teruggegaan" not in as_(name).get(world.url + page).text, (name, page)
            assert "ging terug" not in as_(name).get(world.url + page).text, (name, page)
    assert "Sinds uw vorige bezoek veranderde er niets." in as_("karin").get(f"{world.url}/veranderd").text
    assert "teruggegaan" in as_("ellen").get(f"{world.url}/tijdlijn").text, "the own party may know"


# ---- the pages ----


def test_the_page_of_what_changed(world: World, as_):
    did(world, "jan", "exploration_changed", step="verkenning", ref="waarom")
    assert "<h2>Tot nu toe</h2>" in as_("karin").get(f"{world.url}/veranderd").text, "a first visit has no before"
    seen(world, "karin")
    did(world, "jan", "theme_shared", step="waar-staan-we", part="a", party_id=world.parties["linde"])
    url = f"{world.url}/veranderd"
    client = as_("karin")
    before = dump(world.database)
    page = client.get(url).text
    assert problems(page, whole=True) == [] and dump(world.database) == before
    new, earlier = page.split("<h2>Eerder</h2>")
    assert "thema A</a>" in new and "de verkenning</a>" not in new and "de verkenning</a>" in earlier
    assert f'href="{url}"' in client.get(world.url).text
    assert as_("otto").get(url).status_code == 404
    assert as_("nobody").get(url).headers["location"] == "/aanmelden"
    for start in ("zzz", "x" * 300, "😀", "0"):
        assert client.get(url, params={"voor": start}).status_code == 200


def test_earlier_days_are_on_a_next_page(world: World, as_, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.overview.pages.LINES", 5)
    for number in range(12):
        did(world, "jan", "exploration_changed" if number % 2 else "notes_changed", step="gesprek", part="a")
    page, pages = as_("karin").get(f"{world.url}/veranderd").text, 1
    while found := re.search(r'href="([^"]*/veranderd\?voor=[^"]+)"', page):
        page, pages = as_("karin").get(found[1]).text, pages + 1
        assert pages < 20
    assert "startte" in page, "the first thing that happened is on the last page"


# ---- every link leads to the thing itself ----


@pytest.fixture
def full(world: World) -> Iterator[tuple[World, str]]:
    """The example with a plan and a list, made by Marieke."""
    with world.database.write() as tx:
        marieke = tx.get_one(Person, world.persons["marieke"])
        journey = play(tx, world.settings, marieke, world.pack, next(s for s in scripts() if "plan" in s.told))
        here = _leader(tx, world, journey.id)
        lists.start_list(here, "criteria/", "Onze lijst")
        add_agreement(here, "b", "", NewAgreement("Een afspraak", here.parties[0].id))
        plan.add_row(here, KINDS["taak"], {"text": "Helpt mee"}, party_id=here.parties[0].id, side="doet")
    yield world, journey.id


def _leader(tx, world: World, journey_id: str) -> Here:
    marieke = tx.get_one(Person, world.persons["marieke"])
    journey = tx.exec(select(Journey).where(Journey.id == journey_id)).one()
    seat = tx.exec(select(Seat).where(Seat.journey_id == journey_id, Seat.person_id == marieke.id)).one()
    return here_for(tx, world.settings, marieke, journey, seat)


def _every_kind(here: Here) -> list[tuple[str, str, str, str]]:
    """(kind, step, part, ref) as the product records them, for things that are there."""
    from app.dialogue.reading import all_agreements
    from app.plan.reading import rows_of

    tx, party = here.tx, here.parties[1].id
    agreement = next(a for a in all_agreements(here) if a.removed_at is None)
    paragraph = next(p for p in read_prose(here).all if p.removed_at is None)
    checklist = tx.exec(select(Checklist.id).where(Checklist.journey_id == here.journey.id)).first()
    chapter = {c.kind: c.slug for c in here.pack.chapters}
    rows = {
        "goal": ("doel", chapter["doelen"]),
        "responsibility": ("taak", chapter["organisatie"]),
        "action": ("actie", chapter["stappen"]),
        "budget": ("begroting", chapter["stappen"]),
    }
    made = [(f"{k}_changed", "plan", slug, rows_of(here, row).live[0].id) for k, (row, slug) in rows.items()]
    return [
        *made,
        ("responsibility_changed", "plan", chapter["organisatie"], f"rol/{party}"),
        ("lead_chosen", "plan", chapter["organisatie"], "regie"),
        ("paragraph_changed", "plan", paragraph.chapter, paragraph.id),
        ("piece_left_out", "plan", paragraph.chapter, "antwoord/a/b"),
        ("chapter_prefilled", "plan", paragraph.chapter, "12"),
        ("agreement_changed", "gesprek", agreement.theme, agreement.id),
        ("outcome_changed", "gesprek", "b", "b/vve-afstemming/omdat"),
        ("notes_changed", "gesprek", "b", "b/notities"),
        ("notes_changed", "gesprek", "b", "b/vraag/samen"),
        ("usefulness_changed", "gesprek", "b", "b/zinvol"),
        ("division_recognised", "gesprek", "b", "b/erkend"),
        ("exploration_changed", "verkenning", "", "waarom"),
        ("exploration_changed", "verkenning", "", "vraag/samen"),
        ("conclusion_changed", "conclusies", "", "impuls/gekozen"),
        ("conclusion_supported", "conclusies", "", "impuls"),
        ("shape_changed", "conclusies", "", "breedte/leeftijd"),
        ("shape_changed", "conclusies", "", "ouders/afspraak"),
        ("criteria_added", "conclusies", "lijsten", checklist),
        ("remark_placed", "waar-staan-we", "b", "vve-vroegschools"),
        ("theme_shared", "waar-staan-we", "b", party),
        ("behalf_shared", "waar-staan-we", "b", party),
        ("party_added", "opzet", "", party),
        ("party_changed", "opzet", "", party),
        ("person_added", "opzet", "", "x"),
        ("municipality_added", "opzet", "", "x"),
        ("journey_changed", "opzet", "", "titel"),
        ("reminder_written", "waar-staan-we", "", ""),
        *((f"step_{k}", s, p, "gesloten") for k in ("closed", "reopened") for s, p in _STEPS),
    ]


_STEPS = (("gesprek", ""), ("gesprek", "b"), ("waar-staan-we", "b"), ("plan", "inleiding"), ("plan", ""), ("opzet", ""))


def test_every_link_leads_to_the_place_itself(full: tuple[World, str]):
    world, journey_id = full
    with world.database.read() as tx:
        here = _leader(tx, world, journey_id)
        party = here.parties[1].id
        base = {"tenant_id": here.tenant_id, "journey_id": journey_id, "seat_id": here.seat.id}
        asked = [
            Event(**base, kind=kind, step=step, part=part, ref=ref, party_id=party)
            for kind, step, part, ref in _every_kind(here)
        ]
        asked += list_events(tx, here.journey, limit=2000)
        places = {deed(here, e).url: e.kind for e in asked}
        anchored = {e.kind for e in asked if "#" in deed(here, e).url}
    client, shown = world.client("marieke"), {}
    for url, kind in places.items():
        path, _, anchor = url.partition("#")
        if path not in shown:
            answer = client.get(path)
            assert answer.status_code == 200, (kind, url)
            shown[path] = answer.text
        gone = kind.endswith("_removed")
        assert not anchor or gone or f'id="{anchor}"' in shown[path], (kind, url)
    assert {"goal_changed", "agreement_changed", "remark_placed", "paragraph_changed", "outcome_changed"} <= anchored


def test_what_is_no_news_is_still_on_the_timeline(world: World, as_):
    seen(world, "karin")
    did(world, "marieke", "reminder_written", step="waar-staan-we")
    assert "reminder_written" in NO_NEWS
    assert "herinneringen klaargezet" in as_("karin").get(f"{world.url}/tijdlijn").text
    assert "herinner" not in as_("karin").get(f"{world.url}/veranderd").text


def test_a_party_that_is_gone_leaves_a_readable_sentence(world: World):
    seen(world, "karin")
    did(world, "marieke", "party_removed", step="opzet")
    did(world, "marieke", "party_added", step="opzet", ref="0000000000000000")
    with world.database.read() as tx:
        assert tx.exec(select(Party).where(Party.id == "0000000000000000")).first() is None
    (sentence,) = sentences(world)
    assert "haalde een partij weg" in sentence and "voegde" in sentence and "een partij toe" in sentence
