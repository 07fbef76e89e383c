"""A small pack on another subject goes all the way: from a start to a PDF, through the pages as people see them."""

from __future__ import annotations

import re

import pytest

from tests.document.conftest import solid, text_of
from tests.packs.browser import Browser, walk_everywhere
from tests.packs.conftest import SMALL, Place

LIBRARY, CIRCLE, STAR = "Bibliotheek Meerwijk", "Basisschool De Kring", "Basisschool De Ster"

# Words of the pack that comes with Driekolom. With another subject none of them may be on any page.
FOREIGN = re.compile(
    r"ouderbetrok|\bouders?\b|\bLEA\b|\bVVE\b|schoolbestu|\bbestu(?:ur|ren)\b|voorschool|kinderopvang|partnerschap"
    r"|(?:drie|zes|vier) (?:kolommen|conclusies|mogelijke|thema)|links staat|in het midden|None",
    re.IGNORECASE,
)


def started(facilitator: Browser) -> str:
    facilitator.open("/").follow("Start een traject")
    facilitator.press(
        "Start het traject",
        **{
            "titel": "Samen lezen in Meerwijk",
            "gemeente": "Meerwijk",
            "partij-1-naam": LIBRARY,
            "partij-1-soort": "bibliotheek",
            "partij-2-naam": CIRCLE,
            "partij-2-soort": "school",
            "partij-3-naam": STAR,
            "partij-3-soort": "school",
        },
    )
    return facilitator.url.removesuffix("/opzet")


def fill_own_column(browser: Browser, journey: str, answers: dict[str, tuple[str, str]], division: str) -> None:
    browser.open(f"{journey}/waar-staan-we").follow("Vul thema A in")
    assert "Samen met anderen" not in browser.text, "no joint column, so nobody is asked how far to go together"
    for item, (state, words) in answers.items():
        question = next(
            q for q in ("Hoe ver is de bibliotheek hiermee?", "Hoe ver is uw school hiermee?") if q in browser.text
        )
        browser.fill(question, state, within=f"punt-{item}")
        if words:
            browser.fill("Wat doet u precies? (mag leeg blijven)", words, within=f"punt-{item}")
    browser.fill("Klopt deze verdeling voor u?", division)
    browser.press("Deel thema A met iedereen")


def talk(browser: Browser, journey: str) -> None:
    browser.open(f"{journey}/gesprek").follow("A. Lezen thuis")
    assert "kiest u samen een uitkomst" not in browser.text
    browser.fill("Is afstemmen of samenwerken hier zinvol?", "Ja")
    browser.fill("Wat is hierover gezegd?", "De voorleesuren lopen goed.")
    browser.fill("Wat wilt u verder onthouden?", "In mei praten wij verder.")
    browser.fill("Wij erkennen deze verdeling", "Wij erkennen deze verdeling")
    form = next(f for f in browser.page.iter("form") if f.get("action", "").endswith("/afspraak"))
    library = next(o.get("value") for o in form.iter("option") if o.text == LIBRARY)
    browser.press("Voeg toe", wat="Wij maken samen een leeskalender", wie=library, wanneer="mei 2028")


def conclude(browser: Browser, journey: str) -> None:
    browser.open(f"{journey}/conclusies")
    assert "De twee mogelijke conclusies" in browser.text and "Wij maken samen een leeskalender" in browser.text
    browser.fill("Wij kiezen conclusie 1", "Wij kiezen conclusie 1")
    assert "Bekijk het korte verslag" in browser.text
    browser.open(f"{journey}/document")
    assert "Verslag verkenning leesbevordering" in browser.text
    browser.open(f"{journey}/conclusies")
    form = next(f for f in browser.page.iter("form") if f.get("id", "").endswith("ieder-zelf-gekozen"))
    browser._send(form, {"Wij kiezen conclusie 1": ()})  # the tick is taken away again
    browser.open(f"{journey}/conclusies").fill("Wij kiezen conclusie 2", "Wij kiezen conclusie 2")
    browser.open(f"{journey}/conclusies").fill("Wat doet u samen?", "Een leesweek", "Een boekenkast in de wijk")
    browser.open(f"{journey}/conclusies").fill("Wie?", "De bibliotheek")
    browser.open(f"{journey}/conclusies").fill("Wat vindt uw partij van deze conclusie?", "Wij zijn het eens")
    assert "Verder naar" not in browser.open(f"{journey}/conclusies").text, "this pack asks nothing about breadth"
    assert browser.client.get(f"{journey}/conclusies/breedte").status_code == 404


def write_plan(browser: Browser, journey: str) -> None:
    browser.open(f"{journey}/plan")
    assert "in drie hoofdstukken" in browser.text
    assert "doelen" not in browser.text and "regie" not in browser.text, "this plan has no chapter for them"
    browser.press("Vul alle hoofdstukken voor")
    browser.open(f"{journey}/plan/nu")
    for said in ("Bibliotheek.", "Scholen.", "Samen.", "Wij maken samen een leeskalender", "Verdeling."):
        assert said in browser.text, said
    assert "in het leesoverleg" in browser.open(f"{journey}/plan/aanleiding").text
    assert "Een leesweek" not in browser.text and "Wij houden elk jaar een leesweek" in browser.text, "waits to be used"
    browser.press("Zet in de tekst")
    browser.open(f"{journey}/plan/stappen")
    assert "leeskalender" in browser.html and "boekenkast in de wijk" in browser.html


@pytest.fixture
def small(place) -> Place:
    return place(SMALL)


def test_a_small_pack_walks_from_start_to_pdf(small: Place, tmp_path):
    marieke = small.starter()
    journey = started(marieke)
    lotte = small.invite(marieke, journey, LIBRARY, "Lotte van Dijk")
    sam = small.invite(marieke, journey, CIRCLE, "Sam Peters")

    marieke.open(f"{journey}/verkenning")
    marieke.fill("Waarom praten wij hier nu over?", "Kinderen lezen minder.")
    marieke.fill("Is het zinvol om hierover af te stemmen of samen te werken?", "Ja, wij gaan verder")

    shelf = {"voorleesuur": ("Vast onderdeel", "Elke woensdag."), "boeken-lenen": ("Soms", "")}
    fill_own_column(lotte, journey, shelf, "Ja")
    fill_own_column(sam, journey, {"leesmoment": ("Nog niet", "Dit komt na de zomer.")}, "Nee")
    marieke.open(f"{journey}/waar-staan-we").follow("Thema A naast elkaar")
    for said in ("Elke woensdag.", "Dit komt na de zomer.", STAR, "herkent deze verdeling niet"):
        assert said in marieke.text, said

    talk(sam, journey)
    conclude(sam, journey)
    write_plan(lotte, journey)

    answer = marieke.client.get(f"{journey}/document.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    read = solid(text_of(answer.content, tmp_path, "-raw"))
    for said in (
        "Plan van aanpak leesbevordering",
        "Waarom dit plan",
        "Hoe het nu gaat",
        "Wat wij gaan doen",
        "Wij maken samen een leeskalender",
        "Elke woensdag.",
        "Dit komt na de zomer.",
        "De voorleesuren lopen goed.",
        "In mei praten wij verder.",
        "Kinderen lezen minder.",
    ):
        assert solid(said) in read, said
    assert not re.search("ouderbetrok|schoolbestu|driekolommen|Breedte", read)

    overview = marieke.open(journey).text
    for said in ("Lezen thuis besproken", "conclusie 2 gekozen", "0 van 3 hoofdstukken afgerond"):
        assert said in overview, said
    for browser in (marieke, sam):
        told = walk_everywhere(browser, journey)
        assert len(told) > 15, "the links of every page"
        wrong = {url: found for url, said in told.items() if (found := FOREIGN.findall(said))}
        assert not wrong


def test_before_anything_is_said_every_page_is_there(small: Place):
    marieke = small.starter()
    for url in ("/", "/over", "/trajecten/nieuw"):
        assert not FOREIGN.findall(marieke.open(url).text)
    told = walk_everywhere(marieke, started(marieke))
    assert not {url: found for url, said in told.items() if (found := FOREIGN.findall(said))}
