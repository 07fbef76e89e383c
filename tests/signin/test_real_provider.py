"""The whole way with a provider that is not ours: npm oidc-provider, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.content.pack import Pack
from app.core.settings import Settings
from app.journey.gate import cookie_name
from app.main import build
from app.signin import organisations, wire
from app.signin.models import Identity
from tests.conftest import World, make_world
from tests.databases import Databases
from tests.signin.real import SECRET, real_provider
from tests.story.conftest import free_port

ADDRESS = "http://127.0.0.1:8000"
BACK = "/aanmelden/organisatie/meerwijk/terug"


@pytest.fixture(scope="module")
def place(tmp_path_factory, databases: Databases, pack: Pack) -> Iterator[World]:
    wire.forget()
    url = databases.fresh(tmp_path_factory.mktemp("real"))
    settings = Settings(mode="server", base_url=ADDRESS, database_url=url)
    world = make_world(build(settings), settings, pack)
    with real_provider(free_port(), f"{ADDRESS}{BACK}") as issuer, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRIEKOLOM_OIDC_MEERWIJK_SECRET", SECRET)
        with world.database.write() as tx:
            organisations.add_provider(
                tx, settings, name="meerwijk", tenant_name="Gemeente Meerwijk", label="", issuer=issuer,
                client_id="driekolom", domains=["voorbeeld.test"], trusts_address=False,
            )  # fmt: skip
        yield world
    world.app.state.database.close()
    databases.drop(url)


def browser(world: World) -> TestClient:
    return TestClient(world.app, base_url=ADDRESS, follow_redirects=False, headers={"sec-fetch-site": "none"})


def there_and_back(ours: TestClient, who: str) -> dict[str, str]:
    """Signs in at the provider. Returns what the browser brings back."""
    url = ours.get("/aanmelden/organisatie/meerwijk").headers["location"]
    with httpx2.Client(trust_env=False) as there:
        for _ in range(6):
            answer = there.get(url)
            assert answer.status_code in (200, 302, 303), answer.text
            if answer.status_code == 200:
                assert "Wie bent u?" in answer.text
                url = f"{answer.url}?als={who}"
                continue
            url = urljoin(str(answer.url), answer.headers["location"])
            if url.startswith(f"{ADDRESS}{BACK}"):
                return {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
    raise AssertionError(f"never came back: {url}")


def test_jan_comes_in_and_is_known_the_second_time(place: World):
    ours = browser(place)
    brought = there_and_back(ours, "jan")
    assert set(brought) == {"code", "state", "iss"}, "a real one says who it is"
    assert ours.get(BACK, params=brought).headers["location"] == "/"
    assert "Jan Bakker" in ours.get("/account").text and ours.get(place.url).status_code == 200
    with place.database.read() as tx:
        assert tx.exec(select(Identity)).one().subject == "jan"
    again = browser(place)
    assert again.get(BACK, params=there_and_back(again, "jan")).status_code == 303
    out = ours.get("/aanmelden/organisatie/meerwijk/afmelden").headers["location"]
    assert httpx2.get(out, trust_env=False).status_code == 200, "one can sign out there"


@pytest.mark.parametrize("who, words", [("onbekend", "niemand uitgenodigd"), ("losvast", "zegt niet dat het")])
def test_others_do_not(place: World, who: str, words: str):
    ours = browser(place)
    answer = ours.get(BACK, params=there_and_back(ours, who))
    assert answer.status_code == 403 and words in answer.text
    assert cookie_name(place.settings) not in ours.cookies


def test_a_code_works_once_there_too(place: World):
    thief, victim = browser(place), browser(place)
    stolen = there_and_back(victim, "jan")
    own = there_and_back(thief, "jan")
    assert thief.get(BACK, params=own | {"code": stolen["code"]}).status_code in (400, 502), "another verifier"
    assert thief.get("/account").status_code == 303
    assert victim.get(BACK, params=stolen).status_code == 303
    again = there_and_back(victim, "jan")
    assert victim.get(BACK, params=again | {"code": stolen["code"]}).status_code in (400, 502), "used"


def test_a_wrong_secret_is_told(place: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    ours = browser(place)
    brought = there_and_back(ours, "jan")
    monkeypatch.setenv("DRIEKOLOM_OIDC_MEERWIJK_SECRET", "niet goed")
    assert ours.get(BACK, params=brought).status_code in (400, 502)
    assert "oidc meerwijk: " in caplog.text and "niet goed" not in caplog.text
