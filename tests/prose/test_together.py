"""Several people write in one text: committed before it is shown, and the paragraphs always say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pycrdt import Doc, Text
from sqlmodel import select

from app.core.clock import now
from app.core.errors import Gone, Stale
from app.journey.actions import mark_step, unmark_step
from app.journey.models import Event, Seat, StepState
from app.journey.store import find_right, find_rights
from app.keeping.actions import archive, take_back
from app.people.models import SignIn
from app.prose import actions, log, rights
from app.prose.blocks import Block, read_blocks
from app.prose.models import Paragraph, ProseDocument, ProseUpdate
from app.prose.reading import read_prose
from app.prose.reasons import AGAIN, CLOSED, NOT_ALLOWED, REFUSED, SIGNED_OUT
from app.prose.together import Came
from tests.conftest import World
from tests.prose.scribe import CHAPTER, Scribe, Table, block


@pytest.fixture
def table(world: World) -> Table:
    return Table(world)


def filled(table: Table, *texts: str, origins: dict[int, list[tuple[str, str]]] | None = None) -> list[str]:
    """Paragraphs that stand there before anybody shares the text."""
    with table.world.database.write() as tx:
        here = table.world.here(tx)
        return [
            actions.add_paragraph(here, CHAPTER, text=t, proposed=True, origins=(origins or {}).get(i, ())).id
            for i, t in enumerate(texts)
        ]


def row_of(table: Table, name: str) -> Paragraph:
    with table.world.database.read() as tx:
        return tx.exec(select(Paragraph).where(Paragraph.id == name)).one()


def keys(table: Table, **options) -> set[str]:
    with table.world.database.read() as tx:
        return read_prose(table.world.here(tx)).keys(**options)


def test_a_text_is_made_once_of_the_paragraphs_that_stand_there(table):
    first, second = filled(table, "Dit is één.\n\nMet een wit.", "Twee 😀")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    assert [b.id for b in jan.blocks] == [first, second]
    assert jan.texts == ["Dit is één.\n\nMet een wit.", "Twee 😀"]
    assert karin.blocks == jan.blocks
    assert [p.version for p in table.rows()] == [0, 0], "opening changes nothing"
    table.agree()


def test_what_one_types_the_other_sees_and_the_page_too(table):
    (name,) = filled(table, "Ouders praten mee.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.type(0, 6, " en scholen")
    karin.type(0, 0, "Alle ")
    assert jan.texts == karin.texts == ["Alle Ouders en scholen praten mee."]
    assert not jan.pending and not karin.pending
    row = row_of(table, name)
    assert (row.text, row.version, row.saved_by) == (karin.texts[0], 2, karin.client.seat_id)
    table.agree()
    with table.world.database.read() as tx:
        told = tx.exec(select(Event.kind, Event.seat_id).where(Event.ref == name).order_by(Event.id)).all()
        log_rows = tx.exec(select(ProseUpdate.seat_id, ProseUpdate.at).order_by(ProseUpdate.seq)).all()
    assert told == [("paragraph_changed", jan.client.seat_id), ("paragraph_changed", karin.client.seat_id)]
    assert [seat for seat, _ in log_rows] == ["", jan.client.seat_id, karin.client.seat_id]


def test_nothing_is_shown_or_confirmed_that_is_not_committed(table, monkeypatch):
    filled(table, "Tekst.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    real = table.world.database.write
    monkeypatch.setattr(log, "append", lambda *_: 1 / 0)
    jan.type(0, 0, "Nieuwe ")
    assert karin.texts == ["Tekst."] and jan.pending and jan.ended == REFUSED
    monkeypatch.undo()
    assert table.world.database.write == real
    jan.join()
    assert karin.texts == ["Nieuwe Tekst."] and not jan.pending
    table.agree()


def test_bold_links_kinds_and_lists_come_into_the_paragraphs(table):
    jan = table.scribe("jan")
    jan.write(
        [
            block("Kop", "kop"),
            Block(
                block().id,
                runs=(("Dit is ", "", ""), ("belangrijk", "b", ""), (" zie ", "", ""), ("hier", "i", "https://a.nl/x")),
            ),
            block("Een", "punt"),
            block("Twee", "nummer"),
            block("Gezegd", "citaat"),
            block("Onder", "subkop"),
        ]
    )
    rows = table.rows()
    assert [p.kind for p in rows] == ["kop", "alinea", "punt", "nummer", "citaat", "subkop"]
    assert rows[1].text == "Dit is belangrijk zie hier"
    assert '["belangrijk", "b", ""]' in rows[1].rich and "https://a.nl/x" in rows[1].rich
    table.agree()


def test_a_paragraph_taken_out_is_removed_and_comes_back_with_its_id(table):
    first, second = filled(table, "Eerste.", "Tweede.", origins={0: [("antwoord/a", "zei")]})
    jan = table.scribe("jan")
    was = jan.blocks
    jan.write(was[1:])
    assert row_of(table, first).removed_at is not None and keys(table) == set()
    assert keys(table, removed=True) == {"antwoord/a"}, "its source waits to be used again"
    jan.write(was)
    assert [p.id for p in table.rows()] == [first, second] and keys(table) == {"antwoord/a"}
    table.agree()


def test_a_prefilled_paragraph_that_is_emptied_says_nothing_any_more(table):
    filled(table, "Eerste.", origins={0: [("antwoord/a", "zei")]})
    jan = table.scribe("jan")
    jan.write([replace(jan.blocks[0], runs=())])
    assert keys(table) == set() and keys(table, removed=True) == {"antwoord/a"}


def test_split_and_joined_paragraphs_keep_where_they_come_from(table):
    first, second = filled(table, "Een. Twee.", "Drie.", origins={0: [("a", "A")], 1: [("b", "B")]})
    jan = table.scribe("jan")
    one, other = jan.blocks
    part = replace(block("Twee."), origin=(first,))
    jan.write([replace(one, runs=(("Een.", "", ""),)), part, other])

    def origins(name: str) -> set[str]:
        with table.world.database.read() as tx:
            prose = read_prose(table.world.here(tx))
            return {o.key for o in prose.origins.get(name, [])}

    assert origins(part.id) == {"a"} and origins(first) == {"a"}
    jan.write([replace(one, runs=(("Een. Twee. Drie.", "", ""),), origin=(second,))])
    assert origins(first) == {"a", "b"} and keys(table) == {"a", "b"}
    jan.write([one, other])
    assert origins(first) == {"a"} and origins(second) == {"b"}, "parted again"
    table.agree()


def test_a_copied_paragraph_gets_an_id_of_its_own(table):
    (first,) = filled(table, "Een.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.change(lambda text: (text.insert_embed(0, {"id": first}, {}), text.insert(1, "Kopie.", {})))
    ids = [b.id for b in table.agree()]
    assert len(set(ids)) == 2 and jan.texts == karin.texts == ["Kopie.", "Een."]


def test_letters_before_the_first_mark_become_a_paragraph(table):
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.change(lambda text: text.insert(0, "Zomaar"))
    assert [b.text for b in table.agree()] == ["Zomaar", ""] and table.agree()[0].id
    assert karin.texts == ["Zomaar", ""]


def test_an_id_of_another_chapter_is_not_taken_over(table):
    with table.world.database.write() as tx:
        other = actions.add_paragraph(table.world.here(tx), "doelen", text="Ergens anders").id
    jan = table.scribe("jan")
    jan.write([Block(other, runs=(("Geplakt", "", ""),))])
    (made,) = table.agree()
    assert made.id != other and row_of(table, other).text == "Ergens anders"


# ---- forms ----


def test_what_a_form_changes_is_seen_by_who_writes(table):
    first, second = filled(table, "Een twee drie.", "Vier.")
    jan = table.scribe("jan")
    jan.type(0, 0, "Nul ")
    with table.world.database.write() as tx:
        here = table.world.here(tx, "karin")
        paragraph = tx.exec(select(Paragraph).where(Paragraph.id == first)).one()
        actions.save_paragraph(here, paragraph, ["Nul een twee, en drie."], paragraph.version)
        actions.add_paragraph(here, CHAPTER, after=first, text="Erbij.")
        actions.move_paragraph(here, tx.exec(select(Paragraph).where(Paragraph.id == second)).one(), -1)
    table.do(("news", {jan.client.document.id}))
    assert jan.texts == ["Nul een twee, en drie.", "Vier.", "Erbij."]
    with table.world.database.write() as tx:
        actions.remove_paragraph(table.world.here(tx), tx.exec(select(Paragraph).where(Paragraph.id == second)).one())
    table.look()
    assert jan.texts == ["Nul een twee, en drie.", "Erbij."]
    table.agree()


def test_a_form_that_is_late_gets_both_texts(table):
    first, second = filled(table, "Een.", "Twee.")
    jan = table.scribe("jan")
    jan.type(0, 0, "Jan was hier. ")
    jan.write(jan.blocks[:1])
    with table.world.database.write() as tx:
        here = table.world.here(tx, "karin")
        with pytest.raises(Stale) as stale:
            actions.save_paragraph(here, tx.exec(select(Paragraph).where(Paragraph.id == first)).one(), ["Een!"], 0)
        with pytest.raises(Gone):
            actions.save_paragraph(here, tx.exec(select(Paragraph).where(Paragraph.id == second)).one(), ["Twee!"], 0)
    assert stale.value.theirs.value == "Jan was hier. Een." and stale.value.theirs.who == "Jan Bakker"


def test_a_form_keeps_what_is_bold(table):
    jan = table.scribe("jan")
    jan.write([Block(block().id, runs=(("Dit is ", "", ""), ("vet", "b", ""), (" hier.", "", "")))])
    (row,) = table.rows()
    with table.world.database.write() as tx:
        here = table.world.here(tx, "karin")
        actions.save_paragraph(here, tx.get(Paragraph, (row.tenant_id, row.id)), ["Dit is vet en daar."], row.version)
    table.look()
    (made,) = table.agree()
    assert ("vet", "b", "") in made.runs and made.text == "Dit is vet en daar."


# ---- never lost ----


def test_two_who_were_away_find_each_other_again(table):
    filled(table, "Begin.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.leave()
    karin.leave()
    for number in range(20):
        jan.type(0, 6, f" j{number}")
        karin.type(0, 0, f"k{number} ")
    karin.join()
    jan.join()
    text = table.agree()[0].text
    assert all(text.count(f" j{n}") and f"k{n} " in text for n in range(20))
    assert not jan.pending and not karin.pending


def test_typing_where_somebody_joins_splits_or_makes_a_heading_is_kept(table):
    filled(table, "Eerste alinea.", "Tweede alinea.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.leave()
    one, two = jan.blocks
    jan.type(1, 6, " (van Jan)")
    karin.change(lambda text: text.__delitem__(slice(one.size + 1, one.size + 2)))  # joins the two
    karin.write([replace(karin.blocks[0], kind="kop")])
    jan.join()
    (made,) = table.agree()
    assert made.text == "Eerste alinea.Tweede (van Jan) alinea." and made.kind == "kop" and made.id == one.id


def test_a_server_that_is_killed_loses_nothing(table):
    filled(table, "Begin.")
    jan = table.scribe("jan")
    for number in range(30):
        jan.type(0, 0, f"w{number} ", send=number % 3 != 0)
        if number % 5 == 0:
            table.restart()
            jan.join()
    jan.join()
    text = table.agree()[0].text
    assert sorted(text.split()[:-1]) == sorted(f"w{n}" for n in range(30))


def test_a_snapshot_loads_the_same_text_and_the_changes_stay(table, monkeypatch):
    monkeypatch.setattr(log, "KEEP_EVERY", 5)
    filled(table, "Begin.")
    jan = table.scribe("jan")
    for number in range(12):
        jan.type(0, 0, f"{number} ")
    table.restart()
    jan.join()
    jan.type(0, 0, "na ")
    with table.world.database.read() as tx:
        assert len(tx.exec(select(ProseUpdate.id)).all()) == 14
        loaded = log.load(tx, jan.client.document)
    assert loaded.kept_at > 0 and read_blocks(loaded.doc) == table.agree()
    assert set(loaded.writers.values()) == {"", jan.client.seat_id} or jan.client.seat_id in loaded.writers.values()


# ---- rights ----


def test_who_may_no_longer_write_is_told_and_nothing_of_them_is_taken(table):
    (name,) = filled(table, "Begin.")
    jan, karin, noor = table.scribe("jan"), table.scribe("karin"), table.scribe("noor")
    with table.world.database.write() as tx:
        for seat in tx.exec(select(Seat).where(Seat.id == karin.client.seat_id)):
            seat.role = "meelezer"
            tx.add(seat)
        for session in tx.exec(select(SignIn).where(SignIn.person_id == table.world.persons["noor"][1])):
            tx.delete(session)
    karin.type(0, 0, "Karin ")
    noor.type(0, 0, "Noor ")
    assert karin.ended == NOT_ALLOWED and noor.ended == SIGNED_OUT
    assert karin.pending and noor.pending, "the text is still in the browser"
    with table.world.database.write() as tx:
        mark_step(table.world.here(tx), "plan", "gesloten", CHAPTER)
    jan.type(0, 0, "Jan ")
    assert jan.ended == CLOSED
    assert row_of(table, name).text == "Begin."
    with table.world.database.write() as tx:
        unmark_step(table.world.here(tx), "plan", "gesloten", CHAPTER)
    ellen = table.scribe("ellen")
    with table.world.database.write() as tx:
        archive(table.world.here(tx))
    ellen.type(0, 0, "Ellen ")
    assert ellen.ended == CLOSED, "an archived journey is closed as a whole"
    assert row_of(table, name).text == "Begin."
    with table.world.database.write() as tx:
        take_back(table.world.here(tx))
        assert not tx.exec(select(StepState).where(StepState.part == CHAPTER)).all()
    jan.join()
    assert row_of(table, name).text == "Jan Begin." and not jan.pending


def _lower(tx, karin):
    seat = tx.get_one(Seat, ("meerwijk", karin.client.seat_id))
    seat.role = "meelezer"
    tx.add(seat)


def _take_back_access(tx, karin):
    seat = tx.get_one(Seat, ("meerwijk", karin.client.seat_id))
    seat.stopped_at = now()
    tx.add(seat)


def _sign_out(tx, karin):
    for session in tx.exec(select(SignIn).where(SignIn.person_id == karin.table.world.persons["karin"][1])):
        session.ended_at = now()
        tx.add(session)


def _close(tx, karin):
    mark_step(karin.table.world.here(tx), "plan", "gesloten", CHAPTER)


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize(
    ("happens", "reason"),
    [(_lower, NOT_ALLOWED), (_take_back_access, NOT_ALLOWED), (_sign_out, SIGNED_OUT), (_close, CLOSED)],
)
def test_who_could_write_a_moment_ago_is_asked_again_once_something_happened(table, happens, reason, silent):
    filled(table, "Begin.")
    karin = table.scribe("karin")
    for word in "Ik ", "mag ":
        karin.type(0, 0, word)
    table.look()
    with table.world.database.write() as tx:
        happens(tx, karin)
    if silent:
        table.look()
    else:
        karin.type(0, 0, "niet ")
    assert karin.ended == reason and table.stored()[0].text == "mag Ik Begin."


def test_a_session_ends_by_itself_also_when_nothing_happens(table, monkeypatch):
    filled(table, "Begin.")
    karin, jan = table.scribe("karin"), table.scribe("jan")
    for one in karin, jan:
        one.type(0, 0, "a ")
    later = now() + timedelta(hours=11)
    monkeypatch.setattr(rights, "now", lambda: later)
    karin.type(0, 0, "b ")
    assert not karin.pending and not karin.ended
    later += timedelta(hours=2)
    karin.type(0, 0, "c ")
    assert karin.ended == SIGNED_OUT and table.stored()[0].text == "b a a Begin."
    table.look()
    assert jan.ended == SIGNED_OUT


@pytest.mark.sqlite
def test_while_nobody_else_writes_in_the_database_rights_are_asked_once(table, monkeypatch):
    filled(table, "Begin.")
    karin, jan = table.scribe("karin"), table.scribe("jan")
    asked = []
    monkeypatch.setattr(rights, "find_right", lambda *given: asked.append("one") or find_right(*given))
    monkeypatch.setattr(rights, "find_rights", lambda *given: asked.append("all") or find_rights(*given))
    for word in "een ", "twee ", "drie ":
        karin.type(0, 0, word)
    assert asked == ["one"]
    table.look()
    assert asked == ["one", "all"], "of Jan it was not known yet"
    table.look()
    jan.type(0, 0, "vier ")
    assert asked == ["one", "all"]
    with table.world.database.write() as tx:
        actions.add_paragraph(table.world.here(tx), CHAPTER, text="Van een formulier.")
    karin.type(0, 0, "vijf ")
    jan.type(0, 0, "zes ")
    assert asked == ["one", "all", "one", "one"]


def test_withdrawn_rights_end_a_connection_that_is_silent(table):
    filled(table, "Begin.")
    karin = table.scribe("karin")
    with table.world.database.write() as tx:
        for seat in tx.exec(select(Seat).where(Seat.id == karin.client.seat_id)):
            seat.role = "meelezer"
            tx.add(seat)
    table.look()
    assert karin.ended == NOT_ALLOWED


def test_access_that_was_taken_back_ends_a_connection_also_while_the_session_goes_on(table):
    (name,) = filled(table, "Begin.")
    karin = table.scribe("karin")
    with table.world.database.write() as tx:
        seat = tx.get_one(Seat, ("meerwijk", karin.client.seat_id))
        seat.stopped_at = now()
        tx.add(seat)
    karin.type(0, 0, "Karin ")
    assert karin.ended == NOT_ALLOWED and row_of(table, name).text == "Begin."


@pytest.mark.parametrize("when", ["later", "with it", "after a start", "after a snapshot", "at another process"])
def test_nobody_writes_under_the_number_of_somebody_else(table, monkeypatch, when):
    """Whoever does would make what that person types next disappear."""
    filled(table, "Begin.")
    if when == "after a snapshot":
        monkeypatch.setattr(log, "KEEP_EVERY", 1)
    elsewhere = Table(table.world) if when == "at another process" else table
    jan, karin = table.scribe("jan"), elsewhere.scribe("karin")
    jan.type(0, 0, "Jan ", send=when != "with it")
    if when == "after a snapshot":
        karin.type(0, 0, "Karin ")  # what Jan wrote is in the snapshot now, and in no change after it
    if when.startswith("after"):
        table.restart()
        karin.join()
        jan.join()
    elsewhere.look()
    false = Doc(client_id=jan.doc.client_id)
    false.apply_update(karin.doc.get_update())
    before = false.get_state()
    false.get("tekst", type=Text).insert(1, "iets wat vals is ")
    mine = [("came", Came(jan.client, n, data)) for n, data in jan.pending]
    elsewhere.do(*mine, ("came", Came(karin.client, 1, false.get_update(before))))
    assert karin.ended == REFUSED and not jan.ended
    jan.type(0, 0, "schrijft ")
    assert "schrijft" in jan.texts[0] and "vals" not in jan.texts[0] and not jan.pending
    table.agree()


def test_a_line_is_of_the_seat_of_its_session(table):
    (name,) = filled(table, "Begin.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    karin.client.seat_id = jan.client.seat_id
    karin.type(0, 0, "Karin als Jan ")
    assert karin.ended == SIGNED_OUT and row_of(table, name).text == "Begin."


def test_a_change_that_builds_on_something_missing_is_asked_again(table):
    filled(table, "Begin.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.type(0, 0, "a", send=False)
    late = jan.type(0, 1, "b", send=False)
    jan.send(late)
    assert jan.ended == AGAIN and karin.texts == ["Begin."]
    jan.join()
    assert karin.texts == ["abBegin."] and not jan.pending
    table.agree()


def test_names_come_from_the_session_and_carets_are_only_places(table):
    filled(table, "Begin.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    assert jan.heard[-1] == karin.client.who
    table.do(("caret", (karin.client, ["AA", "BB"])))
    assert jan.heard[-1] == {
        "t": "wie",
        "id": karin.client.id,
        "naam": "Karin Smit",
        "plek": karin.client.seat_id,
        "p": ["AA", "BB"],
    }
    gone = karin.client.id
    karin.leave()
    assert jan.heard[-1] == {"t": "weg", "id": gone}


class Panic(BaseException):
    """What the library below throws when it breaks: no Exception."""


@pytest.mark.parametrize("where", ["the shadow", "read_on", "log.mirror", "log.load"])
def test_a_library_that_panics_costs_only_who_made_it_panic(table, monkeypatch, where):
    filled(table, "Begin.")
    jan, karin = table.scribe("jan"), table.scribe("karin")

    def panic(*_):
        raise Panic

    if where == "the shadow":
        monkeypatch.setattr(table.texts._open[karin.client.document.id].shadow, "apply_update", panic)
    else:
        monkeypatch.setattr(f"app.prose.together.{where}", panic)
    if where == "log.load":  # who comes in first reads the text
        table.restart()
        jan.client, came = None, table.scribe("noor")
        assert came.ended == AGAIN
    else:
        karin.type(0, 0, "Karin ")
        assert karin.ended == REFUSED and jan.texts == ["Begin."]
    monkeypatch.undo()
    jan.join()
    jan.type(0, 0, "Jan ")
    assert table.scribe("ellen").texts == jan.texts == ["Jan Begin."]
    table.agree()


# ---- an empty text ----


def begin_at_once(table: Table, *scribes: Scribe) -> str:
    """All of them type their name in the empty text they see, before they hear of each other."""
    for scribe in scribes:
        scribe.type(0, 0, scribe.name, send=False)
    for scribe in scribes:
        scribe.leave()
        scribe.join()
    (made,) = table.agree()
    return made.text


def test_two_who_begin_an_empty_chapter_write_in_one_paragraph(table):
    jan, karin = table.scribe("jan"), table.scribe("karin")
    assert len(jan.blocks) == 1 and table.rows() == [], "a place to begin, and no paragraph yet"
    assert begin_at_once(table, jan, karin) in ("jankarin", "karinjan")
    assert len(table.rows()) == 1
    with table.world.database.read() as tx:
        told = tx.exec(select(Event.kind).where(Event.ref == jan.blocks[0].id).order_by(Event.id)).all()
    assert told == ["paragraph_added", "paragraph_changed"]


def test_what_only_looks_like_writing_makes_no_paragraph_yet(table):
    jan = table.scribe("jan")
    jan.write([replace(jan.blocks[0], kind="kop")])
    jan.type(0, 0, "  ")
    assert table.rows() == []
    jan.type(0, 0, "Kop")
    assert [(p.kind, p.text) for p in table.rows()] == [("kop", "Kop")]
    table.agree()


def test_an_emptied_paragraph_stays_the_one_to_begin_in(table):
    (first,) = filled(table, "Dit stond er.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.write([replace(jan.blocks[0], runs=())])
    assert [p.id for p in table.rows()] == [first]
    begin_at_once(table, jan, karin)
    assert [p.id for p in table.rows()] == [first]


def test_a_chapter_that_a_form_emptied_can_be_begun_by_two(table):
    (first,) = filled(table, "")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    with table.world.database.write() as tx:
        here = table.world.here(tx)
        actions.remove_paragraph(here, read_prose(here).chapter(CHAPTER)[0])
    table.look()
    assert len(jan.blocks) == 1 and jan.blocks[0].id != first and karin.blocks == jan.blocks
    begin_at_once(table, jan, karin)
    assert row_of(table, first).removed_at is not None, "what was taken away stays away"


def test_a_form_that_is_first_in_an_empty_chapter(table):
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.type(0, 0, "Jan", send=False)
    with table.world.database.write() as tx:
        actions.add_paragraph(table.world.here(tx, "karin"), CHAPTER, text="Formulier.")
    jan.leave()
    jan.join()
    karin.leave()
    assert "".join(b.text for b in table.agree()) in ("Formulier.Jan", "JanFormulier.")


def test_two_who_each_take_another_paragraph_away_leave_one_to_begin_in(table):
    filled(table, "Een.", "Twee.")
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.write(jan.blocks[:1], send=False)
    karin.write(karin.blocks[1:], send=False)
    for scribe in (jan, karin):
        scribe.leave()
        scribe.join()
    assert [b.text for b in table.agree()] == [""] and table.rows() == []
    begin_at_once(table, jan, karin)


def test_a_text_of_before_there_was_one_to_begin_in(table):
    with table.world.database.write() as tx:
        here = table.world.here(tx)
        row = ProseDocument(tenant_id=here.tenant_id, journey_id=here.journey.id, name=CHAPTER)
        tx.add(row)
        tx.flush()
        document = log.Document(here.tenant_id, here.journey.id, row.id, CHAPTER)
        log.append(tx, document, 0, [(Doc().get_update(), "")])
    jan, karin = table.scribe("jan"), table.scribe("karin")
    assert len(jan.blocks) == 1
    begin_at_once(table, jan, karin)
    with table.world.database.read() as tx:
        assert tx.exec(select(ProseDocument.seq)).one() == 4, "made once"


def test_the_paragraph_to_begin_in_cannot_be_taken_from_another_chapter(table):
    jan = table.scribe("jan")
    first = jan.blocks[0].id
    with table.world.database.write() as tx:
        here = table.world.here(tx)
        tx.add(Paragraph(tenant_id=here.tenant_id, id=first, journey_id=here.journey.id, chapter="doelen", text="Mijn"))
    jan.type(0, 0, "Jan")
    (made,) = table.agree()
    assert (made.text, not jan.ended) == ("Jan", True) and made.id != first
    assert row_of(table, first).text == "Mijn"
