"""Two versions of a chapter as one page: what stayed, what was added, what went. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.difference import Run, merged
from app.core.text import in_words, listing
from app.versions.content import ChapterThen, RowThen, Text

ADDED, GONE, CHANGED, SAME = "toegevoegd", "vervallen", "gewijzigd", ""
KINDS = {
    "alinea": ("alinea", "alinea’s"),
    "doel": ("doel", "doelen"),
    "taak": ("taak", "taken"),
    "actie": ("stap", "stappen"),
    "begroting": ("begrotingsregel", "begrotingsregels"),
    "veld": ("antwoord", "antwoorden"),
}


@dataclass(frozen=True)
class TextBoth:
    """A paragraph in two versions."""

    id: str
    kind: str
    state: str  # ADDED, GONE, CHANGED or SAME
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class WordBoth:
    """One answer of a row, or a field of the chapter."""

    label: str
    state: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class RowBoth:
    kind: str
    id: str
    name: str
    state: str
    words: tuple[WordBoth, ...]


@dataclass(frozen=True)
class ChapterBoth:
    slug: str
    texts: tuple[TextBoth, ...]
    rows: tuple[RowBoth, ...]
    fields: tuple[WordBoth, ...]
    reordered: bool

    @property
    def changed(self) -> bool:
        return self.reordered or any(x.state for x in (*self.texts, *self.rows, *self.fields))

    @property
    def summary(self) -> str:
        """Behind the name of a chapter: 'twee alinea’s gewijzigd, één doel toegevoegd.', or 'niets gewijzigd.'"""
        counts: dict[tuple[str, str], int] = {}
        found = [
            *(("alinea", t.state) for t in self.texts),
            *((r.kind, r.state) for r in self.rows),
            *(("veld", f.state) for f in self.fields),
        ]
        for kind, state in found:
            if state:
                counts[kind, state] = counts.get((kind, state), 0) + 1
        said = [
            f"{'één' if n == 1 else in_words(n)} {KINDS[kind][n != 1]} {state}"
            for state in (ADDED, CHANGED, GONE)
            for kind in KINDS
            if (n := counts.get((kind, state), 0))
        ]
        if self.reordered:
            said.append("de volgorde gewijzigd")
        return f"{listing(said)}." if said else "niets gewijzigd."


def compare_chapters(before: ChapterThen, after: ChapterThen) -> ChapterBoth:
    """What changed in a chapter, in the order of `after`; what went stands behind what it stood behind."""
    old, new = [t.id for t in before.texts], [t.id for t in after.texts]
    both = set(old) & set(new)
    return ChapterBoth(
        slug=after.slug,
        texts=_texts(before.texts, after.texts),
        rows=_rows(before.rows, after.rows),
        fields=_words(before.fields, after.fields),
        reordered=[i for i in old if i in both] != [i for i in new if i in both],
    )


def _order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Both lists of ids as one."""
    made = list(after)
    place = -1
    for name in before:
        if name in made:
            place = made.index(name)
        else:
            place += 1
            made.insert(place, name)
    return made


def _state(before: object, after: object) -> str:
    if before is None or after is None:
        return ADDED if before is None else GONE
    return SAME if before == after else CHANGED


def _texts(before: Sequence[Text], after: Sequence[Text]) -> tuple[TextBoth, ...]:
    old, new = ({t.id: t for t in side} for side in (before, after))
    made = []
    for name in _order(list(old), list(new)):
        a, b = old.get(name), new.get(name)
        state = _state(a and (a.kind, a.text, a.rich), b and (b.kind, b.text, b.rich))
        shown = b or a
        if not shown.text and state in (SAME, ADDED, GONE):
            continue  # an empty paragraph says nothing
        runs = merged(a.text if a else "", b.text if b else "") if state == CHANGED else (Run(shown.text, state),)
        made.append(TextBoth(name, shown.kind, state, runs))
    return tuple(made)


def _rows(before: Sequence[RowThen], after: Sequence[RowThen]) -> tuple[RowBoth, ...]:
    old, new = ({r.id: r for r in side} for side in (before, after))
    made = []
    for name in _order(list(old), list(new)):
        a, b = old.get(name), new.get(name)
        shown = b or a
        words = _words(
            [(label, label, value) for label, value in a.words] if a else [],
            [(label, label, value) for label, value in b.words] if b else [],
        )
        state = _state(a and a.words, b and b.words)
        made.append(RowBoth(shown.kind, name, shown.name, state, words))
    return tuple(made)


def _words(before: Sequence[tuple[str, str, str]], after: Sequence[tuple[str, str, str]]) -> tuple[WordBoth, ...]:
    """(key, label, value) of both; the label of now."""
    old, new = ({key: (label, value) for key, label, value in side} for side in (before, after))
    made = []
    for key in _order(list(old), list(new)):
        a, b = old.get(key), new.get(key)
        state = _state(a and a[1], b and b[1])
        runs = merged(a[1] if a else "", b[1] if b else "") if state else (Run(b[1]),)  # type: ignore[index]
        made.append(WordBoth((b or a)[0], state, runs))  # type: ignore[index]
    return tuple(made)
