"""Overzicht and Tijdlijn: what is next for whom, who has shared, what changed, and the steps of the procesbegeleider."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.answers.actions import save_answer, save_joint
from app.core import clock
from app.core.errors import NotAllowed
from app.core.fields import Spec
from app.journey.actions import mark_step
from app.journey.events import record
from app.journey.models import Event, Journey, Party
from app.journey.store import find_last_event_id
from app.overview.happened import event_sentence, event_view
from app.overview.progress import own_themes, read_progress, sharing_words
from app.overview.rules import Situation, next_thing
from app.screening.actions import share_theme
from app.screening.rules import DIVISION
from tests.conftest import World
from tests.dump import dump

MEMBERS = ["marieke", "jan", "karin", "fatima", "noor", "pieter"]


def share(world: World, name: str, *themes: str) -> None:
    with world.database.write() as tx:
        here = world.here(tx, name)
        for slug in themes:
            save_answer(here, here.party, f"{slug}/{DIVISION}", Spec("line", "x"), ["ja"], 0)
            share_theme(here, here.party, here.get_theme(slug))


@pytest.mark.parametrize("name", MEMBERS)
def test_everybody_gets_the_overview(world: World, as_, name: str):
    page = as_(name).get(world.url)
    assert page.status_code == 200
    for words in ("Vóór het overleg", "Tijdens het overleg", "Na het overleg", "Wie heeft gedeeld?"):
        assert words in page.text
    assert page.text.count('class="button"') == 1, "one primary button"
    assert ("Stappen openen, sluiten" in page.text) == (name == "marieke")
    assert ("Uw partij:" in page.text) == (name != "pieter")


def test_outsiders_get_nothing(world: World, as_):
    for path in ("", "/tijdlijn", "/veranderd"):
        assert as_("otto").get(world.url + path).status_code == 404
        assert as_("olga").get(world.url + path).status_code == 404
        assert as_("nobody").get(world.url + path).headers["location"] == "/aanmelden"


def test_who_has_shared_is_told_in_words(world: World):
    first, second = world.pack.themes[:2]
    share(world, "jan", first.slug, second.slug)
    with world.database.read() as tx:
        here = world.here(tx)
        words = {p.short: sharing_words(here, p) for p in here.parties}
    assert words["De Linde"].startswith(f"{first.letter} en {second.letter} gedeeld")
    assert words["Op Weg"] == "nog niets gedeeld"


def test_own_themes_count_concepts_for_the_own_party_only(world: World):
    with world.database.read() as tx:
        here = world.here(tx, "jan")
        assert {t.words for t in own_themes(here, here.party)} == {"nog niet ingevuld"}
        with pytest.raises(NotAllowed):
            own_themes(here, next(p for p in here.parties if p.id == world.parties["opweg"]))


def test_progress_of_a_new_journey_and_of_a_skipped_step(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        words = {p.step.slug: (p.words, p.done) for p in read_progress(here)}
        mark_step(here, "verkenning", "overgeslagen")
    assert words["verkenning"] == ("nog niet ingevuld", False)
    assert words["waar-staan-we"] == ("nog niemand heeft gedeeld", False)
    assert words["plan"] == ("nog niet begonnen", False)
    with world.database.read() as tx:
        skipped = {p.step.slug: p for p in read_progress(world.here(tx))}["verkenning"]
    assert skipped.done and "overgeslagen op" in skipped.said[0]


def test_conclusion_that_excludes_the_others_makes_the_plan_unneeded(world: World):
    first = next(c for c in world.pack.conclusions if c.excludes_others)
    with world.database.write() as tx:
        save_joint(world.here(tx), f"conclusies/{first.slug}/gekozen", Spec("tick", "x"), ["ja"], 0)
    with world.database.read() as tx:
        plan = {p.step.slug: p for p in read_progress(world.here(tx))}["plan"]
    assert plan.words == f"niet nodig (conclusie {first.number})" and plan.done


BUSY = Situation(
    archived=False,
    facilitator=True,
    writes=True,
    parties_without_people=True,
    exploration_open=True,
    own_open_theme="a",
    own_open_complete=False,
    all_shared=False,
    meeting_on=date(2027, 3, 12),
    today=date(2027, 3, 1),
    open_dialogue_theme="a",
    conclusion_open=True,
    plan_needed=True,
    plan_done=False,
)


@pytest.mark.parametrize(
    "change, path",
    [
        ({}, "/toegang/uitnodigen"),
        ({"archived": True}, "/document"),
        ({"parties_without_people": False}, "/verkenning"),
        ({"facilitator": False}, "/waar-staan-we/a"),
        ({"facilitator": False, "own_open_theme": ""}, "/waar-staan-we"),
        ({"facilitator": False, "writes": False}, "/waar-staan-we"),
        ({"facilitator": False, "own_open_theme": "", "all_shared": True}, "/gesprek/a"),
        ({"facilitator": False, "own_open_theme": "", "today": date(2027, 3, 12)}, "/gesprek/a"),
        ({"today": date(2027, 3, 13), "own_open_theme": ""}, "/gesprek/a"),
        ({"conclusion_open": False}, "/plan"),
    ],
)
def test_next_thing_before_and_during_the_meeting(change: dict, path: str):
    assert next_thing(replace(BUSY, **change), {"a": "thema A"}).path == path


def test_next_thing_after_the_meeting():
    done = replace(BUSY, facilitator=False, own_open_theme="", all_shared=True, open_dialogue_theme="")
    assert next_thing(done, {}).path == "/conclusies"
    assert next_thing(replace(done, conclusion_open=False), {}).path == "/plan"
    assert next_thing(replace(done, conclusion_open=False, plan_needed=False), {}).path == "/document"
    assert next_thing(replace(done, conclusion_open=False, plan_done=True), {}).path == "/document"


def test_date_of_the_meeting_leads(world: World, as_):
    for offset, words in (
        (3, "Het overleg is op"),
        (0, "Het overleg is vandaag"),
        (-3, "Het overleg was op"),
    ):
        with world.database.write() as tx:
            journey = tx.get(Journey, ("meerwijk", world.journey))
            journey.meeting_on = clock.today() + timedelta(days=offset)
            tx.add(journey)
        assert words in as_("jan").get(world.url).text


# ---- since your last visit ----


def seen(world: World, as_, name: str):
    with world.database.read() as tx:
        last = find_last_event_id(tx, world.here(tx).journey)
    return as_(name).post(f"{world.url}/gezien", data={"tot": last})


def test_what_others_did_is_one_sentence_per_party_and_day(world: World, as_):
    assert "eerste bezoek" in as_("karin").get(world.url).text
    assert seen(world, as_, "karin").status_code == 303
    first, second = world.pack.themes[:2]
    share(world, "jan", first.slug, second.slug)
    page = re.sub(r"\s+", " ", as_("karin").get(world.url).text)
    links = [f'<a href="{world.url}/waar-staan-we/{t.slug}/naast-elkaar">thema {t.letter}</a>' for t in (first, second)]
    assert f"<li>Stichting De Linde deelde {links[0]} en {links[1]}.</li>" in page
    assert "Nieuw sinds" not in as_("jan").get(world.url).text, "own work is left out, and jan was not here before"
    seen(world, as_, "karin")
    assert "Nieuw sinds" not in as_("karin").get(world.url).text


def test_own_work_is_left_out(world: World, as_):
    seen(world, as_, "jan")
    share(world, "jan", world.pack.themes[0].slug)
    assert "Nieuw sinds" not in as_("jan").get(world.url).text
    seen(world, as_, "ellen")
    share(world, "karin", world.pack.themes[0].slug)
    assert "Op Weg" in as_("ellen").get(world.url).text.split("Vóór het overleg")[0]


@pytest.mark.parametrize("until", ["", "zzzzzzzzzzzzzzzz", "😀", "\u202e", "0" * 300])
def test_seen_never_goes_back_or_beyond(world: World, as_, until: str):
    seen(world, as_, "jan")
    assert as_("jan").post(f"{world.url}/gezien", data={"tot": until}).status_code == 303
    with world.database.read() as tx:
        here = world.here(tx, "jan")
        assert here.seat.seen == find_last_event_id(tx, here.journey)


def test_looking_does_not_mark_as_seen(world: World, as_):
    as_("jan")
    before = dump(world.database)
    for path in ("", "/tijdlijn"):
        as_("jan").get(world.url + path)
    assert dump(world.database) == before


def test_seen_is_for_members(world: World, as_):
    assert as_("otto").post(f"{world.url}/gezien", data={"tot": "x"}).status_code == 404
    assert as_("nobody").post(f"{world.url}/gezien").headers["location"] == "/aanmelden"
    assert as_("jan").get(f"{world.url}/gezien").status_code == 405
    assert as_("pieter").post(f"{world.url}/gezien", data={"tot": "x"}).status_code == 303


# ---- steps ----


def say(world: World, as_, step: str, verb: str, name: str = "marieke", **data: str):
    return as_(name).post(f"{world.url}/stappen/{step}/{verb}", data=data)


def test_close_and_open_a_step(world: World, as_):
    field = world.path("verkenning/veld/waarom")
    assert say(world, as_, "verkenning", "sluiten").status_code == 303
    assert "gesloten op" in as_("jan").get(world.url).text
    assert as_("jan").post(field, data={"waarde": "x", "versie": "0"}).status_code == 409
    assert say(world, as_, "verkenning", "openen").status_code == 303
    assert as_("jan").post(field, data={"waarde": "x", "versie": "0"}).status_code == 303


def test_close_one_theme(world: World, as_):
    theme = world.pack.themes[0].slug
    assert say(world, as_, "gesprek", "sluiten", deel=theme).status_code == 303
    with world.database.read() as tx:
        here = world.here(tx)
        assert here.closed("gesprek", theme) and not here.closed("gesprek", world.pack.themes[1].slug)


def test_skip_and_do_after_all(world: World, as_):
    assert say(world, as_, "verkenning", "overslaan").status_code == 303
    assert "overgeslagen op" in as_("jan").get(world.url).text
    assert say(world, as_, "verkenning", "terughalen").status_code == 303
    assert "overgeslagen op" not in as_("jan").get(world.url).text


@pytest.mark.parametrize(
    "step, verb, part",
    [
        ("x", "sluiten", ""),
        ("plan", "x", ""),
        ("plan", "overslaan", ""),
        ("gesprek", "sluiten", "x"),
        ("opzet", "sluiten", "a"),
    ],
)
def test_unknown_steps_are_not_found(world: World, as_, step: str, verb: str, part: str):
    assert say(world, as_, step, verb, deel=part).status_code == 404


def test_only_facilitators_say_something_of_a_step(world: World, as_):
    for name in ("jan", "fatima", "pieter"):
        assert say(world, as_, "plan", "sluiten", name).status_code == 403
    assert say(world, as_, "plan", "sluiten", "otto").status_code == 404
    assert as_("marieke").get(f"{world.url}/stappen/plan/sluiten").status_code == 405
    assert say(world, as_, "plan", "sluiten", terug="https://kwaad.test").headers["location"].startswith(world.url)


# ---- timeline ----


def test_timeline_tells_everything_per_day(world: World, as_):
    share(world, "jan", world.pack.themes[0].slug)
    say(world, as_, "verkenning", "sluiten")
    page = as_("karin").get(world.path("tijdlijn")).text
    for words in ("is dit traject gestart", "vier partijen toegevoegd", "Jan Bakker heeft thema", "gesloten"):
        assert words in page, words
    assert clock.date_text(clock.today()) in page or "20" in page


def test_timeline_of_an_old_kind_is_a_plain_sentence(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        view = event_view(here, [Event(tenant_id="meerwijk", journey_id=world.journey, seat_id=here.seat.id, kind="x")])
        assert event_sentence("bestaat_niet", view) == "Marieke de Wit heeft iets gewijzigd."


def test_names_are_escaped_once(world: World, as_):
    with world.database.write() as tx:
        party = tx.get(Party, ("meerwijk", world.parties["linde"]))
        party.name = "Bos & <b>Zee</b>"
        tx.add(party)
        record(world.here(tx), "party_changed", step="opzet", ref=party.id, party_id=party.id)
    page = as_("jan").get(world.path("tijdlijn")).text
    assert "Bos &amp; &lt;b&gt;Zee" in page and "&amp;amp;" not in page


def test_timeline_goes_on_where_it_stopped(world: World, as_):
    with world.database.write() as tx:
        here = world.here(tx)
        for _ in range(310):
            record(here, "journey_changed", step="opzet")
    page = as_("jan").get(world.path("tijdlijn")).text
    older = page.split(f"{world.url}/tijdlijn?voor=")[1].split('"')[0]
    assert "is dit traject gestart" not in page
    assert "is dit traject gestart" in as_("jan").get(f"{world.url}/tijdlijn?voor={older}").text
