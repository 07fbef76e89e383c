"""Who may do what at every route of the product: `matrix.md`, as the running app really answers.

Every route × every role (with and without party, and whoever has no seat) × the own, somebody else's, another journey's
and an absent thing is asked. Nothing stays: each write is taken back. A route that is not in `asks.py` fails the test.
`GOLDEN=1 pytest -n 0 tests/architecture/test_matrix.py` writes `matrix.md` anew; read what changed before you commit it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.event import listen, remove
from sqlmodel import Session

from app.audit.models import AuditEntry
from app.content.pack import Pack
from app.core.settings import Settings
from app.document import routes as document
from app.journey.gate import cookie_name
from app.keeping import routes as keeping
from app.main import build
from tests.architecture.asks import ASKS, Ask
from tests.architecture.cast import (
    ABOUT,
    ACTORS,
    ASIDE,
    HERE,
    MANDATED,
    MEMBERS,
    NOBODY,
    ROLES,
    STOPPED,
    STRANGERS,
    WITHOUT,
    Cast,
    make_cast,
)
from tests.architecture.test_routes import routes
from tests.architecture.unlogged import UNLOGGED
from tests.conftest import HOST
from tests.databases import Databases
from tests.dump import dump

PLACE = Path(__file__).with_name("matrix.md")
PREFIX = "/trajecten/{journey_id}"
REWRITE = "GOLDEN=1 pytest -n 0 tests/architecture/test_matrix.py"
WORDS = {401: "aanmelden (401)", 403: "mag niet (403)", 404: "ziet niet (404)"}
Answers = dict[str, str]  # by actor


def keys_of(app) -> list[str]:
    """'POST /opzet/mensen' for every route, in the order of ASKS."""
    found = {f"{method} {r.path.removeprefix(PREFIX)}".strip() for r in routes(app) for method in r.methods}
    known = list(ASKS)
    return sorted(found, key=lambda key: known.index(key) if key in ASKS else len(known))


class Matrix:
    """The running product, and everything that was asked of it."""

    def __init__(self, client: TestClient, app, cast: Cast, cookie: str):
        self.client, self.app, self.cast, self.cookie = client, app, cast, cookie
        self.first: dict[str, Answers] = {}  # what was answered about the first thing of each route
        self.unfit: list[str] = []  # answers that say nothing of rights: the body was not right
        self.written = 0  # lines of the log of access
        self.logged: dict[
            tuple[str, str], bool
        ] = {}  # what succeeded, or gave a file: did it leave a line for anybody?
        listen(AuditEntry, "before_insert", self._count)
        self.under = {
            f"{m} {r.path.removeprefix(PREFIX)}".strip()
            for r in routes(app)
            for m in r.methods
            if r.path.startswith(PREFIX)
        }

    def _count(self, *_about) -> None:
        self.written += 1

    @cached_property
    def text(self) -> str:
        """Everything that is asked in the journey of the cast, in words."""
        return written(self)

    def ask(self, key: str, one: Ask, who: str, journey: str, thing: str) -> str:
        """What this person is answered."""
        method, _, path = key.partition(" ")
        names = re.findall(r"{(\w+)", path)
        last = self.about(key, one)[0]
        known = {n: (thing if n == last else one.path[n].format(**self.cast.words)) for n in names}
        address = re.sub(r"{(\w+)(:path)?}", lambda m: known[m[1]], path)
        if key in self.under:
            address = f"/trajecten/{journey}{address}"
        headers = {"driekolom-deel": "1"}
        if who != NOBODY:
            headers["cookie"] = f"{self.cookie}={self.cast.cookies[who]}"
        words = self.cast.words | {"ik": self.cast.persons.get(who, "")}
        body = {name: text.format(**words) for name, text in one.body.items()}
        self.client.cookies.clear()
        files = {one.file: ("een-bestand", one.content or self.cast.file)} if one.file else None
        sent = {"data": body, "files": files} if method == "POST" else {}
        before = self.written
        answer = self.client.request(method, address, headers=headers, **sent)
        if answer.status_code in (200, 303):
            if method == "POST" or "content-disposition" in answer.headers:
                known = self.logged.get((key, one.words), False)
                self.logged[key, one.words] = known or self.written > before
            return "leest" if method == "GET" else "mag"
        if answer.status_code not in WORDS:
            said = re.sub(r"<[^>]+>|\s+", " ", answer.text)[-500:]
            self.unfit.append(f"{key} ({one.words}), {who}: {answer.status_code} {said}")
        return WORDS.get(answer.status_code, str(answer.status_code))

    def about(self, key: str, one: Ask) -> tuple[str, dict]:
        """The id in the address that is varied, and what it can be."""
        ids = [n for n in re.findall(r"{(\w+)", key) if n not in one.path]
        assert len(ids) <= 1, f"{key}: say in tests/architecture/asks.py what {ids[:-1]} are (path=…)"
        if not ids:
            return "", {HERE: ""}
        about = one.about or ABOUT.get(ids[0], "")
        assert about in self.cast.things, (
            f"{key}: what is {ids[0]}? Put it in `path` of its Ask, or in tests/architecture/cast.py"
        )
        return ids[0], self.cast.things[about]

    def asked(self, key: str, one: Ask) -> list[tuple[str, Answers]]:
        """(whose thing, what everybody is answered), for the journey of the cast. Whoever has no seat is asked once."""
        rows: list[tuple[str, Answers]] = []
        for where, thing in self.about(key, one)[1].items():
            ids = thing if isinstance(thing, dict) else dict.fromkeys(ACTORS, thing)
            asked = MEMBERS if rows else ACTORS
            rows.append((where, {who: self.ask(key, one, who, self.cast.journey, ids[who]) for who in asked}))
            self.first.setdefault(key, rows[0][1])
        return rows

    def asked_elsewhere(self, key: str, one: Ask, turn: int) -> dict[tuple[str, str], str]:
        """What everybody is answered in a journey without a seat, with a thing that is really there: each in one of them,
        and with the next route (`turn`) in the next one."""
        things = self.about(key, one)[1]
        places = list(self.cast.elsewhere.items())
        found = {}
        for number, who in enumerate(ACTORS):
            where, journey = places[(number + turn) % len(places)]
            thing = things.get(where, next(iter(things.values())))
            found[where, who] = self.ask(key, one, who, journey, thing[who] if isinstance(thing, dict) else thing)
        return found


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, databases: Databases, pack: Pack) -> Iterator[Matrix]:
    url = databases.fresh(tmp_path_factory.mktemp("matrix"))
    settings = Settings(
        mode="server",
        base_url=HOST,
        database_url=url,
        smtp_host="mail.test",  # so that messages can be written; nothing leaves
        mail_from="driekolom@lea.test",
    )
    app = build(settings)
    database = app.state.database
    with database.write() as tx:
        cast = make_cast(tx, app, settings, pack)

    @contextmanager
    def taken_back() -> Iterator[Session]:
        with Session(database.writing, expire_on_commit=False) as tx:
            try:
                yield tx
                tx.flush()
            finally:
                tx.rollback()

    reading = database.read

    @contextmanager
    def only_read() -> Iterator[Session]:
        """What a GET changes is thrown away, so it would never be noticed that it tries."""
        tried: list[object] = []

        def look(tx: Session, *_about) -> None:
            tried.extend([*tx.new, *tx.deleted, *(row for row in tx.dirty if tx.is_modified(row))])

        with reading() as tx:
            listen(tx, "before_flush", look)
            yield tx
            look(tx)
        assert tried == [], "a request that only reads wrote"

    database.write, database.read, database.groups = taken_back, only_read, False
    with pytest.MonkeyPatch.context() as patch, TestClient(app, base_url=HOST, follow_redirects=False) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        for room in (document, keeping):  # who may is asked, not how it prints
            patch.setattr(room, "print_pdf", lambda settings, html, style: b"%PDF-")
        asked = Matrix(client, app, cast, cookie_name(settings))
        yield asked
        remove(AuditEntry, "before_insert", asked._count)


# ---- in words ----


def told(answers: Answers, journey: bool) -> str:
    """'mag: procesbegeleider, deelnemer · mag niet (403): meelezer'. In a journey, whoever has no seat in it is told only
    when unusual."""
    usual = dict.fromkeys(STRANGERS, WORDS[404]) | {NOBODY: WORDS[401]} if journey else {}
    groups: dict[str, list[str]] = {}
    for name, answer in _people(answers).items():
        if usual.get(name) != answer:
            groups.setdefault(answer, []).append(name)
    if len(groups) == 1 and not {*STRANGERS, NOBODY} & set(next(iter(groups.values()))):
        return f"{next(iter(groups))}: iedereen in het traject"
    if len(groups) == 1 and len(_people(answers)) == len(next(iter(groups.values()))):
        return f"{next(iter(groups))}: iedereen"
    order = ("leest", "mag", WORDS[403], WORDS[404], WORDS[401])
    return " · ".join(f"{a}: {', '.join(groups[a])}" for a in order if a in groups)


def _people(answers: Answers) -> Answers:
    """The answers by role where having a party makes no difference, else with the party named."""
    found: Answers = {}
    for role in ROLES:
        with_party = answers[f"{role} met partij"]
        without = answers[f"{role} zonder partij"] if role in WITHOUT else with_party
        if with_party == without:
            found[role] = with_party
        else:
            found[f"{role} met partij"], found[f"{role} zonder partij"] = with_party, without
    return found | {name: answers[name] for name in (*STRANGERS, NOBODY) if name in answers}


def lines(key: str, one: Ask, rows: list[tuple[str, Answers]], journey: bool) -> list[str]:
    """One thing that somebody does: its name, its address, and a line for each different answer."""
    note = f" ({one.note})" if one.note else ""
    made = [f"**{one.words}**{note} `{key}`  "]
    by_text: dict[str, list[str]] = {}
    for where, answers in rows:
        by_text.setdefault(told(answers, journey), []).append(where)
    for text, places in by_text.items():
        made.append(f"- {', '.join(p for p in places if p)}: {text}" if any(places) else f"- {text}")
    return [*made, ""]


ROOMS = {
    "opzet": "Opzet", "toegang": "Toegang", "verkenning": "Verkenning", "waar-staan-we": "Waar staan we?", "gesprek": "Gesprek",
    "conclusies": "Conclusies", "plan": "Plan van aanpak", "opmerkingen": "Opmerkingen", "versies": "Versies",
}  # fmt: skip


def room(matrix: Matrix, key: str) -> str:
    if key not in matrix.under:
        return "Zonder traject"
    first = key.partition(" ")[2].split("/")[1:2]
    return ROOMS.get(first[0] if first else "", "Overzicht en document")


HEAD = """# Wie mag wat, per adres

Gemaakt door elk adres van Driekolom echt te vragen, als elke rol. Zo leest u het:

- **leest** en **mag**: het lukt. **mag niet (403)**: u ziet dat het er is, maar uw rol mag dit niet.
- **ziet niet (404)**: voor u bestaat het niet. **aanmelden (401)**: u moet eerst binnenkomen.
- Staat een rol er één keer, dan maakt het niet uit of die persoon bij een partij hoort.
- Wie geen plek in het traject heeft, krijgt steeds ‘ziet niet (404)’: {strangers}.
  {nobody} krijgt ‘aanmelden (401)’. Dat staat er alleen bij als het anders is.
- In een ander traject, in een traject van een andere gemeente en in een traject dat er niet is, krijgt iedereen bij elk
  adres hieronder ‘ziet niet (404)’.
"""


def written(matrix: Matrix) -> str:
    text = [HEAD.format(strangers=", ".join(STRANGERS), nobody=NOBODY.capitalize())]
    for name, keys in groupby(keys_of(matrix.app), key=lambda key: room(matrix, key)):
        text.append(f"## {name}\n")
        for key in keys:
            for one in _asks(key):
                text += lines(key, one, matrix.asked(key, one), key in matrix.under)
    return "\n".join(text)


def _asks(key: str) -> tuple[Ask, ...]:
    found = ASKS[key]
    return found if isinstance(found, tuple) else (found,)


# ---- the proof ----


def test_every_route_is_asked(matrix: Matrix):
    found = set(keys_of(matrix.app))
    new = [f'    "{key}": Ask("Wat iemand hier doet"),' for key in sorted(found - set(ASKS))]
    assert not new, "New routes. Add to ASKS in tests/architecture/asks.py:\n" + "\n".join(new) + f"\nThen: {REWRITE}"
    assert sorted(set(ASKS) - found) == [], "Asked, but not there any more"


def test_the_matrix_is_what_the_product_answers(matrix: Matrix):
    before = dump(matrix.app.state.database)
    text = matrix.text
    assert dump(matrix.app.state.database) == before, "what was asked is taken back"
    assert not matrix.unfit, "Give these a right body in tests/architecture/asks.py:\n" + "\n".join(matrix.unfit)
    if os.environ.get("GOLDEN"):
        PLACE.write_text(text, "utf-8")
    assert PLACE.read_text("utf-8") == text, f"Rights changed. Is that what you want? Then: {REWRITE}"


def test_what_matters_is_written_down(matrix: Matrix):
    """Every write, and everything that gives a file, leaves a line in the log of access, or says in `unlogged.py` why
    not. Found by doing it, so a route that says it does and does not is found too."""
    assert matrix.text
    without = {key for (key, _), found in matrix.logged.items() if not found}
    new = sorted(without - set(UNLOGGED))
    assert new == [], "put @audited at the route, or say why not in unlogged.py: " + ", ".join(new)
    assert sorted(set(UNLOGGED) - without) == [], (
        "these do leave a line, or are not asked: take them out of unlogged.py"
    )


def test_no_journey_of_others_can_be_reached(matrix: Matrix):
    """Whoever has no seat somewhere gets the same 404 at every address, with ids that are really there."""
    for turn, key in enumerate(k for k in keys_of(matrix.app) if k in matrix.under):
        for (where, who), answer in matrix.asked_elsewhere(key, _asks(key)[0], turn).items():
            assert answer == WORDS[401 if who == NOBODY else 404], (key, where, who)


def test_a_mandate_opens_no_route_and_access_that_was_taken_back_opens_none(matrix: Matrix):
    """Who has a mandate is answered as any deelnemer; who was stopped and is still signed in as somebody without a seat."""
    assert matrix.text
    for key in (k for k in keys_of(matrix.app) if k in matrix.under):
        one = _asks(key)[0]
        thing = next(iter(matrix.about(key, one)[1].values()))
        ids = thing if isinstance(thing, dict) else dict.fromkeys((*ACTORS, *ASIDE), thing)
        told = {who: matrix.ask(key, one, who, matrix.cast.journey, ids[who]) for who in ASIDE}
        assert told[MANDATED] == matrix.first[key][ASIDE[MANDATED]], key
        assert told[STOPPED] == WORDS[404], key


def test_the_matrix_asks_what_can_be_done():
    """Each thing can be done by somebody, or says why nobody may: a body that is wrong proves nothing."""
    found = re.findall(r"^\*\*(.+?)\*\*(.*?)`(.+?)`  \n((?:- .*\n)+)", PLACE.read_text("utf-8"), re.M)
    assert len(found) == sum(len(_asks(key)) for key in ASKS)
    dead = [
        f"{address}: {words}"
        for words, note, address, rows in found
        if "(" not in note and not re.search(r"(leest|mag):", rows)
    ]
    assert dead == []
    assert set(ACTORS) == {*MEMBERS, *STRANGERS, NOBODY} and len(ACTORS) == 13
