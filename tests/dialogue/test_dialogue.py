"""The conversation: fields, outcomes, agreements, examples, closing a theme."""

import re
from contextlib import contextmanager

import pytest
from markupsafe import escape
from sqlalchemy import event as listen

from app.answers.actions import save_answer, share
from app.answers.store import find_answer
from app.core.fields import Spec
from app.core.rendering import render
from app.dialogue import rules
from app.dialogue.reading import read_dialogue
from app.journey import store as journeys
from app.journey.actions import mark_step
from tests.conftest import World
from tests.litany import PART, Write, recite

AWKWARD = [
    "👩‍👩‍👧 samen 🎈",
    "שלום ‏עולם",
    "nul\x00teken \ud800 los".encode("utf-8", "surrogatepass").decode("latin-1"),
]


@contextmanager
def counted(world: World):
    """Counts the statements the app sends to the database."""
    seen: list[str] = []

    def note(conn, cursor, statement, *rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    listen.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        listen.remove(world.database.engine, "before_cursor_execute", note)


def first_place(world: World) -> tuple[str, str]:
    """A theme with middle items, and its first item."""
    theme = world.pack.themes[1]
    return theme.slug, rules.joint_items(world.pack, theme)[0].slug


def add(client, world: World, what: str = "Wij maken een overzicht.", theme: str = "", **more) -> str:
    """Adds an agreement through the page; returns its id."""
    theme = theme or first_place(world)[0]
    answer = client.post(world.path(f"gesprek/{theme}/afspraak"), data={"wat": what, **more})
    assert answer.status_code == 303, answer.text
    return re.search(r"#afspraak-(\w+)", answer.headers["location"])[1]


def reading(world: World):
    """What other rooms read now."""
    with world.database.read() as tx:
        found = read_dialogue(world.here(tx))
        tx.expunge_all()  # keep the rows readable after the session
        return found


def events(world: World) -> list[str]:
    with world.database.read() as tx:
        return [e.kind for e in journeys.list_events(tx, world.here(tx).journey)]


def test_index_tells_how_the_conversation_goes(world: World, as_):
    text = as_("jan").get(world.path("gesprek")).text
    assert world.pack.meeting_length in text
    labels = [q.label for q in world.pack.guides[0].questions]
    assert [text.index(label) for label in labels] == sorted(text.index(label) for label in labels)
    assert text.count("nog niet besproken") >= len(world.pack.themes)


def test_every_theme_opens_empty_and_with_few_queries(world: World, as_):
    karin = as_("karin")
    for theme in world.pack.themes:
        for end in ("", "?projector=1"):
            with counted(world) as seen:
                answer = karin.get(world.path(f"gesprek/{theme.slug}{end}"))
            assert answer.status_code == 200
            assert len(seen) <= 8, "\n".join(seen)
            for item in rules.joint_items(world.pack, theme):
                assert str(escape(item.label)) in answer.text
    assert as_("karin").get(world.path("gesprek/bestaat-niet")).status_code == 404


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("{t}/zinvol", "ja", "deels", "misschien"),
        ("{t}/notities", "Wij zien veel.", "Iets anders.", "x" * 10_001),
        ("{t}/{i}/uitkomst", ["uitwisselen", "afstemmen"], ["later"], "onzin"),
        ("{t}/{i}/omdat", "Het helpt.", "Anders.", "x" * 10_001),
        ("{t}/{i}/later-op", "2028-03-01", "2028-04-01", "gisteren"),
        ("{t}/erkend", "ja", None, "nee"),
    ],
)
def test_every_save(world: World, name: str, good, other, bad: str):
    theme, item = first_place(world)
    url = world.path(f"gesprek/veld/{name.format(t=theme, i=item)}")
    recite(world, Write(url, by="jan", good=good, other=other, bad=bad, not_by=["pieter"], step="gesprek"))


def test_note_of_each_question(world: World):
    question = rules.questions(world.pack)[0].slug
    url = world.path(f"gesprek/veld/{first_place(world)[0]}/vraag/{question}")
    recite(
        world,
        Write(
            url,
            by="karin",
            good="Veel.",
            other="Weinig.",
            bad="x" * 10_001,
            not_by=["pieter"],
            step="gesprek",
        ),
    )


def test_who_it_holds_for(world: World):
    theme, item = first_place(world)
    everyone = list(world.parties.values())
    recite(
        world,
        Write(
            world.path(f"gesprek/geldt-voor/{theme}/{item}"),
            by="jan",
            good=everyone[1:],
            other=everyone[2:],
            bad="geen-partij",
            not_by=["pieter"],
            step="gesprek",
        ),
    )
    outcome = reading(world).outcome(theme, item)
    assert [p.id for p in outcome.not_for] == everyone[:1]
    assert [p.id for p in outcome.holds_for] == everyone[1:]


def test_an_outcome_holds_for_at_least_one_party(world: World, as_):
    theme, item = first_place(world)
    answer = as_("jan").post(
        world.path(f"gesprek/geldt-voor/{theme}/{item}"), data={"waarde": "", "versie": "0"}, headers=PART
    )
    assert answer.status_code == 422 and "voor niemand" in answer.text


def test_outcomes_that_exclude_the_others(world: World, as_):
    theme, item = first_place(world)
    url = world.path(f"gesprek/veld/{theme}/{item}/uitkomst")
    for pair in (["niets", "afstemmen"], ["later", "niets"], ["uitwisselen", "later"]):
        answer = as_("jan").post(url, data={"waarde": pair, "versie": "0"}, headers=PART)
        assert answer.status_code == 422 and "gaat niet samen" in answer.text, pair
    answer = as_("jan").post(
        url, data={"waarde": ["uitwisselen", "afstemmen", "optrekken"], "versie": "0"}, headers=PART
    )
    assert answer.status_code == 200
    assert "uitwisselen, afstemmen en gezamenlijk optrekken" in answer.text
    assert "Nog geen afspraak" in answer.text


def test_later_asks_for_a_date_and_only_then(world: World, as_):
    theme, item = first_place(world)
    url = world.path(f"gesprek/veld/{theme}/{item}/uitkomst")
    answer = as_("jan").post(url, data={"waarde": "later", "versie": "0"}, headers=PART)
    assert "Wanneer komt u hierop terug?" in answer.text
    as_("jan").post(world.path(f"gesprek/veld/{theme}/{item}/later-op"), data={"waarde": "2028-03-01", "versie": "0"})
    assert reading(world).outcome(theme, item).later_on == "2028-03-01"
    assert "1 maart 2028" in as_("karin").get(world.path(f"gesprek/{theme}")).text
    as_("jan").post(url, data={"waarde": "niets", "versie": "1"})
    assert reading(world).outcome(theme, item).later_on == ""


def test_progress_in_words(world: World, as_):
    theme = world.pack.themes[0]
    assert reading(world).progress(theme.slug) == "nog niet besproken"
    as_("jan").post(world.path(f"gesprek/veld/{theme.slug}/zinvol"), data={"waarde": "ja", "versie": "0"})
    assert reading(world).progress(theme.slug) == "deels besproken"
    for item in rules.joint_items(world.pack, theme):
        as_("jan").post(
            world.path(f"gesprek/veld/{theme.slug}/{item.slug}/uitkomst"),
            data={"waarde": "niets", "versie": "0"},
        )
    assert reading(world).progress(theme.slug) == "besproken"


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("wat", "Wij maken een lijst.", "Wij maken een plan.", ""),
        ("wanneer", "juni 2029", "12-03-2029", "ooit"),
    ],
)
def test_every_column_of_an_agreement(world: World, as_, name: str, good: str, other: str, bad: str):
    made = add(as_("jan"), world)
    url = world.path(f"gesprek/afspraken/{made}/{name}")
    recite(world, Write(url, by="karin", good=good, other=other, bad=bad, not_by=["pieter"], step="gesprek"))


def test_parties_of_an_agreement(world: World, as_):
    made = add(as_("jan"), world)
    linde, ark, opweg = (world.parties[n] for n in ("linde", "ark", "opweg"))
    url = world.path(f"gesprek/afspraken/{made}")
    recite(world, Write(f"{url}/wie", by="jan", good=linde, other=ark, bad="niemand", not_by=["pieter"]))
    recite(
        world,
        Write(f"{url}/met-wie", by="jan", good=[ark, opweg], other=[ark], bad="niemand", not_by=["pieter"]),
    )
    (said,) = reading(world).agreements()
    assert (said.owner.id, [p.id for p in said.with_parties]) == (linde, [opweg, ark])
    assert as_("jan").post(f"{url}/iets-anders", data={"waarde": "x", "versie": "0"}).status_code == 404


def test_add_remove_and_put_back(world: World, as_):
    theme, item = first_place(world)
    made = add(as_("jan"), world, punt=item, wie=world.parties["ark"], wanneer="juni 2029")
    (said,) = reading(world).agreements(theme, item)
    assert (said.state, said.owner.short, said.by_when) == ("afgesproken", "Ark", "2029-06")
    gone = as_("karin").post(world.path(f"gesprek/afspraken/{made}/verwijderen"))
    assert gone.status_code == 303 and reading(world).agreements() == ()
    page = as_("karin").get(gone.headers["location"].split("#")[0]).text
    assert "Ongedaan maken" in page and "Wij maken een overzicht." in page
    url = world.path(f"gesprek/afspraken/{made}/wat")
    assert as_("jan").post(url, data={"waarde": "Iets", "versie": "0"}, headers=PART).status_code == 410
    later = as_("karin").get(world.path(f"gesprek/{theme}")).text
    assert "Verwijderde afspraken (1)" in later
    as_("karin").post(world.path(f"gesprek/afspraken/{made}/terugzetten"))
    assert [a.id for a in reading(world).agreements(theme, item)] == [made]
    assert {"agreement_added", "agreement_removed", "agreement_restored"} <= set(events(world))


def test_a_refused_agreement_comes_back_as_it_was_typed(world: World, as_):
    theme, item = first_place(world)
    data = {
        "wat": "",
        "wie": world.parties["ark"],
        "wanneer": "ooit <b>",
        "met-wie": [world.parties["linde"]],
        "punt": item,
    }
    answer = as_("jan").post(world.path(f"gesprek/{theme}/afspraak"), data=data)
    assert answer.status_code == 422
    assert "Vul hier iets in" in answer.text and "ooit &lt;b&gt;" in answer.text
    assert re.search(rf'value="{world.parties["ark"]}" selected', answer.text)
    assert re.search(rf'value="{world.parties["linde"]}" id="[^"]+" checked', answer.text)
    long = as_("jan").post(world.path(f"gesprek/{theme}/afspraak"), data={"wat": "x" * 10_001})
    assert long.status_code == 422 and "x" * 10_001 in long.text
    assert reading(world).agreements() == ()


@pytest.mark.parametrize("who, status", [("pieter", 403), ("olga", 404), ("otto", 404)])
def test_who_may_not_touch_agreements(world: World, as_, who: str, status: int):
    theme, _ = first_place(world)
    made = add(as_("jan"), world)
    assert as_(who).post(world.path(f"gesprek/{theme}/afspraak"), data={"wat": "x"}).status_code == status
    for verb in ("verwijderen", "terugzetten", "afspreken", "wat"):
        answer = as_(who).post(world.path(f"gesprek/afspraken/{made}/{verb}"), data={"waarde": "x"})
        assert answer.status_code == status, verb
        assert as_(who).get(world.path(f"gesprek/afspraken/{made}/{verb}")).status_code == 405


def test_an_agreement_of_another_journey_is_not_found(world: World, as_):
    made = add(as_("jan"), world)
    url = f"/trajecten/{world.other}/gesprek/afspraken/{made}/verwijderen"
    assert as_("olga").post(url).status_code == 404
    assert as_("jan").post(world.path("gesprek/afspraken/bestaatniet/verwijderen")).status_code == 404


def test_unknown_places_are_not_found(world: World, as_):
    theme, _ = first_place(world)
    own = next(i for i in world.pack.theme(theme).items if i.kind != "agenda")
    for data in ({"punt": own.slug}, {"punt": "bestaat-niet"}, {"voorbeeld": "bestaat-niet"}):
        assert as_("jan").post(world.path(f"gesprek/{theme}/afspraak"), data={"wat": "x", **data}).status_code == 404
    for name in (
        "bestaat-niet",
        f"{theme}/bestaat-niet/uitkomst",
        f"{theme}/{own.slug}/uitkomst",
        f"{theme}/x/niet-voor",
    ):
        assert as_("jan").post(world.path(f"gesprek/veld/{name}"), data={"waarde": "x"}).status_code == 404, name


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_words_stay(world: World, as_, text: str):
    made = add(as_("jan"), world, what=text)
    (said,) = reading(world).agreements()
    assert said.what and "\x00" not in said.what
    theme, item = first_place(world)
    answer = as_("jan").post(
        world.path(f"gesprek/veld/{theme}/{item}/omdat"), data={"waarde": text, "versie": "0"}, headers=PART
    )
    assert answer.status_code == 200
    assert as_("karin").get(world.path(f"gesprek/{theme}")).status_code == 200
    assert made in as_("karin").get(world.path(f"gesprek/{theme}")).text


BORROWED = [
    ("In Dordrecht loopt dit.", ["Dordrecht"], ("Dordrecht",)),
    ("In DORDRECHT loopt dit.", ["Dordrecht"], ("Dordrecht",)),
    ("De Dordrechtse aanpak.", ["Dordrecht"], ()),
    ("In 2015, zei men.", ["2015", "Leeuwarden"], ("2015",)),
    ("Kamer 20155", ["2015"], ()),
    ("Den\nHaag doet mee.", ["Den Haag"], ("Den Haag",)),
    ("Wij doen Opstapje.", ["Opstap"], ()),
    ("Wij doen Opstap.", ["Opstap"], ("Opstap",)),
    ("Het LLO-keurmerk!", ["LLO-keurmerk"], ("LLO-keurmerk",)),
    ("Súdwest-Fryslân deed het", ["Súdwest-Fryslân"], ("Súdwest-Fryslân",)),
    ("Meerwijk, 2029", ["Dordrecht", "2013"], ()),
    ("", ["Dordrecht"], ()),
]


@pytest.mark.parametrize("text, words, left", BORROWED)
def test_borrowed_words(text: str, words: list[str], left: tuple[str, ...]):
    assert rules.borrowed_left(text, words) == left
    marked = rules.marked(text, words)
    assert "".join(piece for piece, _ in marked) == text
    assert bool([piece for piece, mark in marked if mark]) == bool(left)


def test_an_example_becomes_a_proposal_and_only_an_agreement_when_it_is_made_ones_own(world: World, as_):
    example = next(e for e in world.pack.examples if e.theme and rules.borrowed_left(e.agreement, e.borrowed))
    theme = example.theme
    item = next(iter(example.items), "")
    assert example.title in as_("jan").get(world.path(f"gesprek/{theme}")).text
    form = as_("jan").get(world.path(f"gesprek/{theme}/afspraak?voorbeeld={example.slug}&punt={item}")).text
    assert example.status_text in form and "Nog te wijzigen" in form and example.borrowed[0] in form
    assert reading(world).agreements() == (), "opening the form writes nothing"
    made = add(as_("jan"), world, what=example.agreement, theme=theme, punt=item, voorbeeld=example.slug)
    (said,) = reading(world).agreements()
    assert (said.state, said.example.slug) == ("voorstel", example.slug)
    assert said.borrowed_left
    page = as_("karin").get(world.path(f"gesprek/{theme}")).text
    assert str(escape(said.after_example)) in page and "Nog te wijzigen:" in page
    url = world.path(f"gesprek/afspraken/{made}")
    refused = as_("karin").post(f"{url}/afspreken")
    assert refused.status_code == 409 and said.borrowed_left[0] in refused.text
    assert f'id="afspraak-{made}"' in refused.text, "the page of the theme stays, with the sentence above it"
    assert as_("karin").post(f"{url}/afspreken", headers=PART).status_code == 409
    assert not reading(world).agreements()[0].agreed
    saved = as_("karin").post(
        f"{url}/wat", data={"waarde": "Elke school heeft een eigen plan.", "versie": "0"}, headers=PART
    )
    assert saved.status_code == 200 and "Nog te wijzigen" not in saved.text
    assert as_("karin").post(f"{url}/afspreken").status_code == 303
    assert reading(world).agreements()[0].agreed
    assert "agreement_settled" in events(world)


def test_a_closed_theme_can_only_be_read(world: World, as_):
    theme, item = first_place(world)
    made = add(as_("jan"), world)
    assert as_("jan").post(world.path(f"gesprek/{theme}/sluiten")).status_code == 403
    assert as_("marieke").post(world.path(f"gesprek/{theme}/sluiten")).status_code == 303
    for url, data in (
        (f"gesprek/veld/{theme}/zinvol", {"waarde": "ja"}),
        (f"gesprek/geldt-voor/{theme}/{item}", {"waarde": world.parties["ark"]}),
        (f"gesprek/{theme}/afspraak", {"wat": "x"}),
        (f"gesprek/afspraken/{made}/wat", {"waarde": "x"}),
        (f"gesprek/afspraken/{made}/verwijderen", {}),
        (f"gesprek/afspraken/{made}/afspreken", {}),
    ):
        answer = as_("jan").post(world.path(url), data={"versie": "0", **data}, headers=PART)
        assert answer.status_code == 409 and "gesloten" in answer.text, url
    page = as_("jan").get(world.path(f"gesprek/{theme}")).text
    assert "Marieke de Wit heeft dit onderdeel gesloten" in page and "Afspraak toevoegen" not in page
    assert "Open dit thema weer" in as_("marieke").get(world.path(f"gesprek/{theme}")).text
    other = world.pack.themes[0].slug
    assert (
        as_("jan").post(world.path(f"gesprek/veld/{other}/zinvol"), data={"waarde": "ja", "versie": "0"}).status_code
        == 303
    )
    assert as_("marieke").post(world.path(f"gesprek/{theme}/openen")).status_code == 303
    assert as_("jan").post(world.path(f"gesprek/{theme}/afspraak"), data={"wat": "x"}).status_code == 303


def test_concept_answers_never_show(world: World, as_):
    theme, item = first_place(world)
    with world.database.write() as tx:
        here = world.here(tx, "jan")
        linde = here.get_party(world.parties["linde"])
        save_answer(here, linde, f"{theme}/{item}/waarom", Spec("text", "x"), ["GEHEIM CONCEPT"], 0)
        own = next(i for i in world.pack.theme(theme).items if i.kind == "beleid")
        save_answer(here, linde, f"{theme}/{own.slug}/toelichting", Spec("text", "x"), ["GEHEIM CONCEPT"], 0)
    for end in ("", "?projector=1"):
        for who in ("marieke", "karin", "jan"):
            assert "GEHEIM CONCEPT" not in as_(who).get(world.path(f"gesprek/{theme}{end}")).text


def test_shared_wishes_stand_beside_the_outcome(world: World, as_):
    from app.screening.models import Share

    theme, item = first_place(world)
    with world.database.write() as tx:
        here = world.here(tx, "jan")
        linde = here.get_party(world.parties["linde"])
        for name, value in (("wens", "afstemmen"), ("waarom", "Ouders vragen erom.")):
            save_answer(here, linde, f"{theme}/{item}/{name}", Spec("text", "x"), [value], 0)
            share(here, [find_answer(tx, here.journey, linde.id, "eigen", f"{theme}/{item}/{name}")])
        tx.add(
            Share(
                tenant_id=here.tenant_id,
                journey_id=here.journey.id,
                party_id=linde.id,
                theme=theme,
                by_seat=here.seat.id,
            )
        )
    for end in ("", "?projector=1"):
        text = as_("karin").get(world.path(f"gesprek/{theme}{end}")).text
        assert re.search(r"Afstemmen:</span> De Linde", text)
        assert re.search(r"Nog niet gedeeld:</span> [^<]*Op Weg", text)
    assert "Ouders vragen erom." in as_("karin").get(world.path(f"gesprek/{theme}")).text


def test_a_reader_gets_no_forms(world: World, as_):
    theme, _ = first_place(world)
    add(as_("jan"), world)
    text = as_("pieter").get(world.path(f"gesprek/{theme}")).text
    assert "Wij maken een overzicht." in text
    for words in ("Afspraak toevoegen", "Voeg toe", "Verwijder<", "Opslaan<", "Wijzig de uitkomst", "Kies de uitkomst"):
        assert words not in text
    assert as_("pieter").get(world.path(f"gesprek/{theme}/afspraak")).status_code == 403


def test_each_event_is_one_sentence(world: World):
    theme = world.pack.themes[1]
    item = rules.joint_items(world.pack, theme)[0]
    kinds = (
        "outcome_changed",
        "usefulness_changed",
        "division_recognised",
        "notes_changed",
        "agreement_added",
        "agreement_changed",
        "agreement_removed",
        "agreement_restored",
        "agreement_settled",
    )
    for kind in kinds:
        for known in (theme, None):
            e = {
                "who": "Jan",
                "theme": known,
                "party": "De Linde",
                "ref": f"{theme.slug}/{item.slug}/uitkomst",
                "count": 2,
            }
            text = " ".join(render(f"events/{kind}.html", e=e).split())
            assert text.startswith("Jan heeft ") and text.endswith(".") and text.count(".") == 1, text


def test_the_whole_step_closed_locks_every_theme(world: World, as_):
    with world.database.write() as tx:
        mark_step(world.here(tx), "gesprek", "gesloten")
    text = as_("jan").get(world.path(f"gesprek/{first_place(world)[0]}")).text
    assert "heeft de stap ‘Gesprek’ gesloten" in text and "Afspraak toevoegen" not in text


def test_thirty_parties_long_texts_and_long_words(world: World, as_):
    from app.journey.actions import add_party

    theme, item = first_place(world)
    with world.database.write() as tx:
        here = world.here(tx)
        for number in range(25):
            add_party(here, "schoolbestuur", f"Stichting {'Zeerlangenaam' * 5} {number}", f"Bestuur {number}")
    marieke = as_("marieke")
    for number in range(12):
        made = add(marieke, world, what=f"{number} " + "woord " * 500 + "x" * 200, punt=item)
    everyone = [p for p in world.parties.values()]
    marieke.post(world.path(f"gesprek/afspraken/{made}/met-wie"), data={"waarde": everyone, "versie": "0"})
    with counted(world) as seen:
        for end in ("", "?projector=1"):
            assert marieke.get(world.path(f"gesprek/{theme}{end}")).status_code == 200
    assert len(seen) <= 16
    assert len(reading(world).agreements(theme, item)) == 12


def test_an_example_is_named_by_its_place_or_its_title(world: World):
    placed = next(e for e in world.pack.examples if e.where)
    assert rules.after_example(placed) == f"naar voorbeeld van {placed.where} ({placed.year})"
    nowhere = placed.model_copy(update={"where": ""})
    assert placed.title in rules.after_example(nowhere)


def test_an_interest_says_what_was_asked_and_keeps_the_order_of_the_answers(world: World, as_):
    from app.screening.models import Share

    theme, item = next((t, i) for t in world.pack.themes for i in t.items if i.kind == "belang")
    parties = [p for p in world.parties if world.pack.party_kind(kind_of(world, p)).column == item.column]
    answers = [c.slug for c in reversed(world.pack.interest_answers)]
    with world.database.write() as tx:
        here = world.here(tx)
        for name, slug in zip(parties, answers, strict=False):
            party = here.get_party(world.parties[name])
            path = f"{theme.slug}/{item.slug}/herkent"
            save_answer(here, party, path, Spec("text", "x"), [slug], 0)
            share(here, [find_answer(tx, here.journey, party.id, "eigen", path)])
            place = dict(tenant_id=here.tenant_id, journey_id=here.journey.id, by_seat=here.seat.id)
            tx.add(Share(**place, party_id=party.id, theme=theme.slug))
    text = as_("jan").get(world.path(f"gesprek/{theme.slug}")).text
    assert str(escape(item.question or "Herkent u dit?")) in text
    labels = [c.label for c in world.pack.interest_answers if c.slug in answers[: len(parties)]]
    places = [text.index(f'says__who">{label}:') for label in labels]
    assert places == sorted(places)


def kind_of(world: World, name: str) -> str:
    with world.database.read() as tx:
        return world.here(tx).get_party(world.parties[name]).kind
