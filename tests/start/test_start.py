"""The front page, reading pages, starting a traject, and local mode."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.settings import Settings
from app.journey.actions import here_for, make_link
from app.journey.models import Journey, Party
from app.journey.store import list_journeys_of, list_parties
from app.main import build
from app.people.actions import ensure_local_person
from app.people.models import Person
from tests.conftest import World
from tests.dump import dump
from tests.inspection import inspect_html

GOOD = {
    "titel": "Ouders en school",
    "gemeente": "Waterland",
    "van": "2027",
    "tot": "2031",
    "regels": "6",
    "partij-1-naam": "Stichting De Linde",
    "partij-1-soort": "schoolbestuur",
    "partij-3-naam": "Kinderopvang Ark",
    "partij-3-soort": "voorschool",
}


# ---- reading ----


@pytest.mark.parametrize("path", ["/", "/over", "/privacy", "/aanmelden"])
def test_public_pages(as_, path: str):
    for name in ("nobody", "jan", "marieke"):
        page = as_(name).get(path)
        assert page.status_code == 200


def test_front_page_says_what_this_is_and_shows_own_journeys_only(world: World, as_):
    page = as_("jan").get("/").text
    assert all(s in page for s in world.pack.intro)
    assert world.url in page and world.foreign not in page and world.other not in page
    assert "/trajecten/nieuw" not in page
    assert "/trajecten/nieuw" in as_("marieke").get("/").text
    nobody = as_("nobody").get("/").text
    assert world.journey not in nobody and "/aanmelden" in nobody


def test_about_names_every_source_with_its_year(world: World, as_):
    page = as_("nobody").get("/over").text
    for source in world.pack.sources:
        assert source.year in page
    assert "EUPL" in page


def test_all_terms_and_examples_are_there(world: World, as_):
    terms = as_("pieter").get(world.path("begrippen")).text
    assert all(f'id="begrip-{t.slug}"' in terms for t in world.pack.terms)
    examples = as_("pieter").get(world.path("voorbeelden")).text
    assert examples.count('class="example"') == len(world.pack.examples)


def test_examples_by_theme_and_municipality(world: World, as_):
    theme = world.pack.themes[0].slug
    some = as_("jan").get(world.path(f"voorbeelden?thema={theme}")).text
    assert some.count('class="example"') == sum(e.theme == theme for e in world.pack.examples)
    place = next(e.municipalities[0] for e in world.pack.examples if e.municipalities)
    some = as_("jan").get(world.path("voorbeelden"), params={"gemeente": place}).text
    assert some.count('class="example"') == sum(place in e.municipalities for e in world.pack.examples)
    odd = as_("jan").get(world.path("voorbeelden"), params={"gemeente": "<b>😀", "thema": "\u202e"})
    assert odd.status_code == 200 and odd.text.count('class="example"') == len(world.pack.examples)


def test_house_style_of_the_settings_and_nothing_else(settings: Settings, tmp_path):
    (tmp_path / "t.css").write_text(".gemeente-theme { --basis-x: 1 }")
    (tmp_path / "l.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    styled = Settings(**{**vars(settings), "theme_css": str(tmp_path / "t.css"), "logo": str(tmp_path / "l.svg")})
    client = TestClient(build(styled), base_url="https://lea.test")
    assert client.get("/huisstijl/theme.css").headers["content-type"].startswith("text/css")
    assert client.get("/huisstijl/logo").headers["content-type"].startswith("image/svg+xml")
    assert "/huisstijl/theme.css" in client.get("/").text and "Logo van de gemeente" in client.get("/").text
    for name in ("x", "..%2f..%2fetc%2fpasswd", "t.css"):
        assert client.get(f"/huisstijl/{name}").status_code == 404


def test_no_house_style_without_a_setting(as_):
    assert as_("nobody").get("/huisstijl/theme.css").status_code == 404
    assert as_("nobody").get("/-/onderdelen").status_code == 404, "the catalogue is for local mode"


# ---- a new traject ----


def started(world: World) -> int:
    with world.database.read() as tx:
        return len(tx.exec(select(Journey)).all())


def test_start_a_journey(world: World, as_):
    answer = as_("marieke").post("/trajecten", data=GOOD)
    assert answer.status_code == 303
    url = answer.headers["location"]
    page = as_("marieke").get(url).text
    for words in ("Ouders en school", "Waterland", "Stichting De Linde", "Kinderopvang Ark", "2031"):
        assert words in page
    with world.database.read() as tx:
        journey = tx.get(Journey, ("meerwijk", url.split("/")[2]))
        assert (journey.period_start, journey.period_end) == (2027, 2031)
        assert [p.name for p in list_parties(tx, journey)] == [
            "Gemeente Waterland",
            "Stichting De Linde",
            "Kinderopvang Ark",
        ]


def test_several_municipalities(world: World, as_):
    answer = as_("marieke").post("/trajecten", data={**GOOD, "gemeente": ["Gemeente Waterland", "", "Bosland"]})
    with world.database.read() as tx:
        names = [
            p.name for p in tx.exec(select(Party).where(Party.journey_id == answer.headers["location"].split("/")[2]))
        ]
    assert {"Gemeente Waterland", "Gemeente Bosland"} <= set(names)


@pytest.mark.parametrize(
    "change, sentence, at",
    [
        ({"titel": ""}, "Geef het traject een naam", "titel"),
        ({"titel": "x" * 201}, "korter dan 200", "titel"),
        ({"gemeente": ""}, "naam van de gemeente", "gemeente-1"),
        ({"gemeente": "x" * 101}, "hoogstens 100", "gemeente-1"),
        ({"gemeente": ["Waterland", "gemeente waterland"]}, "twee keer", "gemeente-1"),
        ({"van": "27"}, "vier cijfers", "van"),
        ({"tot": "2020"}, "voordat het begint", "tot"),
        ({"partij-1-naam": "", "partij-3-naam": ""}, "minstens één partij", "partij-1-naam"),
        ({"partij-3-naam": "stichting de linde"}, "doet al mee", "partij-3-naam"),
        ({"partij-3-naam": "Gemeente Waterland"}, "doet al mee", "partij-3-naam"),
        ({"partij-3-naam": "x" * 121}, "korter dan 120", "partij-3-naam"),
        ({"partij-3-soort": "sportclub"}, "wat voor partij", "partij-3-naam"),
    ],
)
def test_wrong_start_is_told_at_the_field_and_keeps_everything(world: World, as_, change: dict, sentence: str, at: str):
    browser = as_("marieke")
    before = dump(world.database)
    data = {**GOOD, **change}
    answer = browser.post("/trajecten", data=data)
    assert answer.status_code == 422 and sentence in answer.text
    assert f'href="#{at}"' in answer.text and f'id="{at}"' in answer.text
    typed = (given for name, given in data.items() if not name.endswith("-soort"))  # a list shows what can be chosen
    for value in (v for given in typed for v in ([given] if isinstance(given, str) else given)):
        assert value in answer.text
    assert dump(world.database) == before


def test_everything_wrong_is_told_at_once(as_):
    page = as_("marieke").post("/trajecten", data={"van": "x"}).text
    assert all(
        words in page for words in ("Geef het traject", "naam van de gemeente", "vier cijfers", "minstens één partij")
    )


def test_more_lines_save_nothing_and_keep_everything(world: World, as_):
    before = started(world)
    page = as_("marieke").post("/trajecten", data={**GOOD, "meer": "ja"})
    assert page.status_code == 200 and 'id="partij-12-naam"' in page.text and "Kinderopvang Ark" in page.text
    assert started(world) == before
    many = {f"partij-{n}-naam": f"Bestuur {n}" for n in range(1, 31)} | {
        f"partij-{n}-soort": "schoolbestuur" for n in range(1, 31)
    }
    answer = as_("marieke").post("/trajecten", data={**GOOD, **many, "regels": "36"})
    assert answer.status_code == 303 and "Bestuur 30" in as_("marieke").get(answer.headers["location"]).text


def test_absurd_number_of_lines(as_):
    for number in ("999999999", "-4", "veel", "²"):
        assert as_("marieke").post("/trajecten", data={**GOOD, "regels": number, "meer": "ja"}).status_code == 200


@pytest.mark.parametrize("name", ["😀 Ouders", "مع الآباء", "a\x00b\u202ec", "x" * 200])
def test_awkward_names(as_, name: str):
    answer = as_("marieke").post("/trajecten", data={**GOOD, "titel": name, "partij-1-naam": name[:100]})
    assert answer.status_code == 303
    assert as_("marieke").get(answer.headers["location"]).status_code == 200


def test_not_everybody_may_start(world: World, as_):
    for name in ("jan", "pieter"):
        assert as_(name).get("/trajecten/nieuw").status_code == 403
        assert as_(name).post("/trajecten", data=GOOD).status_code == 403
    assert as_("nobody").get("/trajecten/nieuw").headers["location"] == "/aanmelden"
    assert as_("nobody").post("/trajecten", data=GOOD).headers["location"] == "/aanmelden"
    assert as_("marieke").get("/trajecten").status_code == 405


# ---- local mode ----


@pytest.fixture
def local(database_url):
    """A browser in local mode, without any cookie; with its app."""
    settings = Settings(database_url=database_url)
    app = build(settings)
    with app.state.database.write() as tx:
        ensure_local_person(tx)
    client = TestClient(
        app, base_url="http://127.0.0.1:8000", follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
    )
    client.event_hooks["response"].append(inspect_html)
    return client


def invited(local: TestClient) -> tuple[str, str]:
    """A traject with somebody in it: its address, and the secret of the personal link."""
    url = local.post("/trajecten", data=GOOD).headers["location"].removesuffix("/opzet")
    app = local.app
    with app.state.database.write() as tx:
        person = tx.exec(select(Person).where(Person.local)).one()
        journey, seat = list_journeys_of(tx, person)[0]
        here = here_for(tx, app.state.settings, person, journey, seat)
        party = next(p.id for p in here.parties if p.name == "Stichting De Linde")
    local.post(
        f"{url}/opzet/mensen",
        data={"naam": "Jan Bakker", "e-mail": "jan@linde.test", "rol": "deelnemer", "partij": party},
    )
    with app.state.database.write() as tx:
        person = tx.exec(select(Person).where(Person.local)).one()
        journey, seat = list_journeys_of(tx, person)[0]
        here = here_for(tx, app.state.settings, person, journey, seat)
        jan = next(s for s, p in here.seats.values() if p.name == "Jan Bakker")
        return url, make_link(here, jan)


def test_without_a_cookie_one_is_procesbegeleider(local: TestClient):
    assert "Start een traject" in local.get("/").text
    url = local.post("/trajecten", data=GOOD).headers["location"]
    page = local.get(url).text
    assert "procesbegeleider" in page and "Afmelden" not in page


def test_by_a_personal_link_one_is_somebody_else_until_signing_out(local: TestClient):
    url, secret = invited(local)
    assert local.post(f"/toegang/{secret}").headers["location"] == url
    cookie = local.cookies.get("driekolom")
    assert cookie
    page = local.get(url).text
    assert "Jan Bakker" in page and "Afmelden" in page
    assert local.get("/uitgaande-post").status_code == 404, "somebody else's links are in there"
    assert local.get("/trajecten/nieuw").status_code == 403
    left = local.post("/afmelden")
    assert "weer de procesbegeleider" in local.get(left.headers["location"]).text
    assert local.get("/trajecten/nieuw").status_code == 200


def test_cookie_in_local_mode(local: TestClient):
    _, secret = invited(local)
    cookie = local.post(f"/toegang/{secret}").headers["set-cookie"]
    assert (
        cookie.startswith("driekolom=") and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    )


def test_an_ended_session_does_not_make_one_procesbegeleider(local: TestClient):
    url, secret = invited(local)
    local.post(f"/toegang/{secret}")
    token = local.cookies.get("driekolom")
    local.post("/afmelden")
    local.cookies.set("driekolom", token, domain="127.0.0.1")
    assert local.get(url).headers["location"] == "/aanmelden"
    page = local.get("/aanmelden").text
    assert "sessie is voorbij" in page and "Afmelden" in page


def test_invitations_and_reminders_land_in_the_outbox(local: TestClient):
    url, _ = invited(local)
    with local.app.state.database.write() as tx:
        person = tx.exec(select(Person).where(Person.local)).one()
        journey, seat = list_journeys_of(tx, person)[0]
        here = here_for(tx, local.app.state.settings, person, journey, seat)
        jan = next(s.id for s, p in here.seats.values() if p.name == "Jan Bakker")
    assert "Er ligt niets klaar" in local.get("/uitgaande-post").text
    assert local.post(f"{url}/toegang/mensen/{jan}/uitnodigen").status_code == 303
    page = local.get("/uitgaande-post").text
    assert "jan@linde.test" in page and "http://127.0.0.1:8000/toegang/" in page and "Beste Jan Bakker" in page
    secret = page.split("/toegang/")[1].split("<")[0].strip()
    assert local.get(f"/toegang/{secret}").status_code == 200
    assert local.post(f"{url}/herinneren", data={"tekst": "Deelt u nog?", "aan": jan}).status_code == 303
    assert "Herinnering:" in local.get("/uitgaande-post").text


def test_catalogue_in_local_mode(local: TestClient):
    page = TestClient(local.app, base_url="http://127.0.0.1:8000").get("/-/onderdelen")
    assert page.status_code == 200 and "Onderdelen" in page.text


def test_who_the_procesbegeleider_is(local: TestClient):
    assert 'id="naam"' in local.get("/trajecten/nieuw").text
    url = local.post("/trajecten", data={**GOOD, "naam": "Marieke de Wit"}).headers["location"]
    assert "Marieke de Wit" in local.get(url).text
    assert 'value="Marieke de Wit"' in local.get("/trajecten/nieuw").text
    refused = local.post("/trajecten", data={**GOOD, "titel": "Een ander traject", "naam": "x" * 121})
    assert refused.status_code == 422 and "korter dan 120" in refused.text and "x" * 121 in refused.text


def test_nobody_else_gives_themselves_another_name(world: World, as_):
    assert 'id="naam"' not in as_("marieke").get("/trajecten/nieuw").text
    url = as_("marieke").post("/trajecten", data={**GOOD, "naam": "Iemand Anders"}).headers["location"]
    assert "Iemand Anders" not in as_("marieke").get(url).text
