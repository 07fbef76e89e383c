"""People as they are pasted: what is read of a line, and what is said when it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.invitations.pasted import parse_people


@pytest.mark.parametrize(
    "line, name, email, function",
    [
        ("Jan Bakker; jan@linde.example; bestuurder", "Jan Bakker", "jan@linde.example", "bestuurder"),
        ("Jan Bakker\tjan@linde.example\tlid, vooraan", "Jan Bakker", "jan@linde.example", "lid, vooraan"),
        ("jan@linde.example; Jan Bakker", "Jan Bakker", "jan@linde.example", ""),
        ("Jan Bakker <jan@linde.example>", "Jan Bakker", "jan@linde.example", ""),
        ("Jan Bakker <jan@linde.example>; bestuurder", "Jan Bakker", "jan@linde.example", "bestuurder"),
        ('"Bakker, Jan" <jan@linde.example>', "Bakker, Jan", "jan@linde.example", ""),
        ("Jan Bakker, jan@linde.example, bestuurder", "Jan Bakker", "jan@linde.example", "bestuurder"),
        ("Jan Bakker jan@linde.example", "Jan Bakker", "jan@linde.example", ""),
        ("Jan Bakker", "Jan Bakker", "", ""),
        ("Jan Bakker;;bestuurder", "Jan Bakker", "", "bestuurder"),
        ("  Jan   Bakker ; mailto:jan@linde.example ;", "Jan Bakker", "jan@linde.example", ""),
        ("محمد; m@linde.example", "محمد", "m@linde.example", ""),
    ],
)
def test_a_line_is_read(line: str, name: str, email: str, function: str):
    (found,) = parse_people(line)
    assert (found.name, found.email, found.function, found.errors) == (name, email, function, ())


def test_a_row_of_a_mail_program_is_several_people():
    found = parse_people("Jan Bakker <jan@linde.example>; Ellen de Boer <ellen@linde.example>,\n\nPiet Post")
    assert [(p.name, p.email) for p in found] == [
        ("Jan Bakker", "jan@linde.example"),
        ("Ellen de Boer", "ellen@linde.example"),
        ("Piet Post", ""),
    ]


def test_the_heads_of_a_spreadsheet_are_no_person():
    assert [p.name for p in parse_people("Naam\tE-mail\tFunctie\nJan\tjan@linde.example\tlid")] == ["Jan"]


@pytest.mark.parametrize(
    "line, sentence",
    [
        ("jan@linde.example", "Zet de naam ervoor"),
        ("Jan; jan@", "geen volledig e-mailadres"),
        ("Jan; jan at linde; lid", "geen volledig e-mailadres"),
        ("Jan; jan@lіnde.example", "‘і’"),  # a Cyrillic letter
        ("Jan; jan@linde.example>, kwaad@x.example", "geen volledig e-mailadres"),
        ("x" * 200 + "; jan@linde.example", "korter dan 120"),
        ("Jan; jan@linde.example; " + "x" * 121, "functie korter"),
        ("Jan; JAN@al.example", "doet al mee"),
        ("karin SMIT", "staat al bij deze partij"),
    ],
)
def test_a_line_that_cannot_be(line: str, sentence: str):
    (found,) = parse_people(line, ["jan@al.example"], ["Karin Smit"])
    assert sentence in " ".join(found.errors)


def test_the_same_twice_is_said_at_the_second():
    first, second, third = parse_people("Jan; jan@linde.example\nEllen; Jan@Linde.example\nJan")
    assert not first.errors and "hierboven" in second.errors[0] and "hierboven" in third.errors[0]


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str):
    for number, line in enumerate(parse_people(text), 1):
        assert line.number == number and (line.name or line.errors)
