"""What makes a difference and what does not, in sentences; how wishes are summed up."""

import pytest

from app.content.pack import Pack
from app.journey.models import Party
from app.screening.differences import find_differences, names, wish_summary
from app.screening.said import ItemSaid, RecognitionSaid, WishSaid

KINDS = {
    "De Linde": "schoolbestuur",
    "Op Weg": "schoolbestuur",
    "Ark": "voorschool",
    "Gemeente Meerwijk": "gemeente",
}


def party(short: str) -> Party:
    name = {"De Linde": "Stichting De Linde", "Op Weg": "Stichting Op Weg", "Ark": "Kinderopvang Ark"}.get(short, short)
    kind = KINDS.get(short, "schoolbestuur")
    return Party(tenant_id="t", id=short, journey_id="j", kind=kind, name=name, short=short)


def saying(kind, choices, said: dict[str, str], words: dict[str, str] | None = None):
    by_slug = {c.slug: c for c in choices}
    return [
        kind(
            party(p),
            choice=by_slug.get(slug),
            text=(words or {}).get(p, ""),
            silence="" if slug else "niet-gedeeld",
        )
        for p, slug in said.items()
    ]


def agenda(pack: Pack, legal: bool = False):
    return next(i for t in pack.themes for i in t.items if i.kind == "agenda" and bool(i.legal) == legal)


def wish_sentences(pack: Pack, said: dict[str, str]) -> list[str]:
    item = agenda(pack)
    return [d.sentence for d in find_differences(pack, [], [(item, saying(WishSaid, pack.wishes, said))], [])]


@pytest.mark.parametrize(
    "said, found",
    [
        ({"De Linde": "optrekken", "Gemeente Meerwijk": "uitwisselen"}, True),  # two grades
        ({"De Linde": "optrekken", "Op Weg": "afstemmen"}, False),  # one grade, same column
        (
            {"De Linde": "afstemmen", "Gemeente Meerwijk": "optrekken"},
            True,
        ),  # one grade, but the columns differ
        (
            {"De Linde": "afstemmen", "Op Weg": "optrekken", "Gemeente Meerwijk": "optrekken"},
            False,
        ),  # a shared grade
        ({"De Linde": "afstemmen", "Gemeente Meerwijk": ""}, False),  # silence is no difference
        ({"De Linde": "", "Gemeente Meerwijk": ""}, False),
        ({}, False),
    ],
)
def test_wishes(pack: Pack, said, found):
    assert bool(wish_sentences(pack, said)) is found


def test_two_grades_reads_as_a_sentence_and_is_told_once(pack: Pack):
    phrase = agenda(pack).phrase
    assert wish_sentences(
        pack, {"De Linde": "optrekken", "Op Weg": "optrekken", "Gemeente Meerwijk": "uitwisselen"}
    ) == [
        f"De Linde en Op Weg willen gezamenlijk optrekken bij {phrase}, "
        "maar Gemeente Meerwijk wil hierover uitwisselen."
    ]


def test_already_arranged_is_lower_case_in_the_middle(pack: Pack):
    item = agenda(pack, legal=True)
    choices = (*pack.wishes, pack.wish_when_legal)
    said = saying(WishSaid, choices, {"De Linde": "optrekken", "Ark": pack.wish_when_legal.slug})
    (found,) = find_differences(pack, [], [(item, said)], [])
    assert found.sentence.endswith(", maar volgens Kinderopvang Ark is dit al geregeld.")
    assert found.anchor == f"punt-{item.slug}"


@pytest.mark.parametrize(
    "states, found",
    [
        ({"De Linde": "geborgd", "Op Weg": "nog-niet"}, True),
        ({"De Linde": "geborgd", "Op Weg": "bezig"}, False),
        ({"De Linde": "uitvoering", "Op Weg": "nog-niet"}, False),
        ({"De Linde": "geborgd", "Op Weg": "nvt"}, False),
        ({"De Linde": "geborgd", "Op Weg": "weet-niet"}, False),
        ({"De Linde": "geborgd", "Op Weg": ""}, False),
    ],
)
def test_states(pack: Pack, states, found):
    item = next(i for t in pack.themes for i in t.items if i.kind == "beleid")
    said = saying(ItemSaid, pack.policy_states, states)
    assert bool(find_differences(pack, [], [], [(item, said)])) is found


def test_interests_are_never_a_difference(pack: Pack):
    item = next(i for t in pack.themes for i in t.items if i.kind == "belang")
    said = saying(ItemSaid, pack.interest_answers, {"De Linde": "ja", "Op Weg": "nee"})
    assert find_differences(pack, [], [], [(item, said)]) == ()


def test_division_comes_first_and_quotes_one_party(pack: Pack):
    recognition = saying(
        RecognitionSaid,
        pack.recognitions,
        {"De Linde": "ja", "Op Weg": "deels", "Ark": "nee"},
        {"Op Weg": "peuters horen\nbij ons"},
    )
    item = agenda(pack)
    wishes = saying(WishSaid, pack.wishes, {"De Linde": "optrekken", "Ark": "niets"})
    found = find_differences(pack, recognition, [(item, wishes)], [])
    assert [d.sentence for d in found[:2]] == [
        "Kinderopvang Ark herkent deze verdeling niet.",
        "Stichting Op Weg herkent deze verdeling deels: ‘peuters horen bij ons’.",
    ]
    assert [d.anchor for d in found] == ["verdeling", "verdeling", f"punt-{item.slug}"]


@pytest.mark.parametrize(
    "count, expected",
    [
        (1, "P0"),
        (2, "P0 en P1"),
        (4, "P0, P1, P2 en P3"),
        (5, "P0, P1, P2 en twee andere partijen"),
        (30, "P0, P1, P2 en 27 andere partijen"),
    ],
)
def test_names(count, expected):
    assert names([party(f"P{n}") for n in range(count)]) == expected


@pytest.mark.parametrize(
    "said, expected",
    [
        ({}, "Nog niemand heeft hier een wens gedeeld."),
        ({"De Linde": "", "Ark": ""}, "Nog niemand heeft hier een wens gedeeld."),
        (
            {
                "De Linde": "afstemmen",
                "Op Weg": "afstemmen",
                "Ark": "optrekken",
                "Gemeente Meerwijk": "afstemmen",
                "X": "",
            },
            "4 van 5 noemen afstemmen of meer",
        ),
        ({"De Linde": "optrekken", "Ark": "optrekken", "Op Weg": "niets"}, "2 van 3 noemen samen optrekken"),
        ({"De Linde": "niets", "Ark": "niets", "Op Weg": "optrekken"}, "2 van 3 noemen niets nodig"),
        ({"De Linde": "uitwisselen", "Ark": ""}, "1 van 2 noemt uitwisselen"),
        ({"De Linde": "afstemmen", "Ark": "optrekken"}, "2 van 2 noemen afstemmen of meer"),
        ({"De Linde": "niets", "Ark": "optrekken"}, "1 van 2 noemt samen optrekken"),
    ],
)
def test_wish_summary(pack: Pack, said, expected):
    assert wish_summary(saying(WishSaid, pack.wishes, said)) == expected
