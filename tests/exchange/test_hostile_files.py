"""Five hundred damaged files: each becomes a journey that every page can show and that goes out again, or is refused with a
sentence that says where and why. Never a crash, never half a journey."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, SQLModel, text

from app.content.load import pack_problems
from app.content.pack import Pack
from app.core.errors import Invalid
from app.exchange.actions import export_journey, import_journey, read_file, take_charge
from app.exchange.parse import BY_PAGE
from app.exchange.sheets import ALL, SCOPES
from app.journey.actions import add_person, here_for, mark_step, start_journey
from app.journey.models import Journey
from app.main import build
from app.people.models import Person
from tests.conftest import World, make_world
from tests.databases import Databases
from tests.document.full import Marks, fill_conclusions, fill_exploration, fill_party, fill_plan, set_up
from tests.exchange.conftest import fill_lists
from tests.exchange.mutate import mutated

FILES, MORE = 500, 3_000
SENTENCE = re.compile(r"^[^\s:][^:]{0,400}: .{5,400}\.$", re.DOTALL)


def small(pack: Pack) -> Pack:
    """The pack with one theme and the fewest texts: what is damaged is small enough to hit everything."""
    data = pack.model_dump(mode="json")

    def bare(value):
        if isinstance(value, dict):
            return {k: [] if k in ("elements", "intro_elements") else bare(v) for k, v in value.items()}
        return [bare(v) for v in value] if isinstance(value, list) else value

    data = bare(data)
    data["themes"] = data["themes"][:1]
    for kind in data["party_kinds"]:
        kind["only_items"] = []
    for name in ("examples", "terms", "background"):
        data[name] = []
    for name in ("backgrounds", "figures", "figure_tables"):
        data.pop(name, None)
    made = Pack.model_validate(data)
    assert pack_problems(made) == []
    return made


@dataclass
class Bench:
    """One open transaction; what a file did is taken back each time."""

    world: World
    tx: Session
    client: TestClient
    person: Person
    good: dict[str, bytes]  # by scope

    @contextmanager
    def undone(self) -> Iterator[None]:
        with self.tx.begin_nested() as point:
            yield
            point.rollback()
        self.tx.expire_all()

    def changes(self) -> int:
        """How many rows were written so far, also those that were taken back."""
        counted = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
        words = "SELECT total_changes()" if self.world.database.sqlite else counted
        return int(self.tx.connection().execute(text(words)).scalar_one())

    def counts(self) -> dict[str, int]:
        return {
            name: self.tx.connection().exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608
            for name in SQLModel.metadata.tables
        }

    def show(self, journey: Journey, pages: int) -> None:
        """Every page that reads much, as who brought it in; `pages` of them when there is no time for all."""
        url = f"/trajecten/{journey.id}"
        here = here_for(self.tx, self.world.settings, self.person, journey, self.tx.info["seat"])
        places = [
            "",
            "/tijdlijn",
            "/opzet",
            "/opzet/mensen",
            "/verkenning",
            "/waar-staan-we",
            "/gesprek",
            "/conclusies",
        ]
        places += ["/conclusies/breedte", "/conclusies/ouders", "/plan", "/document", "/herinneren", "/bestand"]
        places += [f"/waar-staan-we/{t.slug}/naast-elkaar" for t in here.pack.themes[:2]]
        places += [f"/gesprek/{t.slug}" for t in here.pack.themes[:2]]
        places += [f"/plan/{c.slug}" for c in here.pack.chapters[:6]]
        places += [f"/opzet/partij/{p.id}" for p in here.parties[:2]]
        for place in places if pages >= len(places) else ["", *random.Random(journey.title).sample(places, pages)]:  # noqa: S311
            answer = self.client.get(url + place)
            assert answer.status_code == 200, (place, answer.status_code)
            assert "<script>alert" not in answer.text, place


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, databases: Databases, pack: Pack) -> Iterator[Bench]:
    from app.core.settings import Settings

    url = databases.fresh(tmp_path_factory.mktemp("files"))
    settings = Settings(mode="server", base_url="https://lea.test", database_url=url)
    app = build(settings)
    world = make_world(app, settings, pack)
    with world.database.write() as tx:
        otto = tx.get_one(Person, world.persons["otto"])
        marieke = tx.get_one(Person, world.persons["marieke"])
        journey = small_journey(tx, world, marieke, small(pack))
        good = {scope: export_journey(tx, journey, scope) for scope in SCOPES}
    client = world.client("otto")
    client.event_hooks["response"].clear()  # valid HTML is for other tests: looking at it takes more time than all else
    with world.database.write() as tx:
        for way in ("read", "write"):  # every request in this one transaction
            setattr(world.database, way, lambda: nullcontext(tx))
        yield Bench(world, tx, client, otto, good)
        tx.rollback()
    app.state.database.close()


def small_journey(tx: Session, world: World, person: Person, pack: Pack) -> Journey:
    """A little of everything that a journey can have."""
    from app.dialogue.actions import NewAgreement, add_agreement, change_agreement, remove_agreement
    from app.journey.actions import add_party
    from app.remarks.actions import place as place_remark

    marks = Marks()
    journey, seat = start_journey(tx, person, pack, "Klein traject", ["Meerwijk", "Duinrade"])
    here = here_for(tx, world.settings, person, journey, seat)
    board = add_party(here, "schoolbestuur", "De Linde", "Linde", ["po"])
    member = add_person(here, board, "Jan Bakker", "jan@voorbeeld.test")
    theirs = here_for(tx, world.settings, tx.get_one(Person, (member.tenant_id, member.person_id)), journey, member)
    fill_party(theirs, board, marks)
    here = here_for(tx, world.settings, person, journey, seat)
    set_up(here)
    theme = pack.themes[0]
    items = [i for i in theme.items if i.column == pack.party_kind("schoolbestuur").column]
    joint = [i for i in theme.items if pack.joint_column and i.column == pack.joint_column.slug]
    place_remark(here, f"punt/{theme.slug}/{items[0].slug}", "Hoe doet u dat?", board.id)
    new = NewAgreement("Wij delen de folder.", board.id, (here.parties[0].id,), "2028-06")
    agreement = add_agreement(here, theme.slug, joint[0].slug, new)
    change_agreement(here, agreement, "what", ["Wij delen de folder met iedereen."], 0)
    remove_agreement(here, add_agreement(here, theme.slug, "", new))
    fill_exploration(here, marks)
    fill_conclusions(here, marks)
    fill_lists(here)
    fill_plan(here, marks)
    mark_step(here, "verkenning", "gesloten")
    return journey


def attempt(bench: Bench, content: bytes, pages: int) -> str:
    """What became of this file: 'traject', or the sentence."""
    before = bench.changes()
    try:
        checked = read_file(content, BY_PAGE)
    except Invalid as problem:
        assert bench.changes() == before
        assert SENTENCE.match(problem.message), problem.message
        return problem.message
    rows = bench.counts()
    with bench.undone():
        try:
            journey = import_journey(bench.tx, "anderstad", checked)
        except Invalid as problem:
            assert bench.counts() == rows
            return problem.message
        first = export_journey(bench.tx, journey, checked.scope)
        again = import_journey(bench.tx, "anderstad", read_file(first, BY_PAGE))
        assert export_journey(bench.tx, again, checked.scope) == first
        bench.tx.info["seat"] = take_charge(bench.tx, journey, bench.person)
        bench.show(journey, pages)
    assert bench.counts() == rows
    return "traject"


def test_the_good_files_are_good(bench: Bench):
    for content in bench.good.values():
        assert attempt(bench, content, 100) == "traject"


def test_damaged_files_are_a_journey_or_a_sentence(bench: Bench):
    said: Counter[str] = Counter()
    began = time.monotonic()
    for number in range(FILES):
        content = mutated(bench.good[SCOPES[number % 2]], number)
        try:
            said[attempt(bench, content, 3)] += 1
        except Exception as problem:
            raise AssertionError(f"file {number}") from problem
    print(
        f"{FILES} files in {time.monotonic() - began:.0f} s: {said['traject']} became a journey, {len(said) - 1} sentences"
    )
    assert 20 < said["traject"] < FILES / 2
    assert len(said) > 100, "sentences that say what is wrong, not one for all"


@pytest.mark.soak
def test_many_more_damaged_files(bench: Bench):
    """With every page of what became a journey. All that goes wrong is told, not only the first."""
    wrong: dict[int, str] = {}
    for number in range(FILES, FILES + MORE):
        try:
            attempt(bench, mutated(bench.good[SCOPES[number % 2]], number), 100)
        except Exception as problem:
            wrong[number] = f"{type(problem).__name__}: {problem}"[:300]
    assert wrong == {}


def test_what_was_refused_says_where(bench: Bench):
    """The place is that of the change, in words of the file itself."""
    import json

    data = json.loads(bench.good[ALL])
    cases = [
        (("doelen", 0, "streefwaarde"), "x" * 10_001, "doelen[0].streefwaarde: deze tekst is te lang: 10001 tekens"),
        (("doelen", 0, "wie"), "partij:99", "doelen[0].wie: ‘partij:99’ staat niet in dit bestand"),
        (("doelen", 0, "wie"), "deelnemer:1", "doelen[0].wie: ‘deelnemer:1’ is hier niet mogelijk"),
        (("deelnemers", 0, "rol"), "directeur", "deelnemers[0].rol: ‘directeur’ kan hier niet staan"),
        (("antwoorden", 0, "versie"), 0, "antwoorden[0].versie: dit getal moet tussen 1 en"),
        (("antwoorden", 0, "versie"), True, "antwoorden[0].versie: hier hoort een heel getal"),
        (("antwoorden", 0, "pad"), "a/bestaat-niet/stand", "antwoorden[0].pad: dit is geen vraag"),
        (("traject", "titel"), "a\x00b", "traject.titel: in deze tekst staat een teken dat niet mag (U+0000)"),
        (("traject", "titel"), " ", "traject.titel: dit mag niet leeg zijn"),
        (("traject", "overleg_op"), "31-12-2027", "traject.overleg_op: ‘31-12-2027’ is geen datum"),
        (("gemeenten",), [], "gemeenten: een traject heeft minstens één gemeente"),
        (("inhoud", "themes", 0, "slug"), "A B", "inhoud.themes[0].slug: "),
        (("inhoud", "themes"), [], "inhoud.themes: er is minstens één thema nodig"),
        (("begroting", 0, "bedrag_in_centen"), 10**13, "begroting[0].bedrag_in_centen: dit getal"),
        (("alineas", 0, "id"), "alinea:2", "alineas[1].id: ‘alinea:2’ staat er twee keer"),
        (("antwoorden", 1, "pad"), data["antwoorden"][0]["pad"], "antwoorden[1]: dit staat er al: partij, laag, pad"),
        (("partijen", 0, "naam"), "de linde", "partijen[2]: dit staat er al: naam"),
        (("gebeurtenissen", 0, "soort"), "../layouts/base", "gebeurtenissen[0].soort: "),
        (("afspraken", 0, "met"), ["partij:1", "partij:1"], "afspraken[0].met[1]: dit staat er twee keer"),
        (
            ("voortgang", 0, "criterium"),
            "criterium:4",
            "voortgang[0].criterium: dit criterium staat op een andere lijst",
        ),
        (("veldversies", 0, "veld"), "wachtwoord", "veldversies[0].veld: dit veld bestaat niet"),
    ]
    for place, value, sentence in cases:
        changed = json.loads(bench.good[ALL])
        inner = changed
        for name in place[:-1]:
            inner = inner[name]
        assert repr(inner[place[-1]]) != repr(value)
        inner[place[-1]] = value
        said = attempt(bench, json.dumps(changed).encode(), 0)
        assert said.startswith(sentence), (place, said)


def test_two_cannot_hold_the_regie(bench: Bench):
    import json

    data = json.loads(bench.good[ALL])
    row = next((r for r in data["samen"] if r["pad"] == "plan/regie"), None)
    if row is None:
        row = {**data["samen"][0], "pad": "plan/regie"}
        data["samen"].append(row)
    row["waarde"] = "partij:1"
    assert attempt(bench, json.dumps(data).encode(), 0) == "traject"
    row["waarde"] = "partij:1 partij:2"
    assert "samen[" in attempt(bench, json.dumps(data).encode(), 0)
