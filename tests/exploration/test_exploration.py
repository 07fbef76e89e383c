"""The verkenning: shown, saved, closed. The model for the tests of other rooms."""

import pytest

from tests.conftest import World
from tests.litany import Write, recite


def test_page_shows_all_questions(world: World, as_):
    text = as_("jan").get(world.path("verkenning")).text
    for choice in (*world.pack.exploration.reasons, *world.pack.exploration.questions):
        assert choice.label in text


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("uitkomst", "zinvol", "later", "onzin"),
        ("waarom", "Omdat het speelt.", "Iets anders.", "x" * 10_001),
    ],
)
def test_every_save(world: World, name: str, good: str, other: str, bad: str):
    recite(
        world,
        Write(
            world.path(f"verkenning/veld/{name}"),
            by="jan",
            good=good,
            other=other,
            bad=bad,
            not_by=["pieter"],
            step="verkenning",
        ),
    )


def test_unknown_field_is_not_found(world: World, as_):
    answer = as_("jan").post(world.path("verkenning/veld/bestaat-niet"), data={"waarde": "x", "versie": "0"})
    assert answer.status_code == 404


def test_not_useful_leads_to_the_short_report(world: World, as_):
    url = world.path("verkenning/veld/uitkomst")
    answer = as_("jan").post(url, data={"waarde": "niet-zinvol", "versie": "0"}, headers={"driekolom-deel": "1"})
    assert "korte verslag" in answer.text
    assert f"{world.url}/document" in as_("karin").get(world.path("verkenning")).text
