"""Lists of criteria: begun empty, filled by the people, and how far each school is. Nothing comes from us."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.answers.actions import save_joint
from app.checklists import actions, reading, rules
from app.checklists.models import Criterion, Institution, Progress
from app.conclusions import rules as conclusions
from app.content.pack import Pack
from app.core.clock import date_text, today
from app.document.pages import build_document
from app.journey.actions import add_municipality, mark_step
from app.journey.gate import Here
from app.plan.reading import read_pieces
from app.register.actions import offer, take_over
from tests.conftest import World
from tests.litany import PART, Write, recite
from tests.register import samples

VVE = "criteria/vve-indicatoren"


def choose(here: Here, slug: str = "criteria") -> None:
    specs = conclusions.fields(here.pack)
    save_joint(here, f"conclusies/{slug}/gekozen", specs[f"{slug}/gekozen"], ["ja"], 0)


@pytest.fixture
def filled(world: World) -> World:
    """Conclusion 3 with one list: three criteria, two schools of De Linde and one of Ark. Ids in `made`."""
    with world.database.write() as tx:
        here = world.here(tx)
        choose(here)
        checklist = actions.start_list(here, VVE, "")
        actions.add_criteria(here, checklist, "Eerste criterium\nTweede criterium\nDerde criterium")
        actions.add_institutions(here, checklist, here.get_party(world.parties["linde"]), "De Wilg\nDe Berk")
        actions.add_institutions(here, checklist, here.get_party(world.parties["ark"]), "Ark Zuid")
        rows = {i.name: i.id for i in tx.exec(select(Institution))}
        rows |= {c.text: c.id for c in tx.exec(select(Criterion))}
        world.made = {"lijst": checklist.id, **rows}  # type: ignore[attr-defined]
    return world


def path(world: World, rest: str = "") -> str:
    made = {k: v for k, v in getattr(world, "made", {}).items()}
    return world.path("conclusies/lijsten" + re.sub(r"\{([^}]+)\}", lambda m: made[m[1]], rest))


def cell(world: World, school: str = "De Wilg", criterion: str = "Eerste criterium", column: str = "state") -> str:
    return path(world, f"/{{lijst}}/scholen/{{{school}}}/{{{criterion}}}/{column}")


# ---- rules ----


def test_the_pack_names_the_lists_that_the_source_does_not_give(pack: Pack):
    found = rules.ready_lists(pack)
    assert {r.option for r in found} == {"llo-criteria", "partnerschapsbeleid", "vve-indicatoren", ""}
    assert {r.conclusion.number for r in found} == {3}


def test_an_older_pack_without_names_still_has_lists_of_their_own(pack: Pack):
    old = pack.model_dump_json()
    for name in ("Criteria van het LLO", "Indicatoren voor ouderbeleid (VVE)", "Kenmerken van partnerschapsbeleid"):
        assert name in old
        old = old.replace(f'"checklist":"{name}"', '"checklist":""')
    assert [r.key for r in rules.ready_lists(Pack.model_validate_json(old))] == ["criteria/"]


@pytest.mark.parametrize(
    "typed, lines",
    [
        ("a b\n\n  c  \n", ["a b", "c"]),
        ("1. een\n2) twee\n(3) drie\n10. tien", ["een", "twee", "drie", "tien"]),
        ("• een\n- twee\n– drie\n\uf0b7\tvier\na. vijf", ["een", "twee", "drie", "vier", "vijf"]),
        ("2 jaar\n1.1 bis\nA. hoofdletter\nvb. goed", ["2 jaar", "1.1 bis", "A. hoofdletter", "vb. goed"]),
        ("-\n1.\n \t", []),
        ("één\r\ntwee\rdrie\u2028vier", ["één", "twee", "drie", "vier"]),
    ],
)
def test_pasted_lines(typed: str, lines: list[str]):
    from app.core.text import clean

    assert rules.pasted_lines(clean(typed)) == lines


def test_what_does_not_apply_does_not_count():
    told = rules.tally(9, [("op-orde", 4), ("bezig", 1), ("nvt", 2), ("nog-niet", 1), ("onzin", 3)])
    assert (told.total, told.unsaid) == (7, 1)
    assert told.words == "4 van 7 op orde, 1 mee bezig, 1 nog niet, 2 niet van toepassing, 1 nog niet ingevuld"
    assert rules.tally(9, []).words == "nog niet ingevuld"


@pytest.mark.parametrize(
    "place, link",
    [("https://voorbeeld.test/a", True), ("javascript:alert(1)", False), ("http://x", False), ("", False)],
)
def test_only_an_address_is_a_link(place: str, link: bool):
    assert rules.is_link(place) is link


# ---- beginning a list ----


def test_a_list_starts_empty_and_says_that_it_is_ours_to_fill(world: World, as_):
    page = as_("jan").get(path(world)).text
    assert "zij staan niet in de bron" in page and "Iedereen in dit traject ziet dit meteen." in page
    assert "is nu niet gekozen" in page
    made = as_("jan").post(path(world), data={"soort": VVE})
    assert made.status_code == 303
    page = as_("jan").get(made.headers["location"]).text
    assert "Criteria (0)" in page and "Plak of typ hieronder uw eigen lijst" in page
    again = as_("jan").post(path(world), data={"soort": VVE})
    assert again.status_code == 422 and "Er is al een lijst" in again.text


@pytest.mark.parametrize(
    "data, sentence",
    [
        ({}, "Kies welke lijst u wilt beginnen."),
        ({"soort": "criteria/onzin"}, "Kies welke lijst u wilt beginnen."),
        ({"soort": "criteria/"}, "Geef uw eigen lijst een naam."),
        ({"soort": "criteria/", "naam": "x" * 121}, "Deze tekst is te lang: 121 tekens."),
        ({"soort": VVE, "gemeente": "elders"}, "Kies een gemeente uit de lijst."),
    ],
)
def test_a_list_that_cannot_begin(world: World, as_, data: dict[str, str], sentence: str):
    answer = as_("jan").post(path(world), data=data)
    assert answer.status_code == 422 and sentence in answer.text
    assert data.get("naam", "") in answer.text, "what was typed stays"


def test_who_may_begin(world: World, as_):
    data = {"soort": VVE}
    assert as_("pieter").post(path(world), data=data).status_code == 403
    assert as_("olga").post(path(world), data=data).status_code == as_("otto").post(path(world), data=data).status_code
    assert as_("olga").get(path(world)).status_code == 404
    with world.database.write() as tx:
        mark_step(world.here(tx), "conclusies", "gesloten")
    assert as_("jan").post(path(world), data=data).status_code == 409


def test_a_list_is_of_one_gemeente_or_of_all(world: World, as_):
    with world.database.write() as tx:
        other = add_municipality(world.here(tx), "Duinrade").id
    assert "Alle gemeenten" in as_("jan").get(path(world)).text
    first = as_("jan").post(path(world), data={"soort": VVE, "gemeente": other}).headers["location"]
    assert as_("jan").post(path(world), data={"soort": VVE}).status_code == 303, "the same list for all is another"
    page = as_("jan").get(path(world)).text
    assert "Indicatoren voor ouderbeleid (VVE) – Duinrade" in page
    refused = as_("marieke").post(world.path(f"opzet/gemeenten/{other}/verwijderen"))
    assert refused.status_code == 422 and "lijst met criteria voor Duinrade" in refused.text
    url = first.partition("?")[0].removesuffix("/criteria")
    saved = as_("jan").post(f"{url}/veld/municipality_id", data={"waarde": "", "versie": "0"}, headers=PART)
    assert saved.status_code == 200
    assert as_("marieke").post(world.path(f"opzet/gemeenten/{other}/verwijderen")).status_code == 303


# ---- every write ----


@pytest.mark.parametrize(
    "column, good, other, bad",
    [
        ("name", "Onze lijst", "Hun lijst", ""),
        ("source", "Kwaliteitskader Meerwijk", "Beleidsplan", "x" * 301),
        ("source_place", "https://voorbeeld.test/kader", "bladzijde 4", "x" * 501),
        ("source_year", "2025", "2026", "ooit"),
    ],
)
def test_columns_of_a_list(filled: World, column: str, good: str, other: str, bad: str):
    url = path(filled, f"/{{lijst}}/veld/{column}")
    recite(filled, Write(url, by="jan", good=good, other=other, bad=bad, not_by=["pieter"], step="conclusies"))


def test_the_text_of_a_criterion(filled: World):
    url = path(filled, "/{lijst}/criteria/{Eerste criterium}/tekst")
    write = Write(url, by="jan", good="Anders", other="Nog anders", bad="x" * 501, not_by=["pieter"], step="conclusies")
    recite(filled, write)


def test_the_name_of_a_school(filled: World):
    url = path(filled, "/{lijst}/scholen/{De Wilg}/naam")
    not_by = ["pieter", "karin", "noor"]
    recite(filled, Write(url, by="jan", good="De Eik", other="De Els", bad="x" * 121, not_by=not_by, step="conclusies"))


@pytest.mark.parametrize(
    "column, good, other, bad",
    [
        ("state", "bezig", "op-orde", "bijna"),
        ("note", "Wij beginnen in groep 1.", "Wij zijn begonnen.", "x" * 2001),
        ("dated", "juni 2028", "12-03-2028", "straks"),
    ],
)
@pytest.mark.parametrize("by", ["jan", "marieke"])
def test_how_far_a_school_is(filled: World, by: str, column: str, good: str, other: str, bad: str):
    """Its own people and the procesbegeleider say it; another board, a meelezer and an outsider do not."""
    not_by = ["pieter", "karin", "fatima", "noor"]
    write = Write(cell(filled, column=column), by=by, good=good, other=other, bad=bad, not_by=not_by, step="conclusies")
    recite(filled, write)


def test_nothing_said_makes_no_row(filled: World, as_):
    assert as_("jan").post(cell(filled), data={"waarde": "", "versie": "0"}, headers=PART).status_code == 200
    assert as_("jan").post(cell(filled), data={"waarde": "onzin", "versie": "0"}, headers=PART).status_code == 422
    with filled.database.read() as tx:
        assert tx.exec(select(Progress)).all() == []


def test_without_javascript_a_save_brings_one_back(filled: World, as_):
    answer = as_("jan").post(cell(filled), data={"waarde": "op-orde", "versie": "0"})
    place, _, field = answer.headers["location"].partition("#")
    assert answer.status_code == 303 and place.endswith(f"/scholen/{filled.made['De Wilg']}")
    assert f'id="{field}"' in as_("jan").get(place).text, "back at the field itself"
    page = as_("karin").get(answer.headers["location"]).text
    assert "Op orde" in page and "1 van 3 op orde" in page and "<textarea" not in page, "others read"


WRITES = [
    "/{lijst}/criteria",
    "/{lijst}/criteria/{Eerste criterium}/verwijderen",
    "/{lijst}/criteria/{Eerste criterium}/terugzetten",
    "/{lijst}/criteria/{Eerste criterium}/omhoog",
    "/{lijst}/criteria/{Eerste criterium}/omlaag",
    "/{lijst}/scholen",
    "/{lijst}/scholen/{De Wilg}/verwijderen",
    "/{lijst}/scholen/{De Wilg}/terugzetten",
    "/{lijst}/verwijderen",
    "/{lijst}/terugzetten",
]


@pytest.mark.parametrize("url", WRITES)
def test_who_may_change_a_list(filled: World, as_, url: str):
    data = {"regels": "Iets nieuws", "partij": filled.parties["linde"]}
    where = path(filled, url)
    for name, status in (("pieter", 403), ("olga", 404), ("otto", 404), ("nobody", 303)):
        answer = as_(name).post(where, data=data)
        assert answer.status_code == status, (name, answer.text)
    if "scholen" in url:
        assert as_("karin").post(where, data=data).status_code == 403, "the schools of another board"
    assert as_("jan").post(where, data=data).status_code == 303
    as_("jan").post(path(filled, "/{lijst}/terugzetten"))
    with filled.database.write() as tx:
        mark_step(filled.here(tx), "conclusies", "gesloten")
    closed = as_("jan").post(where, data=data)
    assert closed.status_code == 409 and "gesloten" in closed.text


def test_what_is_of_another_list_is_not_there(filled: World, as_):
    with filled.database.write() as tx:
        here = filled.here(tx)
        other = actions.start_list(here, "criteria/", "Andere lijst")
        actions.add_criteria(here, other, "Vreemd criterium")
        filled.made["anders"] = other.id
        filled.made["vreemd"] = tx.exec(select(Criterion).where(Criterion.checklist_id == other.id)).one().id
    data = {"waarde": "op-orde", "versie": "0"}
    for url in (
        "/{lijst}/scholen/{De Wilg}/{vreemd}/state",
        "/{anders}/scholen/{De Wilg}/{vreemd}/state",
        "/{lijst}/scholen/{De Wilg}/{Eerste criterium}/made_by",
        "/{lijst}/veld/journey_id",
        "/{lijst}/criteria/{vreemd}/tekst",
    ):
        assert as_("jan").post(path(filled, url), data=data, headers=PART).status_code == 404, url
    assert as_("jan").get(path(filled, "/{anders}/scholen/{De Wilg}")).status_code == 404


# ---- pasting ----


def test_paste_a_list_of_criteria(filled: World, as_):
    sent = "1. Derde  criterium\n2. Vierde\n\n• vierde\n3. Vijfde <b>"
    answer = as_("jan").post(path(filled, "/{lijst}/criteria"), data={"regels": sent})
    page = as_("jan").get(answer.headers["location"]).text
    assert "2 criteria toegevoegd. 2 stonden er al." in page
    assert "Vijfde &lt;b&gt;" in page and "Criteria (5)" in page


@pytest.mark.parametrize(
    "sent, sentence",
    [
        ("", "Plak of typ hier de criteria: één criterium per regel."),
        ("goed\n" + "x" * 501, "Regel 2 is te lang: 501 tekens. Er passen er 500."),
        ("\n".join(f"Regel nummer {n}" for n in range(61)), "In deze lijst passen er 60; er is nog plaats voor 57."),
        ("\n".join(f"Regel nummer {n}" for n in range(10_000)), "Dit zijn 10000 nieuwe criteria."),
    ],
)
def test_what_does_not_fit_changes_nothing_and_stays_in_the_box(filled: World, as_, sent: str, sentence: str):
    answer = as_("jan").post(path(filled, "/{lijst}/criteria"), data={"regels": sent})
    assert answer.status_code == 422 and sentence in answer.text
    assert sent.split("\n")[-1] in answer.text, "what was typed comes back"
    with filled.database.read() as tx:
        assert len(tx.exec(select(Criterion)).all()) == 3


def test_paste_schools_of_the_own_party(filled: World, as_):
    url = path(filled, "/{lijst}/scholen")
    answer = as_("karin").post(url, data={"partij": filled.parties["opweg"], "regels": "De Wilg\nHet Lyceum"})
    page = as_("karin").get(answer.headers["location"]).text
    assert "2 scholen en organisaties toegevoegd." in page, "the same name may occur at two boards"
    assert as_("karin").post(url, data={"partij": filled.parties["linde"], "regels": "x"}).status_code == 403
    assert as_("karin").post(url, data={"partij": "geenpartij", "regels": "x"}).status_code == 404
    none = as_("marieke").post(url, data={"regels": "De Es"})
    assert none.status_code == 422 and "Kies eerst bij welke partij" in none.text and "De Es" in none.text
    many = "\n".join(f"School {n}" for n in range(10_000))
    assert (
        "er is nog plaats voor" in as_("karin").post(url, data={"partij": filled.parties["opweg"], "regels": many}).text
    )


def test_take_the_schools_of_another_list(filled: World, as_):
    with filled.database.write() as tx:
        filled.made["anders"] = actions.start_list(filled.here(tx), "criteria/", "Andere lijst").id
    url = path(filled, "/{anders}/scholen/overnemen")
    data = {"lijst": filled.made["lijst"]}
    assert as_("pieter").post(url, data=data).status_code == 403
    assert "Neem over van" in as_("jan").get(path(filled, "/{anders}/scholen")).text
    assert as_("jan").post(url, data=data).headers["location"].endswith("erbij=2#scholen"), "those of the own party"
    assert as_("marieke").post(url, data=data).headers["location"].endswith("erbij=1#scholen"), "the rest"
    assert "erbij" not in as_("marieke").post(url, data=data).headers["location"]
    assert as_("marieke").post(url, data={"lijst": "bestaatniet"}).status_code == 404


def test_there_is_an_end_to_how_many_lists(world: World, as_, monkeypatch):
    monkeypatch.setattr(actions, "MOST_LISTS", 2)
    for number in range(3):
        answer = as_("jan").post(path(world), data={"soort": "criteria/", "naam": f"Lijst {number}"})
    assert answer.status_code == 422 and "Er zijn al 2 lijsten." in answer.text


# ---- taking away and putting back ----


def say(world: World, as_, school: str, criterion: str, state: str) -> None:
    url = cell(world, school, criterion)
    assert as_("marieke").post(url, data={"waarde": state, "versie": "0"}, headers=PART).status_code == 200


def test_a_criterion_with_progress_asks_first_and_comes_back_whole(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    say(filled, as_, "Ark Zuid", "Eerste criterium", "nvt")
    page = as_("jan").get(path(filled, "/{lijst}/criteria")).text
    assert "Bij 2 scholen en organisaties is hier iets ingevuld." in page
    assert "1 van 8 op orde bij 3 scholen en organisaties" in as_("jan").get(path(filled, "/{lijst}")).text.lower()
    url = path(filled, "/{lijst}/criteria/{Eerste criterium}")
    after = as_("jan").post(f"{url}/verwijderen").headers["location"]
    page = as_("jan").get(after).text
    assert "Ongedaan maken" in page and "Dat blijft bewaard." in page and "Weggehaald (1)" in page
    assert "2 criteria, nog niet ingevuld" in as_("jan").get(path(filled, "/{lijst}")).text.lower()
    lost = as_("marieke").post(cell(filled), data={"waarde": "bezig", "versie": "1"}, headers=PART)
    assert lost.status_code == 410 and "weggehaald" in lost.text
    as_("jan").post(f"{url}/terugzetten")
    assert "1 van 8 op orde" in as_("jan").get(path(filled, "/{lijst}")).text.lower()


def test_a_school_goes_and_comes_back(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    url = path(filled, "/{lijst}/scholen/{De Wilg}")
    assert "Bij 1 criterium is hier iets ingevuld." in as_("jan").get(path(filled, "/{lijst}/scholen")).text
    page = as_("jan").get(as_("jan").post(f"{url}/verwijderen").headers["location"]).text
    assert "Ongedaan maken" in page
    assert as_("jan").get(url).status_code == 410
    assert as_("jan").post(cell(filled), data={"waarde": "bezig", "versie": "1"}, headers=PART).status_code == 410
    as_("jan").post(f"{url}/terugzetten")
    assert "1 van 3 op orde" in as_("jan").get(url).text


def test_a_list_goes_and_comes_back(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    page = as_("jan").get(path(filled, "/{lijst}/criteria")).text
    assert "Dit gaat mee: 3 criteria, 3 scholen en organisaties en wat er is ingevuld." in page
    as_("jan").post(path(filled, "/{lijst}/verwijderen"))
    assert as_("jan").get(path(filled, "/{lijst}")).status_code == 410
    assert as_("jan").post(cell(filled), data={"waarde": "bezig", "versie": "1"}, headers=PART).status_code == 410
    page = as_("jan").get(path(filled)).text
    assert "Weggehaalde lijsten (1)" in page
    as_("jan").post(path(filled, "/{lijst}/terugzetten"))
    assert "1 van 9 op orde" in as_("jan").get(path(filled, "/{lijst}")).text.lower()


def test_the_order_of_the_criteria(filled: World, as_):
    url = path(filled, "/{lijst}/criteria/{Derde criterium}")
    as_("jan").post(f"{url}/omhoog")
    as_("jan").post(f"{url}/omhoog")
    as_("jan").post(f"{url}/omhoog")
    page = as_("jan").get(path(filled, "/{lijst}/criteria")).text
    assert page.index("Derde criterium") < page.index("Eerste criterium") < page.index("Tweede criterium")
    as_("jan").post(f"{url}/verwijderen")
    assert as_("jan").post(f"{url}/omhoog").status_code == 410


def test_a_party_with_schools_on_a_list_is_not_removed(filled: World, as_):
    answer = as_("marieke").post(filled.path(f"opzet/partij/{filled.parties['ark']}/verwijderen"))
    assert answer.status_code == 422 and "wordt al genoemd" in answer.text


# ---- reading ----


def test_parties_and_schools_stand_in_the_order_of_the_alphabet(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    page = as_("jan").get(path(filled, "/{lijst}")).text
    assert page.index("Kinderopvang Ark") < page.index("De Berk") < page.index("De Wilg"), "never by how far they are"
    table = page[page.index("Criteria bij Stichting De Linde") :]
    assert table.index('<th scope="col">De Berk') < table.index('<th scope="col">De Wilg')
    assert 'data-label="De Wilg">Op orde' in table and 'data-label="De Berk">Niet ingevuld' in table


def test_capitals_do_not_count_for_the_alphabet_on_either_database(filled: World, as_):
    karin, url = as_("karin"), path(filled, "/{lijst}/scholen")
    karin.post(url, data={"partij": filled.parties["opweg"], "regels": "Zuid\nhet Lyceum\nHavo"})
    with filled.database.read() as tx:
        mine = tx.exec(select(Institution).where(Institution.party_id == filled.parties["opweg"])).all()
    for school in mine:
        karin.post(f"{url}/{school.id}/verwijderen")
    page = karin.get(url).text
    assert page.rindex("Havo") < page.rindex("het Lyceum") < page.rindex("Zuid")


def test_what_counts_is_only_what_is_chosen(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    with filled.database.write() as tx:
        here = filled.here(tx)
        assert reading.counting_lists(here)[0].sentence.startswith(
            "Van de lijst ‘Indicatoren voor ouderbeleid (VVE)’ is 1 van de 9 punten op orde (3 criteria bij 3 scholen en "
        )
        first = next(c for c in here.pack.conclusions if c.excludes_others)
        choose(here, first.slug)
        assert reading.counting_lists(here) == () and reading.read_filled(here) == ()
    assert "is nu niet gekozen" in as_("jan").get(path(filled, "/{lijst}")).text


def test_the_conclusion_leads_to_its_lists(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    page = as_("noor").get(filled.path("conclusies")).text
    assert path(filled) in page
    assert "Indicatoren voor ouderbeleid (VVE): 1 van 9 op orde bij 3 scholen en organisaties" in page


def test_the_timeline_says_what_was_done(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    page = as_("jan").get(filled.path("tijdlijn")).text
    assert "heeft ingevuld hoe ver scholen of organisaties van Stichting De Linde zijn." in page
    assert path(filled) in page


def test_few_queries_per_page(filled: World, as_):
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    for rest in ("", "/{lijst}", "/{lijst}/criteria", "/{lijst}/scholen", "/{lijst}/scholen/{De Wilg}"):
        client, asked = as_("jan"), []
        client.get(path(filled, rest))

        def note(*args, asked=asked) -> None:
            asked.append(args[2])

        event.listen(filled.database.engine, "before_cursor_execute", note)
        client.get(path(filled, rest))
        event.remove(filled.database.engine, "before_cursor_execute", note)
        found = [q for q in asked if q.startswith("SELECT")]
        assert len(found) <= 8, (rest, len(found), found)


# ---- the rooms above ----


def test_the_plan_offers_how_far_the_list_is(filled: World, as_):
    with filled.database.read() as tx:
        assert not [k for k in read_pieces(filled.here(tx)) if k.startswith("lijst/")], "nothing was said yet"
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    key = f"lijst/{filled.made['lijst']}"
    with filled.database.read() as tx:
        piece = read_pieces(filled.here(tx))[key]
    assert piece.chapter == "visie-en-doelen" and piece.text == (
        "Van de lijst ‘Indicatoren voor ouderbeleid (VVE)’ is 1 van de 9 punten op orde "
        f"(3 criteria bij 3 scholen en organisaties, stand op {date_text(today())})."
    )
    used = as_("jan").post(filled.path("plan/visie-en-doelen/gebruik"), data={"sleutel": key})
    assert used.status_code == 303
    say(filled, as_, "De Berk", "Eerste criterium", "op-orde")
    page = as_("jan").get(filled.path("plan/visie-en-doelen")).text
    assert "bron gewijzigd" in page.lower(), "the plan says that the schools went on"


def test_the_overview_has_a_line_only_while_the_conclusion_is_chosen(filled: World, as_):
    line = "Lijst: Indicatoren voor ouderbeleid (VVE)"
    assert line in as_("noor").get(filled.url).text
    as_("jan").post(filled.path("conclusies/veld/criteria/gekozen"), data={"waarde": "", "versie": "1"}, headers=PART)
    assert line not in as_("noor").get(filled.url).text


def test_the_document_has_an_annex_once_something_was_said(filled: World, as_):
    with filled.database.read() as tx:
        assert not [c for c in build_document(filled.here(tx)).annexes if c.id == "bijlage-lijsten"]
    say(filled, as_, "De Wilg", "Eerste criterium", "op-orde")
    say(filled, as_, "De Berk", "Eerste criterium", "nvt")
    for column, value in (("note", "Sinds vorig jaar."), ("dated", "maart 2026")):
        sent = {"waarde": value, "versie": "0"}
        as_("jan").post(cell(filled, column=column), data=sent, headers=PART)
    as_("jan").post(
        path(filled, "/{lijst}/veld/source"), data={"waarde": "Kader van Meerwijk", "versie": "0"}, headers=PART
    )
    with filled.database.read() as tx:
        annex = next(c for c in build_document(filled.here(tx)).annexes if c.id == "bijlage-lijsten")
    first, told, *_ = annex.blocks
    assert first.text == "Indicatoren voor ouderbeleid (VVE)"
    assert told.text.startswith("Bron: Kader van Meerwijk. Van de lijst") and "1 van de 8 punten" in told.text
    tables = [b for b in annex.blocks if b.kind == "table"]
    assert [r[0] for r in tables[0].rows] == ["Ark Zuid", "De Berk", "De Wilg"]
    assert tables[0].rows[2][2:] == ("1", "0", "0", "0", "2")
    linde = next(t for t in tables if "De Linde" in t.caption)
    assert linde.rows[0] == (
        "1. Eerste criterium",
        "Op orde: De Wilg\nNiet van toepassing: De Berk",
        "De Wilg (maart 2026): Sinds vorig jaar.",
    )
    assert "Sinds vorig jaar." in as_("noor").get(filled.path("document")).text


# ---- schools of the register ----


def test_schools_of_the_register_are_put_on_the_list_without_typing(filled: World):
    with filled.database.write() as tx:
        for name, file in (("leerlingen.csv", samples.pupils()), ("besturen.csv", samples.boards())):
            take_over(tx, offer(tx, name, file)[0].id)
    url = path(filled, "/{lijst}/scholen")
    jan, karin, marieke = (filled.client(n) for n in ("jan", "karin", "marieke"))
    page = jan.get(url).text
    assert "Voeg de scholen van Stichting De Linde toe uit het register" in page and "De Es." in page
    assert "Voeg de scholen van Stichting Op Weg" not in page, "not the own party"
    assert "uit het register" not in karin.get(url).text, "Op Weg has a school for po only, and is a board for vo"
    party = {"partij": filled.parties["linde"]}
    assert karin.post(f"{url}/uit-register", data=party).status_code == 403
    assert filled.client("pieter").post(f"{url}/uit-register", data=party).status_code == 403
    for name, status in (("olga", 404), ("otto", 404), ("nobody", 303)):
        assert filled.client(name).post(f"{url}/uit-register", data=party).status_code == status
    assert jan.post(f"{url}/uit-register", data={"partij": "x"}).status_code == 404
    sent = jan.post(f"{url}/uit-register", data=party)
    assert sent.status_code == 303 and "erbij=1" in sent.headers["location"], "De Wilg stood there already"
    with filled.database.read() as tx:
        mine = [i.name for i in tx.exec(select(Institution).where(Institution.party_id == filled.parties["linde"]))]
    assert sorted(mine) == ["De Berk", "De Es", "De Wilg"]
    assert "uit het register" not in marieke.get(url).text, "all of them stand there"
    with filled.database.write() as tx:
        mark_step(filled.here(tx), "conclusies", "gesloten")
    assert jan.post(f"{url}/uit-register", data=party).status_code == 409


def test_the_schools_of_the_register_stand_in_the_order_of_the_alphabet(filled: World):
    more = [("0917", "Meerwijk", f"05A{n}", "00", name, "41787", "Bo") for n, name in enumerate(("Zuid", "de Brug"))]
    with filled.database.write() as tx:
        take_over(tx, offer(tx, "leerlingen.csv", samples.pupils((*samples.PUPILS, *more)))[0].id)
        take_over(tx, offer(tx, "besturen.csv", samples.boards())[0].id)
    assert "de Brug, De Es en Zuid" in filled.client("jan").get(path(filled, "/{lijst}/scholen")).text
