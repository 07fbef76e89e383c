"""National figures in the plan: drawn honestly, offered where they belong, put in and taken out like any paragraph."""

from __future__ import annotations

import re

from html5lib import parseFragment
from sqlmodel import select

from app.content.figure_views import figure_view, origin_key
from app.content.figures import find_figure
from app.content.pack import Pack
from app.core.rendering import ENV
from app.document.blocks import Bars
from app.document.pages import build_document, paper
from app.journey.actions import mark_step
from app.journey.models import Event
from app.plan import reading
from app.prose.reading import read_prose
from tests.conftest import World

SVG = "{http://www.w3.org/2000/svg}"
ADVICE = "advies-schoolwerk"


def drawn(pack: Pack, slug: str):
    """The view and its chart as a tree."""
    view = figure_view(pack, find_figure(pack.figures, slug))
    html = ENV.get_template("components/figure.html").module.chart(view)
    return view, parseFragment(str(html))


def widths(tree) -> list[float]:
    return [float(r.get("width").rstrip("%")) for r in tree.iter(f"{SVG}rect")]


# The chart


def test_the_sentence_is_the_title_and_every_value_is_text(pack: Pack):
    for figure in pack.figures:
        view, tree = drawn(pack, figure.slug)
        titles = [t.text for t in tree.iter(f"{SVG}title")]
        words = [t.text for t in tree.iter(f"{SVG}text")]
        assert titles == ([view.title] if len(view.lines) == 1 else [line.in_words for line in view.lines])
        assert words == [w for line in view.lines for b in line.bars for w in (b.label, b.value)]
        assert all(s.get("role") == "img" for s in tree.iter(f"{SVG}svg"))


def test_a_bar_begins_at_zero_and_is_as_long_as_its_number(pack: Pack):
    view, tree = drawn(pack, ADVICE)
    assert [b.value for b in view.lines[0].bars] == ["52 %", "50 %", "30 %"]
    assert widths(tree) == [30.16, 29.0, 17.4], "58 hundredths of the width are 100 %"
    zero = [line.get("x1") for line in tree.iter(f"{SVG}line")]
    assert {r.get("x") for r in tree.iter(f"{SVG}rect")} == set(zero) == {"17%"}


def test_marks_have_a_scale_of_their_own(pack: Pack):
    view, tree = drawn(pack, "stimuleren-rapportcijfer")
    assert [b.value for b in view.lines[0].bars] == ["6,9", "6,4", "5,3"]
    assert widths(tree) == [round((m - 1) / 9 * 58, 2) for m in (6.9, 6.4, 5.3)]
    assert "van 1 tot 10" in view.measure and any("geen percentage" in limit for limit in view.limits)
    for figure in pack.figures:
        values = [b.value for line in figure_view(pack, figure).lines for b in line.bars if b.share is not None]
        assert len({"%" in v for v in values if re.search(r"\d", v)}) == 1, "nooit procenten en rapportcijfers samen"


def test_no_number_is_said_and_not_drawn(pack: Pack):
    view, tree = drawn(pack, "advies-bij-verzuim")
    assert [(b.label, b.value, b.share is None) for b in view.lines[0].bars][0] == ("po", "geen cijfer", True)
    assert len(widths(tree)) == 2
    assert "Geen cijfer voor het po: in het rapport staat hier een streepje." in view.limits
    only_po, _ = drawn(pack, "voorlezen")
    assert [b.label for b in only_po.lines[0].bars] == ["po"]
    assert "Over het vo en het mbo staat er geen cijfer in deze tabel." in only_po.limits


def test_zero_is_drawn_as_zero(pack: Pack):
    rows = {"po": "0 1 2", "vo": "5 5 5", "mbo": "1 1 streep"}
    table = next(t for t in pack.figure_tables if t.slug == "tabel-6-10")
    changed = table.model_copy(
        update={"rows": tuple(r.model_copy(update={"values": rows}) if r.id == "T6.10-06" else r for r in table.rows)}
    )
    other = pack.model_copy(update={"figure_tables": tuple(changed if t is table else t for t in pack.figure_tables)})
    view, tree = drawn(other, ADVICE)
    assert (view.lines[0].bars[0].value, view.lines[0].bars[0].share) == ("0 %", 0.0)
    assert widths(tree)[0] == 0.0 and len(widths(tree)) == 3


def test_years_stand_newest_first_and_only_where_they_may(pack: Pack):
    assert drawn(pack, ADVICE)[0].lines[0].heads == ("2014", "2012", "2009")
    assert drawn(pack, ADVICE)[0].lines[0].rows[2] == ("mbo", "30 %", "28 %", "geen cijfer")
    barriers = drawn(pack, "knelpunten-volgens-ouders")[0]
    assert {line.heads for line in barriers.lines} == {("2014",)}
    assert any("minder antwoorden" in limit for limit in barriers.limits)
    assert any("tellen niet op tot 100" in limit for limit in barriers.limits)


def test_answers_that_are_added_up_are_all_shown(pack: Pack):
    view = drawn(pack, "tijd-van-leraren")[0]
    assert view.lines[0].heads == ("Helemaal mee eens", "Mee eens", "Samen")
    assert view.lines[0].rows[0] == ("po", "21 %", "45 %", "66 %")
    assert "Bij elkaar geteld zijn ‘helemaal mee eens’ en ‘mee eens’." in view.limits


def test_a_fraction_in_words_stays_in_words(pack: Pack):
    bars = drawn(pack, "contactouders")[0].lines[0].bars
    assert [b.value for b in bars] == ["rond twee derde", "rond een derde", "6 %"]


def test_every_figure_says_who_how_many_when_and_what_it_does_not_say(pack: Pack):
    for figure in pack.figures:
        view = figure_view(pack, figure)
        assert re.search(r"Gevraagd aan \d+ (ouders|leraren|schoolleiders) in het (po|vo)", view.asked), figure.slug
        assert "2014" in view.source and "Panteia en ITS" in view.source
        assert any("landelijk en ongewogen" in limit for limit in view.limits)
        words = " ".join([view.title, view.measure, figure.plan_text, *view.limits])
        assert "significant" not in words and "gemiddeld" not in words
    assert figure_view(pack, find_figure(pack.figures, "tijd-van-leraren")).asked == (
        "Gevraagd aan 253 leraren in het po, 151 in het vo en 99 in het mbo."
    )


# Where they are offered


def test_a_theme_offers_its_figures_under_a_fold(world: World, as_):
    for place in ("waar-staan-we/b", "waar-staan-we/b/naast-elkaar", "gesprek/b"):
        page = as_("jan").get(world.path(place)).text
        fold = page.partition('id="landelijke-cijfers"')[2]
        assert fold and "Landelijke cijfers uit 2014 (7)" in fold, place
        assert "verwant, niet hetzelfde" in fold and "geen nulmeting en geen norm" in fold
        assert f"/plan/cijfer/{ADVICE}" in fold
        assert "/plan/cijfer/ouders-met-elkaar-in-contact" not in fold
    own = as_("jan").get(world.path("waar-staan-we/b")).text
    assert own.index("Uitleg en voorbeelden") < own.index("landelijke-cijfers") < own.index('id="punt-')
    assert "landelijke-cijfers" not in as_("jan").get(world.path("waar-staan-we/b/naast-elkaar?projector=1")).text


def test_a_reader_sees_the_chart_and_no_button(world: World, as_):
    page = as_("pieter").get(world.path("waar-staan-we/b/naast-elkaar")).text
    assert "chart__bars" in page and "/plan/cijfer/" not in page
    with world.database.write() as tx:
        mark_step(world.here(tx), "plan", "gesloten")
    page = as_("jan").get(world.path("waar-staan-we/b/naast-elkaar")).text
    assert "chart__bars" in page and "/plan/cijfer/" not in page


def test_beside_a_goal_stands_what_is_related(world: World, as_):
    jan = as_("jan")
    for result in ("helpt thuis bij het leren", "vindt de opvoedingsondersteuning goed"):
        assert jan.post(world.path("plan/rij/doel"), data={"result": result}).status_code == 303
    page = jan.get(world.path("plan/visie-en-doelen")).text
    first, second = page.split("<h3 id=")[1:3]
    assert "Verwante landelijke cijfers uit 2014 (3)" in first and "lijkt op doel 1" in first
    assert "geen nulmeting en geen norm" in first
    assert "landelijke cijfers" not in second, "over opvoedingsondersteuning is er geen cijfer"


# Put into chapter 2, and taken out


def paragraphs(world: World) -> list[tuple[str, str, list[str], str]]:
    """(id, text, origins, state) of what stands in chapter 2."""
    with world.database.read() as tx:
        here = world.here(tx)
        said = [reading.paragraph_said(here, p) for p in read_prose(here).chapter("inventarisatie")]
        return [(p.id, p.text, [o.key for o in p.origins], p.state) for p in said]


def put(world: World, client, slug: str = ADVICE):
    return client.post(world.path(f"plan/cijfer/{slug}"))


def test_put_gives_one_paragraph_with_its_origin_and_chart(told: World, as_, pack: Pack):
    jan = as_("jan")
    answer = put(told, jan)
    assert answer.status_code == 303
    [(made, text, origins, state)] = paragraphs(told)
    assert answer.headers["location"].endswith(f"/plan/inventarisatie?klaar=toegevoegd#alinea-{made}")
    assert origins == [origin_key(find_figure(pack.figures, ADVICE))] == [f"content/figure/{ADVICE}"]
    assert state == "voorgesteld"
    for words in (
        "2014",
        "52 % van de ouders in het po",
        "Monitor Ouderbetrokkenheid (Panteia en ITS), 2014, tabel 6.10",
    ):
        assert words in text
    page = jan.get(told.path("plan/inventarisatie")).text
    assert page.partition(f'id="alinea-{made}"')[2].count("chart__bars") == 1
    assert "Uit: Monitor Ouderbetrokkenheid (Panteia en ITS), 2014, tabel 6.10" in page
    assert "Landelijk cijfer toevoegen (21)" in page and f"/plan/cijfer/{ADVICE}" not in page.split("chart-list")[1]
    with told.database.read() as tx:
        assert [e.ref for e in tx.exec(select(Event).where(Event.kind == "figure_put"))] == [ADVICE]


def test_pressing_twice_makes_no_second_one_and_a_removed_one_comes_back(told: World, as_):
    jan, karin = as_("jan"), as_("karin")
    put(told, jan)
    [(made, text, *_)] = paragraphs(told)
    assert put(told, karin).headers["location"].endswith(made)
    assert len(paragraphs(told)) == 1
    jan.post(told.path(f"plan/alinea/{made}/tekst"), data={"waarde": "Onze eigen woorden.", "versie": "0"})
    gone = jan.post(told.path(f"plan/alinea/{made}/verwijderen"))
    assert paragraphs(told) == []
    after = jan.get(gone.headers["location"]).text
    assert "Verwijderd." in after and "De bron staat nu bij" not in after
    assert put(told, jan).headers["location"].endswith(made)
    assert [(p[0], p[1]) for p in paragraphs(told)] == [(made, "Onze eigen woorden.")], "wat men schreef, is er nog"
    assert "chart__bars" in jan.get(told.path("plan/inventarisatie")).text.partition(f'id="alinea-{made}"')[2]


def test_figures_never_wait_to_be_used(told: World, as_, pack: Pack):
    with told.database.read() as tx:
        here = told.here(tx)
        assert not [p for p in reading.pending(here, pack.chapters) if p.kind == "cijfer"]
    as_("jan").post(told.path("plan/inventarisatie/vul-voor"))
    assert not [p for p in paragraphs(told) if any(k.startswith("content/") for k in p[2])]
    use = {"sleutel": f"content/figure/{ADVICE}", "reden": "later"}
    for path in ("plan/inventarisatie/gebruik", "plan/inventarisatie/laat-weg"):
        assert as_("jan").post(told.path(path), data=use).status_code in (404, 409, 410)


def test_it_stands_after_what_was_said_about_its_theme(told: World, as_):
    jan = as_("jan")
    jan.post(told.path("plan/inventarisatie/vul-voor"))
    put(told, jan)
    with told.database.read() as tx:
        row = [(p.slot, p.text) for p in read_prose(told.here(tx)).chapter("inventarisatie")]
    place = next(i for i, (_, text) in enumerate(row) if "tabel 6.10" in text)
    assert row[place - 1][0].startswith("b/") and not any(slot.startswith("b/") for slot, _ in row[place + 1 :])


def test_the_questions_every_write_gets(told: World, as_):
    path = told.path(f"plan/cijfer/{ADVICE}")
    assert as_("jan").get(path).status_code in (404, 405)
    assert as_("nobody").post(path).headers["location"] == "/aanmelden"
    for outsider in ("otto", "olga"):
        assert as_(outsider).post(path).status_code == 404
    assert as_("pieter").post(path).status_code == 403
    cross = told.client("jan")
    cross.headers["sec-fetch-site"] = "cross-site"
    assert cross.post(path).status_code == 403
    assert as_("jan").post(told.path("plan/cijfer/bestaat-niet")).status_code == 404
    assert paragraphs(told) == []
    with told.database.write() as tx:
        mark_step(told.here(tx), "plan", "gesloten", "inventarisatie")
    assert as_("jan").post(path).status_code == 409, "dit hoofdstuk is gesloten"
    assert "Landelijk cijfer toevoegen" not in as_("jan").get(told.path("plan/inventarisatie")).text
    assert paragraphs(told) == []


# In the document


def test_the_document_has_the_chart_with_its_table(told: World, as_, pack: Pack):
    put(told, as_("jan"))
    with told.database.read() as tx:
        here = told.here(tx)
        doc = build_document(here)
        _, html = paper(here)
    chapter = next(c for c in doc.chapters if c.id == "hoofdstuk-inventarisatie")
    [bars] = [b for b in chapter.blocks if isinstance(b, Bars)]
    assert bars.view == figure_view(pack, find_figure(pack.figures, ADVICE))
    part = html.partition('class="doc-chart"')[2]
    assert part.count("<svg") == 1 and part.count("chart__table") == 1
    for words in ("geen nulmeting en geen norm", "Gevraagd aan 300 ouders", "geen cijfer", "tabel 6.10", "2009"):
        assert words in part
    assert "style=" not in html
