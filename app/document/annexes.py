"""The annexes: who took part, what was concluded, what was said, and what was not used."""

from __future__ import annotations

from collections.abc import Iterable

from app.answers.reading import joint_value
from app.conclusions.reading import ChosenConclusion, Conclusions
from app.content.pack import Item, Pack, Theme
from app.core.clock import date_text, iso_or_text
from app.core.text import capital, listing, sentence
from app.dialogue.reading import AgreementSaid, Dialogue, Outcome
from app.dialogue.rules import questions
from app.document.blocks import Block, Chapter, Entry, Gap, Heading, Para, Quote, Table
from app.document.layout import TABLE_LINE, cell_lines
from app.document.words import columns, grouped, led, names, points, shape_title, table, text
from app.exploration import rules as exploration
from app.journey.gate import Here
from app.plan import subjects as _plan  # noqa: F401 (says what can be remarked on)
from app.plan.said import LeftOutSaid, Plan
from app.prose.joint import answer_html
from app.remarks.pages import all_page
from app.remarks.reading import RemarkSaid
from app.screening import subjects as _screening  # noqa: F401 (says what can be remarked on)
from app.screening.reading import Screening
from app.screening.said import Saying

MANY_PARTIES = 12  # more than this and the three columns lie on their side
MANY_COLUMNS = 3
ONE_PAGE, WIDE_PAGE = 46, 30  # lines of a column that surely fit on one page, upright and on its side


def theme_title(theme: Theme) -> str:
    return f"Thema {theme.letter}: {theme.title}"


def parties(here: Here) -> tuple[Block, ...]:
    """Every party with its kind and its people. Meelezers are no participants."""
    sectors = {s.slug: s.label for s in here.pack.sectors}
    rows = []
    for party in here.parties:
        people = [
            f"{person.name}, {seat.function}" if seat.function else person.name
            for seat, person in here.seats.values()
            if seat.party_id == party.id and seat.removed_at is None and seat.role != "meelezer"
        ]
        kind = here.kind_of(party).label
        about = [sectors[s] for s in party.sectors.split() if s in sectors]
        name = party.name + (f"\nIn de tekst: {party.in_text}" if party.in_text != party.name else "")
        rows.append((name, capital(kind), listing(about) or "–", "\n".join(people) or "Nog niemand genoemd."))
    gap = Gap("Er zijn nog geen partijen toegevoegd.", "Voeg partijen toe", f"{here.url}/opzet")
    return table(
        "Partijen met hun sectoren en deelnemers",
        columns(("Partij", 26), ("Soort", 24), ("Sectoren", 24), ("Deelnemers", 26)),
        rows,
        gap,
    )


def explored(here: Here, level: int = 4) -> tuple[Block, ...]:
    """What the verkenning gave; the questions are headings of this level."""
    ask, url = here.pack.exploration, f"{here.url}/verkenning"
    if ask is None:
        return ()
    ticked = joint_value(here, "verkenning/redenen").split()
    outcome = next((o for o in ask.outcomes if o.slug == joint_value(here, "verkenning/uitkomst")), None)
    skipped = any(s.step == exploration.STEP and s.state == "overgeslagen" for s in here.states)
    blocks: list[Block] = []
    if reasons := points(r.label for r in ask.reasons if r.slug in ticked):
        blocks += [Para("Dit speelt bij ons:"), *reasons]
    for question in ask.questions:
        if said := _written(here, f"verkenning/vraag/{question.slug}"):
            blocks += [Heading(question.label, level), *said]
    if outcome:
        blocks.append(Para(sentence(outcome.phrase or outcome.label)))
    blocks += _written(here, "verkenning/waarom")
    if skipped:
        blocks.append(Para("De partijen hebben de verkenning overgeslagen: zij hadden hier al eerder over gesproken."))
    if not blocks:
        blocks.append(Gap("De verkenning is nog niet ingevuld.", "Naar de verkenning", url))
    return tuple(blocks)


def concluded(here: Here, found: Conclusions) -> tuple[Block, ...]:
    """The chosen conclusions with who supports them."""
    url = f"{here.url}/conclusies"
    if not found.chosen:
        return (Gap("Er zijn nog geen conclusies gekozen.", "Kies conclusies", url),)
    return tuple(b for chosen in found.chosen for b in conclusion(chosen))


def _written(here: Here, path: str) -> tuple[Para, ...]:
    """An answer that is a text, with its lists, bold, italic and links; nothing while there is none."""
    said = joint_value(here, path)
    return (Para(said, html=answer_html(here, path)),) if said.strip() else ()


def conclusion(chosen: ChosenConclusion) -> tuple[Block, ...]:
    vision = chosen.vision_from
    by = f"Naar voorbeeld van {vision.where}" if vision and vision.where else "Naar een voorbeeld" if vision else ""
    return (
        Heading(f"{chosen.conclusion.number}. {chosen.conclusion.title}", 4),
        *points(chosen.sentences),
        *([Quote(chosen.vision, by, html=chosen.vision_html)] if chosen.vision else ()),
        *led("Waarom:", chosen.motivation, chosen.motivation_html),
        *supports(chosen),
    )


def supports(chosen: ChosenConclusion) -> tuple[Block, ...]:
    if not chosen.supports:
        return (Para("Nog geen partij heeft een standpunt over deze conclusie gegeven."),)
    silent = f"Nog geen standpunt: {names(chosen.silent)}." if chosen.silent else ""
    if not any(s.remark for s in chosen.supports):
        labels = dict.fromkeys(s.choice.label for s in chosen.supports)
        lines = [f"{x}: {names(s.party for s in chosen.supports if s.choice.label == x)}." for x in labels]
        return (Para(" ".join(filter(None, [*lines, silent])), "Wat de partijen vinden."),)
    rows = [(s.party.in_text, s.choice.label, s.remark or "–") for s in chosen.supports]
    caption = f"Wat vinden de partijen van conclusie {chosen.conclusion.number}?"
    return (*table(caption, columns(("Partij", 28), ("Standpunt", 22), ("Opmerking", 50)), rows), *text(silent))


def shape(here: Here, found: Conclusions) -> tuple[Block, ...]:
    title = shape_title(here.pack)
    if not title:
        return ()
    gap = Gap(f"Nog niet gekozen: {title[:1].lower()}{title[1:]}.", "Vul dit aan", f"{here.url}/conclusies")
    return (Heading(title), *(points(found.shape_sentences) or (gap,)))


def talked(here: Here, dialogue: Dialogue) -> tuple[Block, ...]:
    """What the conversation gave, theme by theme, and the agreements that hang under no theme."""
    blocks: list[Block] = []
    for theme in here.pack.themes:
        blocks += [Heading(theme_title(theme)), *talked_about(here, dialogue, theme)]
    if loose := dialogue.agreements(theme=""):
        blocks += [Heading("Andere afspraken"), *agreements("Andere afspraken", loose)]
    return tuple(blocks)


def talked_about(here: Here, dialogue: Dialogue, theme: Theme) -> tuple[Block, ...]:
    found = agreements(f"Afspraken bij thema {theme.letter}", dialogue.agreements(theme.slug), here.pack)
    gap = Gap(
        "Over dit thema is nog niet gesproken.",
        f"Bespreek thema {theme.letter}",
        f"{here.url}/gesprek/{theme.slug}",
    )
    return (*notes_and_outcomes(here, dialogue, theme), *found) or (gap,)


def notes_and_outcomes(here: Here, dialogue: Dialogue, theme: Theme) -> tuple[Block, ...]:
    """What was said and decided about one theme; nothing when it was not discussed."""
    return (
        *notes(here, dialogue, theme),
        *outcomes(f"Uitkomsten bij thema {theme.letter}", dialogue.outcomes(theme.slug)),
    )


def notes(here: Here, dialogue: Dialogue, theme: Theme) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if useful := dialogue.useful(theme.slug):
        blocks.append(Para(sentence(f"Is afstemmen of samenwerken hier zinvol? {useful.label}")))
    for label, name, said in _noted(here, dialogue, theme):
        blocks += [Heading(label, 4), Para(said, html=dialogue.notes_html(theme.slug, name))]
    if dialogue.recognised(theme.slug):
        blocks.append(Para("De partijen erkennen deze verdeling."))
    return tuple(blocks)


def noted(here: Here, dialogue: Dialogue, theme: Theme) -> list[tuple[str, str]]:
    """What was written down, as (question, answer)."""
    return [(label, said) for label, _, said in _noted(here, dialogue, theme)]


def _noted(here: Here, dialogue: Dialogue, theme: Theme) -> list[tuple[str, str, str]]:
    """The same with which question it was; '' for the notes of the theme."""
    found = [(q.label, q.slug, dialogue.note(theme.slug, q.slug)) for q in questions(here.pack)]
    return [one for one in [*found, ("Notities", "", dialogue.notes(theme.slug))] if one[2].strip()]


def outcomes(caption: str, found: Iterable[Outcome]) -> tuple[Block, ...]:
    rows = [
        (
            o.item.label,
            decided(o),
            o.because or "–",
            f"Niet voor {names(o.not_for)}" if o.not_for else "Alle partijen",
        )
        for o in found
        if o.discussed or o.because
    ]
    return table(caption, columns(("Punt", 26), ("Uitkomst", 24), ("Omdat", 32), ("Geldt voor", 18)), rows)


def decided(outcome: Outcome) -> str:
    """'Uitwisselen en afstemmen', 'Later, op 1 maart 2028'."""
    if not outcome.discussed:
        return "Nog niet besproken"
    return capital(outcome.phrase) + (f", op {iso_or_text(outcome.later_on)}" if outcome.later_on else "")


def agreements(caption: str, found: tuple[AgreementSaid, ...], pack: Pack | None = None) -> tuple[Block, ...]:
    """Agreements as one table."""
    rows = []
    for a in found:
        about = f"\nBij: {pack.item(a.theme, a.item).label}" if pack and a.item else ""
        from_ = (
            f"\nNaar voorbeeld van {a.example.where or 'de praktijk'} ({a.example.year})"
            if a.example and not a.agreed
            else ""
        )
        rows.append(
            (
                (a.what or "Nog niet beschreven") + about + from_,
                a.owner.in_text if a.owner else "Nog niet bekend",
                names(a.with_parties) or "–",
                iso_or_text(a.by_when) or "Nog niet bekend",
                "Afgesproken" if a.agreed else "Voorstel",
            )
        )
    return table(caption, columns(("Wat", 40), ("Wie", 18), ("Met wie", 16), ("Wanneer", 13), ("Stand", 13)), rows)


def three_columns(here: Here, screening: Screening) -> tuple[Block, ...]:
    """Per theme the columns beside each other, and what the parties think of the division."""
    return tuple(
        b for theme in here.pack.themes for b in (Heading(theme_title(theme)), *theme_columns(here, screening, theme))
    )


def theme_columns(here: Here, screening: Screening, theme: Theme) -> tuple[Block, ...]:
    if len(screening.silent(theme)) == len(here.parties):
        return (
            Gap(
                "Nog geen partij heeft antwoorden over dit thema gedeeld.",
                "Naar Waar staan we?",
                f"{here.url}/waar-staan-we",
            ),
        )
    division = grouped(screening.recognition(theme))
    return (
        *beside(here.pack, screening, theme, lies_on_its_side(here)),
        *([Para(f"{'. '.join(division)}.", "Klopt deze verdeling?")] if division else ()),
        *sharing_notes(here, screening, theme),
    )


def sharing_notes(here: Here, screening: Screening, theme: Theme) -> tuple[Block, ...]:
    """Who shared nothing about this theme yet, and for whom somebody else filled it in."""
    behalf = [p for p in here.parties if (s := screening.sharing(p, theme)) and s.behalf]
    lines = [
        f"{label}: {names(found)}."
        for label, found in (
            ("Nog niet gedeeld", screening.silent(theme)),
            ("Ingevuld door de procesbegeleider en nog niet bevestigd", behalf),
        )
        if found
    ]
    return text(" ".join(lines))


def explanations(here: Here, screening: Screening) -> tuple[Block, ...]:
    """Per theme every explanation, whole; themes without any are left out."""
    found = ((theme, written(here.pack, screening, theme)) for theme in here.pack.themes)
    blocks = tuple(b for theme, said in found if said for b in (Heading(theme_title(theme)), *said))
    return blocks or (Para("De partijen hebben geen toelichtingen gedeeld."),)


def said_at(pack: Pack, screening: Screening, theme: Theme, item: Item):
    joint = pack.joint_column
    return screening.wishes(theme, item) if joint and item.column == joint.slug else screening.said(theme, item)


def beside(pack: Pack, screening: Screening, theme: Theme, wide: bool) -> tuple[Table, ...]:
    """The columns beside each other, each a list of its own; item by item under each other when they are
    longer than a page."""
    if not pack.columns:
        return ()
    lists = tuple(
        tuple(entry(item, said_at(pack, screening, theme, item)) for item in theme.in_column(column.slug))
        for column in pack.columns
    )
    rows: tuple[tuple[tuple[Entry, ...], ...], ...] = (lists,)
    if max(column_lines(entries, len(lists), wide) for entries in lists) > (WIDE_PAGE if wide else ONE_PAGE):
        height = max(len(entries) for entries in lists)
        rows = tuple(tuple(entries[i : i + 1] for entries in lists) for i in range(height))
    tints = tuple(pack.tint(c) for c in pack.columns)
    heads = columns(*((c.title, 100 // len(pack.columns)) for c in pack.columns))
    return (Table(f"De kolommen van thema {theme.letter}", heads, rows, look="columns", tints=tints),)


def column_lines(entries: tuple[Entry, ...], columns_beside: int, wide: bool) -> int:
    """How long a column is on paper, in lines, with room for the space between items."""
    width = (TABLE_LINE * 3 // 2 if wide else TABLE_LINE) // columns_beside - 6
    return cell_lines(entries, width) + len(entries)


def entry(item: Item, said: tuple[Saying, ...]) -> Entry:
    """An item, and under it who answered what."""
    return (item_title(item), *grouped(s for s in said if s.silence != "niet-gedeeld"))


def item_title(item: Item) -> str:
    return f"{item.label} ({item.legal.label.lower()})" if item.legal else item.label


def written(pack: Pack, screening: Screening, theme: Theme) -> tuple[Block, ...]:
    """Every explanation, whole, under its item."""
    blocks: list[Block] = []
    for column in pack.columns:
        for item in theme.in_column(column.slug):
            if said := explained(pack, screening, theme, item):
                blocks += [Heading(item.label, 4), *points(said)]
    if other := other_division(screening, theme):
        blocks += [Heading("Wat zou anders moeten aan de verdeling?", 4), *points(other)]
    return tuple(blocks)


def explained(pack: Pack, screening: Screening, theme: Theme, item: Item) -> list[str]:
    """The explanations at one item: 'De Linde (mee bezig): …'."""
    return [f"{spoke(s)}: {s.text}" for s in said_at(pack, screening, theme, item) if s.text]


def remarks(here: Here) -> tuple[Block, ...]:
    """Every remark with its answers, by theme and chapter, under the thing it is about."""
    blocks: list[Block] = []
    for part in all_page(here, everything=True).parts:
        blocks.append(Heading(part.title))
        for group in part.groups:
            blocks.append(Heading(group.title, 4))
            for thread in (*group.remarks.open, *group.remarks.settled):
                said = [remarked(one.said) for one in (thread.first, *thread.answers)]
                blocks += points([*said, *([f"{thread.settled}."] if thread.settled else [])])
    return tuple(blocks) or (Para("Er zijn geen opmerkingen."),)


def remarked(said: RemarkSaid) -> str:
    who = f"{said.by_name} ({said.by_party})" if said.by_party else said.by_name
    about = f", over wat {said.about.short} zegt" if said.about else ""
    return f"{who}, {date_text(said.at)}{about}: {said.text or 'voorstel voor een andere tekst'}"


def other_division(screening: Screening, theme: Theme) -> list[str]:
    return [f"{spoke(s)}: {s.instead}" for s in screening.recognition(theme) if s.instead]


def spoke(said: Saying) -> str:
    return f"{said.party.short} ({low(said.choice.label)})" if said.choice else said.party.short


def low(label: str) -> str:
    return label[:1].lower() + label[1:]


def unused(plan: Plan, remarked: bool = False) -> tuple[Block, ...]:
    """What was said and is not in the text, per chapter: not used yet, and left out with a reason. Remarks are only in
    it when they were asked for (`remarked`)."""
    pending: list[Block] = []
    left_out: list[Block] = []
    never = ("voorstel",) if remarked else ("voorstel", "opmerking")
    for said in plan.chapters:
        title = f"Bij hoofdstuk {said.chapter.number}: {said.chapter.title}"
        if found := points(
            f"{p.text} ({p.label})" for p in plan.not_processed(said.chapter.slug) if p.kind not in never
        ):
            pending += [Heading(title, 4), *found]
        ours = (
            x
            for x in plan.left_out
            if x.chapter == said.chapter.slug and (remarked or not x.key.startswith("opmerking/"))
        )
        if found := points(reason(x) for x in ours):
            left_out += [Heading(title, 4), *found]
    return (
        Heading("Nog niet verwerkt"),
        *(pending or [Para("Alles wat is gezegd, is verwerkt of weggelaten.")]),
        Heading("Weggelaten"),
        *(left_out or [Para("Er is niets weggelaten.")]),
    )


def reason(left: LeftOutSaid) -> str:
    """What was left out, where it came from, why and by whom."""
    note = f" {sentence(left.note)}" if left.note else ""
    who = left.who or "iemand"
    return f"{left.text} ({left.label})\nWeggelaten door {who}: {low(sentence(left.reason))}{note}"


def annex_chapters(here: Here, parts: list[tuple[str, str, tuple[Block, ...], bool]]) -> tuple[Chapter, ...]:
    """The annexes with their letters; a part is (id, title, blocks, landscape)."""
    return tuple(
        Chapter(f"bijlage-{slug}", title, blocks, chr(ord("A") + i), annex=True, landscape=wide)
        for i, (slug, title, blocks, wide) in enumerate(parts)
    )


def lies_on_its_side(here: Here) -> bool:
    """Many parties, or more columns than fit upright."""
    return len(here.parties) > MANY_PARTIES or len(here.pack.columns) > MANY_COLUMNS
