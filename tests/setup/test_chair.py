"""A traject of several gemeenten has one that leads: its name stands first in what goes out."""

from __future__ import annotations

import re

from sqlmodel import select

from app.document.facts import on_behalf, place
from app.document.pages import paper
from app.exchange.actions import export_journey, import_journey, read_file
from app.invitations.actions import invite
from app.journey.actions import add_municipality, make_link
from app.journey.models import Journey, Municipality
from app.journey.senders import sender_of
from tests.conftest import World
from tests.litany import Write, recite


def several(world: World) -> dict[str, str]:
    """Meerwijk, Oosterdam and Zuid: their ids by name."""
    with world.database.write() as tx:
        here = world.here(tx)
        for name in ("Oosterdam", "Zuid"):
            add_municipality(here, name)
        return {m.name: m.id for m in here.municipalities}


def choose(world: World, municipality_id: str) -> None:
    with world.database.write() as tx:
        journey = tx.get_one(Journey, ("meerwijk", world.journey))
        journey.chair_id = municipality_id
        tx.add(journey)


def test_choosing_the_chair_gets_the_questions_of_every_write(world: World):
    ids = several(world)
    write = Write(
        url=world.path("opzet/veld/trekker"), by="marieke", good=ids["Oosterdam"], other=ids["Zuid"],
        not_by=("jan", "fatima", "pieter"), step="opzet", bad="ergens",
    )  # fmt: skip
    recite(world, write)


def test_it_is_only_asked_when_there_are_several(world: World):
    marieke = world.client("marieke")
    assert "trekker" not in marieke.get(world.path("opzet")).text
    assert marieke.post(world.path("opzet/veld/trekker"), data={"waarde": "x", "versie": "0"}).status_code == 404
    ids = several(world)
    page = marieke.get(world.path("opzet")).text
    assert "Welke gemeente is trekker?" in page and "Nog niet gekozen welke gemeente trekker is." in page
    choose(world, ids["Zuid"])
    assert "Nog niet gekozen welke" not in marieke.get(world.path("opzet")).text
    with world.database.read() as tx:
        foreign = tx.exec(select(Municipality).where(Municipality.journey_id == world.foreign)).one()
    sent = marieke.post(world.path("opzet/veld/trekker"), data={"waarde": foreign.id, "versie": "0"})
    assert sent.status_code == 422, "a gemeente of another traject"


def test_the_chair_stands_first_on_the_cover_in_the_sender_and_in_the_invitation(world: World):
    ids = several(world)
    with world.database.read() as tx:
        here = world.here(tx)
        assert place(here) == "Gemeenten Meerwijk, Oosterdam en Zuid" and on_behalf(here) == ""
    choose(world, ids["Oosterdam"])
    with world.database.write() as tx:
        here = world.here(tx)
        said = "Namens de gemeenten Oosterdam (trekker), Meerwijk en Zuid"
        assert said in paper(here)[1] and place(here) == "Gemeenten Oosterdam, Meerwijk en Zuid"
        jan = world.here(tx, "jan").seat
        letter = invite(here, jan, here.seats[jan.id][1]).letter
        assert "in Oosterdam (trekker), Meerwijk en Zuid" in " ".join(letter.body.split())
        secret = make_link(here, jan)
        guide = here.seat
        guide.party_id = None
        assert sender_of(world.here(tx)).of == "gemeente Oosterdam"
    page = world.client().get(f"/toegang/{secret}").text
    assert "in Oosterdam (trekker), Meerwijk en Zuid" in re.sub(r"\s+", " ", page)


def test_a_chair_that_leaves_is_the_chair_no_more(world: World):
    ids = several(world)
    choose(world, ids["Zuid"])
    url = world.path(f"opzet/gemeenten/{ids['Zuid']}/verwijderen")
    assert world.client("marieke").post(url).status_code == 303
    with world.database.read() as tx:
        assert tx.get_one(Journey, ("meerwijk", world.journey)).chair_id == ""
        assert on_behalf(world.here(tx)) == ""


def test_the_chair_goes_along_in_the_file_and_files_from_before_have_none(world: World):
    choose(world, several(world)["Zuid"])
    with world.database.write() as tx:
        content = export_journey(tx, tx.get_one(Journey, ("meerwijk", world.journey)))
        assert b'"trekker": "gemeente:3"' in content
        for file, name in ((content, "Zuid"), (re.sub(rb',\s*"trekker": "gemeente:3"', b"", content), "")):
            made = import_journey(tx, "anderstad", read_file(file, 10_000_000))
            names = {m.id: m.name for m in tx.exec(select(Municipality).where(Municipality.journey_id == made.id))}
            assert names.get(made.chair_id, "") == name
