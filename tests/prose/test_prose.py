"""Prose: a paragraph saves with its version, moves, goes and comes back; nothing typed is ever lost."""

import pytest

from app.core.errors import Gone, Invalid, Stale
from app.prose import actions
from app.prose.models import Paragraph
from app.prose.reading import read_prose
from tests.conftest import World
from tests.litany import PART, Write, recite


def make(world: World, *texts: str, chapter: str = "inleiding", kind: str = "alinea") -> list[str]:
    with world.database.write() as tx:
        here = world.here(tx)
        return [actions.add_paragraph(here, chapter, text=t, kind=kind).id for t in texts]


def texts(world: World, chapter: str = "inleiding") -> list[str]:
    with world.database.read() as tx:
        return [p.text for p in read_prose(world.here(tx)).chapter(chapter)]


@pytest.mark.parametrize("kind, bad", [("alinea", "x" * 10_001), ("citaat", "x" * 10_001), ("kop", "x" * 201)])
def test_every_save_of_a_paragraph(world: World, kind: str, bad: str):
    (made,) = make(world, "Eerst.", kind=kind)
    recite(
        world,
        Write(
            world.path(f"plan/alinea/{made}/tekst"),
            by="jan",
            good="Onze tekst.",
            other="Een andere tekst.",
            bad=bad,
            not_by=["pieter"],
            step="plan",
        ),
    )


def test_a_stale_paragraph_keeps_both_texts_and_the_choice_saves(world: World, as_):
    (made,) = make(world, "Eerst.")
    url = world.path(f"plan/alinea/{made}/tekst")
    as_("jan").post(url, data={"waarde": "Van Jan.", "versie": "0"}, headers=PART)
    stale = as_("karin").post(url, data={"waarde": "Van Karin.", "versie": "0"}, headers=PART)
    assert (
        stale.status_code == 409
        and "Van Jan." in stale.text
        and "Van Karin." in stale.text
        and "Jan Bakker" in stale.text
    )
    assert texts(world) == ["Van Jan."]
    both = {"keuze": "allebei", "mijne": "Van Karin.", "hunne": "Van Jan.", "hun-versie": "1"}
    assert as_("karin").post(url, data=both, headers=PART).status_code == 200
    assert texts(world) == ["Van Jan.\n\nVan Karin."]


def test_a_plain_form_goes_back_to_the_paragraph(world: World, as_):
    (made,) = make(world, "Eerst.")
    answer = as_("jan").post(world.path(f"plan/alinea/{made}/tekst"), data={"waarde": "Nu.", "versie": "0"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{world.url}/plan/inleiding#tekst-{made}",
    )


@pytest.mark.parametrize(
    "typed, kept",
    [("👩‍👧 samen", "👩‍👧 samen"), ("שלום ‮omgekeerd", "שלום omgekeerd"), ("nul\x00 hier", "nul hier")],
)
def test_awkward_text_is_kept_clean(world: World, as_, typed: str, kept: str):
    (made,) = make(world, "Eerst.")
    url = world.path(f"plan/alinea/{made}/tekst")
    assert as_("jan").post(url, data={"waarde": typed, "versie": "0"}, headers=PART).status_code == 200
    assert texts(world) == [kept]
    assert kept in as_("karin").get(world.path("plan/inleiding")).text


def test_lone_surrogate_bytes_do_no_harm(world: World, as_):
    (made,) = make(world, "Eerst.")
    body = b"versie=0&waarde=voor%ED%A0%80na"
    answer = as_("jan").post(
        world.path(f"plan/alinea/{made}/tekst"),
        content=body,
        headers={**PART, "content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 200 and "voor" in texts(world)[0]


def test_order(world: World, as_):
    first, second, third = make(world, "Een.", "Twee.", "Drie.")
    base = world.path("plan/alinea")
    as_("jan").post(f"{base}/{third}/omhoog")
    assert texts(world) == ["Een.", "Drie.", "Twee."]
    as_("jan").post(f"{base}/{first}/omhoog")
    assert texts(world) == ["Een.", "Drie.", "Twee."]
    as_("jan").post(f"{base}/{first}/omlaag")
    as_("jan").post(f"{base}/{second}/omlaag")
    assert texts(world) == ["Drie.", "Een.", "Twee."]


def test_add_after(world: World, as_):
    first, _ = make(world, "Een.", "Twee.")
    answer = as_("jan").post(world.path("plan/inleiding/alinea"), data={"na": first, "soort": "kop"})
    made = answer.headers["location"].rsplit("-", 1)[-1]
    with world.database.read() as tx:
        assert [p.id for p in read_prose(world.here(tx)).chapter("inleiding")][1] == made
    assert as_("jan").get(answer.headers["location"]).status_code == 200
    assert as_("jan").post(world.path("plan/inleiding/alinea"), data={"soort": "tabel"}).status_code == 422
    assert as_("jan").post(world.path("plan/bestaat-niet/alinea"), data={}).status_code == 404


def test_remove_undo_and_writing_in_what_is_gone(world: World, as_):
    first, second = make(world, "Een.", "Twee.")
    answer = as_("jan").post(world.path(f"plan/alinea/{first}/verwijderen"))
    assert texts(world) == ["Twee."]
    page = as_("jan").get(answer.headers["location"])
    assert "Ongedaan maken" in page.text
    lost = as_("karin").post(
        world.path(f"plan/alinea/{first}/tekst"), data={"waarde": "Mijn tekst", "versie": "0"}, headers=PART
    )
    assert lost.status_code == 410 and "Uw tekst staat nog" in lost.text
    as_("jan").post(world.path(f"plan/alinea/{first}/terugzetten"))
    assert texts(world) == ["Een.", "Twee."]


@pytest.mark.parametrize("what", ["omhoog", "omlaag", "verwijderen", "terugzetten", "neem-over", "laat-zo"])
def test_who_may_not_and_when(world: World, as_, what: str):
    first, _ = make(world, "Een.", "Twee.")
    url = world.path(f"plan/alinea/{first}/{what}")
    assert as_("jan").get(url).status_code in (404, 405)
    assert as_("pieter").post(url).status_code == 403
    assert as_("olga").post(url).status_code == as_("otto").post(url).status_code == 404
    assert as_("nobody").post(url).headers["location"] == "/aanmelden"
    as_("marieke").post(world.path("plan/inleiding/sluiten"))
    assert as_("jan").post(url).status_code == 409
    as_("marieke").post(world.path("plan/inleiding/openen"))
    assert as_("jan").post(url).status_code == (422 if what == "neem-over" else 303), (
        "a text of one's own has no source to take over"
    )


def test_a_paragraph_of_another_journey_is_not_found(world: World, as_):
    (made,) = make(world, "Een.")
    other = f"/trajecten/{world.other}/plan/alinea/{made}/tekst"
    assert as_("olga").post(other, data={"waarde": "x", "versie": "0"}).status_code == 404


def test_left_out_needs_a_reason(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        with pytest.raises(Invalid):
            actions.leave_out(here, "inleiding", "a/b", "Gezegd.", "")
        actions.leave_out(here, "inleiding", "a/b", "Gezegd.", "later", "Volgend jaar.")
        actions.leave_out(here, "inleiding", "a/b", "Gezegd.", "niet-relevant")
        assert [(r.reason, r.note) for r in read_prose(here).left_out] == [("niet-relevant", "")]
        assert actions.use_again(here, "a/b") and not actions.use_again(here, "a/b")


def test_the_version_is_checked_in_the_update_itself(world: World):
    (made,) = make(world, "Een.")
    with world.database.write() as tx:
        here = world.here(tx)
        paragraph = tx.get(Paragraph, ("meerwijk", made))
        actions.save_paragraph(here, paragraph, ["Twee."], 0)
        with pytest.raises(Stale):
            actions.save_paragraph(here, paragraph, ["Drie."], 0)
        actions.remove_paragraph(here, paragraph)
        with pytest.raises(Gone):
            actions.save_paragraph(here, paragraph, ["Vier."], 1)
