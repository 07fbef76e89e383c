"""National figures: the seeds say what the source says, number by number, and a pack cannot mislead with them."""

from __future__ import annotations

import copy
import csv
import re
from pathlib import Path
from typing import Any

import pytest

from app.content.background import backgrounds_at
from app.content.figure_checks import check_figures
from app.content.figures import MISSING, FigureRow, FigureTable, figures_for_goal, figures_of_theme
from app.content.load import default_pack, pack_from_json, pack_json, pack_problems
from app.content.pack import Pack

# All rows of the report, typed over by hand and checked against the print: a number, or why there is none.
SOURCE = Path(__file__).parent / "monitor-2014.csv"
UNITS = {"percent": "procent", "rapportcijfer 1-10": "rapportcijfer", "count": "aantal"}
REASONS = {
    "-": "streep",
    "-- (gedrukt als dubbele streep)": "streep",
    "nvt": "nvt",
    "leeg/verloren in extractie": "leeg",
}
SECTORS = ("po", "vo", "mbo")
YEARS = ("2014", "2012", "2009")
# In the running text: what a table already says, averages over sectors, ranges, and other people's research.
LEFT_OUT = {f"Tin-text-{n}" for n in (8, 11, 12, 19, 20, 24, 27, 30, 31, 35, 36, 39, 40, 45)}
LEFT_OUT |= {f"Tin-text-{n}" for n in (13, 14, 15, 18, 25, 26, 28, 29, 32, 33, 41, 43, 44)}
LEFT_OUT = {re.sub(r"-(\d)$", r"-0\1", i) for i in LEFT_OUT} | {"Tin-text-09"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return default_pack()


@pytest.fixture(scope="module")
def source() -> dict[str, dict[str, str]]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter=";")}


def rows(pack: Pack) -> dict[str, tuple[FigureTable, FigureRow]]:
    return {r.id: (t, r) for t in pack.figure_tables for r in t.rows}


def test_every_row_of_the_source_is_there_or_left_out_for_a_reason(pack: Pack, source: dict) -> None:
    ours = rows(pack)
    no_figures = {i for i, r in source.items() if r["unit"] in ("trend", "pearson correlation") or "1.1.2" in i}
    assert ours.keys() == source.keys() - no_figures - LEFT_OUT
    assert len(ours) == 222


def test_every_number_is_that_of_the_source(pack: Pack, source: dict) -> None:
    compared = 0
    for row_id, (table, row) in rows(pack).items():
        said = source[row_id]
        assert UNITS[said["unit"]] == table.unit, row_id
        assert (row.respondents or table.respondents) == said["respondents"], row_id
        if table.number:
            assert table.number == said["table"], row_id
        assert bool(row.about) == (said["approx"] == "ja"), row_id
        for sector in SECTORS:
            for year in YEARS:
                printed = said[f"{sector} {year}"]
                cell = row.cell(sector, table.years.index(year)) if year in table.years else "niet"
                wanted = printed if re.match(r"\d", printed) else REASONS.get(printed, "niet")
                assert cell == wanted, (row_id, sector, year)
                compared += cell not in MISSING
    assert compared == 982, "so many numbers are compared"


def test_zero_is_a_number_and_a_dash_is_not(pack: Pack) -> None:
    ours = rows(pack)
    assert ours["T3.1-08"][1].cell("mbo") == "0"
    assert ours["T3.1-03"][1].values["mbo"].split() == ["1", "0", "streep"]
    assert ours["T3.1-09"][1].cell("po") == "nvt" and ours["T6.14-10"][1].cell("po") == "leeg"
    assert ours["T4.3-01"][1].values["mbo"] == "63 niet"


def test_a_single_answer_adds_up_to_a_hundred(pack: Pack) -> None:
    """By rounding 98 to 102. One column is printed with a sum of 95."""
    for table in pack.figure_tables:
        if table.several or table.unit != "procent" or table.slug in ("top-3",):
            continue
        for label in {r.label for r in table.rows if r.answer} or {""}:
            asked = [r for r in table.rows if not label or r.label == label]
            for sector in {s for r in asked for s in r.values}:
                for place, year in enumerate(table.years):
                    cells = [r.cell(sector, place) for r in asked]
                    if all(c not in MISSING for c in cells):
                        total = sum(int(c) for c in cells)
                        printed_so = table.number == "3.2" and total == 95
                        assert 97 <= total <= 102 or printed_so, (table.slug, label, sector, year, total)


def test_both_tables_with_the_same_number_are_there(pack: Pack) -> None:
    both = [t for t in pack.figure_tables if t.number == "6.9"]
    assert [(t.respondents, t.unit) for t in both] == [("leraren", "procent"), ("ouders", "rapportcijfer")]
    assert both[0].years == ("2014",), "leraren zijn alleen in 2014 gevraagd"
    assert all(t.years == ("2014",) for t in pack.figure_tables if t.respondents == "leraren")


def test_repeated_tables_say_so_and_repeat(pack: Pack) -> None:
    ours = rows(pack)
    tables = {t.slug: t for t in pack.figure_tables}
    assert {t.slug: t.repeats for t in pack.figure_tables if t.repeats} == {
        "tabel-6-11": "tabel-3-4",
        "tabel-6-13": "tabel-6-10",
    }
    assert [r.values for r in tables["tabel-6-11"].rows] == [r.values for r in tables["tabel-3-4"].rows]
    assert ours["T6.13-01"][1].values == ours["T6.10-09"][1].values


def test_what_is_offered_stands_on_sure_ground(pack: Pack) -> None:
    ours = rows(pack)
    tables = {t.slug: t for t in pack.figure_tables}
    assert tables["tabel-3-1"].only_newest and tables["tabel-5-2"].only_newest and tables["tabel-6-15"].only_newest
    assert ours["T5.2-01"][1].doubt and ours["T6.10-07"][1].doubt
    for figure in pack.figures:
        table = tables[figure.table]
        assert not table.repeats and not table.asks_not and table.cite.source == "monitor-2014"
        assert not any(ours[i][1].doubt for line in figure.lines for i in line.rows)
    assert {t.slug for t in pack.themes} == {s for f in pack.figures for s in f.themes}, "elk thema heeft cijfers"


# What a pack may not say. Each fault is planted in a copy of the real pack.


def faults(change: Any) -> list[str]:
    data = copy.deepcopy(default_pack().model_dump(mode="json"))
    change(data)
    found: list[str] = []
    check_figures(data, lambda keys, text: found.append(text))
    return found


def figure_of(data: dict, slug: str) -> dict:
    return next(f for f in data["figures"] if f["slug"] == slug)


def row_of(data: dict, row_id: str) -> dict:
    return next(r for t in data["figure_tables"] for r in t["rows"] if r["id"] == row_id)


def set_to(find: Any, key: str, value: Any) -> Any:
    return lambda data: find(data).__setitem__(key, value)


def lines(*ids: str) -> list[dict]:
    return [{"label": "x", "rows": list(ids)}]


PARTNER = "gelijkwaardige-partner"
FAULTS = {
    "een andere tabel": (
        set_to(lambda d: figure_of(d, PARTNER), "lines", lines("T6.9b-05")),
        "andere tabel; een grafiek heeft één tabel",
    ),
    "procent en rapportcijfer samen": (
        set_to(lambda d: figure_of(d, PARTNER), "lines", [*lines("T6.10-04"), *lines("T4.1-01")]),
        "een grafiek heeft één tabel",
    ),
    "meer antwoorden opgeteld": (
        set_to(lambda d: figure_of(d, PARTNER), "lines", lines("T6.10-04", "T6.10-05")),
        "mogen niet bij elkaar",
    ),
    "rapportcijfers opgeteld": (
        set_to(lambda d: figure_of(d, "stimuleren-rapportcijfer"), "lines", lines("T6.9b-05", "T6.9b-06")),
        "mogen niet bij elkaar",
    ),
    "twee stellingen opgeteld": (
        set_to(lambda d: figure_of(d, "tijd-van-leraren"), "lines", lines("T6.8-01", "T6.8-08")),
        "verschillende stellingen",
    ),
    "een twijfelachtig cijfer": (
        set_to(lambda d: figure_of(d, PARTNER), "lines", lines("T6.10-07")),
        "niet zeker",
    ),
    "een herhaalde tabel": (set_to(lambda d: figure_of(d, PARTNER), "table", "tabel-6-13"), "herhaalt cijfers"),
    "hoeveel mensen antwoordden": (set_to(lambda d: figure_of(d, PARTNER), "table", "tabel-1-1"), "geen uitkomst"),
    "een tabel die er niet is": (set_to(lambda d: figure_of(d, PARTNER), "table", "tabel-9"), "bestaat niet"),
    "een rij die er niet is": (set_to(lambda d: figure_of(d, PARTNER), "lines", lines("T9-01")), "bestaat niet"),
    "een thema dat er niet is": (set_to(lambda d: figure_of(d, PARTNER), "themes", ["z"]), "thema 'z' bestaat niet"),
    "geen thema": (set_to(lambda d: figure_of(d, PARTNER), "themes", []), "bij welk thema"),
    "een ander cijfer in de titel": (
        set_to(lambda d: figure_of(d, PARTNER), "title", "Van de ouders zegt 48 % dit."),
        "staat 48, maar dat cijfer staat niet in de grafiek",
    ),
    "een ander cijfer in de zin": (
        set_to(lambda d: figure_of(d, "stimuleren-rapportcijfer"), "plan_text", "Ouders gaven in 2014 een 8,1."),
        "staat 8,1",
    ),
    "geen jaar in de zin": (
        set_to(lambda d: figure_of(d, PARTNER), "plan_text", "Van de ouders zegt 47 % dit."),
        "noem het jaar 2014",
    ),
    "niet wie het zei": (
        set_to(lambda d: figure_of(d, PARTNER), "plan_text", "In 2014 zei 47 % dit."),
        "wie dit zei: ouders",
    ),
    "alleen streepjes": (
        set_to(lambda d: figure_of(d, "advies-bij-verzuim"), "lines", lines("T3.1-09")),
        "een grafiek heeft één tabel",
    ),
    "een rij zonder cijfer": (
        set_to(lambda d: row_of(d, "T6.10-04"), "values", {"po": "streep streep streep"}),
        "geen enkel cijfer",
    ),
    "een rij twee keer": (set_to(lambda d: row_of(d, "T6.10-05"), "id", "T6.10-04"), "twee keer"),
    "een procent boven 100": (set_to(lambda d: row_of(d, "T6.10-05"), "values", {"po": "101 1 1"}), "0 tot en met 100"),
    "een procent met een komma": (
        set_to(lambda d: row_of(d, "T6.10-05"), "values", {"po": "7,5 1 1"}),
        "een heel getal",
    ),
    "een rapportcijfer als procent": (
        set_to(lambda d: row_of(d, "T6.9b-01"), "values", {"po": "70 69 72"}),
        "een rapportcijfer is 1,0",
    ),
    "een rapportcijfer van nul": (
        set_to(lambda d: row_of(d, "T6.9b-01"), "values", {"po": "0,0 6,9 7,2"}),
        "een rapportcijfer is 1,0",
    ),
    "te weinig jaren": (set_to(lambda d: row_of(d, "T6.10-05"), "values", {"po": "58 65"}), "de tabel heeft 3 jaren"),
    "een sector die er niet is": (
        set_to(lambda d: row_of(d, "T6.10-05"), "values", {"hbo": "58 65 68"}),
        "sector 'hbo' bestaat niet",
    ),
    "oude jaren eerst": (
        set_to(lambda d: d["figure_tables"][1], "years", ["2009", "2012", "2014"]),
        "van nieuw naar oud",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_refused(name: str) -> None:
    change, sentence = FAULTS[name]
    found = faults(change)
    assert any(sentence in text for text in found), found


def test_the_real_pack_has_no_fault(pack: Pack) -> None:
    assert faults(lambda data: None) == [] and pack_problems(pack) == []


def test_a_copy_of_before_there_were_figures_still_reads(pack: Pack) -> None:
    old = pack.model_dump(mode="json")
    for name in ("figure_tables", "figures", "backgrounds"):
        del old[name]
    read = pack_from_json(pack_json(Pack.model_validate(old)))
    assert (read.figures, read.figure_tables, read.backgrounds) == ((), (), ())


# Which figures belong where


def slugs(found: Any) -> list[str]:
    return [f.slug for f in found]


def test_a_theme_has_its_own_figures(pack: Pack) -> None:
    assert "ouders-met-elkaar-in-contact" in slugs(figures_of_theme(pack.figures, "d"))
    assert "ouders-met-elkaar-in-contact" not in slugs(figures_of_theme(pack.figures, "b"))


@pytest.mark.parametrize(
    ("goal", "theme", "first"),
    [
        ("Ouders weten hoe zij het leren thuis kunnen steunen", "b", "advies-schoolwerk"),
        ("Elke school heeft een vaste coördinator voor ouders", "a", "coordinator-ouderbeleid"),
        ("Minder kinderen worden gepest", "c", "taak-in-de-opvoeding"),
        ("Ouders ontmoeten elkaar in de wijk", "d", "ouders-met-elkaar-in-contact"),
        ("Minder verzuim in het vo", "b", "advies-bij-verzuim"),
    ],
)
def test_a_goal_has_related_figures(pack: Pack, goal: str, theme: str, first: str) -> None:
    assert slugs(figures_for_goal(pack.figures, goal, theme))[0] == first


def test_no_figure_about_what_the_source_does_not_measure(pack: Pack) -> None:
    """The source has nothing about help with parenting or about preschool."""
    assert figures_for_goal(pack.figures, "90 % van de ouders vindt de opvoedingsondersteuning goed", "c") == ()
    assert figures_for_goal(pack.figures, "Alle peuters gaan naar de voorschool", "b") == ()
    assert figures_for_goal(pack.figures, "", "a") == ()
    assert len(figures_for_goal(pack.figures, "contact praten thuis huiswerk lezen pest elkaar", "b")) == 3


# Background that folds open


def test_every_background_has_a_place_a_source_and_whole_sentences(pack: Pack) -> None:
    known = {s.slug for s in pack.sources}
    seen: set[str] = set()
    for background in pack.backgrounds:
        assert background.places and background.facts
        for fact in background.facts:
            assert fact.cite.source in known and fact.cite.place, fact.text
            assert fact.text.endswith((".", "?")), fact.text
            assert fact.text not in seen, "geen feit staat er twee keer"
            seen.add(fact.text)
    elsewhere = [*pack.background, *pack.legal_basis, *pack.exploration.facts]
    elsewhere += [f for part in (*pack.themes, *pack.guides) for f in part.facts]
    assert not seen & {f.text for f in elsewhere}


def test_facts_of_old_letters_say_their_year(pack: Pack) -> None:
    for background in pack.backgrounds:
        for fact in background.facts:
            if fact.cite.source.startswith("kamerbrief"):
                assert fact.year in ("2012", "2013"), fact.text


def test_figures_of_letters_are_told_as_they_are(pack: Pack) -> None:
    """81 % together is 'perhaps' and 'certainly'; three amounts are three things; 100, 98 and 94 % are of 2012."""
    said = " ".join(f.text for b in pack.backgrounds for f in b.facts)
    assert "81 %" not in said and "40 % van de gemeenten het zeker" in said and "41 % vond dat misschien" in said
    assert "5010 stopt" in said
    assert re.search(r"In 2012 zei 100 %", said) and re.search(r"in 2012 98 %", said)


@pytest.mark.parametrize(
    ("place", "theme", "slug"),
    [
        ("opzet", "", "wat-is-ouderbetrokkenheid"),
        ("verkenning", "", "positie-van-ouders"),
        ("eigen-kolom", "a", "vier-voorwaarden"),
        ("gesprek", "a", "vier-voorwaarden"),
        ("gesprek", "b", "knelpunten"),
        ("conclusies", "", "hulpmiddelen"),
        ("plan-doelen", "", "wat-helpt"),
    ],
)
def test_background_stands_where_it_helps(pack: Pack, place: str, theme: str, slug: str) -> None:
    assert slug in [b.slug for b in backgrounds_at(pack.backgrounds, place, theme)]
    if theme:
        assert "vier-voorwaarden" not in [b.slug for b in backgrounds_at(pack.backgrounds, place, "d")]
