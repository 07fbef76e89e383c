"""Who is here and where: from the session, for everybody in the traject, gone within half a minute."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from sqlmodel import select

from app.live import presence, rights
from app.live.pages import MOST
from app.live.streams import state_of
from app.people.models import SignIn
from tests.conftest import World
from tests.live.conftest import Site

FRAGMENT = {"driekolom-deel": "1"}


def enter(world: World, name: str, place: str = "", window: str = "w") -> None:
    client = world.client(name)
    answer = client.get(f"{world.url}/stand?venster={window}&plek={place}", headers=FRAGMENT)
    assert answer.status_code == 200


def line(world: World, name: str, place: str = "") -> str:
    answer = world.client(name).get(f"{world.url}/hier?plek={place}", headers=FRAGMENT)
    return " ".join(re.sub("<[^>]*>", "", answer.text).split())


def test_who_is_where_in_words_for_everybody_alike(world: World):
    enter(world, "marieke", "gesprek/a")
    enter(world, "pieter", "plan/inventarisatie")
    enter(world, "karin")
    enter(world, "jan", "gesprek/a")
    said = line(world, "jan", "gesprek/a")
    assert (
        "Nu ook hier: Marieke de Wit (Gemeente Meerwijk), op deze pagina; Karin Smit (Op Weg), bij het overzicht;"
        in said
    )
    assert "Pieter Mol (De Linde), bij Plan van aanpak, hoofdstuk 2." in said
    assert "Jan Bakker" not in said, "you know that you are here"
    assert "Jan Bakker (De Linde), bij Gesprek, thema A" in line(world, "pieter", "plan")


def test_a_place_that_does_not_exist_is_not_shown(world: World):
    for place in ("niets", "gesprek/niets", "gesprek/../x", "<b>", "gesprek%2Fa%2Fb", "x" * 500):
        enter(world, "karin", place)
        said = line(world, "jan")
        assert said in (
            "Nu ook hier: Karin Smit (Op Weg), op deze pagina.",
            "Nu ook hier: Karin Smit (Op Weg), bij Gesprek.",
        )


def test_a_name_is_never_said_by_the_browser(world: World):
    client = world.client("karin")
    client.get(f"{world.url}/stand?venster=w&naam=Iemand&seat={world.seats['jan']}", headers=FRAGMENT)
    assert "Karin Smit" in line(world, "marieke") and "Jan Bakker" not in line(world, "marieke")
    client.get(f"{world.url}/stand?venster=<script>&plek=gesprek", headers=FRAGMENT)
    assert "Gesprek" not in line(world, "marieke"), "a window without a good name is nowhere"


def test_of_another_traject_nobody_sees_anybody(world: World):
    enter(world, "karin")
    for name in ("olga", "otto"):
        assert world.client(name).get(f"{world.url}/hier", headers=FRAGMENT).status_code == 404
    answer = world.client("olga").get(f"/trajecten/{world.other}/hier", headers=FRAGMENT)
    assert answer.status_code == 200 and "Karin" not in answer.text


def test_who_says_nothing_is_gone(world: World, monkeypatch: pytest.MonkeyPatch):
    assert presence.STAYS < 30
    monkeypatch.setattr(presence, "STAYS", 0.05)
    enter(world, "karin")
    time.sleep(0.06)
    assert "Karin" not in line(world, "jan")
    assert state_of(world.app).presence.who(world.journey) == {}
    state_of(world.app).presence.tidy()
    assert not state_of(world.app).presence._here


def test_many_people_are_counted(world: World):
    here = state_of(world.app).presence
    for name in ("marieke", "ellen", "karin", "fatima", "noor", "pieter"):
        enter(world, name)
    assert "en 1 ander" not in line(world, "jan")
    here.enter(world.journey, "x", "somebody-removed", "")
    assert line(world, "jan").count("(") == MOST
    page = world.client("jan").get(f"{world.url}/hier").text
    assert "Wie is er nu?" in page and "Karin Smit (Op Weg), op deze pagina" in page


def test_a_window_that_opens_and_closes_is_told(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(presence, "LEAVES", 0.1)
    monkeypatch.setattr(rights, "EVERY", 0.2)
    one = site.listen("jan")
    one.wait_for("stand")
    other = site.listen("karin", "&plek=gesprek/b")
    other.wait_for("stand")
    until(lambda: "Karin Smit (Op Weg), bij Gesprek, thema B" in line(site.world, "jan"))
    one.wait_for("hier")
    one.heard.clear()
    other.leave()
    until(lambda: "Karin" not in line(site.world, "jan"))
    one.wait_for("hier")
    assert "Karin" not in one.raw and site.world.seats["karin"] not in one.raw


def until(holds: Callable[[], bool], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_who_is_put_out_is_gone_at_once(site: Site):
    one = site.listen("karin", "&plek=gesprek/b")
    one.wait_for("stand")
    with site.world.database.write() as tx:
        for session in tx.exec(select(SignIn).where(SignIn.person_id == site.world.persons["karin"][1])):
            tx.delete(session)
    one.wait_until_closed()
    assert state_of(site.world.app).presence.who(site.world.journey) == {}
