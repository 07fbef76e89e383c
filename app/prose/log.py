"""The shared texts in the database: their changes one after another, and the paragraphs that always say the same.

A change and what it does to the paragraphs are written in one transaction, by whoever holds the row of the document. So
every page, search and export that reads paragraphs reads the text as it is, and no change is ever shown that could get
lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, update
from sqlmodel import Session, col, select

from app.answers.models import JointAnswer
from app.core.clock import aware, now
from app.core.ids import new_id
from app.core.live import announce
from app.core.prepared import Prepared
from app.journey.kept import count_change, topic
from app.prose import fieldtext
from app.prose.blocks import Block, bring, read_blocks, runs_of, tidy, too_much
from app.prose.models import Paragraph, ParagraphOrigin, ProseDocument, ProseUpdate
from app.prose.updates import Refused, read_update

if TYPE_CHECKING:
    from pycrdt import Doc

KEEP_EVERY = 500  # updates after which a snapshot is worth its bytes
LATELY = timedelta(minutes=1)
NOTHING = b"\0\0"  # an update that says nothing
STEP = "plan"  # whose chapters these are
CHANNEL = "samen"  # where every process hears which texts have changed

Writers = dict[int, str]  # who wrote under which number; nobody may write under another's


@dataclass(frozen=True)
class Document:
    """Which text this is."""

    tenant_id: str
    journey_id: str
    id: str
    name: str  # of the chapter, or the path of the joint answer

    @property
    def is_answer(self) -> bool:
        return "/" in self.name

    @property
    def topic(self) -> str:
        """Where this is, for who looks at it."""
        return topic(*self.name.split("/")[:2]) if self.is_answer else topic(STEP, self.name)


@dataclass
class Loaded:
    """A text as it stands after `seq` changes."""

    document: Document
    made: Doc
    seq: int = 0
    kept_at: int = 0  # up to here it came from a snapshot
    writers: Writers = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)  # what it was made of, in order
    taken: int = 0  # so many of these are in `made`; the rest when somebody asks for it

    def add(self, data: bytes) -> None:
        self.parts.append(data)

    @property
    def doc(self) -> Doc:
        for data in self.parts[self.taken :]:
            self.made.apply_update(data)
        self.taken = len(self.parts)
        return self.made


def seek_document(tx: Session, tenant_id: str, journey_id: str, name: str) -> Document | None:
    """The shared text of this name, once somebody has opened it."""
    return _found(tx, tenant_id, journey_id, name, hold=False)


_SAY = (
    update(JointAnswer.__table__)  # type: ignore[attr-defined]
    .where(col(JointAnswer.tenant_id) == bindparam("of_tenant"), col(JointAnswer.id) == bindparam("of_answer"))
    .values(
        value=bindparam("to_value"),
        rich=bindparam("to_rich"),
        version=col(JointAnswer.version) + 1,
        saved_at=bindparam("to_moment"),
        saved_by=bindparam("to_seat"),
    )
)


def find_document(tx: Session, tenant_id: str, journey_id: str, name: str) -> Document | None:
    """The same, held until the transaction ends: what is written meanwhile waits."""
    return _found(tx, tenant_id, journey_id, name, hold=True)


def _found(tx: Session, tenant_id: str, journey_id: str, name: str, hold: bool) -> Document | None:
    query = select(ProseDocument.id).where(
        ProseDocument.tenant_id == tenant_id, ProseDocument.journey_id == journey_id, ProseDocument.name == name
    )
    found = tx.exec(query.with_for_update() if hold else query).first()
    return Document(tenant_id, journey_id, found, name) if found else None


# What happens at every key is said once: building a statement costs more than asking it.
_DOCUMENT = (
    col(ProseDocument.tenant_id) == bindparam("of_tenant"),
    col(ProseDocument.id) == bindparam("of_document"),
)
_HOLD = Prepared(select(ProseDocument.seq).where(*_DOCUMENT).with_for_update())
_COUNT = Prepared(update(ProseDocument.__table__).where(*_DOCUMENT).values(seq=bindparam("to_seq")))  # type: ignore[attr-defined]
_ADD = Prepared(insert(ProseUpdate.__table__))  # type: ignore[attr-defined]
_SET = Prepared(
    update(Paragraph.__table__)  # type: ignore[attr-defined]
    .where(col(Paragraph.tenant_id) == bindparam("of_tenant"), col(Paragraph.id) == bindparam("of_paragraph"))
    .values(
        text=bindparam("to_text"),
        rich=bindparam("to_rich"),
        kind=bindparam("to_kind"),
        version=col(Paragraph.version) + 1,
        saved_at=bindparam("to_moment"),
        saved_by=bindparam("to_seat"),
    )
)


def hold(tx: Session, document: Document) -> int | None:
    """Holds the text until the transaction ends. How many changes it has; None when it is there no more."""
    asked = {"of_tenant": document.tenant_id, "of_document": document.id}
    found = _HOLD.all(tx, asked)
    return found[0].seq if found else None


def open_document(tx: Session, tenant_id: str, journey_id: str, name: str) -> Document:
    """The shared text of this chapter; the first time it is made of the paragraphs that stand there."""
    if found := find_document(tx, tenant_id, journey_id, name):
        return found
    from pycrdt import Doc

    row = ProseDocument(tenant_id=tenant_id, journey_id=journey_id, name=name)
    tx.add(row)
    tx.flush()  # of two that do this at once, one fails here and tries again
    document, doc = Document(tenant_id, journey_id, row.id, name), Doc()
    bring(doc, _answer_blocks(tx, document) if document.is_answer else wanted_blocks(tx, document) or [Block(new_id())])
    append(tx, document, 0, [(doc.get_update(), "")], count=False)  # it reads as before
    return document


def load(tx: Session, document: Document) -> Loaded:
    """The whole text, from its snapshot and what came after it."""
    from pycrdt import Doc

    snapshot, seq, writers = tx.exec(
        select(ProseDocument.snapshot, ProseDocument.snapshot_seq, ProseDocument.writers).where(
            ProseDocument.tenant_id == document.tenant_id, ProseDocument.id == document.id
        )
    ).one()
    found = Loaded(document, Doc(), seq, seq)
    if seq:
        found.add(bytes(snapshot))
        found.writers = {int(k): v for k, v in json.loads(writers or "{}").items()}
    for data, seat_id in later(tx, document, seq):
        found.add(data)
        note_writers(found.writers, data, seat_id)
        found.seq += 1
    return found


def begin(tx: Session, document: Document) -> Loaded:
    """The whole text, with a paragraph to begin in: one of before every empty text had that."""
    hold(tx, document)
    found = load(tx, document)
    before = found.doc.get_state()
    if tidy(found.doc, (), new_id):
        append(tx, document, found.seq, [(found.doc.get_update(before), "")], count=False)
    return load(tx, document)


def later(tx: Session, document: Document, seq: int) -> list[tuple[bytes, str]]:
    """The changes after this one, each with the seat that made it."""
    rows = tx.exec(
        select(ProseUpdate.data, ProseUpdate.seat_id)
        .where(
            ProseUpdate.tenant_id == document.tenant_id,
            ProseUpdate.document_id == document.id,
            ProseUpdate.seq > seq,
        )
        .order_by(col(ProseUpdate.seq))
    ).all()
    return [(bytes(data), seat_id) for data, seat_id in rows]


def until(tx: Session, document: Document, seq: int) -> list[bytes]:
    """All changes up to this one, from the first."""
    rows = tx.exec(
        select(ProseUpdate.data)
        .where(
            ProseUpdate.tenant_id == document.tenant_id,
            ProseUpdate.document_id == document.id,
            ProseUpdate.seq <= seq,
        )
        .order_by(col(ProseUpdate.seq))
    ).all()
    return [bytes(data) for data in rows]


def note_writers(writers: Writers, data: bytes, seat_id: str) -> None:
    """Remembers under which numbers this seat writes."""
    try:
        written = read_update(data, len(data)).written
    except Refused:  # the text as it was made can be larger than what a browser may send
        return
    for number in written:
        writers.setdefault(number, seat_id)


def append(
    tx: Session,
    document: Document,
    seq: int,
    updates: Sequence[tuple[bytes, str]],
    process: str = "",
    *,
    count: bool = True,
) -> int:
    """Adds changes after the `seq` that are there. The caller holds the text. Returns how many there are now.
    `process` has them already, so it need not hear of them. Without `count` the caller owes the journey a `count`."""
    moment = now()
    for number, (data, seat_id) in enumerate(updates, seq + 1):
        row = {
            "tenant_id": document.tenant_id,
            "id": new_id(),
            "journey_id": document.journey_id,
            "document_id": document.id,
            "seq": number,
            "data": data,
            "seat_id": seat_id,
            "at": moment,
        }
        _ADD.do(tx, row)
    there = seq + len(updates)
    _COUNT.do(tx, {"of_tenant": document.tenant_id, "of_document": document.id, "to_seq": there})
    if count:
        count_text(tx, document)
    announce(tx, CHANNEL, f"{document.id}.{process}" if process else document.id)
    return there


def count_text(tx: Session, document: Document) -> None:
    """Says to who looks at the journey, and does not write in this text, that it changed."""
    count_change(tx, document.tenant_id, document.journey_id, document.topic)


def was_written_lately(tx: Session, document: Document) -> bool:
    """Whether somebody wrote in it a moment ago: a process that was killed then may not have let it be counted."""
    last = tx.exec(
        select(ProseUpdate.at)
        .where(
            ProseUpdate.tenant_id == document.tenant_id,
            ProseUpdate.document_id == document.id,
            ProseUpdate.seat_id != "",
        )
        .order_by(col(ProseUpdate.seq).desc())
        .limit(1)
    ).first()
    return last is not None and now() - aware(last) < LATELY


def keep_snapshot(tx: Session, found: Loaded) -> None:
    """Makes the next loading faster. The changes themselves stay. Not when the text would be another one by it: then it
    is made of all its changes every time (`app.prose.together`)."""
    from pycrdt import Doc

    found.kept_at, state, kept = found.seq, found.doc.get_update(), Doc()
    kept.apply_update(state)
    if read_blocks(kept) != read_blocks(found.doc):
        return
    tx.connection().execute(
        update(ProseDocument)
        .where(col(ProseDocument.tenant_id) == found.document.tenant_id, col(ProseDocument.id) == found.document.id)
        .values(snapshot=state, snapshot_seq=found.seq, writers=json.dumps(found.writers))
    )


# ---- the paragraphs ----


def list_rows(tx: Session, document: Document, *, standing: bool = False) -> list[Paragraph]:
    """All paragraphs of the chapter in reading order, removed ones included; or only those that are `standing`."""
    query = (
        select(Paragraph)
        .where(
            Paragraph.tenant_id == document.tenant_id,
            Paragraph.journey_id == document.journey_id,
            Paragraph.chapter == document.name,
        )
        .order_by(col(Paragraph.position), col(Paragraph.id))
        .execution_options(populate_existing=True)
    )
    return list(tx.exec(query.where(col(Paragraph.removed_at).is_(None)) if standing else query))


def _list_vias(tx: Session, document: Document) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, via in tx.exec(
        select(ParagraphOrigin.paragraph_id, ParagraphOrigin.via).where(
            ParagraphOrigin.tenant_id == document.tenant_id,
            ParagraphOrigin.journey_id == document.journey_id,
            ParagraphOrigin.via != "",
        )
    ):
        found.setdefault(name, set()).add(via)
    return found


def wanted_blocks(tx: Session, document: Document) -> list[Block]:
    """The paragraphs that stand in the chapter, as the text should have them."""
    vias = _list_vias(tx, document)
    return [
        Block(p.id, p.kind, runs_of(p.text, p.rich), tuple(sorted(vias.get(p.id, ()))))
        for p in list_rows(tx, document, standing=True)
    ]


def is_beginning(blocks: Sequence[Block]) -> bool:
    """Whether there is only an empty paragraph. The server puts one in every empty text, so that all who begin at the
    same moment begin in the same one; it becomes a row when it says something."""
    return len(blocks) == 1 and not blocks[0].text


def carry(tx: Session, document: Document, seat_id: str) -> None:
    """Brings what was done to the paragraphs into the text. The caller has held it since before doing so."""
    found, wanted = load(tx, document), wanted_blocks(tx, document)
    before = found.doc.get_state()
    if not wanted:
        there, rows = read_blocks(found.doc), {p.id for p in list_rows(tx, document)}
        wanted = there if is_beginning(there) and there[0].id not in rows else [Block(new_id())]
    if bring(found.doc, wanted):
        append(tx, document, found.seq, [(found.doc.get_update(before), seat_id)])


# ---- the answer ----


def find_answer(tx: Session, document: Document) -> JointAnswer | None:
    """The joint answer that says what this text says; None while nothing was written."""
    return tx.exec(
        select(JointAnswer)
        .where(
            JointAnswer.tenant_id == document.tenant_id,
            JointAnswer.journey_id == document.journey_id,
            JointAnswer.path == document.name,
        )
        .execution_options(populate_existing=True)
    ).first()


def _answer_blocks(tx: Session, document: Document) -> list[Block]:
    """What stands in the answer, as the text begins: also an empty one has a paragraph, so that two people who begin at
    the same moment write in the same one."""
    row = find_answer(tx, document)
    found = fieldtext.read(row.value, row.rich) if row else []
    return fieldtext.aligned([], found or [Block("")])


def carry_answer(tx: Session, document: Document, value: str, seat_id: str) -> list[Block]:
    """Brings the words of a form into the text, paragraph by paragraph. The caller has held it since before they were
    stored. Returns what the text says now."""
    found = load(tx, document)
    before = found.doc.get_state()
    wanted = fieldtext.aligned(read_blocks(found.doc), fieldtext.parsed(value) or [Block("")])
    if bring(found.doc, wanted, formats=False):
        append(tx, document, found.seq, [(found.doc.get_update(before), seat_id)])
    return read_blocks(found.doc)


def _mirror_answer(tx: Session, document: Document, after: Sequence[Block], seat_id: str) -> list[Deed]:
    value, rich = fieldtext.plain(after), fieldtext.rich_of(after)
    row = find_answer(tx, document)
    if row is None:
        if not value:
            return []
        row = JointAnswer(
            tenant_id=document.tenant_id,
            journey_id=document.journey_id,
            path=document.name,
            value=value,
            rich=rich,
            saved_by=seat_id,
        )
        tx.add(row)
        tx.flush()
    elif (row.value, row.rich) == (value, rich):
        return []
    else:
        said = {"to_value": value, "to_rich": rich, "to_moment": now(), "to_seat": seat_id}
        tx.connection().execute(_SAY, {"of_tenant": document.tenant_id, "of_answer": row.id, **said})
        tx.expire(row)
    return [Deed("", document.name.partition("/")[2])]


def wrong(document: Document, blocks: Sequence[Block]) -> str:
    """Why this text may not hold this; '' when it may."""
    if document.is_answer:
        if any(b.kind not in fieldtext.KINDS for b in blocks):
            return "a heading in an answer"
        if sum(len(b.text) for b in blocks) > 2 * fieldtext.MOST:
            return "too long for an answer"
    return too_much(blocks)


def taken_ids(tx: Session, document: Document, ids: Iterable[str]) -> set[str]:
    """Those of these ids that are of a paragraph somewhere else."""
    rows = tx.exec(
        select(Paragraph.id, Paragraph.journey_id, Paragraph.chapter).where(
            Paragraph.tenant_id == document.tenant_id, col(Paragraph.id).in_(list(ids))
        )
    )
    return {name for name, journey, chapter in rows if (journey, chapter) != (document.journey_id, document.name)}


@dataclass(frozen=True)
class Deed:
    """What somebody did to a paragraph: the kind of event, and its id. Of an answer the place of the text says which
    kind it is."""

    kind: str
    id: str


def mirror(
    tx: Session, document: Document, before: Sequence[Block], after: Sequence[Block], seat_id: str
) -> list[Deed]:
    """Brings what was done to the text into the paragraphs (or the answer): they said `before`, it says `after`."""
    if document.is_answer:
        return _mirror_answer(tx, document, after, seat_id)
    begun = is_beginning(before)  # and so, perhaps, no row yet
    old = {b.id: b for b in before} if not begun else {}
    deeds: list[Deed] = []
    for block in after:
        known = old.get(block.id)
        if known is not None and known is not block and (known.runs, known.kind) != (block.runs, block.kind):
            _set(tx, document, block, seat_id)
            deeds.append(Deed("paragraph_changed", block.id))
    origins = [b for b in after if begun or b.origin != (old[b.id].origin if b.id in old else ())]
    if begun or [b.id for b in before] != [b.id for b in after]:
        deeds += _reorder(tx, document, old, after, seat_id)
    if origins and not is_beginning(after):
        _carry_origins(tx, document, origins)
    return deeds


def _said(block: Block) -> dict[str, Any]:
    return {"text": block.text, "rich": block.rich, "kind": block.kind}


def _set(tx: Session, document: Document, block: Block, seat_id: str) -> None:
    said = {f"to_{name}": value for name, value in _said(block).items()}
    whose = {"of_tenant": document.tenant_id, "of_paragraph": block.id, "to_moment": now(), "to_seat": seat_id}
    _SET.do(tx, said | whose)


def _reorder(
    tx: Session, document: Document, old: dict[str, Block], after: Sequence[Block], seat_id: str
) -> list[Deed]:
    rows = {p.id: p for p in list_rows(tx, document)}
    deeds: list[Deed] = []
    for position, block in enumerate(after):
        row = rows.get(block.id)
        if row is None and is_beginning(after):
            continue
        if row is None:
            row = Paragraph(
                tenant_id=document.tenant_id,
                id=block.id,
                journey_id=document.journey_id,
                chapter=document.name,
                position=position,
                version=1,
                saved_by=seat_id,
                **_said(block),
            )
            deeds.append(Deed("paragraph_added", block.id))
        elif row.removed_at is not None:
            row.removed_at, row.removed_by = None, ""
            for name, value in _said(block).items():
                setattr(row, name, value)
            row.version, row.saved_at, row.saved_by = row.version + 1, now(), seat_id
            deeds.append(Deed("paragraph_restored", block.id))
        elif block.id not in old and (row.text, row.rich, row.kind) != (block.text, block.rich, block.kind):
            _set(tx, document, block, seat_id)
            tx.refresh(row)
            deeds.append(Deed("paragraph_changed", block.id))
        row.position = position
        tx.add(row)
    kept = {b.id for b in after}
    for name, row in rows.items():
        if row.removed_at is None and name not in kept:
            row.removed_at, row.removed_by = now(), seat_id
            tx.add(row)
            deeds.append(Deed("paragraph_removed", name))
    tx.flush()
    if not deeds and old and set(old) == kept:
        deeds.append(Deed("paragraph_moved", next(b.id for b, o in zip(after, old, strict=True) if b.id != o)))
    return deeds


def _carry_origins(tx: Session, document: Document, blocks: Sequence[Block]) -> None:
    """A paragraph that was joined with another also comes from what that one came from, until they are parted."""
    rows: dict[str, list[ParagraphOrigin]] = {}
    asked = {i for b in blocks for i in (b.id, *b.origin)}
    for origin in tx.exec(
        select(ParagraphOrigin)
        .join(
            Paragraph,
            (col(Paragraph.tenant_id) == ParagraphOrigin.tenant_id)
            & (col(Paragraph.id) == ParagraphOrigin.paragraph_id),
        )
        .where(
            ParagraphOrigin.tenant_id == document.tenant_id,
            ParagraphOrigin.journey_id == document.journey_id,
            Paragraph.chapter == document.name,
            col(ParagraphOrigin.paragraph_id).in_(asked),
        )
    ):
        rows.setdefault(origin.paragraph_id, []).append(origin)
    for block in blocks:
        own = rows.get(block.id, [])
        gone = [o.id for o in own if o.via and o.via not in block.origin]
        if gone:
            tx.connection().execute(
                delete(ParagraphOrigin).where(
                    col(ParagraphOrigin.tenant_id) == document.tenant_id, col(ParagraphOrigin.id).in_(gone)
                )
            )
        keys = {o.key for o in own if o.id not in gone}
        for via in block.origin:
            for origin in rows.get(via, []):
                if origin.key not in keys:
                    keys.add(origin.key)
                    tx.add(
                        ParagraphOrigin(
                            tenant_id=document.tenant_id,
                            journey_id=document.journey_id,
                            paragraph_id=block.id,
                            key=origin.key,
                            said=origin.said,
                            via=via,
                        )
                    )
    tx.flush()
