"""What differs between two texts: exactly, readably, and never slow."""

from __future__ import annotations

import random
import re
from itertools import accumulate
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.difference import MOST_STEPS, Piece, compare
from app.core.rendering import marked, paragraphs
from tests.inspection import problems

WORDS = st.lists(st.sampled_from(("de", "ouder", "ouders", "school", ",", ".", "met\n", "thuis\n\n")), max_size=40)
TEXTS = st.one_of(WORDS.map(" ".join), st.text(max_size=120))


def whole(pieces: tuple[Piece, ...]) -> str:
    return "".join(p.text for p in pieces)


@given(TEXTS, TEXTS, st.booleans())
def test_both_texts_come_back_exactly(mine: str, theirs: str, words: bool):
    found = compare(mine, theirs, words=words)
    assert (whole(found.mine), whole(found.theirs)) == (mine, theirs)
    assert all(p.text for p in (*found.mine, *found.theirs))


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same(mine: str, theirs: str):
    """Unless nothing is marked at all: then it is said that the texts differ."""
    found = compare(mine, theirs)
    left, right = ([p.text.split() for p in side if not p.differs] for side in (found.mine, found.theirs))
    if not found.whole:
        assert "".join(sum(left, [])) == "".join(sum(right, []))
        assert bool(found.changes) == any(p.differs for p in (*found.mine, *found.theirs))
    else:
        assert mine.split() != theirs.split() and "heel verschillend" in found.said or "leeg" in found.said


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str):
    found = compare(text, text)
    assert not found.changes and not found.whole


@given(TEXTS, TEXTS)
def test_marked_html_says_the_same_as_the_text(mine: str, theirs: str):
    found = compare(mine, theirs)
    html = str(marked(found.mine))
    assert html.count("<mark") == html.count("</mark>") == html.count("begin verschil: ")
    plain = re.sub(r'<span class="visually-hidden">[^<]*</span>|</?mark[^>]*>', "", html)
    squeezed = [re.sub(r"\s|<br>|</?p>", "", h) for h in (plain, str(paragraphs(mine)))]
    assert squeezed[0] == squeezed[1]


def test_words_are_marked_and_said():
    found = compare(
        "Elke school praat in groep 1 met alle ouders. Dat is genoeg.",
        "Elke school praat in groep 3 met alle ouders thuis. Dat is genoeg.",
    )
    assert found.changes == (("1", "3"), ("", "thuis"))
    assert found.said == "Er zijn 2 verschillen. Ze zijn onderstreept."
    assert [p.text for p in found.theirs if p.differs] == ["3", "thuis"]
    one = compare("Wij beginnen in mei.", "Wij beginnen in juni.")
    assert one.said == "Er is één verschil. Het is onderstreept."


def test_choices_are_compared_whole():
    found = compare("Afstemmen\nUitwisselen", "Afstemmen\nSamen optrekken", words=False)
    assert found.changes == (("Uitwisselen", "Samen optrekken"),)
    assert compare("Voeren wij uit", "Voeren wij niet uit", words=False).changes == (
        ("Voeren wij uit", "Voeren wij niet uit"),
    )


@pytest.mark.parametrize(
    "mine, theirs, said",
    [
        ("Wij doen  dit.", "Wij doen\ndit.", "Alleen spaties"),
        ("Een heel eigen verhaal", "Niets daarvan lijkt hierop", "heel verschillend"),
        ("", "Iets", "leeg"),
        ("Iets", "", "leeg"),
    ],
)
def test_the_sentence_says_how_they_differ(mine: str, theirs: str, said: str):
    assert said in compare(mine, theirs).said


def test_hostile_text_is_escaped_and_valid():
    found = compare(
        "Wij <b>zeggen</b> & doen <script>x</script> dit", "Wij <i>zeggen</i> & doen <script>y</script> dit"
    )
    html = f"<div>{marked(found.mine)}{marked(found.theirs)}</div>"
    assert "<script" not in html and "<b>" not in html and problems(html, whole=False) == []
    for hostile in ("<script>x</script>", "<img src=x onerror=alert(1)>", '"><mark>'):
        found = compare("Wij doen dit samen", f"Wij doen {hostile} dit samen")
        assert any(p.differs and "<" in p.text for p in found.theirs), "what is marked itself is hostile"
        html = f"<div>{marked(found.theirs)}</div>"
        assert not re.search("<(script|img)|><mark>", html) and problems(html, whole=False) == []


def _pairs():
    dice = random.Random(7)
    for kinds in (1, 2, 5, 20, 60, 200, 1000):
        yield tuple(" ".join(str(dice.randrange(kinds)) for _ in range(5000))[:10_000] for _ in "ab")
    yield "a " * 5000, "b " + "a " * 4999
    yield " ".join(f"x{i} s{i % 40}" for i in range(1000)), " ".join(f"y{i} s{i % 40}" for i in range(1000))
    yield " ".join(f"x{i} s" for i in range(1000)), " ".join(f"y{i} s" for i in range(1000))
    yield " ".join(map(str, range(1900))), " ".join(map(str, range(1900, 0, -1)))
    yield "\n".join("a" * 2500), "\n".join("ab" * 2000)
    yield "x" * 10_000, "x" * 9_999
    yield "👩‍👧 " * 2500, "👩‍👧" * 3000


@pytest.mark.parametrize("mine, theirs", list(_pairs()), ids=lambda text: text[:12].replace("\n", "/"))
def test_strange_texts_cost_a_bounded_number_of_steps(monkeypatch: pytest.MonkeyPatch, mine: str, theirs: str):
    """Counted, not only timed: no more equal words are looked at than the limit says, for lines and for words."""
    spent: list[int] = []
    from app.core import difference

    look = difference.SequenceMatcher.find_longest_match

    def counting(self, alo=0, ahi=None, blo=0, bhi=None):
        spent.append(self.cost(alo, ahi))
        return look(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(difference.SequenceMatcher, "find_longest_match", counting)
    began = perf_counter()
    found = compare(mine, theirs)
    assert (whole(found.mine), whole(found.theirs)) == (mine, theirs)
    assert max(accumulate(spent), default=0) <= 2 * MOST_STEPS
    assert perf_counter() - began < 5
