"""Remarks at points, paragraphs and rows: placed, answered, settled, withdrawn; changes that are proposed and decided."""

import re

import pytest
from sqlmodel import select

from app.journey.actions import mark_step
from app.journey.models import Event
from app.plan import actions as plan
from app.plan.models import Goal
from app.plan.rows import KINDS
from app.prose import actions as prose
from app.prose.models import Paragraph
from app.remarks import actions
from app.remarks.models import Remark
from tests.conftest import World

ITEM = "vve-vroegschools"
POINT = f"punt/b/{ITEM}"
WORDS = "Geldt dit ook voor het vo?"
CHAPTER = "inleiding"


@pytest.fixture
def things(world: World) -> dict[str, str]:
    """A paragraph of the introduction, a goal and an action: kind → id."""
    with world.database.write() as tx:
        here = world.here(tx)
        paragraph = prose.add_paragraph(here, CHAPTER, after=None, kind="alinea", text="Wij beginnen in maart.")
        goal = plan.add_row(here, KINDS["doel"], {"result": "Ouders weten meer"})
        action = plan.add_row(here, KINDS["actie"], {"what": "Een avond houden"})
        return {"alinea": paragraph.id, "doel": goal.id, "actie": action.id}


def say(world: World, as_, who: str, key: str, text: str = WORDS, **more: str):
    return as_(who).post(world.path(f"opmerkingen/bij/{key}"), data={"opmerking": text, **more})


def remarks(world: World) -> list[Remark]:
    with world.database.read() as tx:
        return list(tx.exec(select(Remark).order_by(Remark.id)))


def last(world: World) -> str:
    return remarks(world)[-1].id


def events(world: World) -> list[str]:
    with world.database.read() as tx:
        return [e.kind for e in tx.exec(select(Event).where(Event.journey_id == world.journey).order_by(Event.id))]


def kinds(things: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Key → page it is shown on."""
    return {
        POINT: "waar-staan-we/b/naast-elkaar",
        f"alinea/{things['alinea']}": f"plan/{CHAPTER}",
        f"doel/{things['doel']}": "plan/visie-en-doelen",
        f"actie/{things['actie']}": "plan/stappenplan",
    }


def test_a_remark_stands_at_the_thing_itself_and_its_link_opens_it(world: World, as_, things):
    for key, page in kinds(things).items():
        answer = say(world, as_, "karin", key, f"Over {key}")
        assert answer.status_code == 303
        url, _, anchor = answer.headers["location"].partition("#")
        assert url.startswith(world.path(page)) and anchor == f"opmerking-{last(world)}"
        shown = as_("jan").get(url).text
        assert f'id="{anchor}"' in shown and f"Over {key}" in shown and "Opmerkingen (1 open)" in shown
        fold = next(f for f in re.findall(r"<details[^>]*>", shown) if key.replace("/", "-") in f)
        assert " open" in fold, "somebody who came for it sees it at once"
        assert f"Over {key}" in as_("pieter").get(world.path(f"opmerkingen/bij/{key}")).text
    everything = as_("noor").get(world.path("opmerkingen")).text
    assert all(f"Over {key}" in everything for key in kinds(things)) and "4 opmerkingen open" in everything


@pytest.mark.parametrize("who", ["karin", "marieke", "noor", "pieter"])
def test_everybody_may_remark_and_withdraw_the_own_one(world: World, as_, who):
    assert say(world, as_, who, POINT).status_code == 303
    verb = world.path(f"opmerkingen/{last(world)}/intrekken")
    assert f'action="{verb}"' in as_(who).get(world.path("waar-staan-we/b/naast-elkaar")).text
    assert verb not in as_("jan").get(world.path("waar-staan-we/b/naast-elkaar")).text
    assert as_("jan").post(verb).status_code == 403
    assert as_("olga").post(verb).status_code == 404
    assert as_("olga").post(verb.replace(world.journey, world.other)).status_code == 404
    assert world.client().post(verb).headers["location"] == "/aanmelden"
    assert as_(who).get(verb).status_code in (404, 405)
    assert as_(who).post(verb).status_code == 303
    assert as_(who).post(verb).status_code == 404
    assert remarks(world) == []


def test_a_remark_about_what_one_party_said(world: World, as_):
    assert say(world, as_, "karin", POINT, over=world.parties["linde"]).status_code == 303
    assert "over wat De Linde zegt" in as_("jan").get(world.path("waar-staan-we/b/naast-elkaar")).text
    for wrong in ("bestaatniet", world.parties["gemeente"]):  # not there; not in that column
        assert say(world, as_, "karin", POINT, over=wrong).status_code == 404


def test_what_is_refused_comes_back_with_a_sentence(world: World, as_, things):
    key = f"alinea/{things['alinea']}"
    for outsider in ("olga", "otto"):
        assert say(world, as_, outsider, key).status_code == 404
    assert world.client().post(world.path(f"opmerkingen/bij/{key}"), data={"opmerking": WORDS}).status_code == 303
    for absent in ("punt/b/bestaat-niet", "punt/z/x", "alinea/0000000000000000", "iets/anders", "punt", "doel/x/y"):
        assert say(world, as_, "karin", absent).status_code == 404, absent
        assert as_("karin").get(world.path(f"opmerkingen/bij/{absent}")).status_code == 404, absent
    empty = say(world, as_, "karin", key, " \x00 ")
    assert empty.status_code == 422 and "Schrijf eerst uw opmerking" in empty.text and "aria-invalid" in empty.text
    long = say(world, as_, "karin", POINT, "lang " * 700, over=world.parties["linde"])
    assert long.status_code == 422 and "te lang" in long.text and "lang lang lang" in long.text
    assert f'value="{world.parties["linde"]}" selected' in long.text
    with world.database.write() as tx:
        mark_step(world.here(tx), "plan", "gesloten", CHAPTER)
    assert say(world, as_, "karin", key).status_code == 409
    assert remarks(world) == []


@pytest.mark.parametrize("text", ["Mooi 🎈👩‍👧", "‏مرحبا‏ ouders", "<script>alert(1)</script> & co", "w" * 200])
def test_awkward_remarks(world: World, as_, text):
    assert say(world, as_, "karin", POINT, text).status_code == 303
    for page in ("waar-staan-we/b/naast-elkaar", "opmerkingen", f"opmerkingen/bij/{POINT}"):
        assert "<script>alert" not in as_("jan").get(world.path(page)).text


def test_answers_stand_under_the_remark_also_those_to_an_answer(world: World, as_, things):
    say(world, as_, "pieter", f"doel/{things['doel']}")
    first = last(world)
    assert as_("jan").post(world.path(f"opmerkingen/{first}/antwoord"), data={"opmerking": "Ja."}).status_code == 303
    second = last(world)
    again = as_("karin").post(world.path(f"opmerkingen/{second}/antwoord"), data={"opmerking": "Zeker."})
    assert f"opmerking={first}&" in again.headers["location"]
    assert [r.reply_to for r in remarks(world)] == [None, first, first]
    empty = as_("jan").post(world.path(f"opmerkingen/{first}/antwoord"), data={"opmerking": " "})
    assert empty.status_code == 422 and "Schrijf eerst" in empty.text
    assert "Opmerkingen (1 open)" in as_("jan").get(world.path("plan/visie-en-doelen")).text, "answers are not counted"
    as_("pieter").post(world.path(f"opmerkingen/{first}/intrekken"))
    page = as_("jan").get(world.path(f"opmerkingen/bij/doel/{things['doel']}")).text
    assert WORDS not in page and "ingetrokken" in page and "Zeker." in page, "the answers of others stay"


def test_settled_remarks_fold_and_never_vanish(world: World, as_, things):
    key = f"actie/{things['actie']}"
    say(world, as_, "karin", key)
    url = world.path(f"opmerkingen/{last(world)}")
    assert as_("pieter").post(f"{url}/afhandelen").status_code == 403, "a meelezer settles only the own ones"
    assert as_("otto").post(f"{url}/afhandelen").status_code == 404
    rail = as_("jan").get(world.path("plan")).text
    assert "1 opmerking open" in rail
    assert as_("jan").post(f"{url}/afhandelen").status_code == 303
    assert as_("jan").post(f"{url}/afhandelen").status_code == 303, "twice changes nothing"
    page = as_("karin").get(world.path("plan/stappenplan")).text
    assert "Opmerkingen (1 afgehandeld)" in page and WORDS in page and "Afgehandeld door Jan Bakker" in page
    assert "1 opmerking open" not in as_("jan").get(world.path("plan")).text
    assert WORDS not in as_("jan").get(world.path("opmerkingen")).text
    assert WORDS in as_("jan").get(world.path("opmerkingen?toon=alles")).text
    assert as_("karin").post(f"{url}/heropenen").status_code == 303
    assert "1 opmerking open" in as_("jan").get(world.path("plan")).text
    assert events(world).count("remark_settled") == 1 and "remark_taken_up" in events(world)
    say(world, as_, "pieter", key, "Van de meelezer")
    assert as_("pieter").post(world.path(f"opmerkingen/{last(world)}/afhandelen")).status_code == 303


def propose(world: World, as_, who: str, key: str, field: str, text: str, why: str = ""):
    return as_(who).post(world.path(f"opmerkingen/voorstel/{field}/{key}"), data={"voorstel": text, "opmerking": why})


def text_of(world: World, model, row: str, column: str) -> str:
    with world.database.read() as tx:
        return getattr(tx.exec(select(model).where(model.id == row)).one(), column)


def test_a_meelezer_proposes_and_a_deelnemer_takes_it_over(world: World, as_, things):
    for kind, field, model, new in (
        ("alinea", "text", Paragraph, "Wij beginnen in mei."),
        ("doel", "result", Goal, "Ouders weten wat de school doet"),
    ):
        key = f"{kind}/{things[kind]}"
        old = text_of(world, model, things[kind], field)
        assert propose(world, as_, "pieter", key, field, new, "Dat halen wij niet.").status_code == 303
        assert text_of(world, model, things[kind], field) == old, "a proposal changes nothing yet"
        url, page = world.path(f"opmerkingen/{last(world)}"), as_("jan").get(world.path(f"opmerkingen/bij/{key}")).text
        assert "Dat halen wij niet." in page and "conflict__both" in page and 'class="differs"' in page
        assert as_("pieter").post(f"{url}/overnemen", data={"versie": "0"}).status_code == 403
        assert as_("otto").post(f"{url}/overnemen", data={"versie": "0"}).status_code == 404
        assert as_("jan").post(f"{url}/afhandelen").status_code == 422, "a proposal asks for a decision"
        version = re.search(r'overnemen">.*?name="versie" value="(\d+)"', page).group(1)
        assert as_("jan").post(f"{url}/overnemen", data={"versie": version}).status_code == 303
        assert text_of(world, model, things[kind], field) == new
        assert as_("jan").post(f"{url}/overnemen", data={"versie": version}).status_code == 409, "already decided"
        assert as_("jan").post(f"{url}/afwijzen").status_code == 409
        assert as_("pieter").post(f"{url}/heropenen").status_code == 422
        shown = as_("karin").get(world.path(f"opmerkingen/bij/{key}")).text
        assert "Overgenomen door Jan Bakker" in shown and old in plain(shown), "what stood there can still be read"
    assert events(world).count("proposal_taken") == 2


def test_a_proposal_never_replaces_what_was_changed_meanwhile(world: World, as_, things):
    key, here = f"alinea/{things['alinea']}", world.path(f"plan/alinea/{things['alinea']}/tekst")
    propose(world, as_, "pieter", key, "text", "Voorstel van Pieter")
    url = world.path(f"opmerkingen/{last(world)}")
    saved = as_("karin").post(here, data={"waarde": "Karin was eerder", "versie": "0"}, headers={"driekolom-deel": "1"})
    assert saved.status_code == 200
    stale = as_("jan").post(f"{url}/overnemen", data={"versie": "0"})
    assert stale.status_code == 409 and "intussen gewijzigd" in stale.text
    assert "Karin was eerder" in stale.text and "Voorstel van Pieter" in stale.text and "na dit voorstel" in stale.text
    assert text_of(world, Paragraph, things["alinea"], "text") == "Karin was eerder"
    assert as_("jan").post(f"{url}/afwijzen").status_code == 303
    shown = as_("pieter").get(world.path(f"plan/{CHAPTER}")).text
    assert "Niet overgenomen door Jan Bakker" in shown


def test_proposals_that_are_refused(world: World, as_, things):
    key = f"alinea/{things['alinea']}"
    for text, said in (("", "Schrijf eerst"), ("Wij beginnen in maart.", "gelijk aan"), ("x" * 20_001, "te lang")):
        refused = propose(world, as_, "pieter", key, "text", text, "Want dit")
        assert refused.status_code == 422 and said in refused.text and "Want dit" in refused.text
    assert propose(world, as_, "pieter", key, "chapter", "plan").status_code == 404
    assert propose(world, as_, "pieter", POINT, "text", "Anders").status_code == 404, "an answer is the party's own"
    assert propose(world, as_, "olga", key, "text", "Anders").status_code == 404
    as_("jan").post(world.path(f"plan/alinea/{things['alinea']}/verwijderen"))
    assert propose(world, as_, "pieter", key, "text", "Anders").status_code == 410
    assert remarks(world) == []


def test_a_remark_at_what_was_removed_can_still_be_read(world: World, as_, things):
    say(world, as_, "karin", f"alinea/{things['alinea']}")
    as_("jan").post(world.path(f"plan/alinea/{things['alinea']}/verwijderen"))
    page = as_("karin").get(world.path("opmerkingen")).text
    assert WORDS in page
    assert "intussen verwijderd" in as_("karin").get(world.path(f"opmerkingen/bij/alinea/{things['alinea']}")).text


def test_remarks_are_never_about_what_is_not_shared(world: World, as_, screen_concept):
    """What somebody may remark on shows only what was shared, whoever asks."""
    for who in ("karin", "marieke", "pieter"):
        for page in ("opmerkingen", f"opmerkingen/bij/{POINT}"):
            assert "GEHEIM" not in as_(who).get(world.path(page)).text


@pytest.fixture
def screen_concept(world: World, as_) -> None:
    done = as_("jan").post(
        world.path(f"waar-staan-we/b/veld/{ITEM}/toelichting"),
        data={"waarde": "GEHEIM concept", "versie": "0"},
        headers={"driekolom-deel": "1"},
    )
    assert done.status_code == 200


def test_remarks_stand_in_the_document_only_when_asked_for(world: World, as_, things):
    say(world, as_, "karin", f"alinea/{things['alinea']}", "Alleen onder ons")
    say(world, as_, "karin", POINT, "Ook dit onder ons")
    plain = as_("marieke").get(world.path("document")).text
    assert "onder ons" not in plain
    asked = as_("marieke").get(world.path("document?met-opmerkingen=1")).text
    assert "Alleen onder ons" in asked and "Ook dit onder ons" in asked


def test_there_is_an_end_to_how_many(world: World, as_, monkeypatch):
    monkeypatch.setattr(actions, "MOST_REMARKS", 2)
    assert [say(world, as_, "karin", POINT).status_code for _ in range(3)] == [303, 303, 422]


def plain(page: str) -> str:
    """The words of a page without the marks around what differs."""
    return " ".join(re.sub(r"<span class=\"visually-hidden\">[^<]*</span>|<[^>]+>", "", page).split())
