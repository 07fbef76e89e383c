"""Which fields the conversation has, how it goes, and what must change in an agreement from an example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.answers.fields import options
from app.content.pack import Choice, Example, Guide, Item, Pack, Theme
from app.core.fields import Option, Spec
from app.journey.models import Party

STEP = "gesprek"
PROPOSED, AGREED = "voorstel", "afgesproken"


def guide(pack: Pack) -> Guide | None:
    """The guide of the conversation over the table: the first of the pack."""
    return pack.guides[0] if pack.guides else None


def questions(pack: Pack) -> tuple[Choice, ...]:
    """The questions of the conversation in their order: first the own columns, then together. Their
    slugs are those of the columns they belong to."""
    found = guide(pack)
    if found and found.questions:
        return found.questions
    columns = sorted(pack.columns, key=lambda c: c.kind == "joint")
    return tuple(Choice(slug=c.slug, label=c.guide_question) for c in columns)


def joint_items(pack: Pack, theme: Theme) -> tuple[Item, ...]:
    """The middle items of a theme; none when the pack has no joint column."""
    column = pack.joint_column
    return theme.in_column(column.slug) if column else ()


def examples(pack: Pack, theme: str) -> tuple[Example, ...]:
    return tuple(e for e in pack.examples if e.theme == theme)


def party_options(parties: Iterable[Party]) -> tuple[Option, ...]:
    return tuple(Option(p.id, p.name) for p in parties)


def is_later(choice: Choice) -> bool:
    """An outcome that says nothing of how far: it asks for a date."""
    return choice.weight is None


def theme_specs(pack: Pack, theme: Theme, parties: Sequence[Party]) -> dict[str, Spec]:
    """The joint fields of one theme by name (path without `gesprek/`)."""
    useful = Spec("choice", "Is afstemmen of samenwerken hier zinvol?", options(pack.useful_answers))
    specs = {
        f"{theme.slug}/zinvol": useful,
        **{
            f"{theme.slug}/vraag/{q.slug}": Spec("text", "Wat is hierover gezegd?", together=True)
            for q in questions(pack)
        },
        f"{theme.slug}/notities": Spec("text", "Wat wilt u verder onthouden?", together=True),
        f"{theme.slug}/erkend": Spec("tick", "Wij erkennen deze verdeling"),
    }
    for item in joint_items(pack, theme):
        specs |= {f"{theme.slug}/{item.slug}/{name}": spec for name, spec in item_specs(pack, parties).items()}
    return specs


def item_specs(pack: Pack, parties: Sequence[Party]) -> dict[str, Spec]:
    alone = tuple(c.slug for c in pack.outcomes if not c.weight)
    return {
        "uitkomst": Spec("many", "Welke uitkomst kiest u samen?", options(pack.outcomes), alone=alone),
        "omdat": Spec("text", "Omdat …"),
        "later-op": Spec("date", "Wanneer komt u hierop terug?"),
        "niet-voor": Spec("many", "Voor welke partijen geldt dit niet?", party_options(parties)),
    }


def fields(pack: Pack, parties: Sequence[Party]) -> dict[str, Spec]:
    """All joint fields of the conversation."""
    return {name: spec for theme in pack.themes for name, spec in theme_specs(pack, theme, parties).items()}


def agreement_specs(parties: Sequence[Party]) -> dict[str, Spec]:
    """The columns of an agreement that a person fills in, by attribute."""
    who = party_options(parties)
    return {
        "what": Spec("text", "Wat spreken wij af?", required=True),
        "owner_id": Spec("select", "Wie zorgt hiervoor?", who),
        "with_parties": Spec("many", "Met wie?", who),
        "by_when": Spec("when", "Wanneer is het klaar?", help="Een maand of een dag."),
    }


def after_example(example: Example) -> str:
    """'naar voorbeeld van Dordrecht (omstreeks 2013)'; an example without a place is named by its title."""
    if example.where:
        return f"naar voorbeeld van {example.where} ({example.year})"
    return f"naar het voorbeeld ‘{example.title}’ ({example.year})"


def borrowed_left(text: str, borrowed: Iterable[str]) -> tuple[str, ...]:
    """The borrowed words that still stand in the text as whole words, whatever their capitals."""
    return tuple(word for word in borrowed if _finder([word]).search(text))


def marked(text: str, borrowed: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it is borrowed from the example."""
    if not borrowed:
        return ((text, False),)
    pieces, end = [], 0
    for found in _finder(borrowed).finditer(text):
        pieces += [(text[end : found.start()], False), (found.group(), True)]
        end = found.end()
    return tuple((piece, mark) for piece, mark in [*pieces, (text[end:], False)] if piece)


def _finder(words: Sequence[str]) -> re.Pattern[str]:
    """Finds whole words; the longest first, and any space in them matches any run of white space."""
    longest = sorted(words, key=len, reverse=True)
    either = "|".join(r"\s+".join(re.escape(piece) for piece in word.split()) for word in longest)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
