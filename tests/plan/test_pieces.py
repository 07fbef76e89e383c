"""What was said, as sentences. The golden texts are read by people: run with `GOLDEN=1` to write them anew,
then read."""

import os
from pathlib import Path

import pytest
from sqlmodel import select

from app.answers.models import OWN
from app.content.pack import Choice
from app.journey.models import Party
from app.plan import actions, reading
from app.plan.phrasing import Line, alone, counted_wishes, no_answer, plural_again, quoted, said_once, together
from app.prose.reading import read_prose
from tests.conftest import World
from tests.plan import meerwijk

GOLDEN = Path(__file__).parent / "golden"
CHAPTERS = ["inleiding", "inventarisatie", "visie-en-doelen", "partijen", "monitoring", "stappenplan"]


def chapter_text(world: World, slug: str) -> str:
    """Everything that pre-filling puts into a chapter, as plain text."""
    with world.database.write() as tx:
        here = world.here(tx)
        for chapter in here.pack.chapters:
            actions.prefill(here, chapter)
        blocks = [p.text for p in read_prose(here).chapter(slug)]
        plan = reading.read_plan(here)
        if slug == "visie-en-doelen":
            blocks += [f"Doel {g.number}. {g.sentence}" for g in plan.goals]
        if slug == "partijen":
            blocks += [f"{d.party.name} doet: {' '.join(d.does)}" for d in plan.responsibilities if d.does]
        if slug == "stappenplan":
            blocks += [f"Stap {a.number}. {a.what} ({a.owner or '–'}, {a.end or '–'})" for a in plan.actions]
            blocks += [f"{line.what}, {line.source}, {line.certain}, {line.amount}" for line in plan.budget.lines]
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("slug", CHAPTERS)
def test_the_pre_filled_chapter_reads_as_it_should(told: World, slug: str, monkeypatch):
    monkeypatch.setattr("app.plan.reading.today", lambda: meerwijk.AFTER)
    text, path = chapter_text(told, slug), GOLDEN / f"{slug}.txt"
    if os.environ.get("GOLDEN"):
        path.write_text(text)
    assert text == path.read_text()


def test_concepts_never_become_pieces(told: World):
    secret = "Dit mag niemand nog weten."
    meerwijk.answer(
        told,
        "karin",
        "opweg",
        {"c": {"passend-onderwijs/stand": "bezig", "passend-onderwijs/toelichting": secret}},
        share=False,
    )
    meerwijk.answer(told, "jan", "linde", {"b": {"vve-vroegschools/toelichting": secret}}, OWN, share=False)
    with told.database.read() as tx:
        here = told.here(tx)
        pieces = reading.read_pieces(here)
        assert not any(secret in p.text or secret in p.quote for p in pieces.values())
        assert "antwoord/c/passend-onderwijs/" + told.parties["opweg"] not in pieces


def test_not_applicable_is_left_out_and_silence_never_waits(told: World):
    with told.database.read() as tx:
        here = told.here(tx)
        pieces = reading.read_pieces(here)
        assert not any("niet van toepassing" in p.text for p in pieces.values())
        pending = reading.pending(here, here.pack.chapters)
        assert pending and not any(p.kind == "stilte" for p in pending)
        assert len({p.key for p in pending}) == len(pending)


def test_an_empty_journey_says_almost_nothing(world: World):
    with world.database.read() as tx:
        here = world.here(tx)
        assert {p.chapter for p in reading.pending(here, here.pack.chapters)} <= {"inleiding", "monitoring"}
        plan = reading.read_plan(here)
        assert plan.measurable_text == "nog geen doelen" and not plan.started and plan.lead is None
        assert {c.state for c in plan.chapters} == {"nog leeg"}


BUSY = Choice(
    slug="bezig",
    label="Mee bezig",
    phrase="{partij} is bezig met {punt}",
    phrase_plural="{partij} zijn bezig met {punt}",
    phrase_again="{partij} is hiermee bezig",
    weight=1,
)
DONE = Choice(
    slug="geborgd",
    label="Vast",
    phrase="{partij} heeft {punt} geborgd",
    phrase_plural="{partij} hebben {punt} geborgd",
    phrase_again="{partij} heeft dit geborgd",
    weight=3,
)


def test_parties_with_the_same_answer_share_a_sentence():
    lines = [
        Line("Ark", DONE, "elke groep doet mee"),
        Line("De Linde", BUSY),
        Line("Op Weg", BUSY, "Wij beginnen in mei."),
    ]
    assert together(lines, "ouderbeleid") == (
        "Ark heeft ouderbeleid geborgd: ‘elke groep doet mee’. De Linde en Op Weg zijn hiermee bezig. "
        "Op Weg licht toe: ‘Wij beginnen in mei.’"
    )


def test_many_parties_become_a_number_with_the_names_behind_it():
    names = [f"Bestuur {n}" for n in range(1, 31)]
    text = together([Line(n, BUSY) for n in names], "ouderbeleid")
    assert text.startswith("30 partijen zijn bezig met ouderbeleid (Bestuur 1, ") and text.endswith("en Bestuur 30).")
    assert no_answer(names[:8]).startswith("Van acht partijen is geen antwoord ontvangen (Bestuur 1")


def test_wishes_are_counted():
    want = Choice(
        slug="af",
        label="Afstemmen",
        phrase="{partij} wil afstemmen over {punt}",
        phrase_plural="{partij} willen afstemmen over {punt}",
        phrase_again="{partij} wil hierover afstemmen",
        weight=2,
    )
    join = Choice(
        slug="op",
        label="Samen",
        phrase="{partij} wil gezamenlijk optrekken bij {punt}",
        phrase_plural="{partij} willen gezamenlijk optrekken bij {punt}",
        phrase_again="{partij} wil hierbij gezamenlijk optrekken",
        weight=3,
    )
    lines = [Line("A", want), Line("B", want), Line("C", want), Line("de gemeente Meerwijk", join)]
    assert counted_wishes(lines, "VVE (wettelijk verplicht)", 5) == (
        "Drie van de vijf partijen willen afstemmen over VVE (wettelijk verplicht); "
        "de gemeente Meerwijk wil hierbij gezamenlijk optrekken."
    )
    assert counted_wishes(lines[:3], "VVE", 3) == "Alle drie partijen willen afstemmen over VVE."


@pytest.mark.parametrize(
    "typed, said",
    [
        ("  Wij\n\ndoen  het ", "‘Wij doen het’"),
        ("‘al geciteerd’", "‘al geciteerd’"),
        ("", ""),
        ("w" * 500, None),
        ("👩‍👧 שלום", "‘👩‍👧 שלום’"),
    ],
)
def test_quotations(typed: str, said: str | None):
    text = quoted(typed)
    assert text == said if said is not None else len(text) < 320 and text.endswith("…’")


def test_a_long_name_stands_whole_once(told: World):
    with told.database.write() as tx:
        linde = tx.exec(select(Party).where(Party.id == told.parties["linde"])).one()
        linde.name, linde.short = (long := "Bestuur van De Wegwijzer, Windekind en De Horizon (12345)"), "Bestuur 12345"
    opening, rest = chapter_text(told, "inleiding"), chapter_text(told, "inventarisatie")
    assert opening.count(f"{long[:-1]}; hierna: Bestuur 12345)") == 1 and long not in rest
    assert "Bestuur 12345 heeft ouderbeleid" in rest
    assert Party(name=long, short="Bestuur van De Wegwijzer …").in_text == long


def test_what_was_filled_in_for_a_party_is_said_once_and_never_counted():
    lines = [Line("A", BUSY), Line("B", BUSY), Line("C", BUSY), Line("D", BUSY, behalf=True)]
    text = counted_wishes(lines, "ouderbeleid", 5)
    assert "van de vijf partijen" in text and ", D ook (namens deze partij ingevuld en nog niet bevestigd)" in text
    assert said_once(f"{text} {text}").count("namens deze partij") == 1
    assert said_once(f"{text} {text}").endswith("D ook (nog niet bevestigd).")


def test_behalf_is_marked_and_plural_follows_the_pack(world: World):
    assert "namens deze partij ingevuld en nog niet bevestigd" in alone(Line("Ark", BUSY, behalf=True), "ouderbeleid")
    for choice in (*world.pack.policy_states, *world.pack.wishes, *world.pack.interest_answers):
        assert "{partij}" in plural_again(choice), choice.slug
    assert plural_again(BUSY) == "{partij} zijn hiermee bezig"
