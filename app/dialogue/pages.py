"""What the pages of the conversation show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.answers.fields import column_field, stored_field
from app.answers.reading import joint_answers
from app.content.pack import Choice, Column, Example, Guide, Item, Theme
from app.content.shown import FactRow, fact_rows
from app.core.clock import iso_or_text
from app.core.fields import FieldView
from app.core.rendering import Link
from app.core.text import listing
from app.dialogue import actions, rules
from app.dialogue.models import Agreement
from app.dialogue.reading import (
    DONE,
    NOT_YET,
    AgreementSaid,
    Outcome,
    agreement_versions,
    all_agreements,
    read_dialogue,
)
from app.journey.context import Context, context
from app.journey.gate import Here
from app.journey.models import Party
from app.prose.joint import Place, SharedFields, offer
from app.screening.reading import RecognitionSaid, Screening, WishSaid, read_screening
from app.screening.rules import STEP as SCREENING
from app.screening.rules import answers_for, why_columns, wishes_for
from app.screening.said import SILENCES, Saying

# In the address of a column of an agreement → the column.
COLUMNS = {"wat": "what", "wie": "owner_id", "met-wie": "with_parties", "wanneer": "by_when"}
READ_ONLY = "U kunt dit lezen. Meelezers wijzigen niets."
INTEREST = "Herkent u dit?"
AS_A_WHOLE = "thema"  # part of ids on the page, where there is no item


@dataclass(frozen=True)
class Words:
    """One line of a summary: who said this. 'Mee bezig: De Linde en Ark'."""

    label: str
    names: str


@dataclass(frozen=True)
class ItemWords:
    label: str
    question: str  # 'Herkent u dit?' where the answers alone would not say what was asked
    lines: tuple[Words, ...]


@dataclass(frozen=True)
class QuestionBlock:
    """One of the questions of the guide, with what the parties filled in beforehand."""

    number: int
    question: Choice
    column: Column | None
    part: str  # which bar of the mark: left, together, right
    items: tuple[ItemWords, ...]
    note: FieldView
    id: str


@dataclass(frozen=True)
class AgreementRow:
    said: AgreementSaid
    anchor: str
    what: FieldView
    owner: FieldView
    with_parties: FieldView
    by_when: FieldView
    url: str
    may_write: bool
    unfinished: bool  # the boxes stand open: words of an example must change, or nobody has it yet

    @property
    def with_names(self) -> str:
        return listing([p.short for p in self.said.with_parties])

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, with what is borrowed from the example."""
        example = self.said.example
        return rules.marked(self.said.what, example.borrowed if example and not self.said.agreed else ())


@dataclass(frozen=True)
class AgreementsBlock:
    """The agreements under one item, or of the theme as a whole."""

    id: str
    item: str
    rows: tuple[AgreementRow, ...]
    removed: AgreementRow | None  # taken away a moment ago: can be put back here
    examples: tuple[Example, ...]
    parties: tuple[Party, ...]
    new_url: str
    may_write: bool


@dataclass(frozen=True)
class ItemBlock:
    item: Item
    anchor: str
    outcome: Outcome
    wish_summary: str
    wishes: tuple[Words, ...]
    whys: tuple[WishSaid, ...]
    choices: FieldView
    because: FieldView
    later: FieldView
    holds_for: FieldView
    agreements: AgreementsBlock

    @property
    def id(self) -> str:
        return self.anchor

    @property
    def without_agreement(self) -> bool:
        """Something is done together, and nobody does anything yet: a hint, nothing is blocked."""
        return self.outcome.asks_agreement and not self.agreements.rows


@dataclass(frozen=True)
class ThemePage:
    theme: Theme
    guide: Guide | None
    tabs: tuple[Link, ...]
    useful: FieldView
    questions: tuple[QuestionBlock, ...]
    items: tuple[ItemBlock, ...]
    division: str  # the sentence above it
    recognition: tuple[Words, ...]
    instead: tuple[RecognitionSaid, ...]
    recognised: FieldView
    agreements: AgreementsBlock
    notes: FieldView
    removed: tuple[AgreementRow, ...]
    silent: str  # names of who has shared nothing
    closed: str
    part_closed: bool
    may_set_up: bool
    next: Link
    url: str
    state: str
    side_by_side: str
    context: Context

    @property
    def jumps(self) -> tuple[Link, ...]:
        return tuple(Link(f"Vraag {q.number}", f"#{q.id}") for q in self.questions)


@dataclass(frozen=True)
class IndexPage:
    purpose: str
    guide: Guide | None
    facts: tuple[FactRow, ...]
    questions: tuple[Choice, ...]
    length: str
    why_columns: str  # 'Waarom drie kolommen?'
    themes: tuple[Link, ...]
    first: Link | None
    begun: bool
    url: str


@dataclass(frozen=True)
class NewAgreementPage:
    """The form for a new agreement, empty, from an example, or given back after a refusal."""

    theme: Theme
    item: Item | None
    example: Example | None
    what: str
    owner_id: str
    with_parties: tuple[str, ...]
    by_when: str
    errors: tuple[tuple[str, str], ...]
    parties: tuple[Party, ...]
    action: str
    back: str

    @property
    def wrong(self) -> dict[str, str]:
        return dict(self.errors)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the box, sentence), for the summary above the form."""
        names = {column: name for name, column in COLUMNS.items()}
        return [(names[column], told) for column, told in self.errors]

    @property
    def after_example(self) -> str:
        return rules.after_example(self.example) if self.example else ""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The words that still have to change."""
        return rules.borrowed_left(self.what, self.example.borrowed) if self.example else ()


def dialogue_fields(here: Here) -> SharedFields:
    """All joint fields of the conversation, with what is stored."""
    return SharedFields(here, rules.STEP, rules.fields(here.pack, here.parties), joint_answers(here))


def _note_place(here: Here, name: str) -> Place | None:
    """Where people write notes together."""
    spec = rules.fields(here.pack, here.parties).get(name)
    return Place(rules.STEP, name.split("/")[0], "notes_changed") if spec and spec.together else None


offer(rules.STEP, _note_place)


def index_page(here: Here) -> IndexPage:
    themes = theme_tabs(here)
    open_ones = [link for link in themes if not link.state.startswith(DONE) and "gesloten" not in link.state]
    guide = rules.guide(here.pack)
    outcomes = "kiest per punt een uitkomst en " if here.pack.joint_column else ""
    one_by_one = "de thema’s één voor één," if len(themes) > 1 else "samen het thema" + ("," if outcomes else " en")
    return IndexPage(
        purpose=f"U bespreekt {one_by_one} {outcomes}maakt afspraken.",
        guide=guide,
        facts=fact_rows(here.pack, guide.facts) if guide else (),
        questions=rules.questions(here.pack),
        length=here.pack.meeting_length,
        why_columns=why_columns(here.pack),
        themes=themes,
        first=next(iter([*open_ones, *themes]), None),
        begun=any(not link.state.startswith(NOT_YET) for link in themes),
        url=here.url,
    )


def theme_page(here: Here, theme: Theme, removed: str = "") -> ThemePage:
    """`removed` is the id of an agreement that was taken away a moment ago."""
    fields, screening = dialogue_fields(here), read_screening(here)
    tabs = theme_tabs(here, theme.slug)
    place = [t.slug for t in here.pack.themes].index(theme.slug)
    following = here.pack.themes[place + 1 : place + 2]
    url = f"{here.url}/{rules.STEP}"
    recognition = screening.recognition(theme)
    return ThemePage(
        theme=theme,
        guide=rules.guide(here.pack),
        tabs=tabs,
        useful=fields.view(f"{theme.slug}/zinvol", part=theme.slug, look="inline"),
        questions=_questions(here, theme, fields, screening),
        items=tuple(item_block(here, theme, i, removed) for i in rules.joint_items(here.pack, theme)),
        division=here.pack.words.division,
        recognition=_by_words(recognition, here.pack.recognitions),
        instead=tuple(r for r in recognition if r.instead),
        recognised=fields.view(f"{theme.slug}/erkend", part=theme.slug),
        agreements=agreements_block(here, theme, "", removed),
        notes=fields.view(f"{theme.slug}/notities", part=theme.slug),
        removed=tuple(
            _row(here, theme, a)
            for a in all_agreements(here)
            if a.removed_at and a.theme == theme.slug and a.id != removed
        ),
        silent=listing([p.short for p in screening.silent(theme)]),
        closed=here.closed_text(rules.STEP, theme.slug),
        part_closed=any(s.step == rules.STEP and s.state == "gesloten" and s.part == theme.slug for s in here.states),
        may_set_up=here.may_set_up,
        next=(
            Link(f"Naar thema {following[0].letter}", f"{url}/{following[0].slug}")
            if following
            else Link("Naar de conclusies", f"{here.url}/conclusies")
        ),
        url=f"{url}/{theme.slug}",
        state=next(link.state for link in tabs if link.current),
        side_by_side=f"{here.url}/{SCREENING}/{theme.slug}/naast-elkaar",
        context=context(here, "gesprek", theme.slug),
    )


def item_block(here: Here, theme: Theme, item: Item, removed: str = "") -> ItemBlock:
    fields, screening = dialogue_fields(here), read_screening(here)
    said = screening.wishes(theme, item)
    grades = tuple(sorted(wishes_for(here.pack, item), key=lambda c: -(c.weight or 0)))

    def view(name: str, **extra) -> FieldView:
        return fields.view(f"{theme.slug}/{item.slug}/{name}", part=theme.slug, **extra)

    return ItemBlock(
        item=item,
        anchor=f"punt-{item.slug}",
        outcome=read_dialogue(here).outcome(theme.slug, item.slug),
        wish_summary=screening.wish_summary(theme, item),
        wishes=_by_words(said, grades, empty=True),
        whys=tuple(s for s in said if s.why),
        choices=view("uitkomst"),
        because=view("omdat", rows=1),
        later=view("later-op"),
        holds_for=holds_for_field(here, theme, item),
        agreements=agreements_block(here, theme, item.slug, removed),
    )


def holds_for_field(here: Here, theme: Theme, item: Item) -> FieldView:
    """Ticked are the parties an outcome holds for; what is stored are the others."""
    path = f"{rules.STEP}/{theme.slug}/{item.slug}/niet-voor"
    row = joint_answers(here).get(path)
    spec = replace(rules.item_specs(here.pack, here.parties)["niet-voor"], label="Voor welke partijen geldt dit?")
    view = stored_field(
        f"{here.url}/{rules.STEP}/geldt-voor/{theme.slug}/{item.slug}",
        path,
        spec,
        row,
        locked=_locked(here, theme.slug),
    )
    return replace(view, value=actions.inverted(here, row.value if row else ""))


def agreements_block(here: Here, theme: Theme, item: str, removed: str = "") -> AgreementsBlock:
    here_now = [a for a in all_agreements(here) if a.theme == theme.slug and a.item == item]
    examples = rules.examples(here.pack, theme.slug)
    return AgreementsBlock(
        id=f"afspraken-{item or AS_A_WHOLE}",
        item=item,
        rows=tuple(_row(here, theme, a) for a in here_now if a.removed_at is None),
        removed=next((_row(here, theme, a) for a in here_now if a.removed_at and a.id == removed), None),
        examples=tuple(e for e in examples if not item or item in e.items),
        parties=here.parties,
        new_url=f"{here.url}/{rules.STEP}/{theme.slug}/afspraak",
        may_write=not _locked(here, theme.slug),
    )


def agreement_field(here: Here, agreement: Agreement, column: str) -> FieldView:
    """One column of an agreement as a field; `column` is its attribute."""
    name = next(n for n, c in COLUMNS.items() if c == column)
    return column_field(
        f"{here.url}/{rules.STEP}/afspraken/{agreement.id}/{name}",
        agreement,
        column,
        rules.agreement_specs(here.parties)[column],
        agreement_versions(here),
        locked=_locked(here, agreement.theme),
        rows=2,
    )


def agreement_row(here: Here, agreement: Agreement) -> AgreementRow:
    return _row(here, here.get_theme(agreement.theme), agreement)


def new_agreement_page(
    here: Here,
    theme: Theme,
    item: str,
    example: str = "",
    sent: actions.NewAgreement | None = None,
    errors: dict[str, str] | None = None,
) -> NewAgreementPage:
    """`sent` and `errors` give a refused form back as it was typed."""
    source = actions.get_example(here, theme.slug, example) if example else None
    sent = sent or actions.NewAgreement(source.agreement if source else "")
    url = f"{here.url}/{rules.STEP}/{theme.slug}"
    return NewAgreementPage(
        theme=theme,
        item=here.pack.item(theme.slug, item) if item else None,
        example=source,
        what=sent.what,
        owner_id=sent.owner_id,
        with_parties=sent.with_parties,
        by_when=iso_or_text(sent.by_when),
        errors=tuple((errors or {}).items()),
        parties=here.parties,
        action=f"{url}/afspraak",
        back=f"{url}#afspraken-{item or AS_A_WHOLE}",
    )


def theme_tabs(here: Here, current: str = "") -> tuple[Link, ...]:
    """The themes with their state in words, short enough for tabs."""
    dialogue = read_dialogue(here)
    closed = {s.part for s in here.states if s.step == rules.STEP and s.state == "gesloten"}
    return tuple(
        Link(
            f"{t.letter}. {t.short if current else t.title}",
            f"{here.url}/{rules.STEP}/{t.slug}",
            state=dialogue.progress(t.slug) + (", gesloten" if t.slug in closed else ""),
            current=t.slug == current,
        )
        for t in here.pack.themes
    )


def _locked(here: Here, theme: str) -> str:
    return READ_ONLY if not here.may_write_joint else here.closed_text(rules.STEP, theme)


def _questions(here: Here, theme: Theme, fields: SharedFields, screening: Screening) -> tuple[QuestionBlock, ...]:
    columns = {c.slug: c for c in here.pack.columns}
    blocks = []
    for number, question in enumerate(rules.questions(here.pack), 1):
        column = columns.get(question.slug)
        own = column is not None and column.kind == "own"
        items = theme.in_column(column.slug) if column and own else ()
        blocks.append(
            QuestionBlock(
                number=number,
                question=question,
                column=column,
                part=_part(here, column),
                items=tuple(_item_words(here, theme, i, screening) for i in items),
                note=fields.view(f"{theme.slug}/vraag/{question.slug}", part=theme.slug),
                id=f"vraag-{number}",
            )
        )
    return tuple(blocks)


def _item_words(here: Here, theme: Theme, item: Item, screening: Screening) -> ItemWords:
    asked = (item.question or INTEREST) if item.kind == "belang" else ""
    return ItemWords(item.label, asked, _by_words(screening.said(theme, item), answers_for(here.pack, item)))


def _part(here: Here, column: Column | None) -> str:
    return here.pack.tint(column) if column else "together"


def _by_words(said: Iterable[Saying], always: Sequence[Choice] = (), empty: bool = False) -> tuple[Words, ...]:
    """Who gave which answer, in words: the answers of `always` first and in that order, then others,
    then each kind of silence. With `empty` an answer that nobody gave is shown as '–'."""
    groups: dict[str, list[str]] = {c.label: [] for c in always}
    silences: dict[str, list[str]] = {}
    for one in said:
        if one.choice is not None:
            groups.setdefault(one.choice.label, []).append(one.party.short)
        elif one.text:
            groups.setdefault("Zonder keuze, wel met uitleg", []).append(one.party.short)
        elif one.applies and one.silence:
            silences.setdefault(SILENCES[one.silence].capitalize(), []).append(one.party.short)
    lines = [Words(label, listing(names) or "–") for label, names in groups.items() if names or empty]
    return (*lines, *(Words(label, listing(names)) for label, names in silences.items()))


def _row(here: Here, theme: Theme, agreement: Agreement) -> AgreementRow:
    said = read_dialogue(here).said(agreement)
    return AgreementRow(
        said=said,
        anchor=f"afspraak-{agreement.id}",
        what=agreement_field(here, agreement, "what"),
        owner=agreement_field(here, agreement, "owner_id"),
        with_parties=agreement_field(here, agreement, "with_parties"),
        by_when=agreement_field(here, agreement, "by_when"),
        url=f"{here.url}/{rules.STEP}/afspraken/{agreement.id}",
        may_write=not _locked(here, theme.slug),
        unfinished=(bool(said.borrowed_left) and not said.agreed) or said.owner is None,
    )
