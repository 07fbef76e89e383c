"""The pre-filled paragraphs of the plan: which there are, in which order, and how each is written from its
pieces. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.content.pack import Pack
from app.core.text import capital, listing
from app.plan.phrasing import counted_wishes, ended, no_answer, said_once, together
from app.plan.said import SHORT, Piece
from app.plan.told import Told

TOGETHER = "Samen"  # heads what was agreed where the pack has no joint column of its own
Writer = Callable[[Told, Sequence[Piece]], str]


@dataclass(frozen=True)
class Slot:
    """One paragraph. `heading` stands above it once, when it is the first of its section."""

    name: str
    chapter: str
    write: Writer
    style: str = "alinea"
    heading: str = ""
    heading_slot: str = ""


def leads(pack: Pack) -> tuple[str, ...]:
    """The short labels a paragraph may begin with: 'Besturen', 'Samen', 'Verdeling'."""
    return (*(c.short for c in pack.columns), *(() if pack.joint_column else (TOGETHER,)), "Verdeling")


def slots(told: Told) -> list[Slot]:
    """All slots of all chapters in reading order."""
    opening, goals = told.chapter("inleiding"), told.chapter("doelen")
    found = [
        Slot("aanleiding", opening, _occasion),
        Slot("kader", opening, _frame),
        Slot("conclusies", opening, _concluded),
    ]
    chapter = told.chapter("inventarisatie")
    found.append(Slot(SHORT, chapter, _short, heading="In het kort", heading_slot=f"{SHORT}/kop"))
    for theme in told.pack.themes:
        heading = {"heading": f"Thema {theme.letter}: {theme.title}", "heading_slot": f"{theme.slug}/kop"}
        own = [Slot(f"{theme.slug}/{c.slug}", chapter, _column(c.short), **heading) for c in told.pack.own_columns]
        short = told.pack.joint_column.short if told.pack.joint_column else TOGETHER
        joint = Slot(f"{theme.slug}/{told.middle}", chapter, _joint(short), **heading)
        found += [*own, joint, Slot(f"{theme.slug}/verdeling", chapter, _division, **heading)]
    found.append(Slot("visie", goals, lambda told, pieces: "\n\n".join(p.text for p in pieces), style="citaat"))
    for conclusion in told.pack.conclusions:
        found.append(
            Slot(f"keuzes/{conclusion.slug}", told.chapter("stappen") if conclusion.sources else goals, _plain)
        )
    organisation = told.chapter("organisatie")
    found += [Slot("organisatie", organisation, _plain), Slot("ouders", organisation, _parents)]
    found.append(Slot("standaard", told.chapter("evaluatie"), _plain))
    return [s for s in found if s.chapter]


def _short(told: Told, pieces: Sequence[Piece]) -> str:
    return "\n".join(p.text for p in pieces)


def _plain(told: Told, pieces: Sequence[Piece]) -> str:
    return " ".join(p.text for p in pieces)


def _groups(pieces: Sequence[Piece]) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(piece.group, []).append(piece)
    return found


def _occasion(told: Told, pieces: Sequence[Piece]) -> str:
    groups = _groups(pieces)
    reasons = [p.point for p in groups.get("reden", [])]
    said = [p.text for p in groups.get("", []) if p.kind == "opzet"]
    if reasons:
        said.append(ended(f"aanleiding voor het gesprek: {listing(reasons)}"))
    return " ".join([*said, *(p.text for p in groups.get("", []) if p.kind != "opzet")])


def _frame(told: Told, pieces: Sequence[Piece]) -> str:
    groups = _groups(pieces)
    said = [p.text for p in groups.get("", [])]
    if about := [p.point for p in groups.get("breedte", [])]:
        said.append(
            ended(
                f"{'het' if said else 'dit plan'} gaat over " + listing([about[0], *(f"over {a}" for a in about[1:])])
            )
        )
    joins: dict[str, list[str]] = {}
    for piece in groups.get("aansluiting", []):
        known = joins.setdefault(piece.who, [])
        if piece.point not in known:
            known.append(piece.point)
    for place, (who, policies) in enumerate(joins.items()):
        said.append(ended(f"het {'sluit ook' if place else 'plan sluit'} aan op {listing(policies)} van {who}"))
    return " ".join(said)


SAME = "De partijen concluderen dat "
AGAIN = ("Ook", "Verder", "Daarnaast")


def _concluded(told: Told, pieces: Sequence[Piece]) -> str:
    """Several conclusions in a row do not all begin with the same words."""
    alike = [p for p in pieces if p.text.startswith(SAME)]
    said = []
    for piece in pieces:
        place = alike.index(piece) if piece in alike else 0
        text = piece.text
        if place:
            word = "Ten slotte" if place == len(alike) - 1 and place > 1 else AGAIN[(place - 1) % len(AGAIN)]
            text = f"{word} concluderen zij dat {text.removeprefix(SAME)}"
        said.append(text)
    return " ".join(said)


def _column(short: str) -> Writer:
    def write(told: Told, pieces: Sequence[Piece]) -> str:
        spoken = [p for p in pieces if p.line]
        said = [together([p.line for p in group if p.line], group[0].point) for group in _groups(spoken).values()]
        speakers = {p.line.who for p in spoken if p.line}
        if len(speakers) == 1:  # one party: its name once, then 'zij'
            name = capital(speakers.pop()) + " "
            said = [
                *said[:1],
                *(f"Zij {s.removeprefix(name)}" if s.startswith(name) else s for s in said[1:]),
            ]
        return said_once(f"{short}. " + " ".join([*said, *_silent(pieces)]))

    return write


def _silent(pieces: Sequence[Piece]) -> list[str]:
    names = [p.point for p in pieces if p.kind == "stilte"]
    return [no_answer(names)] if names else []


def _joint(short: str) -> Writer:
    """Each middle item is a block of its own: the wishes, what was agreed, and who does what."""

    def write(told: Told, pieces: Sequence[Piece]) -> str:
        blocks = []
        for slug, group in _groups([p for p in pieces if p.kind != "stilte"]).items():
            said = []
            wishes = [p.line for p in group if p.line]
            if wishes:
                said.append(counted_wishes(wishes, group[0].point, _asked(told, pieces, slug)))
            for piece in group:
                if piece.kind == "uitkomst":
                    agreed = dict(piece.row).get("agreed", "")
                    said.append(f"Afgesproken: {agreed}" if wishes and agreed else piece.text)
            if agreements := [p.point for p in group if p.kind == "afspraak"]:
                about = "voor het hele thema geldt" if slug == "thema" else "daarbij hoort"
                if len(agreements) == 1:
                    said.append(ended(f"{about} deze afspraak: {agreements[0]}"))
                else:
                    about = {
                        "daarbij hoort": "daarbij horen",
                        "voor het hele thema geldt": "voor het hele thema gelden",
                    }[about]
                    said.append(ended(f"{about} deze afspraken: {'; '.join(agreements)}"))
            blocks.append(" ".join(said))
        if silent := _silent(pieces):
            blocks.append(" ".join(silent))
        return said_once(f"{short}. " + "\n\n".join(blocks))

    return write


def _asked(told: Told, pieces: Sequence[Piece], item: str) -> int:
    """How many parties this middle item is a question for."""
    theme = next(p.slot for p in pieces).partition("/")[0]
    return sum(1 for s in told.screening.wishes(theme, item) if s.applies)


def _division(told: Told, pieces: Sequence[Piece]) -> str:
    lines = [p.line for p in pieces if p.line]
    said = [together(lines, "de verdeling van taken")] if lines else []
    return "Verdeling. " + " ".join([*said, *(p.text for p in pieces if not p.line)])


def _parents(told: Told, pieces: Sequence[Piece]) -> str:
    phases = [p.point for p in pieces if p.group == "fase"]
    who = told.pack.shape.parents_phrase
    also = f"{who.removesuffix(' mee')} ook mee" if who.endswith(" mee") else f"ook {who}"
    said = [ended(f"{also if place else who} {phase}") for place, phase in enumerate(phases)]
    return " ".join(capital(s) for s in [*said, *(p.text for p in pieces if p.group != "fase")])
