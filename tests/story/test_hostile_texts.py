"""What hostile changes left of a text, opened in a real browser: a newcomer reads what the server reads, and writes on.

Of a text that would be another one when handed out at once (`app.prose.together`, `decisions/0013`), the browser has the
same letters, not always in the same order: its library orders made-up neighbours differently from that of the server.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect
from sqlmodel import select

from app.core.database import Database
from app.journey.models import Journey
from app.prose import log
from app.prose.blocks import Block, read_blocks
from app.prose.models import Paragraph, ProseDocument
from app.prose.together import _made_of
from tests.prose.test_updates import attack
from tests.story.conftest import Server
from tests.story.steps import start_journey
from tests.story.test_never_lost import until
from tests.story.test_together import CHAPTER, SAVED, last_line, stand, together

pytestmark = [pytest.mark.browser, pytest.mark.soak]

TEXTS = 12
DELTA = """driekolomSamen.text.toDelta().reduce((rows, { insert }) => {
  if (typeof insert === 'string') rows.at(-1)[1] += insert;
  else rows.push([insert.id, '']);
  return rows;
}, [])"""


def put(database: Database, changes: list[bytes]) -> list[Block]:
    """Makes the chapter of the newest traject the text of these changes; returns what the server reads in it."""
    with database.write() as tx:
        journey = tx.exec(select(Journey).order_by(Journey.id.desc()).limit(1)).one()
        of = {"tenant_id": journey.tenant_id, "journey_id": journey.id}
        for table, name in ((ProseDocument, "name"), (Paragraph, "chapter")):
            for row in tx.exec(select(table).filter_by(**of, **{name: CHAPTER})):
                tx.delete(row)
        tx.flush()
        row = ProseDocument(**of, name=CHAPTER)
        tx.add(row)
        tx.flush()
        document = log.Document(*of.values(), row.id, CHAPTER)
        log.append(tx, document, 0, [(data, "") for data in changes])
        blocks = read_blocks(_made_of(changes))
        log.mirror(tx, document, (), blocks, "")
    return blocks


def letters(blocks: list[Block]) -> list[list[str]]:
    return [[b.id, "".join(run[0] for run in b.runs)] for b in blocks]


def test_what_hostile_changes_left_can_be_read_and_written_in_a_browser(server: Server, desk):
    one = desk(server)
    journey = start_journey(one.open(server.url), "Proef", "Meerwijk")
    database = Database(server.database_url)
    logs = attack(7, 200 * TEXTS)[2]
    assert len(logs) == TEXTS
    for changes in logs:
        blocks = put(database, changes)
        said: list[str] = []
        page: Page = one.context.new_page()
        page.on("console", lambda m, said=said: said.append(m.text) if is_wrong(m) else None)
        page.on("pageerror", lambda problem, said=said: said.append(str(problem)))
        together(page, journey)
        read, wanted = page.evaluate(DELTA), letters(blocks)
        assert "".join(sorted("".join(map("".join, read)))) == "".join(sorted("".join(map("".join, wanted))))
        if read_blocks(_made_of([_made_of(changes).get_update()])) == blocks:
            assert read == wanted, "the browser reads what the server reads"
        last_line(page)
        page.keyboard.type("Hier schrijf ik verder.")
        expect(stand(page)).to_have_text(SAVED, timeout=30_000)
        until(lambda: any("Hier schrijf ik verder." in value for value in texts(server)))
        assert [value for _, value in page.evaluate(DELTA)].count("Hier schrijf ik verder.") <= 1
        assert said == []
        page.close()
    database.close()


def is_wrong(message: ConsoleMessage) -> bool:
    return message.type in ("error", "warning")


def texts(server: Server) -> list[str]:
    return [
        text for (text,) in server.ask("SELECT text FROM paragraph WHERE chapter = ? AND removed_at IS NULL", CHAPTER)
    ]
