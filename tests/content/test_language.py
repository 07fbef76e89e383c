"""Plain Dutch: this finds the outliers, it does not prove that a text is good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import textstat

from app.content.load import default_pack
from app.content.pack import Pack
from tests.content.dutch import AVOID, AVOID_RUNS, AVOID_SHORT, JE, of_values

# Labels of the table are terms of the field; titles of documents and names of gemeenten are not ours.
NOT_RUNNING_TEXT = {
    "label",
    "full_title",
    "title",
    "place",
    "what",
    "where",
    "slug",
    "borrowed",
    "municipalities",
}


def everything(pack: Pack) -> list[tuple[str, str]]:
    """All our own words; what was asked in a survey stands as it was printed."""
    ours = pack.model_dump(mode="json", exclude={"figure_tables": True})
    return list(of_values(ours, skip=frozenset(NOT_RUNNING_TEXT)))


def running_texts(pack: Pack) -> dict[str, str]:
    """Texts that are read in one go, each as long as a reader meets it."""

    def together(*parts: Any) -> str:
        sentences = [s for part in parts for s in part]
        return " ".join(s if s.endswith((".", "?", "!")) else f"{s}." for s in sentences if s)

    found = {
        "intro": together(pack.intro),
        "wettelijke basis": together([f.text for f in pack.legal_basis]),
        "achtergrond": together([f.text for f in (*pack.background, *pack.closing)]),
        "verkenning": together(
            [pack.exploration.lead],
            [r.label for r in pack.exploration.reasons],
            [f.text for f in pack.exploration.facts],
        ),
        "antwoorden": together([c.help for c in (*pack.wishes, *pack.outcomes, pack.wish_when_legal)]),
        "breedte en organisatie": together(
            [pack.shape.breadth_lead, pack.shape.organisation_lead, pack.shape.parents_lead],
            [c.help for c in (*pack.shape.organisations, *pack.shape.parent_ways)],
            [f.text for f in pack.shape.facts],
        ),
    }
    for guide in pack.guides:
        found[f"leidraad {guide.slug}"] = together([guide.lead_question, guide.help], [f.text for f in guide.facts])
    for theme in pack.themes:
        found[f"thema {theme.slug}"] = together([theme.summary], [f.text for f in theme.facts])
        found[f"uitleg bij punten {theme.slug}"] = together(
            [t for i in theme.items for t in (i.explanation, i.example)]
        )
    for example in pack.examples:
        found[f"voorbeeld {example.slug}"] = together([example.text, example.status_text])
    for conclusion in pack.conclusions:
        found[f"conclusie {conclusion.number}"] = together(
            [conclusion.text], [t for o in conclusion.options for t in (o.label, o.help)]
        )
        if conclusion.examples:
            found[f"voorbeelden bij conclusie {conclusion.number}"] = together([e.text for e in conclusion.examples])
    for chapter in pack.chapters:
        found[f"hoofdstuk {chapter.number}"] = together(
            [chapter.lead], [d.text for d in (*chapter.demands, *chapter.standard)]
        )
    for start in range(0, len(pack.terms), 5):
        terms = pack.terms[start : start + 5]
        found[f"begrippen {terms[0].slug} en verder"] = together([t for x in terms for t in (x.text, x.today)])
    return found


@pytest.fixture(scope="module", autouse=True)
def dutch() -> Iterator[None]:
    textstat.set_lang("nl")
    yield
    textstat.set_lang("en_US")


@pytest.mark.parametrize(("name", "text"), running_texts(default_pack()).items())
def test_a_running_text_is_not_hard_to_read(name: str, text: str) -> None:
    assert textstat.lix(text) <= 45, f"{name}: LIX {textstat.lix(text):.0f}"


def test_the_measure_sees_a_hard_text() -> None:
    hard = (
        "Teneinde de ouderbetrokkenheidsdoelstellingen te verwezenlijken dienen onderwijsinstellingen "
        "samenwerkingsovereenkomsten met opvoedingsondersteuningsorganisaties te effectueren."
    )
    assert textstat.lix(hard) > 45


def test_sentences_are_short() -> None:
    long = [
        (path, sentence)
        for path, text in everything(default_pack())
        for sentence in re.split(r"(?<=[.?!:])\s", text)
        if len(sentence.split()) > 22
    ]
    assert long == []


def test_sentences_have_fifteen_words_on_average_at_most() -> None:
    counts = [
        len(sentence.split())
        for text in running_texts(default_pack()).values()
        for sentence in re.split(r"(?<=[.?!])\s", text)
    ]
    assert sum(counts) / len(counts) <= 15


def test_no_stiff_words() -> None:
    found = []
    for path, text in everything(default_pack()):
        words = re.findall(r"[\w'’-]+", text.lower())
        found += [(path, w) for w in AVOID if w in words]
        found += [(path, r) for r in (*AVOID_RUNS, *AVOID_SHORT) if r in text.lower()]
    assert found == []


def test_people_are_addressed_with_u() -> None:
    assert [(path, text) for path, text in everything(default_pack()) if JE.search(text)] == []


def test_typography() -> None:
    """No double spaces or straight quotes, no space before a mark, a capital after a full stop."""
    wrong = [
        (path, text)
        for path, text in everything(default_pack())
        if re.search(r"  |\s[,.;:?!]|\"|'|\.\.", text) or re.search(r"[.?!] [a-z]", text.replace("r. ", ""))
    ]
    assert wrong == []


def test_whole_sentences_end_with_a_mark() -> None:
    pack = default_pack()
    sentences = [*pack.intro, pack.meeting_length]
    sentences += [f.text for t in pack.themes for f in t.facts]
    sentences += [i.explanation for t in pack.themes for i in t.items if i.explanation]
    sentences += [t for e in pack.examples for t in (e.text, e.status_text, e.agreement)]
    sentences += [t.text for t in pack.terms] + [t.today for t in pack.terms if t.today]
    sentences += [e.text for c in pack.conclusions for e in c.examples]
    sentences += [d.text for c in pack.chapters for d in (*c.demands, *c.standard)]
    assert [s for s in sentences if not s.endswith((".", "?"))] == []


def test_mistakes_of_the_source_are_not_taken_over() -> None:
    """Typing errors and debris of the source: traps for whoever copies."""
    wrong = [
        "dolen",
        "erkend",
        "ondersteund",
        "welzijninstellingen",
        "ouderschapsbeleid",
        "handvaten",
        "b.v.",
        "NJI",
    ]
    found = [
        (path, word)
        for path, text in of_values({"p": default_pack().model_dump(mode="json")})
        for word in wrong
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    ]
    assert found == []
