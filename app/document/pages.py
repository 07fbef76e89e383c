"""The document of a journey, for the screen and for paper."""

from __future__ import annotations

from dataclasses import dataclass

from app.checklists.reading import read_filled
from app.conclusions.reading import read_conclusions
from app.core.clock import date_text
from app.core.rendering import render
from app.dialogue.reading import read_dialogue
from app.document import annexes, facts
from app.document.blocks import Chapter, Document
from app.document.layout import placed
from app.document.lists import list_blocks
from app.document.plan_chapters import plan_chapters
from app.document.press import paper_for
from app.document.report import is_report, report_chapters
from app.journey.gate import Here
from app.plan.reading import read_plan
from app.remarks.reading import read_remarks
from app.screening.reading import read_screening
from app.style.reading import PaperStyle


@dataclass(frozen=True)
class DocumentPage:
    doc: Document
    url: str
    pdf_url: str
    unused: bool  # the annex with what was said and not used is in it
    has_unused: bool  # this kind of document has that annex at all
    remarks: bool  # the annex with remarks is in it
    has_remarks: bool  # there are any


def build_document(here: Here, unused: bool = True, remarks: bool = False) -> Document:
    """Everything that is shared or joint, in its place. `unused` False leaves out what was said and not used; remarks
    are only in it when they are asked for."""
    conclusions, dialogue = read_conclusions(here), read_dialogue(here)
    screening, plan = read_screening(here), read_plan(here)
    short = is_report(here, conclusions, plan)
    if short:
        title = f"Verslag verkenning {here.pack.subject}"
        chapters = report_chapters(here, conclusions, dialogue, screening)
        if remarks:
            chapters = (*chapters, Chapter("bijlage-opmerkingen", "Opmerkingen", annexes.remarks(here)))
    else:
        title = f"Plan van aanpak {here.pack.subject}"
        wide = annexes.lies_on_its_side(here)
        parts = [
            ("partijen", "Deelnemende partijen", annexes.parties(here), False),
            (
                "conclusies",
                "Verkenning en conclusies" if here.pack.exploration else "Conclusies",
                _verkenning_and_conclusions(here, conclusions),
                False,
            ),
            ("gesprek", "Uitkomsten en afspraken per thema", annexes.talked(here, dialogue), False),
            ("kolommen", "De kolommen per thema", annexes.three_columns(here, screening), wide),
            ("toelichtingen", "Toelichtingen van de partijen", annexes.explanations(here, screening), False),
        ]
        if filled := read_filled(here):
            parts.insert(2, ("lijsten", "Lijsten met criteria", list_blocks(filled), False))
        if unused:
            parts.append(("niet-gebruikt", "Wat is gezegd en niet gebruikt", annexes.unused(plan, remarks), False))
        if remarks:
            parts.append(("opmerkingen", "Opmerkingen", annexes.remarks(here), False))
        chapters = (*plan_chapters(here, plan, conclusions), *annexes.annex_chapters(here, parts))
        chapters = placed(chapters)
    return _bound(here, title, chapters, short)


def _verkenning_and_conclusions(here: Here, conclusions):
    heading = annexes.Heading
    return (
        *((heading("Verkenning"), *annexes.explored(here)) if here.pack.exploration else ()),
        heading("Conclusies van de partijen"),
        *annexes.concluded(here, conclusions),
        *annexes.shape(here, conclusions),
    )


def _bound(here: Here, title: str, chapters: tuple[Chapter, ...], short: bool) -> Document:
    changed, where = facts.last_change(here), facts.place(here)
    return Document(
        title=title,
        place=where,
        on_behalf=facts.on_behalf(here),
        subtitle=here.journey.title,
        status=facts.STATUS,
        period=facts.period(here),
        dated=date_text(changed),
        iso=facts.iso(changed),
        author=where,
        colophon=facts.colophon(here, changed),
        chapters=chapters,
        short=short,
        note="Dit is een voorbeeld. Alle namen en antwoorden zijn verzonnen." if here.journey.example else "",
    )


def document_page(here: Here, unused: bool, remarks: bool = False) -> DocumentPage:
    doc = build_document(here, unused, remarks)
    asked = [*(() if unused else ("zonder-bijlage=1",)), *(("met-opmerkingen=1",) if remarks else ())]
    query = "?" + "&".join(asked) if asked else ""
    return DocumentPage(
        doc=doc,
        url=f"{here.url}/document",
        pdf_url=f"{here.url}/document.pdf{query}",
        unused=unused,
        has_unused=bool(doc.annexes),
        remarks=remarks,
        has_remarks=bool(read_remarks(here).threads),
    )


def paper(here: Here, unused: bool = True, remarks: bool = False) -> tuple[Document, str]:
    """The document and its HTML for the press."""
    doc = build_document(here, unused, remarks)
    return doc, paper_html(doc, style_of(here))


def style_of(here: Here) -> PaperStyle:
    """The house style to print in."""
    if "paper style" not in here.extra:
        here.extra["paper style"] = paper_for(here.tx, here.settings, here.tenant_id)
    return here.extra["paper style"]  # type: ignore[return-value]


def paper_html(doc: Document, style: PaperStyle) -> str:
    alt = style.alt or f"Logo: {doc.place}"
    return render("layouts/paper.html", doc=doc, logo=style.logo is not None, logo_alt=alt)
