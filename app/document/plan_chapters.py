"""The chapters of the plan: the prose as it was written, and what is a table by nature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.conclusions.reading import Conclusions
from app.content.pack import Pack
from app.core.fields import euros
from app.core.text import counted, inside, listing, sentence
from app.document.blocks import Bars, Block, Chapter, Column, Gap, Heading, Para, Points, Quote, Table
from app.document.words import columns, points, shape_title, table
from app.journey.gate import Here
from app.plan.figures import charts
from app.plan.said import Budget, ChapterSaid, Duties, GoalSaid, Plan
from app.plan.slots import leads


def plan_chapters(here: Here, plan: Plan, conclusions: Conclusions) -> tuple[Chapter, ...]:
    """The chapters in the order of the pack."""
    tables = {
        "doelen": lambda url, _: goals(plan, url),
        "organisatie": lambda url, prose: organisation(here, plan, conclusions, url, prose),
        "evaluatie": lambda url, prose: evaluation(plan, url, prose),
        "stappen": lambda url, _: (*actions(plan, url), *budget(plan.budget, url)),
    }
    chapters = []
    for said in plan.chapters:
        url = f"{here.url}/plan/{said.chapter.slug}"
        text = " ".join(p.text for p in said.paragraphs)
        extra = tables[said.chapter.kind](url, text) if said.chapter.kind in tables else ()
        chapters.append(
            Chapter(
                f"hoofdstuk-{said.chapter.slug}",
                said.chapter.title,
                (*prose(here.pack, said, url, leads(here.pack)), *extra),
                str(said.chapter.number),
            )
        )
    return limits_once(chapters)


def limits_once(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """What no national figure says stands under the first one of the document."""
    first = next((b for c in chapters for b in c.blocks if isinstance(b, Bars)), None)
    marked = lambda blocks: tuple(replace(b, first=True) if b is first else b for b in blocks)  # noqa: E731
    return tuple(replace(c, blocks=marked(c.blocks)) for c in chapters) if first else tuple(chapters)


def prose(pack: Pack, said: ChapterSaid, url: str, labels: Sequence[str] = ()) -> tuple[Block, ...]:
    """The paragraphs, each with the national figures it came from; a sentence when there are none."""
    blocks: list[Block] = []
    headed = False
    for p in said.paragraphs:
        if not p.text.strip():
            continue
        if p.kind in ("kop", "subkop"):
            blocks.append(Heading(p.inline, 4 if headed and p.kind == "subkop" else 3))
            headed = True
        elif p.kind in ("punt", "nummer"):
            ordered, before = p.kind == "nummer", blocks[-1] if blocks else None
            if isinstance(before, Points) and before.ordered == ordered:
                blocks[-1] = replace(before, items=(*before.items, p.inline))
            else:
                blocks.append(Points((p.inline,), ordered=ordered))
        elif p.kind == "citaat":
            blocks.append(Quote(p.text, html=p.body))
        else:
            blocks.append(Para(p.text, html=p.body) if p.rich else led(p.text, labels))
        blocks += [Bars(view) for view in charts(pack, [o.key for o in p.origins])]
    return tuple(blocks) or (
        Gap(
            f"Hoofdstuk {said.chapter.number} heeft nog geen tekst.",
            f"Schrijf hoofdstuk {said.chapter.number}",
            url,
        ),
    )


def led(text: str, labels: Sequence[str]) -> Para:
    """A paragraph that begins with one of these words and a full stop has that word in bold."""
    head, dot, rest = text.partition(". ")
    return Para(rest, f"{head}.") if dot and head in labels else Para(text)


def goals(plan: Plan, url: str) -> tuple[Block, ...]:
    if not plan.goals:
        return (
            Heading("Doelen"),
            Gap("Er zijn nog geen doelen geformuleerd.", "Voeg een doel toe", f"{url}#doelen"),
        )
    heads = columns(
        ("Nr.", 5),
        ("Doel", 26),
        ("Indicator", 21),
        ("Nu, met bron", 16),
        ("Streefwaarde", 11),
        ("Wanneer", 10),
        ("Wie", 11),
    )
    rows = [(str(g.number), about(g), g.indicator, now(g), g.target, g.target_on, g.owner) for g in plan.goals]
    return (
        Heading("Doelen"),
        *points(f"Doel {g.number}. {g.sentence}" for g in plan.goals if g.measurable),
        *table("Doelen in een tabel", heads, rows),
        *([Para(sentence(plan.measurable_text) + unfinished(plan.goals))] if plan.goals else ()),
        *(
            Gap(
                f"Doel {g.number}: {' '.join(g.verdicts)}",
                f"Vul doel {g.number} aan",
                f"{url}#doel-{g.id}",
                only_listed=True,
            )
            for g in plan.goals
            if g.verdicts
        ),
    )


def about(goal: GoalSaid) -> str:
    """What should come true, and for whom."""
    group = f"Groep: {goal.target_group}" if goal.target_group else ""
    return "\n".join(filter(None, (goal.result, group)))


def unfinished(goals: Sequence[GoalSaid]) -> str:
    """' Nog niet meetbaar: doel 2 en 3.'"""
    numbers = [str(g.number) for g in goals if not g.measurable]
    return f" Nog niet meetbaar: {'doel' if len(numbers) == 1 else 'de doelen'} {listing(numbers)}." if numbers else ""


def now(goal: GoalSaid) -> str:
    """'61 % (enquête 2026)'."""
    return (
        f"{goal.baseline} ({goal.baseline_source})"
        if goal.baseline and goal.baseline_source
        else goal.baseline or goal.baseline_source
    )


def organisation(here: Here, plan: Plan, conclusions: Conclusions, url: str, text: str) -> tuple[Block, ...]:
    lead = f"De regie over dit plan ligt bij {inside(plan.lead.in_text)}." if plan.lead else ""
    new = () if text.strip() else conclusions.shape_sentences  # the prose says it in its own words
    return (
        *([Heading(shape_title(here.pack, without="breedte")), *points(new)] if new else ()),
        Heading("Regie"),
        Para(lead)
        if lead
        else Gap("Er is nog geen partij gekozen die de regie heeft.", "Kies wie de regie heeft", f"{url}#regie"),
        Heading("Verantwoordelijkheden per partij"),
        *duties(plan.responsibilities, url),
    )


def duties(all_duties: Sequence[Duties], url: str) -> tuple[Block, ...]:
    rows = []
    for d in all_duties:
        does, does_not = (*d.does, *d.roles), d.does_not
        if does or does_not:
            rows.append(
                (
                    d.party.name,
                    tuple(does) or "Nog niet beschreven.",
                    tuple(does_not) or "Nog niet beschreven.",
                )
            )
    open_ones = [d.party.name for d in all_duties if not (d.does or d.does_not or d.roles)]
    gap = Gap(
        "De verantwoordelijkheden zijn nog niet beschreven.",
        "Beschrijf wie wat doet",
        f"{url}#verantwoordelijkheden",
    )
    heads = columns(("Partij", 20), ("Doet", 45), ("Doet niet", 35))
    blocks = table("Wat elke partij doet en niet doet", heads, rows, gap)
    if rows and open_ones:
        blocks = (
            *blocks,
            Gap(
                f"Nog niet beschreven voor: {', '.join(open_ones)}.",
                "Beschrijf wie wat doet",
                f"{url}#verantwoordelijkheden",
            ),
        )
    return blocks


def evaluation(plan: Plan, url: str, text: str) -> tuple[Block, ...]:
    heads = columns(("Nr.", 6), ("Indicator", 30), ("Hoe meten", 26), ("Wanneer meten", 20), ("Wie", 18))
    rows = [
        (str(g.number), g.indicator or g.result, g.measured_how, g.measured_when, g.owner)
        for g in plan.goals
        if g.indicator or g.measured_how or g.measured_when
    ]
    bureau = {
        "ja": "Een extern bureau doet de metingen of de evaluatie.",
        "nee": "Er komt geen extern bureau voor de metingen of de evaluatie.",
    }
    said = bureau.get(plan.external_bureau, "")
    gap = Gap("Er is nog niet beschreven hoe en wanneer de doelen worden gemeten.", "Vul aan bij de doelen", url)
    return (
        Heading("Wat meten wij wanneer?"),
        *table("Doelen meten", heads, rows, gap),
        *([Para(said)] if said and "extern bureau" not in text.lower() else ()),
    )


def actions(plan: Plan, url: str) -> tuple[Block, ...]:
    heads = columns(
        ("Nr.", 5),
        ("Actie", 28),
        ("Wie", 14),
        ("Met wie", 14),
        ("Begin", 11),
        ("Eind", 11),
        ("Doel", 7),
        ("Stand", 10),
    )
    rows = [(str(a.number), a.what, a.owner, a.partners, a.start, a.end, a.goal, a.status) for a in plan.actions]
    gap = Gap("Er zijn nog geen acties afgesproken.", "Voeg een actie toe", f"{url}#acties")
    return (Heading("Stappenplan"), *table("Acties", heads, rows, gap))


def budget(found: Budget, url: str) -> tuple[Block, ...]:
    gap = Gap("Er is nog geen begroting gemaakt.", "Voeg een begrotingsregel toe", f"{url}#begroting")
    if not found.lines:
        return (Heading("Financiën"), gap)
    cents = any(b.amount and b.amount % 100 for b in found.lines)
    heads = (
        *columns(("Post", 34), ("Jaar", 8), ("Bron", 24), ("Zeker", 14)),
        Column("Bedrag", 20, number=True),
    )
    lines = [(b.what, b.year, b.source, b.certain or "niet ingevuld", money(b.amount, cents)) for b in found.lines]
    total = Column("Totaal", 20, number=True)
    year_heads = (
        *columns(("Jaar", 22)),
        Column("Zeker", 20, number=True),
        Column("Nog niet zeker", 20, number=True),
        total,
        Column("Zonder bedrag", 18),
    )
    years = tuple(
        (
            y.year or "Zonder jaar",
            money(y.certain, cents),
            money(y.uncertain, cents),
            money(y.total, cents),
            unknown(y.unknown),
        )
        for y in found.years
    )
    sums = (
        "Alle jaren",
        money(found.certain, cents),
        money(found.uncertain, cents),
        money(found.certain + found.uncertain, cents),
        unknown(found.unknown),
    )
    return (
        Heading("Financiën"),
        *table("Begroting", heads, lines),
        Table("Begroting per jaar", year_heads, years, foot=(sums,) if len(years) > 1 else ()),
    )


def money(cents: int | None, with_cents: bool) -> str:
    """All amounts of one table have cents, or none has, so that the decimals stand under each other."""
    if cents is None:
        return "onbekend"
    shown = euros(cents)
    return f"{shown},00" if with_cents and cents % 100 == 0 else shown


def unknown(number: int) -> str:
    return counted(number, "regel", "regels") if number else "–"
