"""What a browser sends is read before anything else does: nothing but our own editor's changes comes through, and what
comes through leaves a text that a newcomer can read."""

from __future__ import annotations

import random
import resource
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlFragment

from app.core.database import Database
from app.core.ids import new_id
from app.prose.blocks import Block, Reading, bring, read_blocks, reading_on, text_in, tidy, too_much
from app.prose.log import Document, Loaded
from app.prose.together import Came, Client, OpenText, Texts, _made_of, _numbers
from app.prose.updates import KINDS, MOST_BYTES, ROOT, Refused, read_update
from tests.prose.hostile import damaged, invented, letters, update
from tests.prose.scribe import block

NO_DATABASE = Database("sqlite://")  # the guard asks it nothing
WORDS = ["ouders", "school 😀", "én", "thuis\nsamen", "x" * 40, "€ 1.500"]


def some_blocks(chance: random.Random) -> list[Block]:
    def runs():
        marks = [("", ""), ("b", ""), ("i", ""), ("bi", ""), ("", "https://a.nl/b")]
        return tuple((chance.choice(WORDS), *chance.choice(marks)) for _ in range(chance.randrange(4)))

    return [Block(new_id(), chance.choice(list(KINDS)), runs()) for _ in range(chance.randrange(1, 6))]


def real_updates(chance: random.Random, count: int) -> list[bytes]:
    """What an editor sends: typing, taking out, making bold, moving."""
    doc, found = Doc(), []
    for _ in range(count):
        before, blocks = doc.get_state(), read_blocks(doc)
        what = chance.randrange(5)
        if not blocks or what == 0:
            bring(doc, [*blocks, *some_blocks(chance)][:12])
        elif what == 1:
            text_in(doc).insert(1, "abc", {})
        elif what == 2:
            chance.shuffle(blocks)
            bring(doc, blocks[:-1] or blocks)
        elif what == 3:
            text_in(doc).format(0, len(text_in(doc)), {"b": chance.choice([True, None])})
        else:
            one = chance.randrange(len(blocks))
            words = blocks[one].text
            blocks[one] = replace(blocks[one], runs=((words[len(words) // 2 :], "", ""),) if words else ())
            bring(doc, blocks)
        found.append(doc.get_update(before))
    return [u for u in found if u != b"\0\0"]


class Hall(Texts):
    """Texts whose changes are not in a database."""

    changes: list[bytes]

    def _changes(self, text: OpenText) -> list[bytes]:
        return self.changes


def open_text() -> tuple[Texts, OpenText, Client]:
    doc = Doc()
    bring(doc, [block("Er staat al iets."), block("En nog wat 😀.", "kop")])
    place = Document("t", "j", "d", "c")
    texts = Hall(NO_DATABASE)
    texts.changes = [doc.get_update()]
    text = texts._opened(Loaded(place, doc, parts=[*texts.changes]))
    return texts, text, Client(place, "plan", "c", "seat", "", "Jan", "")


LONGEST = 2.0  # seconds of this thread for one change; what takes longer keeps everybody waiting


def attack(seed: int, count: int) -> tuple[int, int, list[list[bytes]]]:
    """So many hostile updates through the guard. Returns how many came through, how many were refused, and of each text
    the changes that it was left with."""
    chance = random.Random(seed)
    through, logs, why = 0, [], [""]

    def take(data: bytes) -> bool:
        """As the server does, without a database."""
        started, text.touched = time.thread_time(), False
        texts._began = started
        try:
            new = texts._try(text, Came(client, 1, data))
            if not new:
                return False
            state, text.blocks = text.shadow.get_state(), texts._read(text)
            assert text.blocks == read_blocks(text.shadow)
            own = text.shadow.get_update(state) if tidy(text.shadow, (), new_id) else None
            for one in filter(None, (data, own)):
                text.found.add(one)
                text.found.seq += 1
                texts.changes.append(one)
            if own:
                text.known, text.blocks = _numbers(text.shadow.get_state()), read_blocks(text.shadow)
            return True
        except Refused as problem:
            why.append(str(problem))
            if text.touched:
                texts._new_shadow(text)
            return False
        finally:
            assert time.thread_time() - started < LONGEST, data.hex()

    for number in range(count):
        if number % 200 == 0:  # a text halfway; what comes next is what is damaged
            texts, text, client = open_text()
            logs.append(texts.changes)
            updates = real_updates(chance, 40)
            for data in updates[:20]:
                take(data)
        kind = chance.random()
        if kind < 0.5:
            data = damaged(chance, updates[20:])
        elif kind < 0.95:
            data = invented(chance, text.known, [b.id for b in text.blocks if b.id])
        else:
            data = chance.choice(updates)
        through += take(data)
        if number % 10 == 9:  # and who comes in types where they like
            newcomer = come_in(texts, text)
            state, letters = newcomer.get_state(), text_in(newcomer).diff()
            units = [u for value, _ in letters for u in (value if isinstance(value, str) else "|")]
            place = chance.randrange(len(units) + 1)
            text_in(newcomer).insert(sum(len(u.encode()) for u in units[:place]), "hier", {})
            assert take(newcomer.get_update(state)), f"what a newcomer types is refused: {why[-1]}"
        if number % 50 == 49:  # a newcomer reads the same, from all changes and from what the server hands out at once
            now = read_blocks(text.found.doc)
            assert now == text.blocks == read_blocks(come_in(texts, text)) == read_blocks(_made_of(texts.changes))
            assert not too_much(now)
    return through, count - through, logs


def come_in(texts: Texts, text: OpenText) -> Doc:
    """The text as somebody reads it who comes in now."""
    return _made_of(data[1:] for data in texts._whole(text))


def test_what_the_editor_sends_comes_through():
    for seed in range(8):
        texts, text, client = open_text()
        text.shadow, text.known = Doc(), {}
        for number, data in enumerate(real_updates(random.Random(seed), 80)):
            texts._try(text, Came(client, number, data))
        assert read_blocks(text.shadow)


PIECES = st.one_of(
    st.tuples(st.sampled_from(["een", "twee", "\n", "😀"]), st.sampled_from([None, {}, {"b": True}, {"x": 1}])),
    st.tuples(
        st.sampled_from([{"id": "0" * 16}, {"id": "1" * 16}, {"id": "kort"}, 3]), st.sampled_from([None, {"k": "kop"}])
    ),
)


@given(st.lists(st.lists(PIECES, max_size=8), min_size=1, max_size=6), st.data())
@settings(max_examples=400, deadline=None)
def test_who_reads_on_reads_what_stands_there(texts, data):
    """Whatever was read before, and however much of it still stands there."""
    reading = Reading()
    for pieces in texts:
        if reading.pieces and data.draw(st.booleans()):  # a small change of what was read
            at = data.draw(st.integers(0, len(reading.pieces)))
            pieces = [*reading.pieces[:at], *pieces[:1], *reading.pieces[at + data.draw(st.integers(0, 2)) :]]
        reading = reading_on(pieces, reading)
        fresh = reading_on(pieces, Reading())
        assert (reading.blocks, reading.starts) == (fresh.blocks, fresh.starts)


def test_hostile_updates_never_hurt_a_text():
    through, refused, _ = attack(1, 500)
    assert refused > 150 and through > 25, (through, refused)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_thousand_hostile_updates(seed):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    through, refused, _ = attack(100 + seed, 10_000)
    assert refused > 3000 and through > 500, (through, refused)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000, "kB more than before"


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    with suppress(Refused):
        read_update(data)


def update_of(make) -> bytes:
    doc = Doc()
    make(doc)
    return doc.get_update()


def nested(depth: int) -> bytes:
    """A value in a value in a value …: read by a function that calls itself, it ends the process."""
    return b"\x01\x01\x05\x00\x08\x01\x05tekst\x01" + b"\x75\x01" * depth + b"\x7e" + b"\x00"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        update([(77, 0, [letters("x" * MOST_BYTES)])], {}),
        nested(30_000),
        update_of(lambda d: d.get("iets-anders", type=Text).insert(0, "x")),
        update_of(lambda d: d.get(ROOT, type=Array).append(1)),
        update_of(lambda d: d.get(ROOT, type=Map).update({"a": 1})),
        update_of(lambda d: d.get(ROOT, type=XmlFragment).children.append("x")),
        update_of(lambda d: text_in(d).insert_embed(0, {"id": "kort"})),
        update_of(lambda d: text_in(d).insert_embed(0, {"id": new_id(), "script": "x"})),
        update_of(lambda d: text_in(d).insert_embed(0, Map({"id": new_id()}))),
        update_of(lambda d: text_in(d).insert(0, "x", {"style": "color:red"})),
        update_of(lambda d: text_in(d).insert(0, "x", {"a": "javascript:alert(1)"})),
        update_of(lambda d: text_in(d).insert(0, "x", {"a": 'https://a.nl/" onclick=x'})),
        update_of(lambda d: text_in(d).insert(0, "x", {"k": "script"})),
        update_of(lambda d: text_in(d).insert(0, "x", {"o": " ".join(new_id() for _ in range(21))})),
        update_of(lambda d: text_in(d).insert(0, "x\0y")),
        update_of(lambda d: text_in(d).insert(0, "x\x1by")),
        update([(77, 0, [b"\0\3"])], {}),
        update([(n, 0, [letters("x")]) for n in range(1, 70)], {}),
    ],
    ids=map(str, range(19)),  # the bytes differ each time, and every test process must find the same tests
)
def test_what_no_editor_of_ours_sends_is_refused(data):
    with pytest.raises(Refused):
        read_update(data)


def test_a_letter_of_two_numbers_is_never_cut():
    """Who came in after that would count one letter fewer than everybody else, and could type nothing any more."""
    texts, text, client = open_text()
    ((writer, second),) = text.halves
    for data in (
        update([(77, 0, [letters("x", left=(writer, second - 1), right=(writer, second))])], {}),
        update([(77, 0, [letters("x", left=(writer, second - 1))])], {}),
        update([(77, 0, [letters("x", right=(writer, second))])], {}),
        update([], {writer: [(second, 1)]}),
        update([], {writer: [(second - 1, 1)]}),
    ):
        with pytest.raises(Refused, match="cuts"):
            texts._try(text, Came(client, 1, data))
    assert texts._try(text, Came(client, 2, update([(77, 0, [letters("😀")])], {})))
    with pytest.raises(Refused, match="cuts"):  # also one that came in just now
        texts._try(text, Came(client, 3, update([], {77: [(1, 1)]})))
    assert texts._try(text, Came(client, 4, update([], {writer: [(second - 1, 2)]})))


def test_a_library_that_panics_refuses_one_change(monkeypatch):
    class Panic(BaseException):
        pass

    def panic(*_):
        raise Panic

    texts, text, client = open_text()
    good = update([(77, 0, [letters("x")])], {})
    monkeypatch.setattr("app.prose.together.read_on", panic)
    with pytest.raises(Refused, match="Panic"):
        texts._read(text)
    monkeypatch.setattr(text.shadow, "apply_update", panic)
    with pytest.raises(Refused, match="Panic"):
        texts._try(text, Came(client, 1, good))


@pytest.mark.parametrize("working", [True, False])
def test_a_change_that_takes_too_long_is_refused(monkeypatch, working: bool):
    """Work of our own counts; waiting for a machine on which others are busy does not."""
    monkeypatch.setattr("app.prose.together.LONGEST", 0.05)
    texts, text, client = open_text()
    real = text.shadow.apply_update

    def slow(data: bytes) -> None:
        until = time.thread_time() + 0.06
        while working and time.thread_time() < until:
            pass
        time.sleep(0.06)
        real(data)

    monkeypatch.setattr(text.shadow, "apply_update", slow)
    texts._began = time.thread_time()
    change = Came(client, 1, update([(77, 0, [letters("x")])], {}))
    if working:
        with pytest.raises(Refused, match="too long"):
            texts._try(text, change)
    else:
        assert texts._try(text, change)


def test_a_text_has_an_end():
    assert too_much([block("x")] * 1001) and too_much([block("x" * 400_001)]) and not too_much([block("x")] * 400)
