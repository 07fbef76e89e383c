"""Saves that wait for each other are committed together, and know nothing of each other."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.core import writer
from app.core.database import Busy, Database, in_any_case
from app.core.errors import Invalid
from app.core.live import announce
from tests.apart import apart

Work = Callable[[Session], object]


class Place:
    """A database with one table, and what happened to it."""

    def __init__(self, path: Path):
        self.path = path
        self.database = Database(f"sqlite:///{path}")
        with self.database.write() as tx:
            tx.connection().execute(text("CREATE TABLE word (word TEXT UNIQUE)"))
        self.commits = 0
        self.told: list[str] = []
        self.database.hub.deliver = lambda channel, words, mark=0: self.told.extend(words)  # type: ignore[method-assign]
        event.listen(self.database.engine, "commit", self._count)

    def _count(self, _connection: object) -> None:
        self.commits += 1

    def words(self) -> list[str]:
        """As another process sees them: only what is committed."""
        with sqlite3.connect(self.path) as db:
            found = [word for (word,) in db.execute("SELECT word FROM word ORDER BY rowid")]
        db.close()
        return found

    def save(self, *all_work: Work) -> list[object]:
        """All at the same moment; what each gives, or raises."""

        async def one(work: Work) -> object:
            try:
                return await self.database.writer.do(work)
            finally:
                self.seen.append(self.words())

        async def together() -> list[object]:
            return await asyncio.gather(*map(one, all_work), return_exceptions=True)

        self.seen: list[list[str]] = []  # what was committed at the moment that each was answered
        return apart(together())


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    place = Place(tmp_path / "a.db")
    yield place
    place.database.close()


def put(word: str, wait: float = 0.0) -> Work:
    def work(tx: Session) -> str:
        tx.connection().execute(text("INSERT INTO word VALUES (:word)"), {"word": word})
        announce(tx, "kanaal", word)
        time.sleep(wait)
        return word

    return work


def refused(word: str) -> Work:
    def work(tx: Session) -> None:
        in_any_case(tx, lambda: put(f"{word}-toch")(tx))
        put(word)(tx)
        raise Invalid("Dat kan niet.")

    return work


def test_saves_that_wait_are_committed_together_in_their_order(place, monkeypatch):
    monkeypatch.setattr(writer, "LONGEST", 10)
    words = [f"w{n}" for n in range(12)]
    assert place.save(*map(put, words)) == words
    assert place.words() == place.told == words
    assert place.commits <= 4, "twelve saves, at most eight at a time"
    assert all(word in seen for word, seen in zip(words, place.seen, strict=True)), "answered before it was committed"


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_one_that_is_refused_takes_nothing_of_the_others_with_it(place, monkeypatch, turn):
    monkeypatch.setattr(writer, "LONGEST", 10)
    words = ["een", "twee"]
    work = [put(word) for word in words]
    work.insert(turn, refused("fout"))
    found = place.save(*work)
    assert isinstance(found.pop(turn), Invalid)
    assert found == words
    assert sorted(place.words()) == ["een", "fout-toch", "twee"], "what stays in any case stays"
    assert sorted(w for w in place.told if w != "fout-toch") == words


def test_the_same_row_at_the_same_moment_is_busy_for_the_second(place):
    found = place.save(put("een"), put("een"), put("twee"))
    assert (found[0], found[2]) == ("een", "twee")
    assert isinstance(found[1], Busy)
    assert place.words() == ["een", "twee"]


def test_when_the_commit_fails_nobody_was_saved_and_nobody_is_told_so(place, monkeypatch):
    monkeypatch.setattr(writer, "LONGEST", 10)

    @event.listens_for(place.database.engine, "commit")
    def full(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    found = place.save(put("een"), put("twee"), put("drie"))
    assert all(isinstance(problem, OperationalError) for problem in found)
    assert place.words() == place.told == []
    event.remove(place.database.engine, "commit", full)
    assert place.save(put("vier")) == ["vier"], "it goes on afterwards"


def test_a_commit_that_failed_is_taken_back_before_anybody_else_writes(place):
    @event.listens_for(place.database.engine, "commit")
    def full(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    with pytest.raises(OperationalError), place.database.write() as tx:
        put("een")(tx)
    event.remove(place.database.engine, "commit", full)
    with place.database.write() as tx:
        put("twee")(tx)
    assert place.words() == ["twee"]


def test_when_sqlite_takes_everything_back_by_itself_nobody_is_told_that_it_was_saved(place, monkeypatch):
    monkeypatch.setattr(writer, "LONGEST", 10)

    def disk_is_full(tx: Session) -> None:
        tx.connection().connection.driver_connection.execute("ROLLBACK")
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    found = place.save(put("een", 0.05), disk_is_full, put("drie"))
    assert isinstance(found[0], Exception) and isinstance(found[1], Exception)
    assert set(place.words()) == {word for word in found if isinstance(word, str)}


def test_who_comes_after_a_slow_one_does_not_keep_it_waiting(place):
    seen = []
    place.save(put("een", writer.LONGEST * 4), lambda tx: seen.append(place.words()), put("drie"))
    assert seen == [["een"]], "committed before the next began"


def test_a_save_waits_for_who_writes_otherwise_but_not_for_ever(place, monkeypatch):
    holding, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with place.database.write():
            holding.set()
            let_go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(5)
    monkeypatch.setattr(writer, "PATIENCE", 0.05)
    assert isinstance(place.save(put("een"))[0], Busy)
    monkeypatch.setattr(writer, "PATIENCE", 20)
    threading.Timer(0.1, let_go.set).start()
    assert place.save(put("twee")) == ["twee"]
    thread.join()
    assert place.words() == ["twee"]
