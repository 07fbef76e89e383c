"""Whatever editors, lines, forms, rights and servers do, and in whatever order: what was confirmed is there, once, for all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import select

from app.core.errors import Refusal
from app.core.settings import Settings
from app.journey.models import Seat
from app.main import build
from app.prose import actions
from app.prose.together import AGAIN, NOT_ALLOWED
from tests.conftest import HOST, make_world
from tests.databases import Databases
from tests.prose.scribe import Scribe, Table, block

WHO = ("jan", "karin", "noor")
MADE: list[Callable[[Path], str]] = []  # gives a copy of the database with the cast, for every run


class Writing(RuleBasedStateMachine):
    """Each word that somebody types is a token of its own. It is taken away by nobody but who deletes it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="samen"))
        self.tokens = 0
        self.typed: dict[str, Scribe] = {}  # token → who typed it
        self.gone: set[str] = set()  # may have been taken away

    @initialize()
    def begin(self) -> None:
        app = build(Settings(mode="server", base_url=HOST, database_url=MADE[0](self.folder)))
        from tests.prose import test_machine

        self.world = replace(test_machine.WORLD, app=app, settings=app.state.settings)  # type: ignore[attr-defined]
        self.table = Table(self.world)
        with self.world.database.write() as tx:
            for number in range(3):
                actions.add_paragraph(self.world.here(tx), self.table.chapter, text=f"Alinea {number}.", proposed=True)
        self.scribes = {name: self.table.scribe(name) for name in WHO}

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    who = st.sampled_from(WHO)
    place = st.integers(0, 30)

    def token(self, scribe: Scribe) -> str:
        self.tokens += 1
        word = f"<t{self.tokens}>"
        self.typed[word] = scribe
        return word

    @rule(name=who, place=place, at=place, online=st.booleans())
    def types(self, name: str, place: int, at: int, online: bool) -> None:
        scribe = self.scribes[name]
        blocks = scribe.blocks
        if not blocks:
            scribe.write([block(self.token(scribe))], send=online)
            return
        one = blocks[place % len(blocks)]
        words = one.text.split(" ")
        start = len(" ".join(words[: at % (len(words) + 1)]).encode())
        scribe.type(place % len(blocks), start, f" {self.token(scribe)} ", send=online)

    @rule(name=who, place=place)
    def deletes_a_paragraph(self, name: str, place: int) -> None:
        scribe = self.scribes[name]
        blocks = scribe.blocks
        if len(blocks) > 1:
            taken = blocks[place % len(blocks)]
            self.gone |= {t for t in self.typed if t in taken.text}
            scribe.write([b for b in blocks if b is not taken])

    @rule(name=who, place=place)
    def splits_joins_and_heads(self, name: str, place: int) -> None:
        scribe = self.scribes[name]
        blocks = scribe.blocks
        if not blocks:
            return
        number = place % len(blocks)
        start = sum(b.size + 1 for b in blocks[:number])
        if place % 3 == 0 and number:
            scribe.change(lambda text: text.__delitem__(slice(start, start + 1)))
        elif place % 3 == 1:
            made = block().id
            scribe.change(lambda text: text.insert_embed(start + 1, {"id": made}, {}))
        else:
            scribe.change(lambda text: text.format(start, start + 1, {"k": "kop"}))

    @rule(name=who)
    def copies_a_paragraph_with_its_id(self, name: str) -> None:
        scribe = self.scribes[name]
        if blocks := scribe.blocks:
            scribe.change(lambda text: text.insert_embed(0, {"id": blocks[-1].id}, {}))

    @rule(name=who)
    def goes_away(self, name: str) -> None:
        self.scribes[name].leave()

    @rule(name=who)
    def comes_back(self, name: str) -> None:
        scribe = self.scribes[name]
        if scribe.client is None:
            scribe.join()

    @rule(name=who)
    def sends_everything_twice(self, name: str) -> None:
        """What the line does when a confirmation got lost."""
        scribe = self.scribes[name]
        if scribe.client is not None and scribe.pending:
            kept = list(scribe.pending)
            scribe.leave()
            scribe.join()
            if scribe.client is not None:
                for _, data in kept:
                    if scribe.client is not None:
                        scribe.send(data)

    @rule()
    def server_is_killed(self) -> None:
        self.table.restart()

    @rule(name=who, may=st.booleans())
    def rights_change(self, name: str, may: bool) -> None:
        with self.world.database.write() as tx:
            seat = tx.exec(select(Seat).where(Seat.id == self.world.seats[name])).one()
            seat.role = "deelnemer" if may else "meelezer"
            tx.add(seat)
        self.table.look()
        if not may:
            assert self.scribes[name].client is None and self.scribes[name].ended in (NOT_ALLOWED, AGAIN, 0)

    @rule(place=place)
    def form_without_javascript(self, place: int) -> None:
        rows = self.table.rows()
        if not rows:
            return
        with self.world.database.write() as tx:
            here = self.world.here(tx)
            row = tx.merge(rows[place % len(rows)])
            marked = f"<t{self.tokens + 1}>"
            self.tokens += 1
            try:
                kind = "kop" in row.kind
                actions.save_paragraph(here, row, [f"{row.text[: 150 if kind else None]} {marked}"], row.version)
            except Refusal:
                return
            if kind:
                self.gone |= {t for t in self.typed if t in row.text}
        self.typed[marked] = None  # type: ignore[assignment]
        self.table.look()

    @invariant()
    def everybody_who_is_there_sees_the_same(self) -> None:
        if hasattr(self, "table"):
            self.table.agree()

    @invariant()
    def what_was_confirmed_is_there_once(self) -> None:
        if not hasattr(self, "table"):
            return
        whole = " ".join(b.text for b in self.table.stored())
        for token, scribe in self.typed.items():
            waiting = scribe is not None and any(token.encode() in data for _, data in scribe.pending)
            assert whole.count(token) <= 1, token
            if not waiting and token not in self.gone:
                assert whole.count(token) == 1, (token, whole)


WORLD = None


@pytest.fixture(scope="module")
def made(tmp_path_factory, databases: Databases, pack):
    from tests.prose import test_machine

    url = databases.fresh(tmp_path_factory.mktemp("machine"), "cast")
    app = build(Settings(mode="server", base_url=HOST, database_url=url))
    test_machine.WORLD = make_world(app, app.state.settings, pack)
    app.state.database.close()
    test_machine.MADE[:] = [partial(databases.copy, url)]


QUIET = {"phases": (Phase.generate,), "deadline": None, "suppress_health_check": list(HealthCheck)}


def test_nothing_confirmed_is_ever_lost(made):
    run_state_machine_as_test(Writing, settings=settings(max_examples=6, stateful_step_count=20, **QUIET))


@pytest.mark.soak
def test_nothing_confirmed_is_ever_lost_for_long(made):
    run_state_machine_as_test(Writing, settings=settings(max_examples=200, stateful_step_count=60, **QUIET))
