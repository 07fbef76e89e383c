"""The databases that are measured: a full journey of eight parties, and any number of smaller ones around it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import Session, select

from app.answers.actions import save_answer, save_joint
from app.answers.models import OWN
from app.answers.reading import all_answers, forget, joint_answers
from app.answers.view import Concepts
from app.core.clock import now
from app.core.database import Database
from app.core.fields import Spec
from app.core.ids import new_id
from app.core.settings import Settings
from app.dialogue import rules as talk
from app.document.pages import paper
from app.examples.actions import play
from app.examples.script import scripts
from app.journey import store
from app.journey.actions import add_party, add_person, here_for
from app.journey.gate import Here, cookie_name
from app.journey.models import Journey, Party, Seat
from app.journey.packs import installed_pack
from app.migrate import migrate
from app.people.actions import sign_in
from app.people.models import Person, Tenant
from app.plan.actions import prefill
from app.screening import rules as table
from app.screening.actions import share_theme
from scripts.bench.told import World, Writer

PARTIES = 8
MINE = 10  # journeys of the person whose list is measured, whatever the number in the database
WORDS = "Wij spreken elk jaar met ouders over hoe het gaat, en wij willen weten wat bij de anderen werkt."


def settings_for(database: Path | str, port: int = 8000) -> Settings:
    """As on a server: everybody signs in."""
    return Settings(
        mode="server",
        base_url=f"http://127.0.0.1:{port}",
        port=port,
        database_url=f"sqlite:///{database}",
        session_hours=24,
    )


def make_world(path: Path, others: int) -> World:
    """A database with the full journey and `others` smaller ones."""
    migrate(f"sqlite:///{path}")
    settings = settings_for(path)
    database = Database(settings.database_url)
    try:
        with database.write() as tx:
            made = _full_journey(tx, settings, path)
    finally:
        database.engine.dispose()
    _add_others(path, made, others)
    return made


def paper_html(world: World) -> str:
    """The HTML from which the document is printed, as it is now."""
    settings = settings_for(world.database)
    database = Database(settings.database_url)
    try:
        with database.read() as tx:
            seat = tx.get_one(Seat, (world.tenant_id, world.seat_id))
            person = tx.get_one(Person, (world.tenant_id, seat.person_id))
            journey = store.get_journey(tx, world.tenant_id, world.journey_id)
            return paper(here_for(tx, settings, person, journey, seat))[1]
    finally:
        database.engine.dispose()


def _full_journey(tx: Session, settings: Settings, path: Path) -> World:
    """The example that ends in a plan, with one party more and every answer of every party filled in and shared."""
    pack = installed_pack(settings.content_dir)
    tx.add(Tenant(id="meerwijk", name="Gemeente Meerwijk"))
    tx.flush()
    person = Person(tenant_id="meerwijk", name="Marieke de Wit", may_start=True)
    tx.add(person)
    tx.flush()
    journey = play(tx, settings, person, pack, scripts()[0])
    journey.example = ""
    tx.add(journey)
    seat = tx.exec(select(Seat).where(Seat.journey_id == journey.id, Seat.person_id == person.id)).one()
    here = here_for(tx, settings, person, journey, seat)
    while len(here.parties) < PARTIES:
        party = add_party(here, "schoolbestuur", f"Stichting Bestuur {len(here.parties) + 1}", "", ["po"])
        add_person(here, party, f"Persoon {len(here.parties)}")
    speakers = _speakers(tx, settings, journey)
    for party in here.parties:
        _answer_all(speakers[party.id], party)
    for name, spec in talk.fields(pack, here.parties).items():
        if spec.kind == "text" and f"{talk.STEP}/{name}" not in joint_answers(here):
            save_joint(here, f"{talk.STEP}/{name}", spec, [WORDS], 0)
    here.extra.clear()
    for chapter in pack.chapters:
        prefill(here, chapter)
        here.extra.clear()
    tx.flush()
    cookies = {
        p: f"{cookie_name(settings)}={sign_in(tx, speaker.person, settings.session_hours)}"
        for p, speaker in speakers.items()
    }
    joint = f"{pack.themes[1].slug}/notities"
    return World(
        database=str(path),
        tenant_id=journey.tenant_id,
        journey_id=journey.id,
        seat_id=seat.id,
        cookie=f"{cookie_name(settings)}={sign_in(tx, person, settings.session_hours)}",
        writers=tuple(_writers(here, cookies)),
        joint_url=f"{here.url}/{talk.STEP}/veld/{joint}",
        joint_path=f"{talk.STEP}/{joint}",
        theme=max(pack.themes, key=lambda t: len(t.items)).slug,
        chapter=max(pack.chapters, key=lambda c: c.kind == "inventarisatie").slug,
    )


def _speakers(tx: Session, settings: Settings, journey: Journey) -> dict[str, Here]:
    """For each party somebody who may fill in for it."""
    found: dict[str, Here] = {}
    for seat, person in store.list_seats(tx, journey):
        if seat.party_id and seat.role != "meelezer" and seat.removed_at is None:
            found.setdefault(seat.party_id, here_for(tx, settings, person, journey, seat))
    return found


def _answer_all(here: Here, party: Party) -> None:
    known = Concepts(all_answers(here), party.id, OWN)
    for turn, theme in enumerate(here.pack.themes):
        for name, spec in table.specs(here.pack, party, theme).items():
            path = f"{theme.slug}/{name}"
            if not known.value(path):
                row = known.row(path)
                save_answer(here, party, path, spec, [_good(spec, turn)], row.version if row else 0)
        share_theme(here, party, theme)
    forget(here)
    here.extra.clear()


def _good(spec: Spec, turn: int) -> str:
    return WORDS if spec.kind == "text" else spec.options[turn % len(spec.options)].value


def _writers(here: Here, cookies: dict[str, str]) -> Iterator[Writer]:
    """First one field of every party, then a second of each, and so on."""
    fields = {
        p.id: [
            f"{t.slug}/{name}"
            for t in here.pack.themes
            for name, spec in table.specs(here.pack, p, t).items()
            if spec.kind == "text"
        ]
        for p in here.parties
    }
    for turn in range(max(map(len, fields.values()))):
        for party_id, paths in fields.items():
            if turn < len(paths):
                theme, _, name = paths[turn].partition("/")
                url = f"{here.url}/{table.STEP}/{theme}/veld/{name}"
                yield Writer(cookies[party_id], url, party_id, paths[turn])


def _add_others(path: Path, world: World, others: int) -> None:
    """Smaller journeys: four parties with twelve answers each, notes and a few events. The person of the full journey
    has a seat in the first `MINE - 1` of them. Plain SQL: ten thousand through the actions would take an hour."""
    moment = now().replace(tzinfo=None).isoformat(" ") + ".000000"
    tenant = world.tenant_id
    with sqlite3.connect(path) as db:
        (mine,) = db.execute("SELECT person_id FROM seat WHERE id = ?", (world.seat_id,)).fetchone()
        (pack,) = db.execute("SELECT pack_hash FROM journey WHERE id = ?", (world.journey_id,)).fetchone()
        rows: dict[str, list[dict]] = {}

        def add(kind: str, /, **columns: object) -> str:
            made = new_id()
            rows.setdefault(kind, []).append({"tenant_id": tenant, "id": made, **columns})
            return made

        for number in range(others):
            journey = add("journey", title=f"Traject {number}", pack_hash=pack, example="", created_at=moment)
            person = (
                mine
                if number < MINE - 1
                else add("person", name=f"Persoon {number}", email="", local=0, may_start=1, created_at=moment)
            )
            add("municipality", journey_id=journey, name=f"Plaats {number}", code="", position=0)
            seat = ""
            for place in range(4):
                party = add(
                    "party",
                    journey_id=journey, kind="schoolbestuur", name=f"Bestuur {place}", short=f"B{place}",
                    sectors="po", position=place,
                )  # fmt: skip
                seat = seat or add(
                    "seat",
                    journey_id=journey, person_id=person, party_id=party, role="procesbegeleider", mandate=0,
                    function="", created_at=moment, seen="",
                )  # fmt: skip
                for answer in range(12):
                    add(
                        "answer",
                        journey_id=journey, party_id=party, layer=OWN, path=f"a/punt-{answer}/toelichting", value=WORDS,
                        version=1, saved_at=moment, saved_by=seat, shared_value=WORDS, shared_at=moment, shared_by=seat,
                    )  # fmt: skip
            for note in range(8):
                add(
                    "joint_answer",
                    journey_id=journey, path=f"gesprek/a/vraag/{note}", value=WORDS, version=1, saved_at=moment,
                    saved_by=seat,
                )  # fmt: skip
                add(
                    "event",
                    journey_id=journey, at=moment, seat_id=seat, party_id="", kind="notes_saved", step="gesprek",
                    part="a", ref=str(note),
                )  # fmt: skip
        for name, found in rows.items():
            columns = list(found[0])
            places = ", ".join("?" for _ in columns)
            db.executemany(
                f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - our own names
                [tuple(r[c] for c in columns) for r in found],
            )
    db.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
