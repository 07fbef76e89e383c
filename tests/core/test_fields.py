"""What may stand in a field, and how it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.core.fields import KINDS, FieldView, Option, Spec, checked, euros, shown, typed

OPTIONS = (Option("a", "Aap"), Option("b", "Beer"), Option("geen", "Geen"))
SPECS = {kind: Spec(kind, "Vraag", OPTIONS) for kind in KINDS}


@pytest.mark.parametrize(
    "kind, sent, stored",
    [
        ("text", ["a\r\nb"], "a\nb"),
        ("line", ["a\nb"], "a b"),
        ("choice", ["a"], "a"),
        ("choice", [""], ""),
        ("select", [], ""),
        ("many", ["b", "", "a"], "a b"),
        ("many", ["b a"], "a b"),
        ("tick", ["", "ja"][:1], ""),
        ("tick", ["ja"], "ja"),
        ("tick", ["", "ja"], "ja"),
        ("date", ["2027-03-12"], "2027-03-12"),
        ("date", ["1-3-2027"], "2027-03-01"),
        ("date", ["01/03/2027"], "2027-03-01"),
        ("date", [""], ""),
        ("month", ["2029-06"], "2029-06"),
        ("month", ["6-2029"], "2029-06"),
        ("month", ["Juni 2029"], "2029-06"),
        ("year", ["2028"], "2028"),
        ("number", ["007"], "7"),
        ("money", ["12.500"], "1250000"),
        ("money", ["€ 12.500,50"], "1250050"),
        ("money", ["12500.5"], "1250050"),
        ("money", ["1.000,-"], "100000"),
        ("money", ["100 euro"], "10000"),
        ("money", ["0"], "0"),
    ],
)
def test_what_is_stored(kind: str, sent: list[str], stored: str):
    assert checked(SPECS[kind], sent) == stored


@pytest.mark.parametrize(
    "kind, sent",
    [
        ("text", ["x" * 10_001]),
        ("line", ["x" * 301]),
        ("choice", ["c"]),
        ("select", ["A"]),
        ("many", ["a", "x"]),
        ("tick", ["nee"]),
        ("date", ["31-2-2027"]),
        ("date", ["2027"]),
        ("date", ["1-1-1889"]),
        ("date", ["12-03-27"]),
        ("date", ["٢٠٢٧-٠٣-١٢x"]),
        ("month", ["13-2029"]),
        ("month", ["zomer 2029"]),
        ("year", ["28"]),
        ("year", ["3028"]),
        ("number", ["vijf"]),
        ("number", ["-1"]),
        ("number", ["1234567"]),
        ("money", ["veel"]),
        ("money", ["-5"]),
        ("money", ["1e400"]),
        ("money", ["nan"]),
        ("money", ["Infinity"]),
        ("money", ["1e999999"]),
        ("money", ["1_000"]),
        ("money", ["12,345"]),
        ("money", ["٣"]),
        ("year", ["20٢٨"]),
        ("month", ["6-20٢٨"]),
        ("number", ["٣"]),
        ("money", ["99999999999999"]),
    ],
)
def test_what_is_refused_with_a_sentence(kind: str, sent: list[str]):
    with pytest.raises(Invalid) as caught:
        checked(SPECS[kind], sent)
    assert caught.value.message.endswith(".") and len(caught.value.message) > 15


@given(st.sampled_from(KINDS), st.lists(st.text(max_size=40), max_size=4))
def test_anything_is_stored_or_refused_and_never_a_crash(kind: str, sent: list[str]):
    spec = SPECS[kind]
    try:
        stored = checked(spec, sent)
    except Invalid:
        return
    assert checked(spec, [typed(spec, stored)]) == stored, "what stands in the box gives the same again"
    assert isinstance(shown(spec, stored), str)


def test_options_that_exclude_others():
    spec = Spec("many", "Uitkomst", OPTIONS, alone=("geen",))
    assert checked(spec, ["geen"]) == "geen"
    with pytest.raises(Invalid, match="Geen"):
        checked(spec, ["a", "geen"])


def test_required():
    with pytest.raises(Invalid, match="naam"):
        checked(Spec("line", "Naam", required=True), ["  "])


def test_money_is_read_as_dutch():
    assert euros(1250050) == "€\u00a012.500,50" and euros(100000000) == "€\u00a01.000.000"
    assert typed(SPECS["money"], "1250000") == "12.500" and shown(SPECS["money"], "") == ""


def test_view_gives_back_what_was_typed():
    view = FieldView(id="v", url="/x", spec=SPECS["date"]).with_error("Fout.", "31-2-2027")
    assert view.value == view.box == "31-2-2027" and view.error == "Fout."
