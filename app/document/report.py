"""The short report for when no joint approach is needed: conclusion 1, or a verkenning that ends in 'niet
zinvol'."""

from __future__ import annotations

from app.answers.reading import joint_answers
from app.conclusions.reading import Conclusions
from app.core.text import sentence
from app.dialogue.reading import Dialogue
from app.document import annexes
from app.document.blocks import Block, Chapter, Heading, Para
from app.document.words import columns, points, table
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
    parts: list[tuple[str, str, tuple[Block, ...], bool]] = [
        ("verkenning", "Verkenning", annexes.explored(here, 3), False),
        ("conclusie", "Conclusie", concluded(here, conclusions), False),
    ]
    if any(len(screening.silent(theme)) < len(here.parties) for theme in here.pack.themes):
        wide = annexes.lies_on_its_side(here.parties)
        parts.append(("screening", "Waar staan wij nu?", shared_only(here, screening), wide))
    if any(annexes.written(here.pack, screening, theme) for theme in here.pack.themes):
        parts.append(("toelichtingen", "Toelichtingen van de partijen", annexes.explanations(here, screening), False))
    if spoken := talked(here, dialogue):
        parts.append(("gesprek", "Gesprek en uitkomsten", spoken, False))
    if loose := loose_agreements(conclusions):
        parts.append(("afspraken", "Losse afspraken", loose, False))
    parts.append(("partijen", "Deelnemende partijen", annexes.parties(here), False))
    return tuple(
        Chapter(f"deel-{slug}", title, blocks, str(i), landscape=wide, new_page=wide)
        for i, (slug, title, blocks, wide) in enumerate(parts, 1)
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
            blocks += [Heading("Waarom"), Para(chosen.motivation)]
        rows = [(o.label, said or "Nog niet bekend") for o, said in where]
        blocks += table("Waar wordt het opgepakt?", columns(("Waar", 45), ("Wie en aanspreekpunt", 55)), rows) or (
            Para("Nog niet gekozen waar dit wordt opgepakt."),
        )
        if chosen.conclusion.notice:
            blocks += [Heading("Wat blijft gelden"), Para(chosen.conclusion.notice)]
        blocks += annexes.supports(chosen)
    return tuple(blocks)


def shared_only(here: Here, screening: Screening) -> tuple[Block, ...]:
    """The columns of the themes about which at least one party shared something."""
    blocks: list[Block] = []
    for theme in here.pack.themes:
        if len(screening.silent(theme)) < len(here.parties):
            blocks += [Heading(annexes.theme_title(theme)), *annexes.theme_columns(here, screening, theme)]
    return tuple(blocks)


def talked(here: Here, dialogue: Dialogue) -> tuple[Block, ...]:
    """What was said per theme; agreements stand in a chapter of their own."""
    blocks: list[Block] = []
    for theme in here.pack.themes:
        if said := annexes.notes(here, dialogue, theme):
            blocks += [Heading(annexes.theme_title(theme)), *said]
    if decided := annexes.outcomes("Uitkomsten van alle thema’s", dialogue.outcomes()):
        blocks += [Heading("Uitkomsten"), *decided]
    return tuple(blocks)


def loose_agreements(conclusions: Conclusions) -> tuple[Block, ...]:
    words = {"ja": "Blijft staan", "nee": "Vervalt", "": "Nog niet besproken"}
    blocks: list[Block] = []
    for stands, label in words.items():
        found = tuple(x.agreement for x in conclusions.loose if x.stands == stands)
        blocks += annexes.agreements(label, found, conclusions.pack)
    return tuple(blocks)
