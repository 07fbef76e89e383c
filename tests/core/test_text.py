"""The one text type at the edge, and how Dutch sentences are put together."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import capital, clean, counted, first_words, in_words, listing, sentence

ANY = st.text(st.characters(codec=None, categories=None))  # every code point, lone surrogates too


@given(ANY, st.booleans())
def test_clean_text_is_safe_whatever_comes_in(value: str, lines: bool):
    cleaned = clean(value, lines=lines)
    cleaned.encode()
    assert cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in cleaned)
    assert not any(c in cleaned for c in "\x00\u202e\u2066\ufeff")
    if not lines:
        assert "\n" not in cleaned and "\t" not in cleaned


@given(ANY, st.booleans())
def test_cleaning_twice_is_cleaning_once(value: str, lines: bool):
    assert clean(clean(value, lines=lines), lines=lines) == clean(value, lines=lines)


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\ud800c", "abc"),
        ("e\u0301", "é"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("سوية", "سوية"),
        ("\u202egewoon", "gewoon"),
        ("  rand  ", "rand"),
    ],
)
def test_what_is_kept(typed: str, kept: str):
    assert clean(typed) == kept


def test_lines():
    assert clean("a\nb\tc", lines=False) == "a b c"


@given(st.text(max_size=400))
def test_first_words_are_a_beginning(value: str):
    short = first_words(value)
    assert short == value or (short.endswith(" …") and value.startswith(short[:-2]))
    assert len(short) <= 142


def test_sentences():
    assert listing(["a", "b", "c"]) == "a, b en c" and listing(["a"]) == "a" and listing([]) == ""
    assert listing(["a", "", "b"], "of") == "a of b"
    assert counted(0, "doel", "doelen") == "geen doelen" and counted(1, "doel", "doelen") == "1 doel"
    assert in_words(12) == "twaalf" and in_words(13) == "13"
    assert capital("ijs") == "IJs" and capital("ouders") == "Ouders" and capital("") == ""
    assert sentence("dit is het") == "Dit is het." and sentence("Klaar!") == "Klaar!" and sentence(" ") == ""


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73", "\u0301", "\u0344\u0316", "\u0301\x00\u0316"])
def test_endless_accents_cost_no_time(marks: str):
    """Putting accents in order takes time by the square of how many there are: a form of 1 MB would stop the server."""
    began = time.process_time()
    told = clean("Zoë " + marks * (300_000 // len(marks)) + " en René")
    assert time.process_time() - began < 5
    assert told.startswith("Zoë") and told.endswith(" en René") and unicodedata.is_normalized("NFC", told)
    assert clean(told) == told


def test_accents_that_people_type_stay():
    assert clean("e\u0301e\u0301n " * 100) == ("één " * 100).strip()
    assert clean("क्षि ที่ שָׁלוֹם") == unicodedata.normalize("NFC", "क्षि ที่ שָׁלוֹם")
