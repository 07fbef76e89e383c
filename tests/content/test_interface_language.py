"""Plain Dutch in what the product says itself: templates, sentences in the code, and the example journeys.

Each rule is a function that says what is wrong with one text. What a rule finds is mended, or stands in `ACCEPTED` with
a reason; an entry that accepts nothing any more fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import textstat

from tests.content import dutch
from tests.content.dutch import HOLE, Text

LONGEST = 22  # words in a sentence
ENOUGH = 30  # words; in a shorter text one long word of the field decides the measure

# Words of people who make software. What has a Dutch name, gets it.
SOFTWARE = set((Path(__file__).parent / "software.txt").read_text(encoding="utf-8").split())
# Letters that stand for something only insiders know. LEA, VVE and the like are explained in the list of terms.
CODES = re.compile(r"\b(JSON|YAML|UTF-8|HTML|CSS|API|SQL|HTTP|URL|ID)\b")
# What a wrong keyboard gives: straight quotes, three dots, a hyphen for a dash, a space before a mark.
TYPING = re.compile(r"'|\"|´|`|“|”|\.\.|\w - \w| [,.;:?!](?!\w)|\s{2}")
CLICK_HERE = re.compile(r"\b(klik|kijk|lees) hier\b|\bhier klikken\b", re.IGNORECASE)


def long_sentence(text: str) -> str:
    lengths = [len(dutch.words(s)) for s in sentences(text)]
    return f"een zin van {max(lengths)} woorden" if max(lengths, default=0) > LONGEST else ""


def hard_to_read(text: str) -> str:
    if len(dutch.words(text)) < ENOUGH:
        return ""
    measure = lix(text)
    return f"LIX {measure:.0f}" if measure > 45 else ""


def stiff_word(text: str) -> str:
    lower = text.lower()
    known = set(dutch.words(lower))
    found = [w for w in dutch.AVOID if w in known]
    found += [r for r in (*dutch.AVOID_RUNS, *dutch.AVOID_SHORT) if r in lower]
    return ", ".join(found)


def familiar(text: str) -> str:
    return ", ".join(dutch.JE.findall(text))


def click_here(text: str) -> str:
    return ", ".join(m[0] for m in CLICK_HERE.finditer(text))


def software_word(text: str) -> str:
    text = re.sub(r"\S+/\S+|‘driekolom [^’]+’", " ", text)  # where a file is, what to type
    found = [w for w in dutch.words(text) if w.lower() in SOFTWARE]
    return ", ".join([*found, *CODES.findall(text)])


def typing(text: str) -> str:
    return ", ".join(repr(m[0]) for m in TYPING.finditer(text))


RULES: tuple[Callable[[str], str], ...] = (
    long_sentence,
    hard_to_read,
    stiff_word,
    familiar,
    click_here,
    software_word,
    typing,
)


@dataclass(frozen=True)
class Accepted:
    """A text that a rule finds and that stays. `part` is a piece of it; empty: every text of the file."""

    rule: Callable[[str], str]
    file: str
    part: str
    reason: str


_PACK_MAKER = "the maker of a pack reads this, who types YAML and its quotes"
_DATABASE = "what the database itself says: it is looked for and never shown"
_MANAGER = "who manages the installation types this word"

ACCEPTED: tuple[Accepted, ...] = (
    Accepted(software_word, "app/content/", "", _PACK_MAKER),
    Accepted(typing, "app/content/", "'", _PACK_MAKER),
    Accepted(software_word, "app/cli.py", "JSON", _MANAGER),
    Accepted(software_word, "app/cli.py", "id van het traject", _MANAGER),
    Accepted(software_word, "app/cli.py", "unable to open database file", _DATABASE),
    Accepted(software_word, "app/cli.py", "file is not a database", _DATABASE),
    Accepted(typing, "app/cli.py", "Can't locate revision", _DATABASE),
)


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!:;])\s|(?<=[.?!:])(?=[A-ZÉ‘])", text)


def lix(text: str) -> float:
    textstat.set_lang("nl")
    try:
        return textstat.lix(text.replace(HOLE, "dit"))
    finally:
        textstat.set_lang("en_US")


@cache
def everything() -> tuple[Text, ...]:
    return (*dutch.of_templates(), *dutch.of_code(), *dutch.of_scripts(), *dutch.of_examples())


def accepted(rule: Callable[[str], str], text: Text) -> list[Accepted]:
    return [a for a in ACCEPTED if a.rule is rule and text.file.startswith(a.file) and a.part in text.text]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_text_of_the_product_is_plain(rule: Callable[[str], str]):
    found = [f"{t.where}: {wrong}: {t.text}" for t in everything() if (wrong := rule(t.text)) and not accepted(rule, t)]
    assert found == [], "\n".join(["", *found])


@pytest.mark.parametrize("entry", ACCEPTED, ids=lambda entry: f"{entry.rule.__name__}-{entry.part or entry.file}")
def test_every_exception_is_still_needed(entry: Accepted):
    used = [t for t in everything() if entry in accepted(entry.rule, t) and entry.rule(t.text)]
    assert used, f"niets vraagt nog om deze uitzondering: {entry}"
    assert len(entry.reason) > 20


def test_sentences_are_short_on_average():
    counts = [len(dutch.words(s)) for t in everything() for s in sentences(t.text) if s.endswith((".", "?", "!"))]
    assert len(counts) > 400
    assert sum(counts) / len(counts) <= 12


def test_a_page_as_a_whole_is_not_hard_to_read():
    """Labels and headings too, each counted as a sentence; only files with enough words to measure."""
    measured = {}
    for file in sorted({t.file for t in everything()}):
        whole = " ".join(f"{t.text.rstrip('.')}." for t in everything() if t.file == file)
        if len(dutch.words(whole)) >= 2 * ENOUGH:
            measured[file] = lix(whole)
    assert len(measured) > 40
    assert {f: round(m) for f, m in measured.items() if m > 45} == {}
    assert sum(measured.values()) / len(measured) <= 38


# The check itself


def test_the_words_of_a_template_are_found():
    found = dutch.of_template(
        """<h1>Een {{ page.kind }} kop</h1>
        <p class="x">Eerste zin.{% if page.more %} Tweede <b>vette</b> zin.{% else %} Andere zin.{% endif %}</p>
        <img alt="Wat u ziet"><ul>{% for x in y %}<li>{{ button('Voeg toe', 'quiet') }}</li>{% endfor %}</ul>
        {# geen tekst #}<script src="a.js">var a = "Niet lezen";</script>""",
        "x.html",
    )
    texts = [t.text for t in found]
    assert texts == ["Voeg toe", "Een … kop", "Eerste zin. Tweede vette zin.", "Andere zin.", "Wat u ziet"]


def test_the_sentences_of_code_are_found():
    found = dutch.of_module(
        """
def ask(x: "Het type telt niet"):
    "Uitleg voor wie het leest."
    LOG.warning("for the log")
    if x == "met deze tekst":
        raise ValueError("for developers")
    return f"Er zijn {x} punten. " "Kies er een.", "Opslaan", "a-slug", {"een sleutel": "een waarde"}
""",
        "x.py",
    )
    assert sorted(t.text for t in found) == ["Er zijn … punten. Kies er een.", "Opslaan", "een waarde"]


def test_enough_is_found_in_the_product():
    files = {t.file for t in everything()}
    assert len(everything()) > 1500
    assert {
        "app/templates/start/front.html",
        "app/core/fields.py",
        "app/cli.py",
        "app/static/js/outbox.js",
        "app/static/js/save.js",
        "seeds/voorbeelden/meerwijk.yaml",
    } <= files


@pytest.mark.parametrize(
    "rule, text",
    [
        (long_sentence, "Dit is " + "een zin die maar door en door gaat zonder ooit op te houden " * 2 + "en dan."),
        (
            hard_to_read,
            "Onderwijsinstellingen verwezenlijken ouderbetrokkenheidsdoelstellingen overeenkomstig samenwerkingsafspraken "
            "met opvoedingsondersteuningsorganisaties, waarbij beleidsmedewerkers verantwoordelijkheidsverdelingen "
            "inventariseren, uitvoeringsprogramma’s operationaliseren en evaluatiemomenten organiseren binnen "
            "gemeentelijke samenwerkingsverbanden en bovenschoolse overlegstructuren tussen schoolbesturen, "
            "kinderopvangorganisaties en welzijnsinstellingen gedurende meerjarige beleidsperioden daarbinnen steeds.",
        ),
        (stiff_word, "U dient dit in te vullen."),
        (stiff_word, "Dit gebeurt door middel van een vraag."),
        (familiar, "Vul je naam in."),
        (click_here, "Klik hier voor meer."),
        (software_word, "Update uw account."),
        (software_word, "Het bestand is JSON."),
        (typing, "Alle thema's."),
        (typing, 'Zij zei "ja".'),
        (typing, "Een moment..."),
        (typing, "Wat nu ?"),
        (typing, "Gemeente - bestuur"),
    ],
)
def test_each_rule_finds_its_mistake(rule: Callable[[str], str], text: str):
    assert rule(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_plain_text_passes(rule: Callable[[str], str]):
    assert rule("U vult per thema in hoe ver uw organisatie is. Kies ‘Deel thema B’ – dan ziet iedereen het.") == ""
