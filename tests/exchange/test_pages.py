"""The pages: who may keep a journey as a file, who may make one from a file, and what happens to a file that is none."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from app.exchange.actions import export_journey
from app.exchange.parse import BY_PAGE
from app.exchange.sheets import ALL
from app.journey.actions import mark_step
from app.journey.models import Journey
from tests.conftest import World
from tests.document.full import Marks, fill_world
from tests.dump import dump

URL = "/trajecten/uit-bestand"


def sent(client, content: bytes, name: str = "traject.json"):
    return client.post(URL, files={"bestand": (name, content, "application/json")})


def file_of(world: World, **how) -> bytes:
    with world.database.read() as tx:
        return export_journey(tx, world.here(tx).journey, **how)


def test_only_who_leads_keeps_the_journey_as_a_file(world: World, as_):
    for url in (world.path("bestand"), world.path("bestand.json")):
        assert as_("marieke").get(url).status_code == 200
        for name in ("jan", "fatima", "noor", "pieter"):
            assert as_(name).get(url).status_code == 403, name
        for name in ("olga", "otto"):
            assert as_(name).get(url).status_code == 404, name
        assert as_("nobody").get(url).headers["location"] == "/aanmelden"
        assert as_("marieke").post(url).status_code == 405
    link = f'href="{world.path("bestand")}"'
    assert link in as_("marieke").get(world.url).text
    assert link not in as_("jan").get(world.url).text
    assert f'href="{world.path("bestand.json")}"' in as_("marieke").get(world.path("bestand")).text


def test_the_file_is_what_the_command_makes_and_holds_no_concept(world: World, as_):
    marks = Marks()
    fill_world(world, marks)
    answer = as_("marieke").get(world.path("bestand.json"))
    assert answer.content == file_of(world)
    assert answer.headers["content-disposition"].startswith('attachment; filename="Driekolom Ouderbetrokkenheid in')
    assert answer.headers["content-type"] == "application/json" and answer.headers["cache-control"] == "no-store"
    assert marks.hidden and not [m for m in marks.hidden if m in answer.text]


def test_a_name_that_is_no_name_of_a_file(world: World, as_):
    with world.database.write() as tx:
        here = world.here(tx)
        here.journey.title = '../"Ouders"\\: één שלום.'
        tx.add(here.journey)
    told = as_("marieke").get(world.path("bestand.json")).headers["content-disposition"]
    plain = told.split('"')[1]
    assert "/" not in plain and "\\" not in plain and plain.isascii() and plain.endswith(".json")
    assert "filename*=UTF-8''Driekolom%20" in told and "%C3%A9%C3%A9n" in told


def test_a_file_becomes_a_journey(world: World, as_):
    fill_world(world, Marks())
    content, before = file_of(world), dump(world.database)
    olga = as_("olga")
    assert URL in olga.get("/").text and 'type="file"' in olga.get(URL).text
    answer = sent(olga, content)
    assert answer.status_code == 303
    url = answer.headers["location"].partition("?")[0]
    page = olga.get(answer.headers["location"])
    assert "Het traject staat klaar" in page.text and "procesbegeleider" in page.text
    assert "heeft dit traject uit een bestand gehaald" in olga.get(f"{url}/tijdlijn").text
    for place in (
        "/opzet",
        "/opzet/mensen",
        "/waar-staan-we/b/naast-elkaar",
        "/gesprek/b",
        "/conclusies",
        "/plan/inleiding",
    ):
        assert olga.get(url + place).status_code == 200, place
    assert olga.get(f"{url}/bestand.json").status_code == 200
    for name in ("marieke", "jan", "otto"):
        assert as_(name).get(url).status_code == 404, f"{name} stands in the file, and that opens nothing"
    now = dump(world.database)
    assert all(row in now for row in before.splitlines() if not row.startswith("sign_in")), "what was there is there"


def test_who_may_start_may_bring_in_and_nobody_else(world: World, as_):
    content, before = file_of(world), None
    for name in ("jan", "pieter", "fatima"):
        client = as_(name)
        before = dump(world.database)
        assert client.get(URL).status_code == 403 and URL not in client.get("/").text
        assert sent(client, content).status_code == 403
        assert dump(world.database) == before
    nobody = as_("nobody")
    before = dump(world.database)
    assert nobody.get(URL).headers["location"] == sent(nobody, content).headers["location"] == "/aanmelden"
    cross = world.client("olga")
    cross.headers["sec-fetch-site"] = "cross-site"
    before = dump(world.database)
    assert sent(cross, content).status_code == 403
    assert dump(world.database) == before


def test_what_was_not_shared_comes_back_by_the_installation_only(world: World, as_):
    olga = as_("olga")
    before = dump(world.database)
    answer = sent(olga, file_of(world, scope=ALL))
    assert answer.status_code == 422 and "wat nog niet gedeeld is" in answer.text
    assert dump(world.database) == before


def broken(world: World) -> dict[str, tuple[bytes, str]]:
    good = file_of(world)
    data = json.loads(good)

    def changed(**parts) -> bytes:
        return json.dumps({**data, **parts}).encode()

    party = data["partijen"][0]
    return {
        "nothing chosen": (b"", "Kies eerst een bestand"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "Dit is geen traject van Driekolom"),
        "text": ("Beste lezer, één twee".encode("latin-1"), "of het is beschadigd"),
        "half": (good[: len(good) // 2], "of het is beschadigd (regel"),
        "another list": (b"[1, 2]", "Dit is geen traject"),
        "another program": (b'{"format": "iets-anders", "version": 1}', "format: dit is geen traject"),
        "newer": (changed(version=2), "version: dit bestand is gemaakt met een nieuwere Driekolom (versie 2)"),
        "deep": (b"[" * 200_000 + b"]" * 200_000, "zit te veel in elkaar"),
        "not a number": (changed(version=float("nan")), "‘NaN’ is geen getal"),
        "twice": (good.replace(b'"format"', b'"version": 1, "format"', 1), "‘version’ staat hier twee keer"),
        "html": (
            changed(partijen=[{**party, "soort": "<script>alert(1)</script>"}]),
            "partijen[0].soort: ‘&lt;script&gt;alert(1)&lt;/script&gt;’ kan hier niet staan",
        ),
        "many": (changed(partijen=[party] * 81), "partijen: deze lijst is te lang: er passen er 80"),
        "missing": (changed(partijen=[{"id": "partij:1"}]), "partijen[0]: ‘soort’ ontbreekt"),
        "too large": (b" " * (BY_PAGE + 1), "Dit bestand is te groot"),
    }


def test_a_file_that_is_no_journey_gets_a_sentence_and_changes_nothing(world: World, as_):
    olga = as_("olga")
    cases = broken(world)
    before = dump(world.database)
    for name, (content, said) in cases.items():
        answer = sent(olga, content, "" if name == "nothing chosen" else "x.json")
        assert answer.status_code == 422, name
        assert said in answer.text, (name, answer.text)
        assert "Er is niets veranderd" in answer.text and "aria-invalid" in answer.text
    for files in ({"bestand": "geen bestand"}, {"iets": "anders"}):
        assert olga.post(URL, data=files).status_code == 422
    assert dump(world.database) == before


def test_more_than_fits_is_refused_before_it_is_read(world: World, as_):
    before = dump(world.database)
    answer = as_("olga").post(URL, content=b"x", headers={"content-length": str(world.settings.upload_limit + 1)})
    assert answer.status_code == 413 and "te groot" in answer.text
    answer = as_("olga").post("/afmelden", content=b"x", headers={"content-length": str(BY_PAGE)})
    assert answer.status_code == 413, "only here there is room for a file"
    assert [r for r in dump(world.database).splitlines() if r not in before and "sign_in" not in r] == []


@pytest.mark.parametrize("step", ["opzet", "plan"])
def test_a_closed_step_can_be_kept_and_stays_closed(world: World, as_, step: str):
    with world.database.write() as tx:
        mark_step(world.here(tx), step, "gesloten")
    made = as_("marieke").get(world.path("bestand.json"))
    assert made.status_code == 200
    answer = sent(as_("olga"), made.content)
    assert "gesloten" in as_("olga").get(answer.headers["location"].partition("?")[0] + f"/{step}").text


def test_sent_twice_there_are_two(world: World, as_):
    content = file_of(world)
    first, second = (sent(as_("olga"), content).headers["location"] for _ in range(2))
    assert first != second
    with world.database.read() as tx:
        assert len(tx.exec(select(Journey).where(Journey.title == "Ouderbetrokkenheid in Meerwijk")).all()) == 3
