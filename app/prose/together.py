"""Who is writing in which text: takes in what a browser sends, and shows it to the others once it is committed.

One thread of a process does all the work on texts, in batches: look at the rights, try every change on a shadow of the
text, write the changes and the paragraphs in one transaction, and only then show and confirm them (`app.prose.sockets`
carries the bytes). Other processes, and forms of this one, write to the same log; an open text reads what it missed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from app.core.clock import today
from app.core.database import Busy, Database
from app.core.ids import new_id
from app.core.light import Light, Version
from app.journey.gate import about_to_write
from app.journey.models import Event, Journey
from app.prose import log
from app.prose.blocks import Block, Reading, read_blocks, read_on, tidy
from app.prose.elsewhere import Elsewhere
from app.prose.log import Document
from app.prose.models import ProseDocument
from app.prose.reasons import AGAIN, GONE, REFUSED, RESTART, TOO_FAST
from app.prose.rights import ending, endings
from app.prose.updates import Refused, read_update

if TYPE_CHECKING:
    from pycrdt import Doc

LOG = logging.getLogger(__name__)

COUNTED_AGAIN = 3.0  # seconds: who only looks does not fetch the page again at every key
TOLD_AGAIN = 600  # seconds: who goes on writing in a paragraph is not told again before
MOST_CONNECTIONS = 20  # of one person in one text
MOST_HERE = 300  # connections to one text
MOST_STATE = 3_000_000  # bytes of a text with all that was ever taken away, as a newcomer gets it
LONGEST = 1.0  # seconds that one change may take of this thread
LOOKS = 80  # the people of all texts are looked at in so many turns
PARTS = 400  # changes of which a text is made anew; with more it is first made one


@dataclass(eq=False, slots=True)
class Client:
    """One open text in one browser. Name and colour are those of the session."""

    document: Document
    step: str
    part: str
    seat_id: str
    party_id: str
    name: str
    token: str  # '' = the person of this computer
    event: str = ""  # what it is called in the memory of the journey that an answer was changed
    id: str = field(default_factory=new_id)
    caret: list[str] | None = None
    channel: int = 0  # which of the texts on its line this is
    line: Any = None  # its socket (`app.prose.sockets.Line`)
    allowed: tuple[Version | None, datetime | None] = (None, None)  # of which database they may write, and until when

    def addressed(self, message: Any) -> Any:
        """The same message with which text on the line it is about."""
        if not self.channel:
            return message
        return bytes([self.channel + 1]) + message[1:] if isinstance(message, bytes) else {**message, "d": self.channel}

    @property
    def who(self) -> dict[str, Any]:
        return {"t": "wie", "id": self.id, "naam": self.name, "plek": self.seat_id, "p": self.caret}


@dataclass
class OpenText:
    """A text that is open in at least one browser. `shadow` is where a change is tried before it is written."""

    found: log.Loaded
    shadow: Doc
    blocks: list[Block]
    known: dict[int, int]  # of each writer how much there is
    turn: int = 0  # of the looks at who may be here
    clients: set[Client] = field(default_factory=set)
    told: dict[tuple[str, str, str], float] = field(default_factory=dict)
    handed: tuple[int, list[bytes]] = (-1, [])  # after so many changes, what a newcomer gets
    touched: bool = False  # whether the shadow has more than what is committed and taken so far
    size: int = 0  # bytes of its state, at most
    halves: set[tuple[int, int]] = field(default_factory=set)  # writer and number of the second halves of letters
    reading: Reading = field(default_factory=Reading)  # the last one of the shadow
    counted: float = -COUNTED_AGAIN  # when the journey last counted that this changed, and whether it owes that again
    owes: bool = False

    @property
    def document(self) -> Document:
        return self.found.document


@dataclass
class Came:
    """One change that a browser sent; `number` is how it counts its own."""

    client: Client
    number: int
    data: bytes


Taken = list[tuple[bytes, Client | None]]  # changes, each with who sent it; None: the program itself


@dataclass
class Done:
    """What was written in one text, and what it is then; nothing of it counts before it is committed."""

    blocks: list[Block]
    seq: int
    step: str
    day: date
    updates: Taken = field(default_factory=list)
    writers: log.Writers = field(default_factory=dict)


class Texts:
    """All texts that are open in this process. One thread uses it."""

    def __init__(self, database: Database):
        self.database = database
        self._light = Light(database)
        self._open: dict[str, OpenText] = {}
        self._begun: dict[tuple[str, str], date] = {}  # journey and step that this process wrote in today, committed
        self._began = 0.0  # of the work of this thread, when the batch came
        self._turn = 0  # in which turn the people of the last text that was opened are looked at
        self._seen: set[str] = set()  # texts that were open in this process: what it owes of them it knows
        self._left: list[OpenText] = []  # texts that nobody has open any more, and of which the journey owes a count
        self.process = new_id()
        self._out: list[tuple[Client, Any]] = []  # what is to be sent, in order; a number ends the connection
        self._news: list[tuple[Client, Any]] = []  # the same, of what others have written already
        self._elsewhere = Elsewhere(database)
        self._moved: set[str] = set()  # texts of which other processes are to hear who writes there

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._open

    def __len__(self) -> int:
        return len(self._open) + len(self._left)

    def do(self, jobs: list[tuple[str, Any]]) -> list[tuple[Client, Any]]:
        """Does all this at once: (join, client), (came, change), (caret, (client, place)), (leave, client),
        (news, ids of texts), (there, words of another process), (look, which of the LOOKS) and (stop, None). Returns
        what each client is to be sent."""
        self._out = []
        came = [one for job, one in jobs if job == "came"]
        for job, one in jobs:
            if job == "join":
                self._safely(self._join, [one], one)
        if came:
            self._take(came)
        for job, one in jobs:
            if job == "caret":
                self._point(*one)
            elif job == "leave":
                self._leave(one)
        documents = {name for job, names in jobs if job == "news" for name in names}
        looks = {turn for job, turns in jobs if job == "look" for turn in turns}
        if (left := any(job in ("leave", "stop") for job, _ in jobs)) or looks:
            self._pay(left=left)
        if documents or looks:
            self._safely(self._catch_up, (), documents, looks)
        if told := [words for job, words in jobs if job == "there"]:
            self._safely(self._hear, (), told)
        if 0 in looks:
            self._look_elsewhere()
        if any(job == "stop" for job, _ in jobs):
            for text in self._open.values():
                self._out += [(c, RESTART) for c in text.clients]
                text.clients.clear()
            self._moved |= self._open.keys()
            self._light.close()
        for name in self._moved:
            self._elsewhere.say(name, [(c.id, c.seat_id, c.caret) for c in self._clients(name)])
        self._moved.clear()
        return self._out

    def _safely(self, work: Callable[..., None], clients: Iterable[Client], *given: Any) -> None:
        """What fails here costs these clients their connection, and nobody else anything."""
        try:
            work(*given)
        except BaseException as problem:
            if isinstance(problem, KeyboardInterrupt | SystemExit):
                raise
            LOG.warning("a shared text could not be read", exc_info=True)
            self._out += [(client, AGAIN) for client in clients]

    def _join(self, client: Client) -> None:
        text = self._open.get(client.document.id)
        if text is None:
            with self.database.read() as tx:
                found = log.load(tx, client.document)
                late = client.document.id not in self._seen and log.was_written_lately(tx, client.document)
            if not read_blocks(found.doc):
                with self.database.write() as tx:
                    found = log.begin(tx, client.document)
            text = self._opened(found)
            self._turn = text.turn = (self._turn + 1) % LOOKS
            text.owes = late
            self._seen.add(client.document.id)
            self._open[client.document.id] = text
            self._elsewhere.say(client.document.id, (), ask=True)
        if client in text.clients:
            return
        own = sum(c.seat_id == client.seat_id for c in text.clients)
        if own >= MOST_CONNECTIONS or len(text.clients) >= MOST_HERE:
            self._out.append((client, TOO_FAST))
            return
        people = [c.who for c in text.clients] + self._elsewhere.people(client.document.id)
        self._out += [(client, message) for message in self._whole(text)]
        self._out.append((client, {"t": "begin", "ik": client.id, "wie": people}))
        self._tell(text, client.who)
        text.clients.add(client)
        self._moved.add(client.document.id)

    def _opened(self, found: log.Loaded) -> OpenText:
        doc, blocks = found.doc, read_blocks(found.doc)
        text = OpenText(found, doc, blocks, {}, size=len(doc.get_update()), halves=_halves(doc, blocks))
        self._new_shadow(text)
        return text

    def _whole(self, text: OpenText) -> list[bytes]:
        """What a newcomer needs to read the same as everybody: the text as it is, or else all its changes in order.

        Whoever makes up a change can give a letter neighbours that never stood beside each other. Where it then comes
        to stand depends on what came before it, and in a text that is handed out at once that is another order."""
        if text.handed[0] != text.found.seq:
            state = text.found.doc.get_update()
            same = read_blocks(_made_of([state])) == text.blocks
            text.handed = text.found.seq, [state] if same else self._changes(text)
        return [b"\1" + data for data in text.handed[1]]

    def _changes(self, text: OpenText) -> list[bytes]:
        with self.database.read() as tx:
            return log.until(tx, text.document, text.found.seq)

    @staticmethod
    def _new_shadow(text: OpenText, updates: Iterable[tuple[bytes, Any]] = ()) -> None:
        """Makes the shadow anew, of what is committed and these changes: in the order in which the text itself was."""
        found = text.found
        if len(found.parts) > PARTS:
            state = found.doc.get_update()
            if read_blocks(doc := _made_of([state])) == text.blocks:
                found.made, found.parts, found.taken = doc, [state], 1
        text.shadow = _made_of([*found.parts, *(data for data, _ in updates)])
        text.known = _numbers(text.shadow.get_state())

    def _pay(self, *, left: bool) -> None:
        """Lets the journey count what was written since it last did: after a while, and at once when somebody leaves,
        who may open another page to read it."""
        moment = time.monotonic()
        due = [t for t in self._open.values() if t.owes and (left or moment - t.counted >= COUNTED_AGAIN)]
        due += self._left
        if not due:
            return
        try:
            with self._light.write() as tx:
                for text in due:
                    log.count_text(tx, text.document)
        except Busy:
            return  # the next time
        self._left = []
        for text in due:
            text.owes, text.counted = False, moment

    def _leave(self, client: Client) -> None:
        text = self._open.get(client.document.id)
        if text is None or client not in text.clients:
            return
        text.clients.discard(client)
        self._tell(text, {"t": "weg", "id": client.id})
        self._moved.add(client.document.id)
        if not text.clients:
            del self._open[client.document.id]
            self._left += [text] if text.owes else []
            self._elsewhere.forget(client.document.id)

    def _point(self, client: Client, caret: list[str] | None) -> None:
        text = self._open.get(client.document.id)
        if text is not None and client in text.clients:
            client.caret = caret
            self._tell(text, client.who, but=client)
            self._moved.add(client.document.id)

    def _hear(self, told: list[tuple[str, ...]]) -> None:
        """Who writes in the same texts through other processes."""
        with self.database.read() as tx:
            for name, *rest in told:
                if name not in self._open or self._elsewhere.is_own((name, *rest)):
                    continue
                asked, news = self._elsewhere.hear(tx, (name, *rest))
                self._out += [(c, message) for message in news for c in self._clients(name)]
                self._moved |= {name} if asked else set()

    def _look_elsewhere(self) -> None:
        for name, news in self._elsewhere.tidy().items():
            self._out += [(c, message) for message in news for c in self._clients(name)]
        self._moved |= {name for name in self._open if self._elsewhere.is_due(name)}

    def _clients(self, name: str) -> set[Client]:
        return self._open[name].clients if name in self._open else set()

    def _tell(self, text: OpenText, message: Any, but: Client | None = None) -> None:
        self._out += [(c, message) for c in text.clients if c is not but]

    def _take(self, came: list[Came]) -> None:
        """Writes what came in. When the batch fails, each change is tried alone: only what is to blame is refused."""
        strange = [c for c in came if c.client not in self._clients(c.client.document.id)]  # said nothing, or has left
        self._out += [(c.client, REFUSED) for c in strange]
        came = [c for c in came if c not in strange]
        self._began = time.thread_time()  # asking this costs as much as trying a change
        for attempt in range(8):
            before, self._news = len(self._out), []
            try:
                with self._light.write() as tx:
                    written = self._write(tx, came)
                break
            except BaseException as problem:
                if isinstance(problem, KeyboardInterrupt | SystemExit):
                    raise
                self._out[before:] = self._news  # what others wrote stands, whatever becomes of this
                self._renew(c.client.document.id for c in came)
                if isinstance(problem, Busy) and attempt < 7:
                    time.sleep(0.02 * 2**attempt)
                    continue
                if len(came) > 1 and not isinstance(problem, Busy):
                    for one in came:
                        self._take([one])
                    return
                LOG.warning("a change of a shared text was not written: %s", type(problem).__name__, exc_info=True)
                self._out += [(one.client, AGAIN if isinstance(problem, Busy) else REFUSED) for one in came]
                return
        self._out[before:before] = self._news
        for text, done in written:
            text.owes = True
            for data, sender in done.updates:
                text.found.add(data)
                self._tell(text, b"\1" + data, but=sender)
            text.blocks, text.found.seq = done.blocks, done.seq
            text.found.writers |= done.writers
            self._begun[text.document.journey_id, done.step] = done.day
        last: dict[Client, int] = {}
        refused = {client for client, message in self._out[before:] if isinstance(message, int)}
        for one in came:
            if one.client not in refused:
                last[one.client] = max(last.get(one.client, 0), one.number)
        self._out += [(client, {"t": "op", "n": number}) for client, number in last.items()]

    def _renew(self, documents: Iterable[str]) -> None:
        """The shadow of a text that something went wrong with is made anew, of what is committed."""
        for name in set(documents):
            if text := self._open.get(name):
                self._new_shadow(text)

    def _write(self, tx: Session, came: list[Came]) -> list[tuple[OpenText, Done]]:
        ended, version = {}, self._light.version(tx)
        for client in dict.fromkeys(one.client for one in came):
            if code := ending(tx, client, version):
                ended[client] = code
        self._out += list(ended.items())
        written = []
        for name in sorted({one.client.document.id for one in came}):
            text = self._open.get(name)
            mine = [one for one in came if one.client.document.id == name and one.client not in ended]
            if text is None or not mine:
                continue
            seq = log.hold(tx, text.document)
            if seq is None:
                self._out += [(c, GONE) for c in text.clients]
                continue
            day = self._begin(tx, text, mine[0].client.step)
            if seq != text.found.seq:
                self._read_on(tx, text)
            if text.found.seq - text.found.kept_at >= log.KEEP_EVERY:
                log.keep_snapshot(tx, text.found)
                self._new_shadow(text)
            if done := self._write_room(tx, text, mine, day):
                written.append((text, done))
        return written

    def _begin(self, tx: Session, text: OpenText, step: str) -> date:
        """Before the first change of a day whoever looks back may keep how everything stood."""
        day, document = today(), text.document
        known = self._begun.get((document.journey_id, step)) == day
        if not known and (journey := tx.get(Journey, (document.tenant_id, document.journey_id))):
            about_to_write(tx, journey, step)
        return day

    def _write_room(self, tx: Session, text: OpenText, came: list[Came], day: date) -> Done | None:
        done = Done(text.blocks, text.found.seq, came[0].client.step, day)
        refused: set[Client] = set()
        for _, group in groupby(came, key=lambda one: one.client.seat_id):
            group = list(group)
            taken, after = self._take_group(text, done, [o for o in group if o.client not in refused], refused)
            if not taken:
                continue
            seat = group[0].client
            old = () if log.is_beginning(done.blocks) else done.blocks  # that one may be no row yet
            fresh = {b.id for b in after} - {b.id for b in old}
            if fresh or len({b.id for b in after}) < max(len(after), 1):
                state = text.shadow.get_state()
                if tidy(text.shadow, log.taken_ids(tx, text.document, fresh) if fresh - {""} else (), new_id):
                    own = text.shadow.get_update(state)
                    taken.append((own, None))
                    log.note_writers(done.writers, own, "")
                    text.known = _numbers(text.shadow.get_state())
                    after = self._read(text)
            self._remember(tx, text, log.mirror(tx, text.document, done.blocks, after, seat.seat_id), seat)
            done.blocks = after
            done.updates += taken
        if not done.updates:
            return None
        rows = [(data, sender.seat_id if sender else "") for data, sender in done.updates]
        done.seq = log.append(tx, text.document, text.found.seq, rows, self.process, count=False)
        return done

    def _take_group(
        self, text: OpenText, done: Done, group: list[Came], refused: set[Client]
    ) -> tuple[Taken, list[Block]]:
        """Tries what one seat sent: at once, and one after another when that cannot be. What is refused leaves nothing
        behind, and ends the connection it came from. Returns what says something new, and the paragraphs after it."""
        claimed: log.Writers = dict(done.writers)
        text.touched = False
        try:
            taken = [(one.data, one.client) for one in group if self._try(text, one, claimed)]
            after = self._read(text) if taken else done.blocks
            done.writers |= claimed
            return taken, after
        except Refused as problem:
            if len(group) == 1:
                one = group[0]
                refused.add(one.client)
                self._out.append((one.client, AGAIN if problem.gap else REFUSED))
                if not problem.gap:
                    LOG.warning("a change of a shared text was refused: %s", problem)
        if text.touched:
            self._new_shadow(text, done.updates)
        taken, after = [], done.blocks
        for one in group if len(group) > 1 else ():
            if one.client not in refused:
                so_far = replace(done, updates=[*done.updates, *taken])
                found, blocks = self._take_group(text, so_far, [one], refused)
                taken, after = [*taken, *found], blocks if found else after
        return taken, after

    def _try(self, text: OpenText, one: Came, claimed: log.Writers | None = None) -> bool:
        """Applies a change to the shadow. False when it says nothing new. Raises Refused."""
        claimed = {} if claimed is None else claimed
        contents, seat = read_update(one.data), one.client.seat_id
        for writer in contents.written:
            if text.found.writers.get(writer, claimed.get(writer, seat)) != seat:
                raise Refused("written under the number of somebody else")
        if any(text.known.get(writer, 0) < number for writer, number in contents.needs.items()):
            raise Refused("something is missing before it", gap=True)
        halves = text.halves | contents.halves if contents.halves else text.halves
        if halves and not halves.isdisjoint([*contents.cuts, *((w, text.known.get(w, 0)) for w in contents.written)]):
            raise Refused("it cuts a letter in two")
        if not contents.deleted and all(text.known.get(w, 0) >= last for w, (_, last) in contents.written.items()):
            return False
        text.touched = True
        with self._guarded():
            text.shadow.apply_update(one.data)
        text.halves |= {(w, number) for w, number in contents.halves if number >= text.known.get(w, 0)}
        text.size += len(one.data)
        for writer, (_, last) in contents.written.items():
            text.known[writer] = max(text.known.get(writer, 0), last)
            claimed[writer] = seat
        return True

    def _read(self, text: OpenText) -> list[Block]:
        """The paragraphs of the shadow. Raises Refused when they cannot be read, or are more than one text holds."""
        with self._guarded():
            text.reading = read_on(text.shadow, text.reading)
        blocks = text.reading.blocks
        if why := log.wrong(text.document, blocks):
            raise Refused(why)
        if text.size > MOST_STATE:
            text.size = len(text.shadow.get_update())
            if text.size > MOST_STATE:
                raise Refused("too much history")
        return blocks

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """What fails in here, or takes too long, is refused: the library can panic, and a panic is no Exception. What
        counts is our own work since the batch began, so that on a busy machine nobody's text is refused."""
        started = time.perf_counter()
        try:
            yield
        except BaseException as problem:
            if isinstance(problem, KeyboardInterrupt | SystemExit):
                raise
            raise Refused(f"it cannot be applied: {type(problem).__name__}") from None
        if time.perf_counter() - started > LONGEST and time.thread_time() - self._began > LONGEST:
            raise Refused("it takes too long")

    def _remember(self, tx: Session, text: OpenText, deeds: list[log.Deed], client: Client) -> None:
        """What somebody did, for the memory of the journey: not every key, but once in a while."""
        moment = time.monotonic()
        for deed in deeds:
            key = (client.seat_id, deed.kind, deed.id)
            if moment - text.told.get(key, -TOLD_AGAIN) < TOLD_AGAIN:
                continue
            text.told[key] = moment
            tx.add(
                Event(
                    tenant_id=text.document.tenant_id,
                    journey_id=text.document.journey_id,
                    seat_id=client.seat_id,
                    party_id=client.party_id,
                    kind=deed.kind or client.event,
                    step=client.step,
                    part=client.part,
                    ref=deed.id[:120],
                )
            )

    def _read_on(self, tx: Session, text: OpenText) -> None:
        """Takes in what others wrote to the log: forms, and other processes."""
        news = log.later(tx, text.document, text.found.seq)
        for data, seat_id in news:
            text.found.add(data)
            text.shadow.apply_update(data)
            log.note_writers(text.found.writers, data, seat_id)
            text.found.seq += 1
            self._news += [(c, b"\1" + data) for c in text.clients]
        if news:
            text.blocks = read_blocks(text.found.doc)
            text.halves = _halves(text.found.doc, text.blocks)
            text.known = _numbers(text.shadow.get_state())

    def foreign(self, word: str) -> str:
        """Of a word of the channel: which text somebody else changed; '' when it was this process."""
        name, _, process = word.partition(".")
        return "" if process == self.process else name

    def _catch_up(self, documents: set[str], looks: Collection[int]) -> None:
        """Reads what others wrote in these texts, and looks again who may be here; all texts in the first look."""
        self._news = []
        names = list(self._open if 0 in looks else documents & self._open.keys())
        looked = [text for text in self._open.values() if text.turn in looks]
        if not names and not looked:
            return
        with self._light.read() as tx:
            asked = select(ProseDocument.id, ProseDocument.seq).where(col(ProseDocument.id).in_(names))
            there = dict(tx.exec(asked).all()) if names else {}
            for name in names:
                text = self._open[name]
                if name not in there:
                    self._out += [(c, GONE) for c in text.clients]
                elif there[name] > text.found.seq:
                    self._read_on(tx, text)
            for text in looked:
                self._out += endings(tx, text.clients, self._light.version(tx)).items()
        self._out += self._news


def _halves(doc: Doc, blocks: list[Block]) -> set[tuple[int, int]]:
    """Where no change may begin or end: the library would count what is left of such a letter as something else."""
    if all(b.text.isascii() for b in blocks):
        return set()
    data = doc.get_update()
    with suppress(Refused):  # an older text can hold letters that no browser may send any more
        return read_update(data, len(data)).halves
    return set()


def _made_of(updates: Iterable[bytes]) -> Doc:
    from pycrdt import Doc

    made = Doc()
    for data in updates:
        made.apply_update(data)
    return made


def _numbers(state: bytes) -> dict[int, int]:
    """A state vector: of each writer how much there is."""
    from pycrdt import Decoder

    source = Decoder(state)
    return {source.read_var_uint(): source.read_var_uint() for _ in range(source.read_var_uint())}
