"""The chapter pages: pre-filled, read, changed, and what happens when a source changes or goes."""

import pytest

from app.answers.models import OWN
from app.plan import reading, rules
from app.plan.said import SHORT
from app.prose.reading import read_prose
from tests.conftest import World
from tests.litany import PART, Write, recite
from tests.plan import meerwijk
from tests.plan.test_pieces import CHAPTERS


def state(world: World, chapter: str = "inventarisatie") -> dict[str, tuple[str, str, str]]:
    """slot → (id, text, state in words)."""
    with world.database.read() as tx:
        here = world.here(tx)
        return {
            p.slot or p.id: (p.id, p.text, reading.paragraph_said(here, p).state)
            for p in read_prose(here).chapter(chapter)
        }


def fill(world: World, as_, chapter: str = "inventarisatie") -> None:
    assert as_("jan").post(world.path(f"plan/{chapter}/vul-voor")).status_code == 303


def waiting(world: World, chapter: str = "inventarisatie") -> dict[str, str]:
    with world.database.read() as tx:
        here = world.here(tx)
        return {p.key: p.text for p in reading.pending(here, [rules.get_chapter(here.pack, chapter)])}


def test_every_page_in_every_state(told: World, as_):
    for chapter in CHAPTERS:
        for who in ("jan", "pieter"):
            for rest in (chapter, f"{chapter}/nog-niet-verwerkt"):
                assert as_(who).get(told.path(f"plan/{rest}")).status_code == 200
        fill(told, as_, chapter)
        for who in ("jan", "pieter"):
            for rest in (chapter, f"{chapter}?herkomst=uit", f"{chapter}/nog-niet-verwerkt"):
                assert as_(who).get(told.path(f"plan/{rest}")).status_code == 200
        as_("marieke").post(told.path(f"plan/{chapter}/sluiten"))
        for who in ("jan", "pieter", "marieke"):
            page = as_(who).get(told.path(f"plan/{chapter}"))
            assert page.status_code == 200 and "vul-voor" not in page.text
    assert as_("noor").get(told.path("plan")).status_code == 200


def test_pages_of_an_empty_journey(world: World, as_):
    for chapter in CHAPTERS:
        text = as_("jan").get(world.path(f"plan/{chapter}")).text
        assert world.pack.chapter(chapter).demands[0].text in text
        assert as_("jan").get(world.path(f"plan/{chapter}/nog-niet-verwerkt")).status_code == 200
    assert as_("jan").get(world.path("plan")).status_code == 200
    assert as_("jan").get(world.path("plan/bestaat-niet")).status_code == 404


def test_a_page_never_fills_by_itself_and_twice_adds_nothing(told: World, as_):
    as_("jan").get(told.path("plan/inventarisatie"))
    assert state(told) == {}
    fill(told, as_)
    first = state(told)
    assert first["b/besturen"][2] == "voorgesteld"
    fill(told, as_)
    assert state(told) == first


def test_origin_and_source_are_shown(told: World, as_):
    fill(told, as_)
    page = as_("karin").get(told.path("plan/inventarisatie")).text
    assert "Uit: Waar staan we, thema B: Stichting De Linde" in page and "voorgesteld" in page and "Bekijk bron" in page
    assert "waar-staan-we/b/naast-elkaar#punt-vve-vroegschools" in page


def test_untouched_text_can_be_taken_over_when_the_source_changes(told: World, as_):
    fill(told, as_)
    meerwijk.answer(told, "jan", "linde", {"b": {"vve-vroegschools/toelichting": "ook een huisbezoek"}}, OWN)
    made, old, words = state(told)["b/besturen"]
    assert words == "bron gewijzigd" and "huisbezoek" not in old
    page = as_("karin").get(told.path("plan/inventarisatie")).text
    assert "Stichting De Linde heeft dit op" in page and "ook een huisbezoek" in page and "Neem over" in page
    assert as_("karin").post(told.path(f"plan/alinea/{made}/neem-over"), data={"versie": "0"}).status_code == 303
    _, new, words = state(told)["b/besturen"]
    assert "ook een huisbezoek" in new and words == "voorgesteld"


def test_a_concept_change_does_not_flag_anything(told: World, as_):
    fill(told, as_)
    meerwijk.answer(told, "jan", "linde", {"b": {"vve-vroegschools/toelichting": "nog geheim"}}, OWN, share=False)
    assert state(told)["b/besturen"][2] == "voorgesteld"
    assert "nog geheim" not in as_("karin").get(told.path("plan/inventarisatie")).text


def test_edited_text_is_never_replaced(told: World, as_):
    fill(told, as_)
    made = state(told)["b/besturen"][0]
    as_("karin").post(
        told.path(f"plan/alinea/{made}/tekst"),
        data={"waarde": "Onze eigen zin.", "versie": "0"},
        headers=PART,
    )
    assert state(told)["b/besturen"][2] == "bewerkt door Karin Smit"
    meerwijk.answer(told, "jan", "linde", {"b": {"vve-vroegschools/toelichting": "ook een huisbezoek"}}, OWN)
    page = as_("karin").get(told.path("plan/inventarisatie")).text
    assert "Zo leest de bron nu" in page and "Onze eigen zin." in page and "Neem over" not in page
    refused = as_("karin").post(told.path(f"plan/alinea/{made}/neem-over"), data={"versie": "1"})
    assert refused.status_code == 422 and state(told)["b/besturen"][1] == "Onze eigen zin."


def test_taking_over_is_refused_when_somebody_wrote_meanwhile(told: World, as_):
    fill(told, as_)
    made, text, _ = state(told)["b/besturen"]
    as_("karin").post(told.path(f"plan/alinea/{made}/tekst"), data={"waarde": "Anders.", "versie": "0"}, headers=PART)
    as_("karin").post(told.path(f"plan/alinea/{made}/tekst"), data={"waarde": text, "versie": "1"}, headers=PART)
    answer = as_("jan").post(told.path(f"plan/alinea/{made}/neem-over"), data={"versie": "0"})
    assert answer.status_code == 409 and "niets overgenomen" in answer.text


def test_leave_it_so_lasts_until_the_next_change(told: World, as_):
    fill(told, as_)
    meerwijk.answer(told, "jan", "linde", {"b": {"vve-vroegschools/toelichting": "ook een huisbezoek"}}, OWN)
    made, old, _ = state(told)["b/besturen"]
    as_("karin").post(told.path(f"plan/alinea/{made}/laat-zo"))
    assert state(told)["b/besturen"][1:] == (old, "voorgesteld")
    meerwijk.answer(told, "jan", "linde", {"b": {"vve-vroegschools/toelichting": "en een brief"}}, OWN)
    assert state(told)["b/besturen"][2] == "bron gewijzigd"


def test_a_source_that_goes_is_said(told: World, as_):
    fill(told, as_)
    meerwijk.answer(
        told, "marieke", "gemeente", {"b": {"vve-voorschools/stand": "nvt", "vsv-beleid/stand": "nvt"}}, OWN
    )
    made, text, words = state(told)["b/gemeente"]
    assert words == "bron vervallen"
    as_("jan").post(told.path(f"plan/alinea/{made}/neem-over"), data={"versie": "0"})
    assert "b/gemeente" not in state(told), "nothing is left to say: the paragraph goes"


def test_a_silent_party_that_speaks_flags_the_silence(told: World, as_):
    fill(told, as_)
    meerwijk.answer(told, "fatima", "ark", {"a": {"schoolbeleid-ouderbetrokkenheid/stand": "geborgd"}}, OWN)
    made, text, words = state(told)["a/besturen"]
    assert "Kinderopvang Ark is geen antwoord" in text and words == "bron vervallen"
    key = f"antwoord/a/schoolbeleid-ouderbetrokkenheid/{told.parties['ark']}"
    assert key in waiting(told)
    as_("jan").post(told.path(f"plan/alinea/{made}/neem-over"), data={"versie": "0"})
    assert (
        "Kinderopvang Ark heeft dit geborgd" in state(told)["a/besturen"][1]
        or "Kinderopvang Ark heeft" in state(told)["a/besturen"][1]
    )
    assert key not in waiting(told)


def test_new_sources_wait_and_filling_again_adds_only_those(told: World, as_):
    fill(told, as_)
    before = state(told)
    as_("jan").post(
        told.path(f"plan/alinea/{before['b/besturen'][0]}/tekst"),
        data={"waarde": "Van ons.", "versie": "0"},
        headers=PART,
    )
    meerwijk.answer(told, "jan", "linde", {"c": {"pedagogisch-beleid/stand": "geborgd"}}, OWN)
    assert f"antwoord/c/pedagogisch-beleid/{told.parties['linde']}" in waiting(told)
    fill(told, as_)
    with told.database.read() as tx:
        texts = [p.text for p in read_prose(told.here(tx)).chapter("inventarisatie")]
    assert "Van ons." in texts and any("pedagogisch beleid" in t for t in texts)
    assert sum(t.startswith("Thema C: Opvoeding") for t in texts) == 1, "the heading is not repeated"
    assert f"antwoord/c/pedagogisch-beleid/{told.parties['linde']}" not in waiting(told)


def test_deleting_brings_the_sources_back_and_filling_again_does_not(told: World, as_):
    fill(told, as_)
    made = state(told)["b/gemeente"][0]
    key = f"antwoord/b/vsv-beleid/{told.parties['gemeente']}"
    assert key not in waiting(told)
    answer = as_("jan").post(told.path(f"plan/alinea/{made}/verwijderen"))
    page = as_("jan").get(answer.headers["location"]).text
    assert key in waiting(told) and "De bron staat nu bij ‘Nog niet verwerkt’" in page
    fill(told, as_)
    assert key in waiting(told) and "b/gemeente" not in state(told)
    as_("jan").post(told.path(f"plan/alinea/{made}/terugzetten"))
    assert key not in waiting(told)


def test_use_a_piece_here_there_and_after(told: World, as_):
    fill(told, as_)
    remark, note = (k for k in sorted(waiting(told), reverse=True))
    place = state(told)["b/kop"][0]
    as_("jan").post(told.path("plan/inventarisatie/gebruik"), data={"sleutel": remark, "na": place})
    with told.database.read() as tx:
        row = [(p.id, p.text) for p in read_prose(told.here(tx)).chapter("inventarisatie")]
    assert "merkt op" in row[[i for i, _ in row].index(place) + 1][1]
    again = as_("jan").post(told.path("plan/inventarisatie/gebruik"), data={"sleutel": remark})
    assert again.status_code == 410
    moved = as_("jan").post(told.path("plan/inventarisatie/gebruik"), data={"sleutel": note, "hoofdstuk": "monitoring"})
    assert "/plan/monitoring" in moved.headers["location"] and waiting(told) == {}


def test_left_out_needs_a_reason_and_can_be_used_after_all(told: World, as_):
    fill(told, as_)
    key = next(iter(waiting(told)))
    url = told.path("plan/inventarisatie/laat-weg")
    refused = as_("jan").post(url, data={"sleutel": key, "toelichting": "Mijn uitleg 👩‍👧"})
    assert refused.status_code == 422 and "Mijn uitleg 👩‍👧" in refused.text and "Kies waarom" in refused.text
    assert (
        as_("jan").post(url, data={"sleutel": key, "reden": "later", "toelichting": "Volgend jaar."}).status_code == 303
    )
    assert key not in waiting(told)
    page = as_("karin").get(told.path("plan/inventarisatie")).text
    assert "Weggelaten (1)" in page and "Volgend jaar." in page and "Jan Bakker liet dit weg" in page
    elsewhere = as_("karin").post(told.path("plan/monitoring/toch-gebruiken"), data={"sleutel": key})
    assert elsewhere.status_code == 404 and key not in waiting(told), "only in the chapter where it was left out"
    as_("karin").post(told.path("plan/inventarisatie/toch-gebruiken"), data={"sleutel": key})
    assert key in waiting(told)


def test_what_waits_for_a_closed_chapter_stays_there(told: World, as_):
    """Also when it is asked for from a chapter that is open."""
    fill(told, as_)
    before = waiting(told)
    as_("marieke").post(told.path("plan/inventarisatie/sluiten"))
    for verb, more in (("laat-weg", {"reden": "later"}), ("gebruik", {}), ("gebruik", {"hoofdstuk": "inleiding"})):
        data = {"sleutel": next(iter(before)), **more}
        assert as_("jan").post(told.path(f"plan/monitoring/{verb}"), data=data).status_code == 409, verb
    assert waiting(told) == before


@pytest.mark.parametrize(
    "rest",
    ["vul-voor", "alinea", "gebruik", "laat-weg", "toch-gebruiken", "afgerond", "niet-afgerond", "visie"],
)
def test_who_may_not_change_a_chapter(told: World, as_, rest: str):
    url = told.path(f"plan/inventarisatie/{rest}")
    assert as_("jan").get(url).status_code in (404, 405)
    assert as_("pieter").post(url).status_code == 403
    assert as_("olga").post(url).status_code == as_("otto").post(url).status_code == 404
    assert as_("nobody").post(url).headers["location"] == "/aanmelden"
    as_("marieke").post(told.path("plan/inventarisatie/sluiten"))
    assert as_("jan").post(url).status_code == 409


def test_only_the_facilitator_closes(told: World, as_):
    assert as_("jan").post(told.path("plan/inleiding/sluiten")).status_code == 403
    assert as_("marieke").post(told.path("plan/inleiding/sluiten")).status_code == 303


def test_finished_is_what_a_person_says(told: World, as_):
    fill(told, as_, "inleiding")
    as_("jan").post(told.path("plan/inleiding/afgerond"))
    assert "afgerond door Jan Bakker" in as_("karin").get(told.path("plan/inleiding")).text.lower().replace(
        "jan bakker", "Jan Bakker"
    )
    as_("jan").post(told.path("plan/inleiding/niet-afgerond"))
    assert "afgerond door" not in as_("karin").get(told.path("plan")).text


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("inleiding/hoort-hierin", "ander-beleid", "", "onzin"),
        ("monitoring/extern-bureau", "ja", "nee", "misschien"),
        ("monitoring/eerste-keer", "2028-03", "2028-04", "ooit"),
    ],
)
def test_every_joint_field(world: World, name: str, good: str, other: str, bad: str):
    recite(
        world,
        Write(
            world.path(f"plan/veld/{name}"),
            by="jan",
            good=good,
            other=other,
            bad=bad,
            not_by=["pieter"],
            step="plan",
        ),
    )


def test_the_party_with_the_regie_takes_the_evaluations_nobody_took(told: World, as_):
    as_("marieke").post(told.path("plan/vul-alles-voor"))
    form = {"waarde": told.parties["linde"], "versie": "0"}
    assert as_("marieke").post(told.path("plan/veld/regie"), data=form).status_code == 303
    with told.database.read() as tx:
        steps = {a.what: a.owner for a in reading.read_plan(told.here(tx)).actions}
    assert steps["Wij bespreken de afspraken en de doelen op de LEA."] == "Stichting De Linde"
    assert steps["Wij maken een overzicht van alle tips voor thuis"] == "Gemeente Meerwijk"


def test_a_boundary_said_yes_to_leads_to_the_next_question(world: World, as_):
    form = {"partij": world.parties["linde"], "kant": "doet-niet", "text": "Dat doet de gemeente.", "verder": "ja"}
    answer = as_("jan").post(world.path("plan/rij/taak"), data=form)
    assert answer.headers["location"].endswith(f"wijzig={form['partij']}#partij-{form['partij']}")
    page = as_("jan").get(answer.headers["location"]).text
    assert f'id="vragen-{form["partij"]}" open' in page


def test_the_regie_is_one_party_that_may_lead(world: World, as_):
    url = world.path("plan/veld/regie")
    recite(
        world,
        Write(
            url,
            by="jan",
            good=world.parties["gemeente"],
            other=world.parties["linde"],
            bad=world.parties["welzijn"],
            not_by=["pieter"],
            step="plan",
        ),
    )
    with world.database.read() as tx:
        assert reading.read_plan(world.here(tx)).lead.name == "Gemeente Meerwijk"


def test_choices_about_monitoring_become_sentences(told: World, as_):
    as_("jan").post(told.path("plan/veld/monitoring/extern-bureau"), data={"waarde": "ja", "versie": "0"}, headers=PART)
    as_("jan").post(
        told.path("plan/veld/monitoring/eerste-keer"),
        data={"waarde": "mei 2028", "versie": "0"},
        headers=PART,
    )
    fill(told, as_, "monitoring")
    ((_, text, _),) = state(told, "monitoring").values()
    assert "extern bureau" in text and "in mei 2028" in text


def test_fill_everything_at_once(told: World, as_):
    as_("marieke").post(told.path("plan/inleiding/sluiten"))
    assert as_("jan").post(told.path("plan/vul-alles-voor")).status_code == 303
    assert state(told, "inleiding") == {} and state(told) != {}
    page = as_("jan").get(told.path("plan")).text
    assert "Lees het plan" in page and "0 van 2 doelen meetbaar" in page


def test_a_vision_to_start_from(told: World, as_):
    page = as_("jan").get(told.path("plan/visie-en-doelen")).text
    assert "Een visie om mee te beginnen" in page
    answer = as_("jan").post(told.path("plan/visie-en-doelen/visie"), data={"voorbeeld": "impuls/visie-afstemming"})
    assert answer.status_code == 303
    assert "Een visie om mee te beginnen" not in as_("jan").get(told.path("plan/visie-en-doelen")).text
    assert as_("jan").post(told.path("plan/visie-en-doelen/visie"), data={"voorbeeld": "impuls/x"}).status_code == 404


def test_thirty_parties_with_long_answers_stay_within_a_paragraph(world: World, as_):
    from app.journey.actions import add_party

    with world.database.write() as tx:
        here = world.here(tx)
        for n in range(30):
            add_party(here, "schoolbestuur", f"Stichting Lange Naam van Bestuur Nummer {n}", "", ["po"])
    from app.answers.actions import save_answer
    from app.answers.models import BEHALF
    from app.screening import rules as screening
    from app.screening.actions import share_theme

    with world.database.write() as tx:
        here = world.here(tx)
        theme = here.get_theme("b")
        for party in [p for p in here.parties if p.kind == "schoolbestuur"]:
            specs = screening.specs(here.pack, party, theme)
            for name, value in {
                "onderwijsondersteunend-gedrag-bevorderen/stand": "bezig",
                "onderwijsondersteunend-gedrag-bevorderen/toelichting": ("woord " * 500).strip(),
                "vve-afstemming/wens": "afstemmen",
                "vve-afstemming/waarom": "x" * 200,
            }.items():
                save_answer(here, party, f"b/{name}", specs[name], [value], 0, BEHALF)
            share_theme(here, party, theme, BEHALF)
    fill(world, as_)
    assert all(len(text) <= 9000 for _, text, _ in state(world).values())
    assert as_("jan").get(world.path("plan/inventarisatie")).status_code == 200


def test_events_have_their_sentence(told: World, as_):
    from app.core.rendering import ENV
    from app.journey.store import get_journey, list_events

    fill(told, as_)
    made = state(told)["b/besturen"][0]
    for rest in ("omhoog", "verwijderen", "terugzetten"):
        as_("jan").post(told.path(f"plan/alinea/{made}/{rest}"))
    as_("jan").post(told.path("plan/inventarisatie/gebruik"), data={"sleutel": next(iter(waiting(told)))})
    with told.database.read() as tx:
        kinds = {e.kind for e in list_events(tx, get_journey(tx, "meerwijk", told.journey)) if e.step == "plan"}
    assert {
        "chapter_prefilled",
        "paragraph_moved",
        "paragraph_removed",
        "paragraph_restored",
        "piece_used",
    } <= kinds
    for kind in kinds:
        ENV.get_template(f"events/{kind}.html")


def test_few_queries_per_page(told: World, as_):
    from sqlalchemy import event

    for chapter in CHAPTERS:
        fill(told, as_, chapter)
    counted: list[str] = []
    event.listen(told.database.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    for rest in ("", *(f"/{c}" for c in CHAPTERS)):
        jan = as_("jan")
        counted.clear()
        jan.get(told.path(f"plan{rest}"))
        asked = [q for q in counted if q.lstrip().upper().startswith("SELECT")]
        gate = 5  # who, seat and journey, parties, states of steps; and the lists of the chosen conclusion 3
        assert len(asked) <= gate + (12 if not rest else 11 if rest.endswith("stappenplan") else 10), (
            f"plan{rest}: {len(asked)}\n" + "\n".join(q[:90].replace("\n", " ") for q in asked)
        )


def test_the_inventory_begins_with_one_sentence_per_theme(told: World, as_):
    fill(told, as_)
    slots = list(state(told))
    assert slots[:2] == [f"{SHORT}/kop", SHORT]
    _, text, said = state(told)[SHORT]
    assert said == "voorgesteld" and "één is ermee bezig" in text and "met twee afspraken" in text
    meerwijk.answer(told, "jan", "linde", {"b": {"vve-vroegschools/stand": "nog-niet"}})
    assert state(told)[SHORT][1:] == (text, "bron gewijzigd")


def test_a_chapter_that_was_filled_before_gets_no_summary(told: World, as_, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr("app.plan.pieces.in_short", lambda *_: "")
        fill(told, as_)
    then = state(told)
    fill(told, as_)
    assert state(told) == then and SHORT not in then
