"""A journey goes out and in without losing or adding anything: export(import(export(x))) == export(x), byte for byte."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from importlib import import_module

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from app.answers.actions import save_answer, save_joint, share
from app.answers.models import BEHALF, OWN
from app.answers.reading import all_answers
from app.core.errors import Refusal
from app.core.fields import Spec
from app.core.text import clean
from app.dialogue.actions import NewAgreement, add_agreement, remove_agreement
from app.exchange.actions import export_journey, take_charge
from app.exchange.fields import joint_fields
from app.exchange.sheets import ALL, JOINT, JOURNEY, LEFT_OUT, SCOPES, SHEETS, VERSION_COLUMNS
from app.journey.actions import add_party, add_person, here_for, mark_step, start_journey
from app.journey.gate import Here
from app.journey.models import Event, Party, Seat
from app.journey.store import find_seat_and_journey, list_seats
from app.main import ROOMS
from app.overview.pages import overview_page
from app.people.models import Person
from app.plan.actions import prefill
from app.plan.reading import read_plan
from app.prose.actions import add_paragraph, leave_out
from app.screening import rules as screening
from app.screening.actions import share_theme
from app.screening.reading import read_screening
from app.setup.actions import remove_party, used_text
from tests.exchange.conftest import NAMES, Shelf, bring_in

ID = re.compile(r"(?<![0-9a-z])0[0-9a-hjkmnp-tv-z]{15}(?![0-9a-z])")


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", NAMES)
def test_out_and_in_again_is_the_same_file(shelf: Shelf, name: str, scope: str):
    with shelf.database.read() as tx:
        journey = shelf.journey(tx, name)
        first = export_journey(tx, journey, scope)
        again = export_journey(tx, bring_in(tx, first), scope)
        same_place = export_journey(tx, bring_in(tx, first, "meerwijk"), scope)
    assert first == again == same_place
    assert len(first) > 10_000


def test_what_a_party_took_back_is_told_only_with_everything(shelf: Shelf):
    with shelf.database.read() as tx:
        journey = shelf.journey(tx, NAMES[0])
        tx.add(
            Event(tenant_id=journey.tenant_id, journey_id=journey.id, kind="answer_changed_back", step="waar-staan-we")
        )
        tx.flush()
        assert b"answer_changed_back" in export_journey(tx, journey, ALL)
        assert b"answer_changed_back" not in export_journey(tx, journey, JOINT)


@pytest.mark.parametrize("name", NAMES)
def test_the_scope_traject_of_a_copy_of_everything_is_that_of_the_journey(shelf: Shelf, name: str):
    with shelf.database.read() as tx:
        journey = shelf.journey(tx, name)
        copy = bring_in(tx, export_journey(tx, journey, ALL))
        assert export_journey(tx, copy, JOINT) == export_journey(tx, journey, JOINT)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", NAMES)
def test_no_id_of_the_database_stands_in_the_file(shelf: Shelf, name: str, scope: str):
    """A reference that is not known as one would stay as it is, and mean nothing where the file is read."""
    with shelf.database.read() as tx:
        text = export_journey(tx, shelf.journey(tx, name), scope).decode()
    assert ID.findall(text) == []


def test_what_is_not_shared_is_in_no_file_but_that_of_beheer(shelf: Shelf):
    with shelf.database.read() as tx:
        journey = shelf.journey(tx, "vol")
        joint, everything = (export_journey(tx, journey, scope).decode() for scope in SCOPES)
    hidden = shelf.marks.hidden
    assert len(hidden) > 30 and all(mark in everything for mark in hidden)
    assert [mark for mark in hidden if mark in joint] == []
    assert [where for mark, where in shelf.marks.shown.items() if mark not in everything] == []
    shared = {m: w for m, w in shelf.marks.shown.items() if m not in joint}
    assert not shared, "what everybody may see is in both"


def test_a_concept_changes_nothing_in_the_file(shelf: Shelf):
    """Not the text, and not a number, a moment, an order or a count either."""
    with shelf.database.read() as tx:
        here = shelf.world.here(tx, "jan")
        before = export_journey(tx, here.journey, JOINT)
        everything = export_journey(tx, here.journey, ALL)
        for path in ("a/verdeling-anders", "b/verdeling-anders"):
            version = next(r["versie"] for r in json.loads(everything)["antwoorden"] if r["pad"] == path)
            save_answer(here, here.party, path, Spec("text", "x"), ["GEHEIM"], version)
        assert export_journey(tx, here.journey, JOINT) == before
        assert b"GEHEIM" in export_journey(tx, here.journey, ALL)


def test_no_address_of_a_person_in_the_scope_traject(shelf: Shelf):
    with shelf.database.read() as tx:
        journey = shelf.journey(tx, "vol")
        assert b"jan@voorbeeld.test" in export_journey(tx, journey, ALL)
        assert b"@voorbeeld.test" not in export_journey(tx, journey, JOINT)


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_says_what_the_journey_said(shelf: Shelf, name: str):
    """The same words on the pages that read everything: ids are other ones, what they mean is not."""
    with shelf.database.read() as tx:
        journey = shelf.journey(tx, name)
        marieke = tx.get_one(Person, shelf.world.persons["marieke"])
        journey.example = ""  # the copy is nobody's example
        copy = bring_in(tx, export_journey(tx, journey, ALL), "meerwijk")
        take_charge(tx, copy, marieke)
        told = [_words(tx, shelf, marieke, j) for j in (journey.id, copy.id)]
    assert told[0] == told[1]
    assert len(told[0]) > 1000


def _words(tx, shelf: Shelf, person: Person, journey_id: str) -> str:
    """Plan, screening and document of this journey, with every id made the same."""
    from app.document.pages import paper

    here = _here(tx, shelf, person, journey_id)
    plan = read_plan(here)
    screening = read_screening(here)
    said = [screening.said(t, i) for t in here.pack.themes for i in t.items]
    text = f"{plan!r} {paper(here, unused=True)[1]} {said!r} {overview_page(here).shared!r}"
    known: dict[str, str] = {}
    return ID.sub(lambda found: known.setdefault(found[0], f"id{len(known)}"), text)


def _here(tx, shelf: Shelf, person: Person, journey_id: str) -> Here:
    seat, journey = find_seat_and_journey(tx, person, journey_id)
    return here_for(tx, shelf.world.settings, person, journey, seat)


def test_who_brings_it_in_leads_in_a_place_of_its_own(shelf: Shelf):
    with shelf.database.read() as tx:
        journey = shelf.journey(tx, "vol")
        otto = tx.get_one(Person, shelf.world.persons["otto"])
        copy = bring_in(tx, export_journey(tx, journey, JOINT))
        assert find_seat_and_journey(tx, otto, copy.id) is None, "a file alone opens nothing"
        seat = take_charge(tx, copy, otto)
        seats = {person.name: (s, person) for s, person in list_seats(tx, copy)}
        marieke = seats["Marieke de Wit"][0]
        assert (seat.role, seat.party_id) == ("procesbegeleider", marieke.party_id)
        assert marieke.id != seat.id and seats["Otto Verweg"][0].id == seat.id
        others = [person for name, (_, person) in seats.items() if name != "Otto Verweg"]
        assert not any(p.may_start or p.local or p.email for p in others)
        page = overview_page(_here(tx, shelf, otto, copy.id))
        assert page.changes == () and not page.first_visit, "what happened before is not news"


def test_who_stands_in_the_file_under_the_same_name_takes_that_place(shelf: Shelf):
    """Moving a traject of your own to another computer does not give you a double."""
    with shelf.database.read() as tx:
        marieke = tx.get_one(Person, shelf.world.persons["marieke"])
        copy = bring_in(tx, export_journey(tx, shelf.journey(tx, "vol"), JOINT), "meerwijk")
        before = [person.name for _, person in list_seats(tx, copy)]
        seat = take_charge(tx, copy, marieke)
        assert [person.name for _, person in list_seats(tx, copy)] == before
        assert seat.person_id == marieke.id and before.count("Marieke de Wit") == 1


def test_every_table_and_column_is_in_the_file_or_left_out_for_a_reason():
    """A table or column that a later room adds must be put into the file, or be left out on purpose."""
    for room in ROOMS:
        import_module(f"app.{room}.routes")
    written: set[str] = {f"field_version.{c.name}" for c in VERSION_COLUMNS}
    written |= {"field_version.kind", "field_version.record_id", "field_version.field"}  # 'van' and 'veld'
    written |= {"pack_copy.json_text"}  # 'inhoud'
    for sheet in (JOURNEY, *SHEETS):
        written |= {".".join(stored) for stored in sheet.stored(ALL).values()}
    columns = {f"{table.name}.{c.name}" for table in SQLModel.metadata.tables.values() for c in table.columns}
    general = {name.removeprefix("*") for name in LEFT_OUT if name.startswith("*")}
    forgotten = {
        c
        for c in columns - written - set(LEFT_OUT)
        if c.split(".")[0] not in LEFT_OUT and f".{c.split('.')[1]}" not in general
    }
    assert sorted(forgotten) == []
    gone = {name for name in LEFT_OUT if "*" not in name} - columns - set(SQLModel.metadata.tables)
    assert sorted(gone) == [], "a reason for something that is not there"
    assert sorted(written - columns) == []
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_every_column_of_a_sheet_is_written_when_it_is_read_in():
    """A column that neither the file nor `fixed` fills would be empty without anybody having said so."""
    for sheet in SHEETS:
        filled = {c.name for c in sheet.columns} | set(sheet.fixed) | {"id", "tenant_id", "journey_id"}
        filled |= {"person_id"} if sheet.table is Seat else set()
        assert {c.name for c in sheet.table.__table__.columns} - filled == set(), sheet.name


def test_the_fullest_journey_has_something_in_every_list(shelf: Shelf):
    """Else the tests above would say nothing of it."""
    with shelf.database.read() as tx:
        here = shelf.world.here(tx)
        mark_step(here, "opzet", "gesloten")
        leave_out(here, "inleiding", "opzet/gesprek", "Gezegd.", "later", "Toelichting")
        made = json.loads(export_journey(tx, here.journey, ALL))
        copy = bring_in(tx, export_journey(tx, here.journey, ALL))
        assert json.loads(export_journey(tx, copy, ALL)) == made
    assert [name for name, rows in made.items() if rows in ([], {}, "")] == []
    kinds = {row["van"].partition(":")[0] for row in made["veldversies"]}
    assert {"lijst", "voortgang"} <= kinds


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=60).map(clean)
ODD = st.sampled_from(
    [
        "partij:1",
        "deelnemer:1",
        "traject",
        "plan/rol/partij:2",
        "{partij}",
        "<b>vet</b>",
        '"}],',
        "\\u0000",
        "06h03dkx7cbxa8f5",
    ]
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_journeys_that_nobody_thought_of(shelf: Shelf, data: st.DataObject):
    """Any order of any number of things, with any text: out, in, and out again is the same."""
    draw = data.draw
    with shelf.database.read() as tx:
        marieke = tx.get_one(Person, shelf.world.persons["marieke"])
        towns = draw(st.lists(st.sampled_from(["Meerwijk", "Duinrade", "Zandvoorde"]), min_size=1, unique=True))
        title = draw(TEXTS.filter(bool) | ODD)
        journey, seat = start_journey(tx, marieke, shelf.world.pack, title, towns)
        here = here_for(tx, shelf.world.settings, marieke, journey, seat)
        for number in range(draw(st.integers(0, 4))):
            kind = draw(st.sampled_from([k.slug for k in here.pack.party_kinds]))
            party = add_party(here, kind, f"Partij {number} {draw(TEXTS)}"[:120].strip())
            if draw(st.booleans()):
                add_person(here, party, draw(TEXTS.filter(bool) | ODD), "iemand@voorbeeld.test")
        for party in here.parties:
            _answer_some(here, party, draw)
        fields = joint_fields(here.pack, here.parties, [])
        for path in draw(st.lists(st.sampled_from(sorted(fields)), max_size=25, unique=True)):
            save_joint(here, path, fields[path], _value(fields[path], draw), 0)
        for _ in range(draw(st.integers(0, 3))):
            owner = draw(st.sampled_from(here.parties))
            what = draw(TEXTS.filter(bool) | ODD)
            made = add_agreement(
                here, here.pack.themes[0].slug, "", NewAgreement(what, owner.id, (here.parties[0].id,))
            )
            if draw(st.booleans()):
                remove_agreement(here, made)
        here.extra.clear()
        for chapter in draw(st.lists(st.sampled_from(here.pack.chapters), max_size=3, unique=True)):
            prefill(here, chapter)
            add_paragraph(here, chapter.slug, text=draw(TEXTS | ODD), after=draw(st.sampled_from(["", None])))
        gone = [p for p in here.parties[1:] if not used_text(here, p)]
        if gone and draw(st.booleans()):
            remove_party(here, gone[0])
        for scope in SCOPES:
            first = export_journey(tx, journey, scope)
            assert export_journey(tx, bring_in(tx, first), scope) == first


def _value(spec: Spec, draw) -> list[str]:
    if spec.kind in ("text", "line"):
        return [draw(TEXTS | ODD)]
    values = [o.value for o in spec.options] or {"tick": ["ja"], "date": ["2028-03-01"]}.get(spec.kind, ["2028-03"])
    if spec.kind == "many" and not spec.alone and not any(o.group for o in spec.options):
        return draw(st.lists(st.sampled_from(values), unique=True, max_size=4))
    return [draw(st.sampled_from(values))]


def _answer_some(here: Here, party: Party, draw) -> None:
    for theme in here.pack.themes[:2]:
        fields = screening.specs(here.pack, party, theme)
        for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=6, unique=True)):
            for layer in draw(st.lists(st.sampled_from([OWN, BEHALF]), max_size=2, unique=True)):
                save_answer(here, party, f"{theme.slug}/{name}", fields[name], _value(fields[name], draw), 0, layer)
        here.extra.clear()
        if draw(st.booleans()):
            with suppress(Refusal):  # only of the own party, and when there is something
                share_theme(here, party, theme)
            share(here, [a for a in all_answers(here) if a.party_id == party.id])
