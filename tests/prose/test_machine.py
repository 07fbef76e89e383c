"""Whatever editors, lines, forms, rights and servers do, and in whatever order: what was confirmed is there, once, for all."""

from __future__ import annotations

import random
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
from app.journey.actions import mark_step, unmark_step
from app.journey.models import Seat
from app.main import build
from app.prose import actions
from app.prose.blocks import text_in
from app.prose.together import Came
from tests.conftest import HOST, make_world
from tests.databases import Databases
from tests.prose.hostile import damaged
from tests.prose.scribe import CHAPTER, Scribe, Table, block

WHO = ("jan", "jan", "karin", "noor")  # one of them has two tabs
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
        self.scribes = [self.table.scribe(name) for name in WHO]
        self.closed = False
        self.only_read: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    who = st.integers(0, len(WHO) - 1)
    place = st.integers(0, 30)

    def may_write(self, scribe: Scribe) -> bool:
        """Somebody may come in to read who may not write: what is sent then ends the line."""
        return not self.closed and scribe.name not in self.only_read

    def token(self, scribe: Scribe) -> str:
        self.tokens += 1
        word = f"<t{self.tokens}>"
        self.typed[word] = scribe
        return word

    @rule(who=who, place=place, at=place, online=st.booleans())
    def types(self, who: int, place: int, at: int, online: bool) -> None:
        scribe = self.scribes[who]
        blocks = scribe.blocks
        if not blocks:
            scribe.write([block(self.token(scribe))], send=online)
            return
        one = blocks[place % len(blocks)]
        words = one.text.split(" ")
        start = len(" ".join(words[: at % (len(words) + 1)]).encode())
        scribe.type(place % len(blocks), start, f" {self.token(scribe)} ", send=online)

    @rule(who=who, place=place)
    def deletes_a_paragraph(self, who: int, place: int) -> None:
        scribe = self.scribes[who]
        blocks = scribe.blocks
        if len(blocks) > 1 and blocks[0].id:
            number = place % len(blocks)
            taken, start = blocks[number], sum(b.size + 1 for b in blocks[:number])
            self.gone |= {t for t in self.typed if t in taken.text}
            scribe.change(lambda text: text.__delitem__(slice(start, start + taken.size + 1)))

    @rule(who=who, place=place, size=st.integers(1, 40))
    def deletes_some_letters(self, who: int, place: int, size: int) -> None:
        """Also marks, and so the ends of paragraphs."""
        scribe = self.scribes[who]
        whole = "".join(value if isinstance(value, str) else "|" for value, _ in text_in(scribe.doc).diff())
        if not whole.isascii():
            return
        start = place * len(whole) // 31
        end = min(start + size, len(whole))
        for token in self.typed:
            at = whole.find(token)
            if at >= 0 and start < at + len(token) and at < end:
                self.gone.add(token)
        if start < end:
            scribe.change(lambda text: text.__delitem__(slice(start, end)))

    @rule(who=who, place=place)
    def splits_joins_and_heads(self, who: int, place: int) -> None:
        scribe = self.scribes[who]
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

    @rule(who=who)
    def copies_a_paragraph_with_its_id(self, who: int) -> None:
        scribe = self.scribes[who]
        if blocks := scribe.blocks:
            scribe.change(lambda text: text.insert_embed(0, {"id": blocks[-1].id}, {}))

    @rule(who=who)
    def goes_away(self, who: int) -> None:
        self.scribes[who].leave()

    @rule(who=who)
    def comes_back(self, who: int) -> None:
        scribe = self.scribes[who]
        if scribe.client is None:
            scribe.join()

    @rule(who=who)
    def browser_dies(self, who: int) -> None:
        self.scribes[who].die()

    @rule(who=who, place=place)
    def sends_something_again(self, who: int, place: int) -> None:
        """What the line does when a confirmation got lost."""
        scribe = self.scribes[who]
        if scribe.client is not None and scribe.sent and not scribe.pending:
            scribe.send(scribe.sent[place % len(scribe.sent)])
            goes_on = scribe.client is not None
            assert goes_on == self.may_write(scribe), (
                f"what was taken once may come again; it ended with {scribe.ended}"
            )

    @rule()
    def everything_that_waits_comes_at_once(self) -> None:
        waiting = [s for s in self.scribes if s.client is not None and s.pending]
        self.table.do(*(s.all_waiting() for s in waiting))

    @rule(who=who, place=place)
    def somebody_sends_nonsense_between_the_others(self, who: int, place: int) -> None:
        scribe = self.scribes[who]
        sent = [d for s in self.scribes for d in s.sent if d not in [waits for _, waits in s.pending]]
        if scribe.client is None or scribe.pending or scribe.name == "jan" or not sent or not self.may_write(scribe):
            return  # a tab can spoil what another tab of the same person writes under its number
        nonsense = damaged(random.Random(place), sent)
        waiting = [s for s in self.scribes if s.client is not None and s.pending and self.may_write(s)]
        others = [s for s in self.scribes if s.client is not None and s is not scribe]
        jobs = [s.all_waiting() for s in waiting]
        jobs.insert(place % (len(jobs) + 1), ("came", Came(scribe.client, scribe.number + 1, nonsense)))
        before = " ".join(b.text for b in self.table.stored())
        self.table.do(*jobs)
        assert all(s.client is not None and not s.pending for s in others if s in waiting), "nobody else is hurt"
        after = " ".join(b.text for b in self.table.stored())
        self.gone |= {token for token in self.typed if token in before and token not in after}  # it took that away
        scribe.die()

    @rule(who=who, written=st.booleans())
    def server_is_killed_with_a_change_on_its_way(self, who: int, written: bool) -> None:
        scribe = self.scribes[who]
        if scribe.client is not None and scribe.pending:
            self.table.killed_while(scribe.all_waiting(), written=written)

    @rule()
    def server_is_killed(self) -> None:
        self.table.restart()

    @rule(who=who, may=st.booleans())
    def rights_change(self, who: int, may: bool) -> None:
        with self.world.database.write() as tx:
            seat = tx.exec(select(Seat).where(Seat.id == self.world.seats[WHO[who]])).one()
            seat.role = "deelnemer" if may else "meelezer"
            tx.add(seat)
        (self.only_read.discard if may else self.only_read.add)(WHO[who])
        self.table.look()
        if not may:
            for scribe in self.scribes:
                assert scribe.name != WHO[who] or scribe.client is None

    @rule()
    def the_chapter_closes_or_opens(self) -> None:
        with self.world.database.write() as tx:
            (unmark_step if self.closed else mark_step)(self.world.here(tx), "plan", "gesloten", CHAPTER)
        self.closed = not self.closed
        self.table.look()
        if self.closed:
            assert not any(s.client for s in self.scribes)

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
    def everybody_sees_the_same_and_what_was_confirmed_is_there_once(self) -> None:
        if not hasattr(self, "table"):
            return
        whole = " ".join(b.text for b in self.table.agree())
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
