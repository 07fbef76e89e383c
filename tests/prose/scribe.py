"""People who write in one text, without a browser: what the editor does, said in Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, merge_updates
from sqlmodel import Session, select

from app.core.ids import new_id
from app.journey.models import Seat
from app.people.actions import sign_in
from app.people.models import Person
from app.prose import log
from app.prose.blocks import Block, bring, read_blocks, text_in
from app.prose.joint import Place
from app.prose.models import Paragraph
from app.prose.together import LOOKS, Came, Client, Texts
from tests.conftest import World

CHAPTER = "inventarisatie"


@dataclass(eq=False)
class Scribe:
    """One browser. What it typed stays in `pending` until it is confirmed, as in the outbox of the browser."""

    table: Table
    name: str
    client: Client | None = None
    doc: Doc = field(default_factory=Doc)
    pending: list[tuple[int, bytes]] = field(default_factory=list)
    number: int = 0
    confirmed: int = 0
    ended: int = 0
    heard: list[Any] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)  # everything it ever made

    def join(self) -> Scribe:
        """Connects; what was not confirmed is sent again."""
        self.client, self.ended = self.table.client(self.name), 0
        self.table.do(("join", self.client))
        if not self.ended:
            self.send_waiting()
        return self

    def send_waiting(self) -> None:
        """In order, as a browser does: what is confirmed is confirmed with all that came before it."""
        if self.client and self.pending:
            self.table.do(*(("came", Came(self.client, n, data)) for n, data in self.pending))

    def leave(self) -> None:
        """The line is gone; nothing more is heard."""
        client, self.client = self.client, None
        if client:
            self.table.do(("leave", client))

    def change(self, how: Any, *, send: bool = True) -> bytes:
        """Does something to its own copy, keeps it, and sends it when connected."""
        before = self.doc.get_state()
        with self.doc.transaction():
            how(text_in(self.doc))
        data = self.doc.get_update(before)
        if data == log.NOTHING:
            return data
        self.number += 1
        self.pending.append((self.number, data))
        self.sent.append(data)
        if send:
            self.send_waiting()
        return data

    def write(self, blocks: list[Block], **options: Any) -> bytes:
        """Makes its copy have these paragraphs."""
        return self.change(lambda text: bring(self.doc, blocks), **options)

    def type(self, place: int, at: int, words: str, **options: Any) -> bytes:
        """Types words in the paragraph at this place, after so many bytes."""
        blocks = self.blocks
        start = sum(b.size + 1 for b in blocks[:place]) + 1 + at
        return self.change(lambda text: text.insert(start, words), **options)

    def all_waiting(self) -> tuple[str, Came]:
        """What waits as one change, as the browser sends it after a while without a line."""
        data = self.pending[0][1] if len(self.pending) == 1 else merge_updates(*(data for _, data in self.pending))
        return "came", Came(self.client, self.pending[-1][0], data)

    def die(self) -> None:
        """The browser is killed and opened again: a new copy, with what it kept of the earlier one."""
        self.leave()
        kept, self.doc = [data for _, data in self.pending], Doc()
        self.join()
        for data in kept:
            self.doc.apply_update(data)

    def send(self, data: bytes) -> None:
        """Something that did not come from its own copy."""
        self.number += 1
        self.table.do(("came", Came(self.client, self.number, data)))

    @property
    def blocks(self) -> list[Block]:
        return read_blocks(self.doc)

    @property
    def texts(self) -> list[str]:
        return [b.text for b in self.blocks]

    def hear(self, message: Any) -> None:
        if isinstance(message, bytes):
            self.doc.apply_update(message[1:])
        elif isinstance(message, int):
            self.ended, self.client = message, None
        elif message["t"] == "op":
            self.confirmed = message["n"]
            self.pending = [(n, d) for n, d in self.pending if n > message["n"]]
        else:
            self.heard.append(message)


@dataclass
class Table:
    """The texts of one server, and who sits at them."""

    world: World
    chapter: str = CHAPTER
    place: Place = Place("plan", CHAPTER, "")
    texts: Texts = None  # type: ignore[assignment]
    scribes: list[Scribe] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = Texts(self.world.database)

    def restart(self) -> None:
        """The server is killed: what it kept in memory is gone, and so is every connection."""
        self.texts = Texts(self.world.database)
        for scribe in self.scribes:
            scribe.client = None

    def killed_while(self, *jobs: tuple[str, Any], written: bool) -> None:
        """The server is killed before it wrote this, or after that and before anybody heard of it."""
        if written:
            self.texts.do(list(jobs))
        self.restart()

    def scribe(self, name: str) -> Scribe:
        found = Scribe(self, name)
        self.scribes.append(found)
        return found.join()

    def client(self, name: str) -> Client:
        with self.world.database.write() as tx:
            person = tx.get(Person, self.world.persons[name])
            seat = tx.exec(select(Seat).where(Seat.person_id == person.id, Seat.journey_id == self.world.journey)).one()
            return Client(
                document=log.open_document(tx, person.tenant_id, self.world.journey, self.chapter),
                step=self.place.step,
                part=self.place.part if "/" in self.chapter else self.chapter,
                event=self.place.event,
                seat_id=seat.id,
                party_id=seat.party_id or "",
                name=person.name,
                token=sign_in(tx, person, 12),
            )

    def do(self, *jobs: tuple[str, Any]) -> None:
        for client, message in self.texts.do(list(jobs)):
            for scribe in self.scribes:
                if scribe.client is client:
                    scribe.hear(message)

    def look(self) -> None:
        self.do(("look", range(LOOKS)))

    # ---- what is in the database ----

    def rows(self, tx: Session | None = None) -> list[Paragraph]:
        """The paragraphs that stand in the chapter."""
        with self.world.database.read() as tx:
            found = tx.exec(
                select(Paragraph)
                .where(Paragraph.journey_id == self.world.journey, Paragraph.chapter == self.chapter)
                .order_by(Paragraph.position)
            ).all()
        return [p for p in found if p.removed_at is None]

    def stored(self) -> list[Block]:
        """The text as somebody reads it who comes in new, from its changes alone."""
        with self.world.database.write() as tx:
            person = tx.get(Person, self.world.persons["marieke"])
            document = log.find_document(tx, person.tenant_id, self.world.journey, self.chapter)
            doc = Doc()
            for data, _ in log.later(tx, document, 0):
                doc.apply_update(data)
        return read_blocks(doc)

    def agree(self) -> list[Block]:
        """Everybody who is connected and has nothing waiting, the database and the paragraphs say the same; returns what that is."""
        stored = self.stored()
        for scribe in self.scribes:
            if scribe.client and not scribe.pending:
                assert scribe.blocks == stored, f"{scribe.name} has {scribe.blocks}, stored is {stored}"
        rows, empty = self.rows(), log.is_beginning(stored)
        if rows or not empty:  # where one can begin is no paragraph yet
            assert [(p.id, p.kind, p.text, p.rich) for p in rows] == [(b.id, b.kind, b.text, b.rich) for b in stored]
        return stored


def block(text: str = "", kind: str = "alinea", **more: Any) -> Block:
    return Block(new_id(), kind, ((text, "", ""),) if text else (), **more)
