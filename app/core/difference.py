"""Two texts of one field beside each other: what differs, word by word.

Pure, and bounded: difflib gets a fixed number of steps, so nobody can keep the server busy with two strange texts.
Where words would cost too much, lines are compared, and last the whole. What was not compared counts as different.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate, chain

MOST_STEPS = 1_000_000  # pairs of equal words that are looked at: about a tenth of a second
ALIKE = 0.2  # with less than this in common, marking words says nothing

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*|[^\w\s]")
_LINE = re.compile(r"[^\n]*[^\s][^\n]*")


@dataclass(frozen=True)
class Piece:
    """A stretch of one text. `differs`: the other text does not have it here."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Difference:
    """Both texts in pieces; the pieces of a side joined are exactly its text."""

    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    changes: tuple[tuple[str, str], ...]  # what stands in mine, in theirs; one of them may be ''
    whole: bool = False  # nothing worth marking is the same

    @property
    def said(self) -> str:
        """How the texts differ, in one sentence that does not need the marks."""
        if not self.mine or not self.theirs:
            return "Een van de twee is leeg."
        if self.whole:
            return "De twee teksten zijn heel verschillend."
        if not self.changes:
            return "De woorden zijn gelijk. Alleen spaties of regels verschillen."
        if len(self.changes) == 1:
            return "Er is één verschil. Het is onderstreept."
        return f"Er zijn {len(self.changes)} verschillen. Ze zijn onderstreept."


def compare(mine: str, theirs: str, *, words: bool = True) -> Difference:
    """How two texts differ: by word, or (`words=False`: choices, dates) by whole line."""
    for pattern in (_WORD, _LINE) if words else (_LINE,):
        left, right = _Text(mine, pattern), _Text(theirs, pattern)
        if (found := _blocks(left.keys, right.keys)) is not None:
            break
    else:
        return _apart(mine, theirs)
    same = sum(len(left.keys[i]) for a, _, n in found for i in range(a, a + n))
    longest = max(sum(map(len, left.keys)), sum(map(len, right.keys)))
    if words and longest and same < ALIKE * longest:
        return _apart(mine, theirs)
    cuts = _joined(found, left, right)
    changes = tuple((_told(left.between(a, b)), _told(right.between(c, d))) for a, b, c, d, differs in cuts if differs)
    return Difference(
        left.pieces([(a, b, differs) for a, b, _, _, differs in cuts]),
        right.pieces([(c, d, differs) for _, _, c, d, differs in cuts]),
        changes,
    )


def _told(text: str) -> str:
    """Words to quote: without the comma or full stop they began with."""
    return text.lstrip(" \n\t.,;:") or text


def _apart(mine: str, theirs: str) -> Difference:
    """Two texts of which nothing is marked: that they differ is said."""
    return Difference(
        (Piece(mine, False),) if mine else (),
        (Piece(theirs, False),) if theirs else (),
        (),
        whole=mine.split() != theirs.split(),
    )


class _Text:
    """A text as tokens with their places; what stands between two tokens belongs to the text, not to a token."""

    def __init__(self, text: str, pattern: re.Pattern[str]):
        self.text = text
        self.spans = [m.span() for m in pattern.finditer(text)]
        self.keys = [text[a:b].strip() for a, b in self.spans]

    def between(self, first: int, last: int) -> str:
        """The text from token `first` up to token `last`."""
        return self.text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""

    def pieces(self, cuts: Sequence[tuple[int, int, bool]]) -> tuple[Piece, ...]:
        """The whole text in pieces; a mark begins and ends at a token, never in the space around it."""
        marked = [(self.spans[a][0], self.spans[b - 1][1]) for a, b, differs in cuts if differs and a < b]
        made, at = [], 0
        for start, end in marked:
            made += [Piece(self.text[at:start], False), Piece(self.text[start:end], True)]
            at = end
        return tuple(p for p in (*made, Piece(self.text[at:], False)) if p.text)


class _Bounded(SequenceMatcher):
    """difflib, that stops looking once it has done its steps."""

    def __init__(self, a: Sequence[str], b: Sequence[str]):
        super().__init__(None, a, b, autojunk=False)
        counts = Counter(b)
        self._costs = [0, *accumulate(1 + counts[word] for word in a)]
        self._left = MOST_STEPS

    def cost(self, first: int, last: int) -> int:
        """The steps it takes to look from word `first` up to `last`."""
        return self._costs[last] - self._costs[first]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self._left -= self.cost(alo, len(self.a) if ahi is None else ahi)
        return super().find_longest_match(alo, ahi, blo, bhi) if self._left >= 0 else Match(alo, blo, 0)


def _blocks(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int, int]] | None:
    """Runs of equal tokens as (place left, place right, length), or None when finding them would take too long."""
    shortest = min(len(left), len(right))
    head = next((i for i in range(shortest) if left[i] != right[i]), shortest)
    tail = next((i for i in range(shortest - head) if left[-1 - i] != right[-1 - i]), shortest - head)
    a, b = left[head : len(left) - tail], right[head : len(right) - tail]
    matcher = _Bounded(a, b)
    if matcher.cost(0, len(a)) > MOST_STEPS:
        return None
    inner = matcher.get_matching_blocks()[:-1]
    found = [(0, 0, head), *((m.a + head, m.b + head, m.size) for m in inner)]
    return [run for run in (*found, (len(left) - tail, len(right) - tail, tail)) if run[2]]


def _joined(blocks: Sequence[tuple[int, int, int]], left: _Text, right: _Text) -> list[tuple[int, int, int, int, bool]]:
    """The runs and what lies between them, as (from, to, from, to, differs). A lone comma between two differences
    belongs to them."""
    cuts: list[tuple[int, int, int, int, bool]] = []
    i = j = 0
    for a, b, n in chain(blocks, [(len(left.keys), len(right.keys), 0)]):
        if a > i or b > j:
            cuts.append((i, a, j, b, True))
        if n:
            cuts.append((a, a + n, b, b + n, False))
        i, j = a + n, b + n
    made: list[tuple[int, int, int, int, bool]] = []
    for cut in cuts:
        mark_only = (
            len(made) > 1
            and made[-2][4]
            and not made[-1][4]
            and not re.search(r"\w", left.between(made[-1][0], made[-1][1]))
        )
        if cut[4] and mark_only:
            made.pop()
            before = made.pop()
            cut = (before[0], cut[1], before[2], cut[3], True)
        made.append(cut)
    return made


@dataclass(frozen=True)
class Run:
    """A stretch of two versions of one text, read as one. `state`: '' in both, 'vervallen' only before,
    'toegevoegd' only after."""

    text: str
    state: str = ""


def merged(before: str, after: str) -> tuple[Run, ...]:
    """Two versions of a text as one text to read: what went stands before what came in its place."""
    if not before or not after:
        return tuple(Run(text, state) for text, state in ((before, "vervallen"), (after, "toegevoegd")) if text)
    left, right = _Text(before, _WORD), _Text(after, _WORD)
    found = _blocks(left.keys, right.keys)
    same = sum(len(left.keys[i]) for a, _, n in found or () for i in range(a, a + n))
    if found is None or same < ALIKE * max(sum(map(len, left.keys)), sum(map(len, right.keys)), 1):
        if before.split() == after.split():
            return (Run(after),)
        return (Run(before, "vervallen"), Run("\n\n"), Run(after, "toegevoegd"))
    runs: list[Run] = []
    at = 0  # how far the new text was told
    for a, b, c, d, differs in _joined(found, left, right):
        start = right.spans[c][0] if c < d else at
        if start > at:
            runs.append(Run(after[at:start]))
        if differs and a < b:
            if runs and not runs[-1].text[-1:].isspace():
                runs.append(Run(" "))
            runs.append(Run(left.between(a, b), "vervallen"))
            if c < d:
                runs.append(Run(" "))
        if c < d:
            runs.append(Run(right.between(c, d), "toegevoegd" if differs else ""))
            at = right.spans[d - 1][1]
    return tuple(r for r in (*runs, Run(after[at:])) if r.text)
