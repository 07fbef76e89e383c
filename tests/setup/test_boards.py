"""Boards of the register can be made a party after the start too, and nobody types what the register knows."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.journey.actions import mark_step
from app.journey.models import Party
from app.register.actions import offer, take_over
from tests.conftest import World
from tests.register import samples


@pytest.fixture
def known(world: World) -> World:
    """The register knows the schools of Meerwijk, and one board by name: De Linde, which takes part already."""
    with world.database.write() as tx:
        for name, file in (("leerlingen.csv", samples.pupils()), ("besturen.csv", samples.boards(samples.BOARDS[:1]))):
            take_over(tx, offer(tx, name, file)[0].id)
    return world


def parties(world: World) -> dict[str, Party]:
    with world.database.read() as tx:
        return {p.name: p for p in tx.exec(select(Party).where(Party.journey_id == world.journey))}


def test_opzet_leads_to_the_boards_that_do_not_take_part_yet(known: World):
    marieke = known.client("marieke")
    assert "/opzet/uit-register" in marieke.get(known.path("opzet")).text
    page = marieke.get(known.path("opzet/uit-register")).text
    assert "Bestuur 40001, 1 school po: De Sleutel. Hoe heet dit bestuur?" in page
    assert "41787" not in page, "De Linde takes part already, under that name"
    assert "Bron: DUO, besturen" in page and "1 oktober 2024" in page


def test_a_board_becomes_a_party_with_its_sectors_and_is_not_offered_again(known: World):
    marieke, url = known.client("marieke"), known.path("opzet/uit-register")
    sent = marieke.post(url, data={"bestuur": "40001", "naam-40001": "Stichting De Sleutel"})
    assert sent.status_code == 303
    made = parties(known)["Stichting De Sleutel"]
    assert (made.kind, made.register_code) == ("schoolbestuur", "40001") and "po" in made.sectors
    assert "Alle besturen uit het register doen al mee." in marieke.get(url).text
    again = marieke.post(url, data={"bestuur": "40001", "naam-40001": "Nog eens"})
    assert again.status_code == 422 and "Kies minstens één bestuur." in again.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Kies minstens één bestuur."),
        ({"bestuur": "99999", "naam-99999": "Verzonnen"}, "Kies minstens één bestuur."),
        ({"bestuur": "40001", "naam-40001": ""}, "Vul de naam van de partij in."),
        ({"bestuur": "40001", "naam-40001": "Stichting De Linde"}, "doet al mee"),
        ({"bestuur": "40001", "naam-40001": "x" * 121}, "korter dan 120"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_added(known: World, data: dict[str, str], words: str):
    before = parties(known).keys()
    answer = known.client("marieke").post(known.path("opzet/uit-register"), data=data)
    assert answer.status_code == 422 and words in answer.text
    assert data.get("naam-40001", "")[:50] in answer.text
    assert parties(known).keys() == before


def test_who_may_not_set_up_adds_nothing(known: World):
    url, data = known.path("opzet/uit-register"), {"bestuur": "40001", "naam-40001": "X"}
    for name, status in (("jan", 403), ("fatima", 403), ("pieter", 403), ("olga", 404), ("otto", 404), ("nobody", 303)):
        assert known.client(name).post(url, data=data).status_code == status, name
        assert known.client(name).get(url).status_code == status, name
    with known.database.write() as tx:
        mark_step(known.here(tx), "opzet", "gesloten")
    assert known.client("marieke").post(url, data=data).status_code == 409


def test_without_a_register_nothing_is_offered(world: World):
    assert "uit-register" not in world.client("marieke").get(world.path("opzet")).text
    page = world.client("marieke").get(world.path("opzet/uit-register")).text
    assert "‘Meerwijk’ staat niet in het register" in page


def test_a_board_chosen_at_the_start_keeps_its_number(known: World):
    data = {
        "titel": "Nieuw", "gemeente": "Meerwijk", "partij-1-soort": "schoolbestuur", "partij-1-naam": "De Sleutel",
        "partij-1-bestuur": "40001", "partij-2-soort": "schoolbestuur", "partij-2-naam": "Getypt", "partij-2-bestuur": "<x>",
    }  # fmt: skip
    assert known.client("marieke").post("/trajecten", data=data).status_code == 303
    with known.database.read() as tx:
        codes = {
            p.name: p.register_code for p in tx.exec(select(Party).where(Party.name.in_(["De Sleutel", "Getypt"])))
        }
    assert codes == {"De Sleutel": "40001", "Getypt": ""}
