"""The edge: host, origin, size and headers of every answer."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.event import listen

from app.core.forms import local_path
from app.core.settings import Settings
from app.core.web import CSP
from app.main import build
from tests.conftest import HOST, World


def bare(world: World, base: str = HOST, **headers: str) -> TestClient:
    return TestClient(world.app, base_url=base, follow_redirects=False, headers=headers)


@pytest.mark.parametrize("path", ["/", "/over", "/bestaat-niet", "/static/css/driekolom.css", "/aanmelden", "/gezond"])
def test_every_answer_has_the_security_headers(world: World, path: str):
    headers = bare(world).get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "server" not in headers


def test_content_security_policy_allows_nothing_unsafe_and_no_other_host():
    assert "default-src 'none'" in CSP and "unsafe" not in CSP and "http" not in CSP and "*" not in CSP
    for rule in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in CSP


def test_pages_are_not_kept_and_files_are(world: World):
    assert bare(world).get("/").headers["cache-control"] == "no-store"
    assert "immutable" in bare(world).get("/static/css/driekolom.css?v=1").headers["cache-control"]


@pytest.mark.parametrize("host", ["kwaad.test", "lea.test.kwaad.test", "lea.test:444", "127.0.0.1", ""])
def test_other_hosts_are_refused(world: World, host: str):
    assert bare(world, host=host).get("/").status_code == 421


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"origin": "https://kwaad.test"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://lea.test"}, 403),
        ({"origin": "https://lea.test:8443"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": HOST}, 303),
        ({}, 403),
        ({"sec-fetch-site": "cross-site", "origin": HOST}, 403),
    ],
)
def test_writing_from_another_website_is_refused(world: World, headers: dict[str, str], status: int):
    assert bare(world, **headers).post("/afmelden").status_code == status


def test_too_large_is_refused(world: World):
    big = "x" * (world.settings.body_limit + 1)
    answer = bare(world, origin=HOST).post("/afmelden", data={"x": big})
    assert answer.status_code == 413 and "te groot" in answer.text


def test_too_large_without_a_length_is_refused(world: World, as_):
    def pieces():
        yield b"waarde="
        for _ in range(30):
            yield b"x" * 50_000

    answer = as_("jan").post(
        world.path("verkenning/veld/waarom"),
        content=pieces(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "veel", "1e9", "²", "9" * 5000])
def test_strange_length_is_refused(world: World, length: str):
    headers = {"content-length": length.encode("utf-8")}
    assert bare(world, origin=HOST).post("/afmelden", headers=headers).status_code == 413


@pytest.mark.parametrize("path", ["/trajecten/%00", "/toegang/a%00b", "/toegang/x?terug=//[", "/tijdlijn?voor=%00"])
def test_what_no_database_can_look_for_is_looked_for_as_something_else(world: World, as_, path: str):
    """NUL stops PostgreSQL; here is seen that it never gets so far."""
    asked: list[str] = []

    def look(_connection, _cursor, _statement, parameters, _context, _many):
        asked.append(repr(parameters))

    listen(world.database.engine, "before_cursor_execute", look)
    path = world.url + path if path.startswith("/tijdlijn") else path
    assert as_("jan").get(path).status_code in (200, 404)
    assert asked and not any("\\x00" in parameters for parameters in asked)


@pytest.mark.parametrize(
    "kind, body, status",
    [
        ("application/json", b'{"waarde": NaN}', 422),
        ("text/plain", b"waarde=x", 422),
        ("multipart/form-data; boundary=x; charset=undefined", None, 422),
        ("multipart/form-data; boundary=x", b"niets", 400),
        ("multipart/form-data", b"niets", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(500)), 400),
    ],
)
def test_what_is_no_form_is_refused_in_dutch_and_empties_nothing(world: World, as_, kind: str, body, status: int):
    url = world.path("verkenning/veld/waarom")
    assert as_("jan").post(url, data={"waarde": "Zo staat het er", "versie": "0"}).status_code == 303
    part = b'--x\r\nContent-Disposition: form-data; name="waarde"\r\n\r\nhoi\r\n--x--\r\n'
    answer = as_("jan").post(url, content=body or part, headers={"content-type": kind})
    assert answer.status_code == status and "past niet bij deze pagina" in answer.text
    assert "Zo staat het er" in as_("jan").get(world.path("verkenning")).text


@pytest.mark.parametrize(
    "target",
    ["//kwaad.test", "/\\kwaad.test", "https://kwaad.test", "javascript:alert(1)", "//[", "http://[", "kwaad.test", ""],
)
def test_a_way_back_is_always_on_this_site(target: str):
    assert local_path(target, "/hier") == "/hier"
    assert local_path("/trajecten/a?b=c#d") == "/trajecten/a?b=c#d"


def test_refusals_are_pages_in_dutch_that_do_not_repeat_what_was_sent(world: World, as_):
    answer = as_("jan").get("/trajecten/<script>alert(1)</script>")
    assert answer.status_code == 404 and "script>alert" not in answer.text
    assert "Niet gevonden" in answer.text
    assert as_("jan").delete("/").status_code == 405


def test_a_crash_is_a_sentence_without_details(world: World):
    @world.app.get("/-/kapot")
    def broken():
        raise RuntimeError("geheim detail")

    client = TestClient(world.app, base_url=HOST, raise_server_exceptions=False)
    answer = client.get("/-/kapot")
    assert answer.status_code == 500 and "geheim" not in answer.text and "ging iets mis" in answer.text


def test_local_mode_answers_on_this_computer_only(settings: Settings):
    local = Settings(database_url=settings.database_url)
    client = TestClient(build(local), base_url="http://127.0.0.1:8000")
    answer = client.get("/gezond")
    assert answer.status_code == 200 and "strict-transport-security" not in answer.headers
    assert client.get("/gezond", headers={"host": "lea.test"}).status_code == 421


def test_no_api_pages(world: World):
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert bare(world).get(path).status_code == 404
