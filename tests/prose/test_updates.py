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

from app.core.ids import new_id
from app.prose.blocks import Block, bring, read_blocks, text_in, tidy, too_much
from app.prose.log import Document, Loaded
from app.prose.together import Came, Client, OpenText, Texts, _copy, _numbers, _opened
from app.prose.updates import KINDS, MOST_BYTES, ROOT, Refused, read_update
from tests.prose.hostile import damaged, invented
from tests.prose.scribe import block

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


def open_text() -> tuple[Texts, OpenText, Client]:
    doc = Doc()
    bring(doc, [block("Er staat al iets."), block("En nog wat 😀.", "kop")])
    place = Document("t", "j", "d", "c")
    text = _opened(Loaded(place, doc))
    return Texts(None), text, Client(place, "plan", "c", "seat", "", "Jan", "")  # type: ignore[arg-type]


LONGEST = 2.0  # seconds of this thread for one change; what takes longer keeps everybody waiting


def attack(seed: int, count: int) -> tuple[int, int, list[list[bytes]]]:
    """So many hostile updates through the guard. Returns how many came through, how many were refused, and of each text
    the changes that it was left with."""
    chance = random.Random(seed)
    through, turned_away, logs = 0, 0, []
    for number in range(count):
        if number % 500 == 0:  # a text halfway; what comes next is what is damaged
            texts, text, client = open_text()
            logs.append([text.found.doc.get_update()])
            updates = real_updates(chance, 40)
            for data in updates[:20]:
                if texts._try(text, Came(client, number, data)):
                    logs[-1].append(data)
        if chance.random() < 0.5:
            data = damaged(chance, updates[20:])
        elif chance.random() < 0.9:
            data = invented(chance, text.known, [b.id for b in text.blocks if b.id])
        else:
            data = chance.choice(updates)
        started = time.thread_time()
        try:
            if texts._try(text, Came(client, number, data)):
                texts._read(text)
                through += 1
                logs[-1].append(data)
                state = text.shadow.get_state()
                if tidy(text.shadow, (), new_id):
                    logs[-1].append(text.shadow.get_update(state))
                    text.known = _numbers(text.shadow.get_state())
                text.blocks = read_blocks(text.shadow)
        except Refused:
            text.shadow = made_of(logs[-1])
            text.known = _numbers(text.shadow.get_state())
        assert time.thread_time() - started < LONGEST, data.hex()
        if number % 10 == 9:  # and who comes in types where they like
            newcomer = made_of(logs[-1])
            state, units = (
                newcomer.get_state(),
                [u for value, _ in text_in(newcomer).diff() for u in (value if isinstance(value, str) else "|")],
            )
            place = chance.randrange(len(units) + 1)
            text_in(newcomer).insert(sum(len(u.encode()) for u in units[:place]), "hier", {})
            data = newcomer.get_update(state)
            try:
                assert texts._try(text, Came(client, number, data))
                texts._read(text)
                logs[-1].append(data)
                text.blocks = read_blocks(text.shadow)
            except Refused:  # at a place where somebody twisted what was taken away; seldom, see below
                turned_away += 1
                text.shadow = made_of(logs[-1])
                text.known = _numbers(text.shadow.get_state())
        if number % 50 == 49:  # a newcomer reads the same, from the changes and from what the server hands out at once
            assert read_blocks(made_of(logs[-1])) == read_blocks(_copy(text.shadow)) == read_blocks(text.shadow)
            assert not too_much(read_blocks(text.shadow))
    assert turned_away <= 1 + count // 2000, turned_away
    return through, count - through, logs


def made_of(log: list[bytes]) -> Doc:
    doc = Doc()
    for data in log:
        doc.apply_update(data)
    return doc


def test_what_the_editor_sends_comes_through():
    for seed in range(8):
        texts, text, client = open_text()
        text.found.doc, text.shadow, text.known = Doc(), Doc(), {}
        for number, data in enumerate(real_updates(random.Random(seed), 80)):
            texts._try(text, Came(client, number, data))
        assert read_blocks(text.shadow)


def test_hostile_updates_never_hurt_a_text():
    through, refused, _ = attack(1, 1000)
    assert refused > 300 and through > 50, (through, refused)


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
        b"\x00" * (MOST_BYTES + 1),
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
    ],
    ids=map(str, range(17)),  # the bytes differ each time, and every test process must find the same tests
)
def test_what_no_editor_of_ours_sends_is_refused(data):
    with pytest.raises(Refused):
        read_update(data)


def test_a_text_has_an_end():
    assert too_much([block("x")] * 1001) and too_much([block("x" * 400_001)]) and not too_much([block("x")] * 400)
