"""A joint answer that several people write in: the answer always says what the text says, whoever changed it."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from app.answers.models import JointAnswer
from app.dialogue.pages import dialogue_fields
from app.journey.actions import mark_step
from app.journey.models import Event
from app.prose import fieldtext
from app.prose.blocks import Block, text_in
from app.prose.joint import Place, find_place
from app.prose.models import ProseDocument, ProseUpdate
from app.prose.reasons import CLOSED, NOT_ALLOWED, REFUSED
from tests.conftest import HOST, World
from tests.litany import PART
from tests.prose.scribe import Table, block

NOTES = "gesprek/a/notities"
RICH = [
    Block("0" * 16, "alinea", (("Dit is ", "", ""), ("vet", "b", ""), (".", "", ""))),
    Block("1" * 16, "punt", (("een", "", ""),)),
    Block("2" * 16, "punt", (("twee\nregels", "i", ""),)),
    Block("3" * 16, "alinea", (("een link", "", "https://lea.test/a"),)),
]


@pytest.fixture
def table(world: World) -> Table:
    return Table(world, NOTES, Place("gesprek", "a", "notes_changed"))


def answer(table: Table) -> JointAnswer | None:
    with table.world.database.read() as tx:
        return tx.exec(select(JointAnswer).where(JointAnswer.path == NOTES)).first()


def save(world: World, text: str, version: int = 0, name: str = "jan"):
    return world.client(name).post(
        world.path("gesprek/veld/a/notities"), data={"waarde": text, "versie": version}, headers=PART
    )


def agreed(table: Table) -> str:
    """Everybody, the changes in the database and the answer say the same; returns its words."""
    stored = table.stored()
    assert all(s.blocks == stored for s in table.scribes if s.client)
    row = answer(table)
    assert (row.value, row.rich) == (fieldtext.plain(stored), fieldtext.rich_of(stored))
    return row.value


# ---- words and formats ----


@pytest.mark.parametrize(
    "value",
    [
        "",
        "een\ntwee\n\ndrie",
        "Besproken:\n- ouders\n- scholen\n  en opvang\nDaarna verder.",
        "1. een\n2. twee\n\nDan:\n1. opnieuw",
        "2024. een jaar, geen lijst\n5. los nummer",
        "- \n-niets\n  ingesprongen",
        "👩‍👩‍👧 samen\n- שלום",
    ],
)
def test_words_stay_the_same_words(value):
    assert fieldtext.plain(fieldtext.parsed(value)) == value.replace("\n\nDan", "\nDan")
    assert fieldtext.rich_of(fieldtext.parsed(value)) == ""


def test_formats_are_kept_beside_the_words():
    value, rich = fieldtext.plain(RICH), fieldtext.rich_of(RICH)
    assert value == "Dit is vet.\n- een\n- twee\n  regels\neen link"
    assert [(b.kind, b.runs) for b in fieldtext.read(value, rich)] == [(b.kind, b.runs) for b in RICH]
    assert fieldtext.html(value, rich) == (
        "<p>Dit is <b>vet</b>.</p><ul><li>een</li><li><i>twee</i><br><i>regels</i></li></ul>"
        '<p><a class="link" href="https://lea.test/a" rel="noopener noreferrer">een link</a></p>'
    )


@pytest.mark.parametrize(
    "rich",
    [
        "geen json",
        "5",
        "[[5, 5]]",
        '[["alinea", "abc"]]',
        json.dumps([["alinea", [["iets anders", "b", ""]]]]),
        json.dumps([["script", [["<b>weg", "", ""]]]]),
        json.dumps([["alinea", [["<b>weg", "x", "javascript:alert(1)"]]]]),
        "[" * 100_000,
    ],
)
def test_formats_that_are_not_of_these_words_count_for_nothing(rich):
    assert fieldtext.html("<b>weg", rich) == "<p>&lt;b&gt;weg</p>"


# ---- writing ----


def test_a_text_begins_with_the_answer_that_stood_there(world, table):
    assert save(world, "Eerst:\n- dit").status_code == 200
    jan, karin = table.scribe("jan"), table.scribe("karin")
    assert [(b.kind, b.text) for b in jan.blocks] == [("alinea", "Eerst:"), ("punt", "dit")]
    assert karin.blocks == jan.blocks
    assert answer(table).version == 1, "opening changes nothing"
    with world.database.read() as tx:
        assert len(tx.exec(select(ProseDocument)).all()) == 1


def test_two_who_begin_an_empty_answer_write_in_one_paragraph(table):
    jan, karin = table.scribe("jan"), table.scribe("karin")
    assert len(jan.blocks) == 1 and answer(table) is None
    jan.type(0, 0, "Jan", send=False)
    karin.type(0, 0, "Karin", send=False)
    for scribe in (jan, karin):
        scribe.leave()
        scribe.join()
    assert agreed(table) in ("JanKarin", "KarinJan")
    assert len(table.stored()) == 1


def test_what_one_types_is_in_the_answer_with_its_formats(world, table):
    jan, karin = table.scribe("jan"), table.scribe("karin")
    jan.write([b for b in RICH])
    karin.type(1, 3, " 😀")
    assert agreed(table) == "Dit is vet.\n- een 😀\n- twee\n  regels\neen link"
    page = world.client("pieter").get(world.path("gesprek/a"))
    assert "<b>vet</b>" in page.text and "<li>een 😀</li>" in page.text, "who only reads sees the formats"
    assert "<b>vet</b>" in world.client("jan").get(world.path("waar-staan-we/a/naast-elkaar")).text
    box = world.client("jan").get(world.path("gesprek/a")).text
    assert f'data-samen-veld="{world.url}/samen/{NOTES}"' in box and "Dit is vet.\n- een 😀" in box
    with world.database.read() as tx:
        events = tx.exec(select(Event).where(Event.kind == "notes_changed")).all()
        assert [(e.step, e.part, e.ref) for e in events] == [("gesprek", "a", "a/notities")] * 2
        assert all(u.seat_id for u in tx.exec(select(ProseUpdate).where(ProseUpdate.seq > 1)))


def test_a_form_changes_the_text_of_who_is_writing(world, table):
    jan = table.scribe("jan")
    jan.write(RICH)
    version = answer(table).version
    table.do(("news", {jan.client.document.id}))
    assert save(world, "Dit is heel vet.\n- een\neen link", version, "karin").status_code == 200
    table.do(("news", {jan.client.document.id}))
    assert agreed(table) == "Dit is heel vet.\n- een\neen link"
    assert [b.id for b in jan.blocks] == [RICH[0].id, RICH[1].id, RICH[3].id]
    assert jan.blocks[0].runs[1] == ("vet", "b", ""), "what was bold stays so"
    jan.type(1, 3, "!")
    assert save(world, "iets anders", version + 1, "karin").status_code == 409, (
        "both texts, when it was changed meanwhile"
    )
    assert agreed(table) == "Dit is heel vet.\n- een!\neen link"


def test_without_a_shared_text_a_form_keeps_what_is_bold(world, table):
    value, rich = fieldtext.plain(RICH), fieldtext.rich_of(RICH)
    save(world, value)
    with world.database.write() as tx:
        tx.exec(select(JointAnswer)).one().rich = rich
    save(world, f"{value} erbij", 1)
    assert [b.runs for b in fieldtext.read(answer(table).value, answer(table).rich)][0][1] == ("vet", "b", "")


def test_emptying_leaves_a_paragraph_to_begin_in(world, table):
    jan = table.scribe("jan")
    jan.type(0, 0, "weg")
    save(world, "", answer(table).version)
    table.do(("news", {jan.client.document.id}))
    assert [b.text for b in jan.blocks] == [""] and agreed(table) == ""
    jan.type(0, 0, "terug")
    assert agreed(table) == "terug"


def test_a_killed_server_loses_nothing(table):
    jan = table.scribe("jan")
    jan.type(0, 0, "Dit staat er.")
    jan.client = None
    jan.type(0, 0, "Nog meer. ", send=False)
    table.restart()
    jan.join()
    assert agreed(table) == "Nog meer. Dit staat er."


# ---- what may not ----


def test_an_answer_has_no_headings_and_an_end(table):
    jan = table.scribe("jan")
    jan.write([block("Titel", "kop")])
    assert jan.ended == REFUSED and answer(table) is None
    karin = table.scribe("karin")
    for _ in range(6):
        karin.type(0, 0, "a" * 5_000)
    assert karin.ended == REFUSED and len(agreed(table)) == 4 * 5_000


def test_rights_and_the_closed_theme_end_the_writing(world, table):
    jan = table.scribe("jan")
    with world.database.write() as tx:
        mark_step(world.here(tx), "gesprek", "gesloten", "a")
    jan.type(0, 0, "te laat")
    assert jan.ended == CLOSED and answer(table) is None
    pieter = table.scribe("pieter")
    table.look()
    assert pieter.ended == NOT_ALLOWED


def test_only_texts_that_were_offered_can_be_opened(world):
    with world.database.read() as tx:
        here = world.here(tx)
        specs = dialogue_fields(here).specs
        for name, spec in specs.items():
            assert bool(find_place(here, f"gesprek/{name}")) == spec.together, name
        assert find_place(here, NOTES) == Place("gesprek", "a", "notes_changed")
        for name in ("gesprek", "gesprek/", "gesprek/a", "gesprek/zz/notities", "waar-staan-we/a/notities", "plan/x"):
            assert find_place(here, name) is None, name


# ---- several texts on one line ----


def test_one_line_carries_several_texts(world):
    address = f"wss://lea.test{world.url}/samen/{NOTES}?v=1"
    with world.client("jan").websocket_connect(address, headers={"origin": HOST}) as line:
        line.send_text('{"t":"hoi"}')
        assert line.receive_bytes()[:1] == b"\1"
        assert line.receive_json()["t"] == "begin"
        line.send_text('{"t":"hoi","d":1,"naam":"plan/inleiding"}')
        assert line.receive_json() == {"t": "einde", "d": 1, "c": 4404}
        line.send_text('{"t":"hoi","d":1,"naam":"gesprek/b/notities"}')
        first = line.receive_bytes()
        assert first[:1] == b"\2"
        assert line.receive_json()["d"] == 1
        from pycrdt import Doc

        doc = Doc()
        doc.apply_update(first[1:])
        before = doc.get_state()
        text_in(doc).insert(1, "Over B")
        line.send_bytes(bytes([1, 0, 0, 7]) + doc.get_update(before))
        assert line.receive_json() == {"t": "op", "n": 7, "d": 1}
        with world.database.read() as tx:
            assert tx.exec(select(JointAnswer.path, JointAnswer.value)).all() == [("gesprek/b/notities", "Over B")]
        line.send_bytes(bytes([9, 0, 0, 1]) + b"weg")  # a text that is not open: nothing
        with world.database.write() as tx:
            mark_step(world.here(tx), "gesprek", "gesloten", "b")
        assert line.receive_json() == {"t": "einde", "c": 4423, "d": 1}
        line.send_text('{"t":"ping"}')
        assert line.receive_json() == {"t": "pong"}, "the other text goes on"
        line.send_text('{"t":"hoi","d":40,"naam":"gesprek/c/notities"}')
        assert line.receive()["code"] == REFUSED


# ---- reasons of a conclusion ----


def test_an_example_that_is_taken_over_comes_into_the_text_of_who_is_writing(world):
    conclusion, example = next(
        (c, e)
        for c in world.pack.conclusions
        for e in c.examples
        if e.kind == "visie" and not any(o.slug == e.slug for o in c.options)
    )
    path = f"conclusies/{conclusion.slug}/visie"
    table = Table(world, path, Place("conclusies", "", "conclusion_changed"))
    jan = table.scribe("jan")
    jan.type(0, 0, "Onze eigen zin.")
    done = world.client("karin").post(world.path(f"conclusies/neem-over/{conclusion.slug}/{example.slug}"))
    assert done.status_code == 303
    table.do(("news", {jan.client.document.id}))
    assert jan.texts[0] == "Onze eigen zin." and example.text.split("\n")[0] in " ".join(jan.texts[1:])
    table.look()
    assert not jan.ended


def test_reasons_are_offered_and_stand_in_the_document_with_their_formats(world):
    slug = next(c.slug for c in world.pack.conclusions if not c.excludes_others)
    jan = world.client("jan")
    assert jan.post(world.path(f"conclusies/veld/{slug}/gekozen"), data={"waarde": "ja", "versie": 0}, headers=PART)
    table = Table(world, f"conclusies/{slug}/motivering", Place("conclusies", "", "conclusion_changed"))
    table.scribe("jan").write(RICH)
    with world.database.read() as tx:
        assert find_place(world.here(tx), table.chapter) == table.place
    page = jan.get(world.path("conclusies")).text
    assert f"/samen/conclusies/{slug}/motivering" in page and 'id="samen-veld"' in page
    read = world.client("pieter").get(world.path("conclusies")).text
    assert "Dit is <b>vet</b>." in read and 'id="samen-veld"' not in read
    assert "<p>Waarom: Dit is <b>vet</b>.</p>" in jan.get(world.path("document")).text
