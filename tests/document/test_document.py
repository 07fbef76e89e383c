"""The document itself: everything that is shared or joint is in it, no concept is, and it reads well."""

import io
import re
from dataclasses import replace

import pikepdf
import pytest
from sqlmodel import select

from app.answers.actions import save_joint
from app.content.figure_views import figure_view
from app.core.errors import NotFound
from app.document.actions import write_pdf
from app.document.blocks import Chapter, Para
from app.document.layout import placed
from app.document.pages import build_document, paper
from app.document.words import columns, divided, pieces_of, table
from app.exploration import rules as exploration
from app.journey.actions import add_party
from app.journey.models import Event
from app.plan.figures import get_figure, put_figure
from tests.conftest import World
from tests.document.conftest import solid, text_of
from tests.document.full import (
    Marks,
    fill_conclusions,
    fill_dialogue,
    fill_exploration,
    fill_plan,
    fill_world,
)
from tests.story.example_world import example_world  # noqa: F401  (a fixture)


@pytest.fixture
def marks(world: World) -> Marks:
    marks = Marks()
    fill_world(world, marks)
    return marks


def test_everything_shared_is_in_the_pdf_and_no_concept(world: World, marks: Marks, press, tmp_path):
    with world.database.write() as tx:
        fill_plan(world.here(tx), marks)
    with world.database.read() as tx:
        doc, html = paper(world.here(tx), remarks=True)
    pdf = press.pdf(html, 60)
    text = solid(text_of(pdf, tmp_path, "-raw"))
    assert len(marks.shown) > 150 and len(marks.hidden) > 30
    assert {m: where for m, where in marks.shown.items() if m not in text} == {}, "shared or joint, but not in the PDF"
    assert {m: where for m, where in marks.hidden.items() if m in text} == {}, "a concept answer leaked"
    check_file(pdf, doc)
    check_structure(pdf, html)
    by_page = text_of(pdf, tmp_path, "-layout").split("\f")
    pages = [p for p in by_page if p.strip()]
    assert all("Concept" in p for p in pages), "concept on every page"
    assert all(f"{n} van {len(pages)}" in p for n, p in enumerate(pages, 1) if n > 1), "page numbers"
    for chapter in doc.main:
        assert re.search(rf"{re.escape(chapter.title.split()[-1])}.*\d+", pages[1]), "page numbers in the contents"
    heads = sum(p.count("Met wie") for p in pages)
    assert heads >= 2


def check_file(pdf: bytes, doc) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.Root.Lang == "nl"
        with file.open_metadata() as meta:
            assert meta["dc:title"] == f"{doc.title} – {doc.place} – concept"
            assert meta["pdfuaid:part"] == "1" and meta["pdfaid:part"] == "2" and meta["pdfaid:conformance"] == "A"
        with file.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert [t for t in titles if "Visie" in t or "visie" in t] and len(titles) >= len(doc.chapters)
        fonts = {str(f.BaseFont) for page in file.pages for f in page.resources.get("/Font", {}).values()}
        assert fonts and all("+" in f for f in fonts), "fonts are embedded as subsets"
        assert any("Source-Sans-3" in f for f in fonts)
        assert "/Names" not in file.Root or "/EmbeddedFiles" not in file.Root.Names


def check_structure(pdf: bytes, html: str) -> None:
    """Every table of the page is one table in the file, with heads that say what they head; no heading
    level is skipped."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        found = list(elements(file.Root.StructTreeRoot))
    kinds = [str(e.S) for e in found]
    assert kinds.count("/Table") == html.count("<table")
    assert kinds.count("/Caption") == html.count("<caption")
    levels = [int(k[2]) for k in kinds if re.fullmatch(r"/H[1-6]", k)]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))
    for head in (e for e in found if e.S == "/TH"):
        attributes = head.A if isinstance(head.A, pikepdf.Array) else [head.A]
        assert any("/Scope" in a for a in attributes)


def elements(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_a_national_figure_is_a_picture_with_its_sentence_and_a_table(world: World, press):
    with world.database.write() as tx:
        here = world.here(tx)
        for slug in ("advies-schoolwerk", "praten-over-pesten"):
            put_figure(here, *get_figure(here.pack, slug))
        views = [
            figure_view(here.pack, f)
            for f in here.pack.figures
            if f.slug in ("advies-schoolwerk", "praten-over-pesten")
        ]
    with world.database.read() as tx:
        _, html = paper(world.here(tx))
    pdf = press.pdf(html, 60)
    check_structure(pdf, html)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        found = [str(e.get("/Alt", "")) for e in elements(file.Root.StructTreeRoot) if e.S == "/Figure"]
    assert found == [views[0].title, *(line.in_words for line in views[1].lines)]


def test_the_same_content_gives_the_same_bytes(world: World, press):
    with world.database.read() as tx:
        first = press.pdf(paper(world.here(tx))[1], 30)
    press._kept.clear()
    press.close()
    with world.database.read() as tx:
        assert press.pdf(paper(world.here(tx, "jan"))[1], 30) == first, "whoever asks, and in a new process"


def test_an_unshared_answer_does_not_change_the_document(world: World, press):
    """Not the text and not the date."""
    from app.answers.actions import save_answer
    from app.screening import rules as screening

    with world.database.read() as tx:
        before = paper(world.here(tx))[1]
    with world.database.write() as tx:
        here = world.here(tx, "jan")
        theme = here.pack.themes[0]
        name, spec = next((n, s) for n, s in screening.specs(here.pack, here.party, theme).items() if s.kind == "text")
        save_answer(here, here.party, f"{theme.slug}/{name}", spec, ["geheim"], 0)
    with world.database.read() as tx:
        assert paper(world.here(tx))[1] == before


def test_empty_journey_is_one_sentence_per_gap(world: World, press, tmp_path):
    with world.database.read() as tx:
        doc, html = paper(world.here(tx))
    assert "Er zijn nog geen doelen geformuleerd." in html
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert tables and all("<td" in t for t in tables), "no empty table"
    assert text_of(press.pdf(html, 30), tmp_path).count("\f") <= 9
    assert len(doc.gaps) >= 8 and all(g.url.startswith(world.url) for g in doc.gaps)


def test_the_annex_with_what_was_not_used_is_one_tick_off(world: World, marks: Marks):
    with world.database.read() as tx:
        here = world.here(tx)
        assert "Nog niet verwerkt" in str(build_document(here).chapters)
        assert "Nog niet verwerkt" not in str(build_document(here, unused=False).chapters)


def test_conclusion_one_gives_the_short_report(world: World, press, tmp_path):
    marks = Marks()
    with world.database.write() as tx:
        here = world.here(tx)
        fill_exploration(here, marks)
        alone = next(c for c in here.pack.conclusions if c.excludes_others)
        fill_dialogue(here, marks)
        fill_conclusions(here, marks, [alone.slug])
    with world.database.read() as tx:
        doc, html = paper(world.here(tx))
    assert doc.title == "Verslag verkenning ouderbetrokkenheid" and doc.short
    pdf = press.pdf(html, 30)
    text = solid(text_of(pdf, tmp_path, "-raw"))
    shape = ("conclusies/breedte", "conclusies/organisatie", "conclusies/ouders")
    missing = {m: w for m, w in marks.shown.items() if m not in text and not w.startswith(shape)}
    assert missing == {}
    assert solid(alone.notice) in text and "blijftstaan" not in text
    assert text.count("Lossafspraken") == 0 and "Losseafspraken" in text
    check_structure(pdf, html)


def test_not_useful_gives_the_short_report_until_a_plan_begins(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        spec = exploration.fields(here.pack)["uitkomst"]
        save_joint(here, "verkenning/uitkomst", spec, [exploration.NOT_USEFUL], 0)
    with world.database.read() as tx:
        assert build_document(world.here(tx)).short
    with world.database.write() as tx:
        fill_conclusions(world.here(tx), Marks())
    with world.database.read() as tx:
        assert not build_document(world.here(tx)).short


def test_many_parties_lie_on_their_side_and_stay_readable(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        for number in range(26):
            add_party(here, "schoolbestuur", f"Scholengroep {number}", f"Groep {number}")
    with world.database.read() as tx:
        doc = build_document(world.here(tx))
    columns = next(c for c in doc.annexes if c.id == "bijlage-kolommen")
    assert columns.landscape
    assert "31 partijen" in str(doc.colophon)


@pytest.mark.parametrize(
    "typed",
    ["\U0001f600 \U0001f9e9", "مرحبا שלום", "a\x00b\ud800c", "w" * 200, "<b>vet</b> & ‘x’", "{{ 7*7 }}"],
)
def test_awkward_texts(world: World, press, typed: str, tmp_path):
    with world.database.write() as tx:
        here = world.here(tx)
        spec = exploration.fields(here.pack)["waarom"]
        save_joint(here, "verkenning/waarom", spec, [f"begin {typed} eind"], 0)
    with world.database.read() as tx:
        html = paper(world.here(tx))[1]
    assert "<b>vet</b>" not in html and "begin 49" not in html
    text = solid(text_of(press.pdf(html, 30), tmp_path, "-raw"))
    assert "begin" in text and "eind" in text
    if typed[0] in "w<":
        assert solid(typed) in text


def test_routes(world: World, as_, monkeypatch):
    monkeypatch.setattr("app.document.routes.print_pdf", lambda settings, html, style: b"%PDF-proef")
    for name in ("marieke", "jan", "pieter"):
        assert as_(name).get(world.path("document")).status_code == 200
        answer = as_(name).get(world.path("document.pdf"))
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    kind = answer.headers["content-disposition"]
    assert kind.startswith('attachment; filename="Plan van aanpak ouderbetrokkenheid gemeente Meerwijk - concept.pdf"')
    assert (
        "filename*=UTF-8''Plan%20van%20aanpak%20ouderbetrokkenheid%20gemeente%20Meerwijk%20%E2%80%93%20concept.pdf"
        in kind
    )
    for outsider in ("olga", "otto"):
        for path in ("document", "document.pdf"):
            assert as_(outsider).get(world.path(path)).status_code == 404
    assert as_("nobody").get(world.path("document.pdf")).headers["location"] == "/aanmelden"
    for path in ("document", "document.pdf"):
        for method in ("post", "put", "delete", "patch"):
            assert getattr(as_("marieke"), method)(world.path(path)).status_code == 405


def test_reading_writes_nothing(world: World, as_, monkeypatch):
    monkeypatch.setattr("app.document.routes.print_pdf", lambda settings, html, style: b"%PDF-proef")
    with world.database.read() as tx:
        before = len(tx.exec(select(Event)).all())
    as_("marieke").get(world.path("document"))
    as_("marieke").get(world.path("document.pdf?zonder-bijlage=1"))
    with world.database.read() as tx:
        assert len(tx.exec(select(Event)).all()) == before


def test_page_shows_the_document_the_gaps_and_the_choice(world: World, as_):
    text = as_("pieter").get(world.path("document")).text
    assert "Wat nog niet is ingevuld" in text and f'href="{world.url}/document.pdf"' in text
    assert 'name="zonder-bijlage"' in text
    text = as_("pieter").get(world.path("document?zonder-bijlage=1")).text
    assert "document.pdf?zonder-bijlage=1" in text and "Weggelaten</h3>" not in text


def test_command_line(world: World):
    assert write_pdf(world.database, world.settings, world.journey).startswith(b"%PDF")
    with pytest.raises(NotFound):
        write_pdf(world.database, world.settings, "bestaat-niet")


def test_long_texts_are_divided_over_rows():
    text = "Dit is een zin van een lange tekst. " * 100
    pieces = pieces_of(text)
    assert len(pieces) > 3 and all(len(p) <= 700 for p in pieces) and solid("".join(pieces)) == solid(text)
    rows = divided(("Punt", text))
    assert rows[0][0] == "Punt" and rows[1][0] == "Punt (vervolg)"
    assert pieces_of("w" * 2000) == ["w" * 700, "w" * 700, "w" * 600]


def test_chapters_follow_each_other_and_annexes_begin_on_a_new_page():
    chapter, annex = Chapter("a", "A", (Para("tekst"),)), Chapter("b", "B", (Para("tekst"),), annex=True)
    wide = replace(annex, landscape=True)
    found = placed([chapter, chapter, annex, annex, wide, annex])
    assert [c.new_page for c in found] == [True, False, True, False, True, True]


def test_a_column_in_which_no_row_says_anything_is_left_out():
    heads = columns(("Wat", 40), ("Wie", 30), ("Wanneer", 30))
    (found,) = table("Afspraken", heads, [("een", "", "juni"), ("twee", "", "")])
    assert [(c.label, c.width) for c in found.columns] == [("Wat", 40), ("Wanneer", 60)]
    assert found.rows == (("een", "juni"), ("twee", "–"))


def test_the_report_of_the_example_is_short(example_world):  # noqa: F811
    pages = example_world.pdf_text("duinrade").rstrip("\f").split("\f")
    assert 3 <= len(pages) <= 4
