"""What the overview of *Waar staan we?* shows, and the text with all own questions."""

from __future__ import annotations

from dataclasses import dataclass

from app.answers.models import BEHALF
from app.answers.reading import all_answers
from app.answers.view import Concepts
from app.content.pack import Column, Item, Legal, Theme
from app.content.shown import FactRow, columns_in_words, fact_rows
from app.core.clock import date_text
from app.core.rendering import Link
from app.core.text import listing
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_answer
from app.screening import rules
from app.screening.differences import names, shared_count
from app.screening.reading import Screening, progress, read_screening


@dataclass(frozen=True)
class ThemeState:
    """One theme for the own party and for all."""

    theme: Theme
    own: str  # '2 van 4 punten ingevuld, nog niet gedeeld'; '' for who has no party
    all: str  # '4 van 5 gedeeld'
    silent: str  # 'Nog stil: Op Weg.'
    fill_in: Link | None
    side_by_side: str
    closed: str


@dataclass(frozen=True)
class BehalfRow:
    """One party and, per theme, its state in words and where a facilitator fills in for it."""

    party: Party
    cells: tuple[Link, ...]


@dataclass(frozen=True)
class OverviewPage:
    title: str
    purpose: str
    themes: tuple[ThemeState, ...]
    primary: Link | None
    questions: str  # url, '' for who has no party
    table_title: str  # 'De tabel met drie kolommen'
    reading_guide: tuple[str, ...]
    why_columns: str
    columns: tuple[Column, ...]
    cells: tuple[tuple[Theme, tuple[tuple[Item, ...], ...]], ...]
    legal: tuple[Legal, ...]
    facts: tuple[FactRow, ...]
    behalf: tuple[BehalfRow, ...]
    alone: bool  # nobody but the gemeente takes part yet
    set_up: str


def overview_page(here: Here) -> OverviewPage:
    pack, screening = here.pack, read_screening(here)
    done = progress(here, here.party) if here.party else {}
    themes = tuple(_theme_state(here, screening, t, done) for t in pack.themes)
    legal = {i.legal.slug: i.legal for t in pack.themes for i in t.items if i.legal}
    return OverviewPage(
        title="Waar staan we?",
        purpose="Elke partij vult per thema de eigen kolom in. Daarna ziet u naast elkaar wat iedereen zegt.",
        themes=themes,
        primary=_primary(here, screening, themes),
        questions=f"{here.url}/{rules.STEP}/vragen" if here.party else "",
        table_title=f"De tabel met {columns_in_words(pack)}",
        reading_guide=rules.reading_guide(pack),
        why_columns=rules.why_columns(pack),
        columns=pack.columns,
        cells=tuple((t, tuple(t.in_column(c.slug) for c in pack.columns)) for t in pack.themes),
        legal=tuple(legal.values()),
        facts=fact_rows(pack, pack.guides[0].facts) if pack.guides else (),
        behalf=_behalf(here, screening) if here.may_set_up else (),
        alone=len(here.parties) < 2,
        set_up=f"{here.url}/opzet" if here.may_set_up else "",
    )


def _theme_state(here: Here, screening: Screening, theme: Theme, done: dict) -> ThemeState:
    url = f"{here.url}/{rules.STEP}/{theme.slug}"
    silent = screening.silent(theme)
    total = len(here.parties)
    fill_in = None
    if here.party:
        reads = here.closed(rules.STEP, theme.slug) or not may_answer(here.seat, here.party)
        mine = screening.sharing(here.party, theme)
        verb, end = ("Lees", "") if reads else ("Wijzig", "") if mine and not mine.behalf else ("Vul", " in")
        fill_in = Link(f"{verb} thema {theme.letter}{end}", url)
    return ThemeState(
        theme=theme,
        own=_own_state(here, screening, here.party, theme, done) if here.party else "",
        all=shared_count(total - len(silent), total),
        silent=f"Nog stil: {names(silent)}." if silent else "Niemand is nog stil.",
        fill_in=fill_in,
        side_by_side=f"{url}/naast-elkaar",
        closed=here.closed_text(rules.STEP, theme.slug),
    )


def _own_state(here: Here, screening: Screening, party: Party, theme: Theme, done: dict) -> str:
    shared = screening.sharing(party, theme)
    far = done[theme.slug].text
    if shared and shared.behalf:
        return f"{shared.by_name} vulde dit in namens u. Klopt het?"
    if shared:
        changed = Concepts(all_answers(here), party.id).changed_since_share(f"{theme.slug}/")
        if changed:
            return f"{far}. Gewijzigd na delen, nog niet opnieuw gedeeld."
        return f"{far}. Gedeeld op {date_text(shared.at)}."
    return f"{far}. Nog niet gedeeld." if done[theme.slug].filled else "Nog niets ingevuld."


def _primary(here: Here, screening: Screening, themes: tuple[ThemeState, ...]) -> Link | None:
    """What to do now: the first theme the own party has not shared, else the first theme side by side."""
    if here.party and may_answer(here.seat, here.party):
        for state in themes:
            shared = screening.sharing(here.party, state.theme)
            if (shared is None or shared.behalf) and not state.closed and state.fill_in:
                return state.fill_in
    return Link("Bekijk alles naast elkaar", themes[0].side_by_side) if themes else None


def _behalf(here: Here, screening: Screening) -> tuple[BehalfRow, ...]:
    rows = []
    for party in here.parties:
        if party.id == here.seat.party_id:
            continue
        begun = Concepts(all_answers(here), party.id, BEHALF)
        cells = []
        for theme in here.pack.themes:
            shared = screening.sharing(party, theme)
            if shared and not shared.behalf:
                cells.append(Link("Gedeeld", ""))
                continue
            state = "Vul in"
            if shared:
                state = "Namens gedeeld"
            elif any(a.value for a in begun.under(f"{theme.slug}/")):
                state = "Vul verder in"
            cells.append(Link(state, f"{here.url}/{rules.STEP}/{theme.slug}/namens/{party.id}"))
        rows.append(BehalfRow(party, tuple(cells)))
    return tuple(rows)


@dataclass(frozen=True)
class QuestionsPage:
    title: str
    purpose: str
    text: str
    back: str


def questions_page(here: Here, party: Party) -> QuestionsPage:
    return QuestionsPage(
        title="Kopieer mijn vragen",
        purpose="Vraag het eerst na bij collega’s. Kopieer deze tekst in een e-mail, of druk hem af.",
        text=questions_text(here, party),
        back=f"{here.url}/{rules.STEP}",
    )


def questions_text(here: Here, party: Party) -> str:
    """All questions this party gets, as plain text for an e-mail."""
    pack = here.pack
    places = listing([m.name for m in here.municipalities])
    parts = [
        f"Vragen over {pack.subject} voor {party.name}",
        f"Wij praten in {places} met de gemeente en andere partijen over {pack.subject}. "
        "Vooraf vertelt elke partij waar zij staat. "
        "Wilt u mij helpen? Zet achter elk punt het antwoord dat past. Een korte toelichting mag.",
    ]
    for theme in pack.themes:
        lines = [f"Thema {theme.letter}. {theme.title}"]
        own = [i for i in rules.own_items(pack, party, theme) if rules.in_sector(party, i)]
        for kind in dict.fromkeys(i.kind for i in own):
            items = [i for i in own if i.kind == kind]
            question = rules.specs(pack, party, theme)[rules.choice_name(items[0])]
            lines += ["", f"{question.label} ({' / '.join(rules.inside(o.label) for o in question.options)})"]
            lines += [f"- {i.label.rstrip('.')}: ……" for i in items]
        joint = [i for i in rules.joint_items(pack, theme) if rules.in_sector(party, i)]
        if joint and pack.joint_column:
            grades = " / ".join(rules.inside(c.label) for c in pack.wishes)
            lines += ["", f"{pack.joint_column.question} ({grades})"]
            lines += [f"- {i.label.rstrip('.')}{f' ({i.legal.label})' if i.legal else ''}: ……" for i in joint]
        lines += [
            "",
            f"{rules.DIVISION_LABEL} ({' / '.join(rules.inside(c.label) for c in pack.recognitions)}) ……",
        ]
        lines += [
            f"- {c.title}: {'; '.join(i.label.rstrip('.') for i in theme.in_column(c.slug))}" for c in pack.own_columns
        ]
        parts.append("\n".join(lines))
    parts.append(f"Dank u wel.\n{here.person.name}")
    return "\n\n".join(parts)
