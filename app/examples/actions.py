"""Plays the stories: every answer, share, outcome, agreement and conclusion through the actions that people use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from app.answers.actions import save_answer, share
from app.answers.models import BEHALF, OWN
from app.answers.store import find_answer
from app.conclusions import rules as conclusions
from app.content.pack import Pack
from app.core.database import Database
from app.core.settings import Settings
from app.dialogue import rules as talk
from app.examples.cast import MUNICIPAL, Cast, agree, change_answer, say_jointly
from app.examples.lists import play_lists
from app.examples.plan import play_plan
from app.examples.script import Script, scripts
from app.exploration import rules as exploration
from app.journey import store
from app.journey.actions import add_party, add_person, make_link, start_journey
from app.journey.models import Journey
from app.journey.packs import installed_pack
from app.keeping.actions import purge
from app.people.actions import ensure_local_person
from app.people.models import Person
from app.plan.reading import rows_of
from app.plan.subjects import PARAGRAPH
from app.prose.reading import read_prose
from app.remarks import actions as remarks
from app.screening import actions as screening
from app.screening import rules as table
from app.screening.subjects import KIND as POINT


def play(tx: Session, settings: Settings, facilitator: Person, pack: Pack, script: Script) -> Journey:
    """Makes one example journey. `facilitator` gets the seat of procesbegeleider."""
    told = script.told
    journey, _ = start_journey(tx, facilitator, pack, script.title, told["gemeenten"], example=script.slug)
    journey.period_start, journey.period_end = (int(year) for year in told["looptijd"])
    journey.meeting_on = date.fromisoformat(told["overleg"])
    journey.share_by = date.fromisoformat(told["delen_voor"])
    tx.add(journey)
    tx.flush()
    cast = Cast(tx, settings, facilitator, journey)
    _set_up(cast, told)
    say_jointly(cast, exploration.STEP, exploration.fields(pack), told["verkenning"])
    for layer, part in ((OWN, "antwoorden"), (BEHALF, "namens")):
        for name, answers in told[part].items():
            _answer(cast, pack, name, answers, layer)
    for remark in told["opmerkingen"]:
        here = cast.here(remark["door"])
        about = cast.party(remark["over"]).id
        remarks.place(here, f"{POINT}/{remark['thema']}/{remark['punt']}", remark["tekst"], about)
    _talk(cast, pack, told)
    _conclude(cast, pack, told)
    play_lists(cast, told.get("lijsten", []))
    if "plan" in told:
        play_plan(cast, pack, told["plan"])
        _remark_on_plan(cast, told["plan"].get("opmerkingen", []))
    return journey


def _remark_on_plan(cast: Cast, told: Sequence[Mapping[str, Any]]) -> None:
    """Remarks at goals and paragraphs, each found by how its text begins."""
    for one in told:
        here = cast.here(one["door"])
        goals = [(f"doel/{g.id}", "result", g.result) for g in rows_of(here, "doel").live]
        texts = [(f"{PARAGRAPH}/{p.id}", "text", p.text) for p in read_prose(here).all]
        key, field, _ = next(found for found in (*goals, *texts) if found[2].startswith(one["bij"]))
        if "voorstel" in one:
            made = remarks.propose(here, key, field, one["voorstel"], one["tekst"])
        else:
            made = remarks.place(here, key, one["tekst"])
        for answer in one.get("antwoorden", []):
            remarks.answer(cast.here(answer["door"]), made.id, answer["tekst"])
        if "afgehandeld" in one:
            remarks.settle(cast.here(one["afgehandeld"]), made.id)


def _set_up(cast: Cast, told: Mapping[str, Any]) -> None:
    here = cast.here()
    cast.parties[MUNICIPAL] = here.parties[0]
    for name, party in told["partijen"].items():
        sectors = party.get("sectoren")
        cast.parties[name] = add_party(here, party["soort"], party["naam"], party["kort"], sectors)
    for name, person in told["mensen"].items():
        seat = add_person(here, cast.party(person["partij"]), person["naam"], "", person["rol"])
        seat.function, seat.mandate = person.get("functie", ""), person.get("mandaat", False)
        cast.tx.add(seat)
        cast.tx.flush()
        make_link(here, seat)
        cast.people[name] = cast.tx.get_one(Person, (seat.tenant_id, seat.person_id))


def _answer(cast: Cast, pack: Pack, name: str, told: Mapping[str, Any], layer: str) -> None:
    """One party's answers, theme by theme: fill in, share what was shared, and change what was changed after that."""
    here, party = cast.here(told["door"]), cast.party(name)
    for theme in pack.themes:
        specs = table.specs(pack, party, theme)
        for item, answer in told.get(theme.slug, {}).items():
            named = {f"{item}/{k}": v for k, v in answer.items()} if isinstance(answer, dict) else {item: answer}
            for field, value in named.items():
                save_answer(here, party, f"{theme.slug}/{field}", specs[field], [value], 0, layer)
        if theme.slug in told["gedeeld"]:
            screening.share_theme(here, party, theme, layer)
    for path, value in told.get("na_delen", {}).items():
        change_answer(cast, pack, told["door"], name, path, value)


def _talk(cast: Cast, pack: Pack, told: Mapping[str, Any]) -> None:
    here = cast.here()
    said = dict(told["gesprek"])
    for name in [n for n in said if n.endswith("/niet-voor")]:
        said[name] = " ".join(cast.ids(said[name].split()))
    say_jointly(cast, talk.STEP, talk.fields(pack, here.parties), said)
    agree(cast, told["afspraken"])


def _conclude(cast: Cast, pack: Pack, told: Mapping[str, Any]) -> None:
    say_jointly(cast, conclusions.STEP, conclusions.fields(pack), told["conclusies"])
    specs = conclusions.support_specs(pack)
    for one in told["steun"]:
        here, party = cast.here(one["door"]), cast.party(one["partij"])
        for name, key in ((conclusions.SUPPORT, "steun"), (conclusions.REMARK, "opmerking")):
            if key in one:
                path = f"{conclusions.STEP}/{one['conclusie']}/{name}"
                save_answer(here, party, path, specs[name], [one[key]], 0)
                row = find_answer(cast.tx, cast.journey, party.id, OWN, path)
                share(here, [row] if row else [])


def load_examples(database: Database, settings: Settings) -> int:
    """Makes the examples that are not there yet, for the local person. Returns how many were made. An example belongs
    to one content pack; with another pack it is not made."""
    pack, made = installed_pack(settings.content_dir), 0
    with database.write() as tx:
        person = ensure_local_person(tx)
        for script in reversed(scripts()):
            if script.pack == pack.slug and store.find_example(tx, person.tenant_id, script.slug) is None:
                play(tx, settings, person, pack, script)
                made += 1
    return made


def reset(database: Database, settings: Settings) -> int:
    """Puts the examples back as they were: what was done in them is thrown away. Returns how many there are."""
    with database.write() as tx:
        person = ensure_local_person(tx)
        for script in scripts():
            if journey := store.find_example(tx, person.tenant_id, script.slug):
                purge(tx, journey)
    return load_examples(database, settings)
