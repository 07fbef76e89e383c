"""Everything that can be posted, posted with everything that should not be: never a crash, never somebody else's
journey, nothing stored that a database, a page or a PDF cannot hold.

The forms are not listed here: they are found by walking the pages of a full journey as two of its members.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as at_most
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, select
from starlette.routing import Match

from app.content.pack import Pack
from app.core.rendering import SEAT_FIELD
from app.core.settings import Settings
from app.document.pages import paper
from app.document.press import print_pdf
from app.examples.actions import play
from app.examples.script import scripts
from app.journey.actions import add_person, here_for, mark_step, unmark_step
from app.journey.gate import Here
from app.journey.models import Journey, Seat
from app.journey.steps import STEPS
from app.main import build
from app.people.models import Person
from tests.architecture.test_routes import routes
from tests.conftest import HOST, World, make_world
from tests.databases import Databases
from tests.dump import dump
from tests.inspection import inspect_html

FORM = "application/x-www-form-urlencoded"
PER_ROUTE = 2  # forms of the same route that are tried
PAGES_PER_ROUTE = 4
HOSTILE = [
    b"",
    b"\x00",
    b"a\x00b",
    "\ud800\udfff".encode("utf-8", "surrogatepass"),
    b"\xff\xfe\xc3\x28",
    b"NaN",
    b"-1",
    b"1e999999",
    b"9" * 400,
    "٣².½".encode(),
    "\u202eneerav\u2066 \u200b\ufeff👩\u200d👩\u200d👧 e\u0301\u2028x".encode(),
    b"x" * 20_000,
    b"a" * 301 + b" b" * 400,
    b"<script>alert(1)</script><img src=file:///etc/passwd onerror=alert(1)></textarea></title>",
    b"\"'><svg/onload=alert(1)><a href=javascript:alert(1)>{{ 7*7 }}{% raise %}${7*7}",
    b"//kwaad.test/\r\nset-cookie: a=b",
    b"../../../../etc/passwd",
    b"0000-00-00",
    b"2028-13-45",
    b"ja",
]


@dataclass(frozen=True)
class Found:
    """A form on a page: where it posts, and the names in it with the value that stood there."""

    url: str
    fields: tuple[tuple[str, str], ...]

    def body(self, value: bytes, *, keep: tuple[str, ...] = ()) -> bytes:
        """The form with this value in every field, but for the names to keep."""
        return b"&".join(
            quote_from_bytes(name.encode()).encode()
            + b"="
            + quote_from_bytes(was.encode() if name in keep else value).encode()
            for name, was in self.fields
        )


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._open: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].split("#")[0])
        if tag == "form" and given.get("method") == "post":
            self._open = {}
            self.forms.append((given["action"], self._open))
        elif tag in ("input", "textarea", "select", "button") and self._open is not None and given.get("name"):
            if (
                given["name"] == SEAT_FIELD
            ):  # would refuse what is sent on behalf of others, before anything else is asked
                return
            self._open.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


@dataclass
class Site:
    """A full journey, its browsers, and every form its members can reach."""

    world: World
    journey: str
    people: dict[str, TestClient]
    forms: dict[str, list[Found]] = field(default_factory=dict)  # by person

    def here(self, tx: Session) -> Here:
        """What the gate would hand to Marieke."""
        journey = tx.exec(select(Journey).where(Journey.id == self.journey)).one()
        marieke = tx.get_one(Person, self.world.persons["marieke"])
        seat = tx.exec(select(Seat).where(Seat.journey_id == journey.id, Seat.person_id == marieke.id)).one()
        return here_for(tx, self.world.settings, marieke, journey, seat)

    def route(self, path: str) -> str:
        scope = {"type": "http", "path": path, "method": "POST", "root_path": ""}
        found = (r for r in routes(self.world.app) if r.matches(scope)[0] == Match.FULL)
        return next((r.path for r in found), "")

    def page_route(self, path: str) -> str:
        scope = {"type": "http", "path": path, "method": "GET", "root_path": ""}
        return next((r.path for r in routes(self.world.app) if r.matches(scope)[0] == Match.FULL), path)

    def walk(self, name: str) -> list[Found]:
        """The forms that this person meets, at most a few of each route; what ends something comes last."""
        client, seen, queue = self.people[name], set(), [f"/trajecten/{self.journey}", "/", "/trajecten/nieuw"]
        count: dict[str, int] = {}
        found: dict[str, list[Found]] = {}
        while queue:
            url = queue.pop(0)
            route = self.page_route(urlsplit(url).path)
            if url in seen or url.endswith(".pdf") or count.get(route, 0) >= PAGES_PER_ROUTE:
                continue
            seen.add(url)
            count[route] = count.get(route, 0) + 1
            answer = client.get(url)
            assert answer.status_code in (200, 303, 403, 410), (url, answer.status_code)
            reader = _Forms()
            reader.feed(answer.text)
            queue += [x for x in reader.links if x == "/" or self.journey in x]
            for action, names in reader.forms:
                same = found.setdefault(self.route(urlsplit(action).path), [])
                kinds = {(tuple(f.fields)[:1], f.url.rsplit("/", 1)[-1]) for f in same}
                new = Found(action, tuple(names.items()))
                if len(same) < PER_ROUTE or (new.fields[:1], action.rsplit("/", 1)[-1]) not in kinds and len(same) < 4:
                    same.append(new)
        found.pop("/afmelden", None)
        last = ("verwijderen", "intrekken", "sluiten", "stappen", "laat-weg")
        return [f for r in sorted(found, key=lambda r: (any(w in r for w in last), r)) for f in found[r]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, databases: Databases, pack: Pack) -> Iterator[Site]:
    """The example with a plan, led by Marieke; `lid` is somebody of one of its parties. The tests stand in the order in
    which they may share it: those that change nothing first."""
    url = databases.fresh(tmp_path_factory.mktemp("hostile"))
    settings = Settings(mode="server", base_url=HOST, database_url=url)
    app = build(settings)
    world = make_world(app, settings, pack)
    script = next(s for s in scripts() if "plan" in s.told)
    with world.database.write() as tx:
        marieke = tx.get(Person, world.persons["marieke"])
        assert marieke is not None
        journey = play(tx, world.settings, marieke, world.pack, script)
        seat = tx.exec(
            select(Seat).where(Seat.journey_id == journey.id, Seat.role == "deelnemer", Seat.person_id != marieke.id)
        ).first()
        assert seat is not None
        world.persons["lid"] = (seat.tenant_id, seat.person_id)
        found = tx.exec(select(Seat).where(Seat.journey_id == journey.id, Seat.person_id == marieke.id)).one()
        here = here_for(tx, settings, marieke, journey, found)
        reader = add_person(here, here.get_party(seat.party_id or ""), "Lies Lezer", role="meelezer")
        world.persons["lezer"] = (reader.tenant_id, reader.person_id)
        journey_id = journey.id
    people = {name: world.client(name) for name in ("marieke", "lid", "lezer", "olga", "otto")}
    site = Site(world, journey_id, people)
    for name in ("marieke", "lid"):
        people[name].event_hooks["response"].clear()  # pages are inspected in the end
        site.forms[name] = site.walk(name)
    yield site
    app.state.database.close()


def fine(answer, url: str, value: bytes) -> None:
    assert answer.status_code < 500, (url, value[:60], answer.status_code, answer.text[-400:])
    assert b"<img src=file" not in answer.content and b"<svg/onload" not in answer.content, (url, value)
    target = answer.headers.get("location", "/")
    assert target.startswith("/") and not target.startswith("//") and "\n" not in target, (url, target)


def too_long(world: World) -> list[str]:
    """Texts that are longer than their column, or hold what PostgreSQL refuses. SQLite would not say."""
    wrong = []
    with world.database.read() as tx:
        for table in SQLModel.metadata.sorted_tables:
            for row in tx.connection().execute(table.select()).mappings():
                for column in table.columns:
                    value, limit = row[column.name], getattr(column.type, "length", None)
                    if isinstance(value, str) and limit and len(value) > limit:
                        wrong.append(f"{table.name}.{column.name}: {len(value)} > {limit}")
                    if isinstance(value, str) and re.search("[\x00\ud800-\udfff]", value):
                        wrong.append(f"{table.name}.{column.name}: {value[:40]!r}")
                    if isinstance(value, int) and not -(2**31) <= value < 2**31 and "BIGINT" not in str(column.type):
                        wrong.append(f"{table.name}.{column.name}: {value}")
    return sorted(set(wrong))


def test_outsiders_write_nothing_anywhere(site: Site):
    """Whoever has no seat gets the same 404 at every form, also with the values that stood in it."""
    before = dump(site.world.database)
    forms = {f.url: f for name in site.forms for f in site.forms[name] if site.journey in f.url}
    for outsider in ("olga", "otto"):
        for form in forms.values():
            body = form.body(b"ja", keep=tuple(n for n, _ in form.fields))
            answer = site.people[outsider].post(form.url, content=body, headers={"content-type": FORM})
            assert answer.status_code == 404, (outsider, form.url, answer.status_code)
    assert dump(site.world.database) == before


def test_ids_of_another_journey_open_nothing(site: Site):
    """Every id in every form, taken from a journey where it exists to one where it does not: of the same gemeente and of
    another one. Marieke leads both of the first two."""
    before = dump(site.world.database)
    known = {site.world.journey: "marieke", site.world.other: "olga", site.world.foreign: "otto"}
    forms = {
        f.url: f for f in site.forms["marieke"] if re.search(r"/0[0-9a-z]{15}(/|$)", f.url.split(site.journey)[-1])
    }
    assert len(forms) > 25
    for journey, name in known.items():
        for form in forms.values():
            url = form.url.replace(site.journey, journey)
            answer = site.people[name].post(url, data=dict(form.fields))
            assert answer.status_code == 404, (name, url, answer.status_code)
    theirs, there = site.world.parties["linde"], f"/trajecten/{site.journey}"
    item = next(i.slug for i in site.world.pack.theme("b").items if i.column != "gemeente")
    for path, sent in (
        ("gesprek/a/afspraak", {"wat": "x", "wie": theirs}),
        ("gesprek/a/afspraak", {"wat": "x", "met-wie": theirs}),
        (f"opmerkingen/bij/punt/b/{item}", {"over": theirs, "opmerking": "x"}),
        ("opzet/mensen", {"partij": theirs, "naam": "x", "rol": "deelnemer"}),
        ("plan/rij/taak", {"partij": theirs, "kant": "doet", "text": "x"}),
        ("plan/rij/actie", {"what": "x", "owner_id": theirs}),
        ("plan/veld/regie", {"waarde": theirs, "versie": "0"}),
        (f"plan/veld/rol/{theirs}", {"waarde": "x", "versie": "0"}),
        (f"waar-staan-we/a/namens/{theirs}/delen", {}),
    ):
        answer = site.people["marieke"].post(f"{there}/{path}", data=sent)
        assert answer.status_code in (404, 422), (path, sent, answer.status_code)
    assert dump(site.world.database) == before


def test_a_meelezer_writes_nothing(site: Site):
    """At no form of the others: 403, and 404 where nothing is there for somebody who only reads."""
    before = dump(site.world.database)
    for form in {f.url: f for name in site.forms for f in site.forms[name] if site.journey in f.url}.values():
        answer = site.people["lezer"].post(form.url, data=dict(form.fields))
        own = form.url.endswith("/gezien") or "/opmerkingen/" in form.url  # meelezers remark and propose
        assert answer.status_code == 403 or own, (form.url, answer.status_code)
    after = dump(site.world.database)
    # 'Gezien' is of the seat itself; the journey counts that something changed.
    changed = [a for a, b in zip(after.split("\n"), before.split("\n"), strict=True) if a != b]
    assert [a for a in changed if not a.startswith(("seat:", "journey:"))] == []


@pytest.mark.parametrize("parts", [False, True], ids=["steps", "themes-and-chapters"])
def test_what_is_closed_takes_nothing(site: Site, parts: bool):
    """Every step is closed, or every theme and chapter on its own: no form of them writes, with good values either."""
    pack = site.world.pack
    closed = [(s.slug, "") for s in STEPS]
    if parts:
        themes = [(s, t.slug) for s in ("waar-staan-we", "gesprek") for t in pack.themes]
        closed = themes + [("plan", c.slug) for c in pack.chapters]
    with site.world.database.write() as tx:
        here = site.here(tx)
        for step, part in closed:
            mark_step(here, step, "gesloten", part)
    try:
        before = dump(site.world.database)
        steps = {f"/{step}" for step, _ in closed}
        tried = 0
        for name in ("lid", "marieke"):
            for form in site.forms[name]:
                path = form.url.split(site.journey)[-1]
                if not path.startswith(tuple(steps)) or path.endswith(("/sluiten", "/openen")):
                    continue
                tried += 1
                sent = {n: v or "x" for n, v in form.fields}
                answer = site.people[name].post(form.url, data=sent, headers={"driekolom-deel": "1"})
                if path == "/plan/vul-alles-voor" and parts:  # fills what is open: nothing
                    continue
                assert answer.status_code in (403, 404, 409), (form.url, answer.status_code)
        assert tried > 60
        assert dump(site.world.database) == before
    finally:
        with site.world.database.write() as tx:
            here = site.here(tx)
            for step, part in closed:
                unmark_step(here, step, "gesloten", part)


def test_no_input_crashes_anything(site: Site):
    tried: Counter[str] = Counter()
    for name in ("lid", "marieke"):
        client = site.people[name]
        for form in site.forms[name]:
            route = site.route(urlsplit(form.url).path)
            if tried[route] == 8:  # each value has been in two of them
                continue
            for number in range(tried[route] % 4, len(HOSTILE), 4):  # a quarter each: a route has several forms
                value = HOSTILE[number]
                keep = ("versie", "hun-versie", "soort", "partij", "kant") if number % 3 else ()
                headers = {"content-type": FORM} | ({"driekolom-deel": "1"} if number % 2 else {})
                fine(client.post(form.url, content=form.body(value, keep=keep), headers=headers), form.url, value)
            tried[route] += 1
    assert len(tried) > 45, sorted(tried)
    assert too_long(site.world) == []
    # What came through is shown by every page, and printed, without a crash and without becoming anything but text.
    for name in ("lid", "marieke"):
        site.people[name].event_hooks["response"].append(inspect_html)
        site.walk(name)
        site.people[name].event_hooks["response"].clear()
    with site.world.database.read() as tx:
        _, html = paper(site.here(tx), True)
    assert "<img src=file" not in html and "<script" not in html
    assert print_pdf(site.world.settings, html).startswith(b"%PDF")


@at_most(max_examples=50, deadline=None)
@given(data=st.data())
def test_chance_crashes_nothing_either(site: Site, data: st.DataObject):
    """Any form with any bytes under its own names and others, as any of the two."""
    name = data.draw(st.sampled_from(("lid", "marieke")))
    form = data.draw(st.sampled_from(site.forms[name]))
    names = st.sampled_from([n for n, _ in form.fields] or ["waarde"]) | st.text(max_size=8)
    pairs = data.draw(st.lists(st.tuples(names, st.binary(max_size=60) | st.sampled_from(HOSTILE)), max_size=8))
    body = b"&".join(
        quote_from_bytes(n.encode("utf-8", "surrogatepass")).encode() + b"=" + quote_from_bytes(v).encode()
        for n, v in pairs
    )
    kind = data.draw(st.sampled_from([FORM, "multipart/form-data; boundary=x", "application/json"]))
    fine(site.people[name].post(form.url, content=body, headers={"content-type": kind}), form.url, body)
