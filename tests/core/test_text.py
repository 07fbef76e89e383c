"""The one text type at the edge, and how Dutch sentences are put together."""

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
