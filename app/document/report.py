"""The short report for when no joint approach is needed: conclusion 1, or a verkenning that ends in 'niet
zinvol'."""

from __future__ import annotations

from app.answers.reading import joint_answers
from app.conclusions.reading import Conclusions
from app.content.pack import Theme
from app.core.text import sentence
from app.dialogue.reading import Dialogue
from app.document import annexes
from app.document.blocks import Block, Chapter, Heading, Para
from app.document.words import columns, grouped, points, table, with_texts
from app.exploration import rules as exploration
from app.journey.gate import Here
from app.plan.said import Plan
from app.screening.reading import Screening


def is_report(here: Here, conclusions: Conclusions, plan: Plan) -> bool:
    """Conclusion 1 counts always; 'niet zinvol' only while nobody went on to conclusions or a plan."""
    if conclusions.only_first:
        return True
    stopped = exploration.outcome(joint_answers(here)) == exploration.NOT_USEFUL
    return stopped and not conclusions.chosen and not plan.started


def report_chapters(
    here: Here, conclusions: Conclusions, dialogue: Dialogue, screening: Screening
) -> tuple[Chapter, ...]:
    parts: list[tuple[str, str, tuple[Block, ...]]] = [("conclusie", "Conclusie", concluded(here, conclusions))]
    if explored := annexes.explored(here, 3):
        parts.insert(0, ("verkenning", "Verkenning", explored))
    if shared := shared_only(here, screening):
        parts.append(("screening", "Waar staan wij nu?", shared))
    if spoken := talked(here, dialogue):
        parts.append(("gesprek", "Gesprek en uitkomsten", spoken))
    if loose := loose_agreements(conclusions):
        parts.append(("afspraken", "Losse afspraken", loose))
    parts.append(("partijen", "Deelnemende partijen", annexes.parties(here)))
    return tuple(
        Chapter(f"deel-{slug}", title, blocks, str(i), new_page=False)
        for i, (slug, title, blocks) in enumerate(parts, 1)
    )


def concluded(here: Here, conclusions: Conclusions) -> tuple[Block, ...]:
    if not conclusions.chosen:
        return (Para("De partijen zijn na de verkenning niet verder gegaan. Er is geen gezamenlijke aanpak."),)
    blocks: list[Block] = []
    for chosen in conclusions.chosen:
        where = [(o, said) for o, said in chosen.options if o.ask == "who"]
        others = [
            s for s in chosen.sentences if not any(s.startswith((o.sentence or o.label).rstrip(".")) for o, _ in where)
        ]
        blocks += points(others) if len(others) > 1 else [Para(s) for s in others]
        blocks += [Para(sentence(f"{o.label}: nee")) for o in chosen.declined]
        if chosen.motivation:
            blocks += [Heading("Waarom"), Para(chosen.motivation, html=chosen.motivation_html)]
        rows = [(o.label, said or "Nog niet bekend") for o, said in where]
        blocks += table("Waar wordt het opgepakt?", columns(("Waar", 45), ("Wie en aanspreekpunt", 55)), rows) or (
            Para("Nog niet gekozen waar dit wordt opgepakt."),
        )
        if chosen.conclusion.notice:
            blocks += [Heading("Wat blijft gelden"), Para(chosen.conclusion.notice)]
        blocks += annexes.supports(chosen)
    return tuple(blocks)


def shared_only(here: Here, screening: Screening) -> tuple[Block, ...]:
    """For each theme about which at least one party shared something a table: the answers, and the explanations."""
    blocks: list[Block] = []
    for theme in here.pack.themes:
        if len(screening.silent(theme)) == len(here.parties):
            continue
        blocks += table(
            annexes.theme_title(theme),
            columns(("Punt", 34), ("Kolom", 10), ("Wat is gedeeld", 56)),
            theme_rows(here, screening, theme),
        )
        blocks += annexes.sharing_notes(here, screening, theme)
    return tuple(blocks)


def theme_rows(here: Here, screening: Screening, theme: Theme) -> list[tuple[str, str, str]]:
    """A row for each item that somebody answered, in the order of the columns, and one for the division."""
    rows = []
    for column in here.pack.columns:
        for item in theme.in_column(column.slug):
            said = [s for s in annexes.said_at(here.pack, screening, theme, item) if s.silence != "niet-gedeeld"]
            if lines := with_texts(said):
                rows.append((annexes.item_title(item), column.short, "\n".join(lines)))
    division = [*grouped(screening.recognition(theme)), *annexes.other_division(screening, theme)]
    return [*rows, ("Klopt deze verdeling?", "Alle", "\n".join(division))] if division else rows


def talked(here: Here, dialogue: Dialogue) -> tuple[Block, ...]:
    """What was said per theme, and the outcomes with the same decision together; agreements stand in a chapter of their
    own."""
    rows = []
    for theme in here.pack.themes:
        useful = dialogue.useful(theme.slug)
        said = [f"{label} {text}" for label, text in annexes.noted(here, dialogue, theme)]
        if dialogue.recognised(theme.slug):
            said.append("De partijen erkennen deze verdeling.")
        if useful or said:
            rows.append((annexes.theme_title(theme), useful.label if useful else "", "\n".join(said)))
    heads = columns(("Thema", 24), ("Zinvol?", 8), ("Wat is besproken", 68))
    return (*table("Is afstemmen of samenwerken zinvol?", heads, rows), *outcomes(dialogue))


def outcomes(dialogue: Dialogue) -> tuple[Block, ...]:
    same: dict[tuple[str, str, str], list[str]] = {}
    for o in dialogue.outcomes():
        if o.discussed or o.because:
            holds = f"Niet voor {annexes.names(o.not_for)}" if o.not_for else "Alle partijen"
            same.setdefault((annexes.decided(o), o.because, holds), []).append(f"{o.theme.letter}: {o.item.label}")
    short_first = sorted(same.items(), key=lambda found: len(found[1]))
    rows = [(decision, "; ".join(items), because, holds) for (decision, because, holds), items in short_first]
    heads = columns(("Uitkomst", 18), ("Punten", 44), ("Omdat", 26), ("Geldt voor", 12))
    return table("Uitkomsten", heads, rows)


def loose_agreements(conclusions: Conclusions) -> tuple[Block, ...]:
    words = {"ja": "Blijft staan", "nee": "Vervalt", "": "Nog niet besproken"}
    blocks: list[Block] = []
    for stands, label in words.items():
        found = tuple(x.agreement for x in conclusions.loose if x.stands == stands)
        blocks += annexes.agreements(label, found, conclusions.pack)
    return tuple(blocks)
