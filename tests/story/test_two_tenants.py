"""Two gemeenten on one installation, five roles in each, all at work at once in browsers of their own: nobody finds a word
of the other gemeente on any page, stream, mail, file or log, and no concept of another party."""

from __future__ import annotations

import logging
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from app.core.settings import Settings
from app.journey.actions import add_party, add_person, here_for, start_journey
from app.journey.gate import cookie_name
from app.live import streams
from app.main import build
from app.people.actions import sign_in
from app.people.models import Person, Tenant
from tests.browsing import new_context
from tests.story.conftest import free_port
from tests.story.states import EVERYWHERE

pytestmark = pytest.mark.browser
TENANTS = ("Meerwijk", "Anderstad")
ROLES = ("procesbegeleider", "mede-begeleider", "deelnemer", "partijbeheerder", "meelezer")
FILES = ("/document", "/document?met-opmerkingen=1", "/document.pdf", "/bestand.json", "/toegang.csv", "/logboek.csv")


@dataclass
class Player:
    tenant: str
    role: str
    cookie: str
    heard: str = ""  # what the stream said


@dataclass
class Stage:
    url: str
    browser: Browser
    cookie: str
    journeys: dict[str, str] = field(default_factory=dict)
    parties: dict[str, dict[str, str]] = field(default_factory=dict)
    players: list[Player] = field(default_factory=list)
    mails: list[tuple[str, str]] = field(default_factory=list)  # to, whole message

    def of(self, tenant: str, role: str) -> Player:
        return next(p for p in self.players if (p.tenant, p.role) == (tenant, role))

    def page(self, player: Player, path: str = "") -> Page:
        context = new_context(self.browser)
        context.add_cookies([{"name": self.cookie, "value": player.cookie, "url": self.url}])
        page = context.new_page()
        page.goto(f"{self.url}/trajecten/{self.journeys[player.tenant]}{path}")
        return page

    def asking(self, player: Player) -> httpx.Client:
        return httpx.Client(base_url=self.url, cookies={self.cookie: player.cookie}, timeout=240, follow_redirects=True)


def word(tenant: str, what: str) -> str:
    """A word that stands nowhere else: 'QXMeerwijkconceptQX'."""
    return f"QX{tenant}{what}QX"


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self, stage: Stage):
        self.stage = stage

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - the name aiosmtpd wants
        self.stage.mails += [(to, envelope.content.decode("utf-8", "replace")) for to in envelope.rcpt_tos]
        return "250 OK"


@pytest.fixture
def stage(browser: Browser, database_url: str, pack, monkeypatch) -> Iterator[Stage]:
    monkeypatch.setattr(streams, "LIFE", 60)
    port, post = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings(
        mode="server",
        base_url=url,
        port=port,
        database_url=database_url,
        smtp_host="127.0.0.1",
        smtp_port=post,
        smtp_tls="geen",
        mail_from="driekolom@lea.test",
    )
    stage = Stage(url, browser, cookie_name(settings))
    app = build(settings)
    with app.state.database.write() as tx:
        for tenant in TENANTS:
            _cast(tx, settings, pack, stage, tenant)
    controller = Controller(Post(stage), hostname="127.0.0.1", port=post)
    controller.start()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="info", access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    yield stage
    app.state.database.hub.close()
    server.should_exit = True
    controller.stop()


def _cast(tx, settings: Settings, pack, stage: Stage, tenant: str) -> None:
    name = tenant.lower()
    tx.add(Tenant(id=name, name=f"Gemeente {tenant}", phone="0123 456789"))
    tx.flush()
    lead = Person(tenant_id=name, name=word(tenant, "begeleider"), email=f"begeleider@{name}.test", may_start=True)
    tx.add(lead)
    tx.flush()
    journey, seat = start_journey(tx, lead, pack, word(tenant, "titel"), [tenant])
    here = here_for(tx, settings, lead, journey, seat)
    boards = [
        add_party(here, "schoolbestuur", word(tenant, f"bestuur{n}"), word(tenant, f"kort{n}"), ["po"]) for n in (1, 2)
    ]
    stage.journeys[tenant] = journey.id
    stage.parties[tenant] = {"eerste": boards[0].id, "tweede": boards[1].id}
    people = {"procesbegeleider": lead}
    for role in ROLES[1:]:
        party = {"mede-begeleider": here.parties[0], "partijbeheerder": boards[1]}.get(role, boards[0])
        made = add_person(here, party, word(tenant, role), f"{role}@{name}.test", role)
        people[role] = tx.get_one(Person, (name, made.person_id))
    stage.players += [Player(tenant, role, sign_in(tx, person, 12)) for role, person in people.items()]


def listen(stage: Stage, player: Player, until: threading.Event) -> None:
    """Keeps what the stream of this person says."""
    path = f"/trajecten/{stage.journeys[player.tenant]}/stroom?plek=plan&venster=luister&sinds=0"
    with stage.asking(player) as client, client.stream("GET", path) as answer:
        for text in answer.iter_text():
            player.heard += text
            if until.is_set():
                return


def save(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label).locator("visible=true").first
    box.fill(text)
    box.blur()
    said = box.locator("xpath=ancestor::form").locator("[data-part=status]")
    expect(said).to_have_text(re.compile(r"Opgeslagen \d\d:\d\d"))


def work(stage: Stage, tenant: str) -> list[Page]:
    """Everybody of one gemeente does what the role is for, in a window of their own; the windows stay open."""
    lead = stage.page(stage.of(tenant, "procesbegeleider"), "/gesprek/a")
    save(lead, "Wat wilt u verder onthouden?", word(tenant, "notitie"))
    member = stage.page(stage.of(tenant, "deelnemer"), "/waar-staan-we/a")
    member.locator("label", has_text="Mee bezig").first.click()
    save(member, "Wat doet u precies?", word(tenant, "concept"))
    helper = stage.page(stage.of(tenant, "mede-begeleider"), "/plan/inleiding")
    expect(helper.locator(".samen--aan")).to_be_visible()
    helper.locator("#tekst").click()
    helper.keyboard.type(word(tenant, "samen"))
    expect(helper.locator("[data-samen-deel=stand]")).to_have_text(re.compile(r"Opgeslagen \d\d:\d\d"))
    manager = stage.page(stage.of(tenant, "partijbeheerder"), "/waar-staan-we/a")
    manager.locator("label", has_text="Nog niet").first.click()
    save(manager, "Wat doet u precies?", word(tenant, "gedeeld"))
    manager.get_by_role("button", name=re.compile("^Deel thema A")).click()
    manager.wait_for_load_state()
    reader = stage.page(stage.of(tenant, "meelezer"), "/waar-staan-we/a/naast-elkaar")
    reader.locator(".remarks-fold summary").first.click()
    reader.get_by_label("Uw opmerking").locator("visible=true").first.fill(word(tenant, "opmerking"))
    reader.get_by_role("button", name=re.compile("^Plaats opmerking")).locator("visible=true").first.click()
    reader.wait_for_load_state()
    return [lead, member, helper, manager, reader]


def read_everything(stage: Stage, player: Player) -> dict[str, str]:
    """Every page and file this person can open, by address; and what the addresses of the other gemeente answer."""
    found = {}
    other = next(t for t in TENANTS if t != player.tenant)
    with stage.asking(player) as client:
        base = f"/trajecten/{stage.journeys[player.tenant]}"
        files = FILES if player.role in ("procesbegeleider", "meelezer") else FILES[:1]
        for path in (*EVERYWHERE, *files, "/logboek", "/berichten", "/toegang"):
            answer = client.get(f"{base}{path}")
            assert answer.status_code in (200, 403, 404), (path, answer.status_code)
            found[path] = _text(answer)
        for path in ("/", "/account", "/account/gegevens", "/account/gegevens.json", "/archief"):
            found[f"buiten {path}"] = _text(client.get(path))
        for path in ("", "/plan", "/document.pdf", "/stroom", "/stand", "/toegang.csv", "/versies", "/opmerkingen"):
            answer = client.get(f"/trajecten/{stage.journeys[other]}{path}")
            assert answer.status_code == 404, f"{player.role} of {player.tenant} at {path} of {other}"
            found[f"elders {path}"] = answer.text
    return found


def _text(answer: httpx.Response) -> str:
    if answer.headers.get("content-type", "").startswith("application/pdf"):
        run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=answer.content, capture_output=True, check=True)
        return re.sub(r"\s+", "", run.stdout.decode())
    return answer.text


def test_nobody_finds_a_word_of_the_other_gemeente(stage: Stage, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    over = threading.Event()
    ears = [threading.Thread(target=listen, args=(stage, p, over), daemon=True) for p in stage.players]
    for ear in ears:
        ear.start()
    windows = {tenant: work(stage, tenant) for tenant in TENANTS}
    # what one does, the others of the same gemeente see come by without doing anything
    for tenant in TENANTS:
        expect(windows[tenant][0].locator("body")).not_to_contain_text(word(tenant, "concept"))
    read = {}
    for player in stage.players:
        other = next(t for t in TENANTS if t != player.tenant)
        read[player.tenant, player.role] = read_everything(stage, player)
        for path, text in read[player.tenant, player.role].items():
            assert f"QX{other}" not in text, f"{player.role} of {player.tenant} reads of {other} at {path}"
            if player.role not in ("deelnemer", "meelezer"):  # these two are of the party that has not shared
                assert word(player.tenant, "concept") not in text, f"{player.role} reads a concept at {path}"
    # it is no test if the words are nowhere
    everything = " ".join(read["Meerwijk", "procesbegeleider"].values())
    for what in ("titel", "notitie", "gedeeld", "opmerking", "samen"):
        assert word("Meerwijk", what) in everything, what
    for tenant in TENANTS:
        for page in windows[tenant]:
            other = next(t for t in TENANTS if t != tenant)
            assert f"QX{other}" not in page.content()
            page.context.close()
    over.set()
    for player in stage.players:
        assert "event: nieuws" in player.heard, f"the stream of {player.role} of {player.tenant} said nothing"
        assert "QX" not in player.heard, "a stream holds topics, never words"
    ours = [r for r in caplog.records if r.name.split(".")[0] in ("app", "uvicorn", "sqlalchemy", "root", "alembic")]
    logged = "\n".join(record.getMessage() for record in ours)
    assert "QX" not in logged, "a log holds no words of people"


def test_mail_of_a_gemeente_is_of_that_gemeente(stage: Stage):
    for tenant in TENANTS:
        page = stage.page(stage.of(tenant, "procesbegeleider"), "/toegang")
        page.get_by_role("link", name=word(tenant, "deelnemer")).click()
        page.get_by_role("button", name=re.compile("^Stuur")).first.click()
        page.wait_for_load_state()
        page.context.close()
    for _ in range(100):
        if len(stage.mails) >= 2:
            break
        time.sleep(0.1)
    assert {to for to, _ in stage.mails} == {"deelnemer@meerwijk.test", "deelnemer@anderstad.test"}
    for to, message in stage.mails:
        mine, other = (TENANTS if "meerwijk" in to else TENANTS[::-1])[:2]
        assert f"QX{other}" not in message and f"QX{mine}" in message.replace("=\n", "").replace("=\r\n", "")


@pytest.fixture(autouse=True)
def one_journey_each(stage: Stage) -> None:
    assert len(set(stage.journeys.values())) == len(TENANTS)
