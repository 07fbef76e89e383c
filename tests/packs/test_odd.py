"""Packs that are far from the usual one: every page is there, and reads as it should."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlmodel import Session, select

from app.answers.actions import save_answer, save_joint
from app.content.check import advice, check
from app.content.load import load_pack
from app.core.fields import Spec
from app.dialogue import rules as talk
from app.dialogue.actions import NewAgreement, add_agreement
from app.document.pages import paper
from app.document.press import Press
from app.journey.actions import add_party, add_person, here_for, start_journey
from app.journey.gate import Here, cookie_name
from app.journey.models import Journey, Party
from app.people.actions import sign_in
from app.people.models import Person, Tenant
from app.plan import reading
from app.screening import rules as table
from app.screening.actions import share_theme
from tests.document.conftest import solid, text_of
from tests.packs.browser import walk_everywhere
from tests.packs.conftest import Place
from tests.packs.odd import OWN, odd_pack

Install = Callable[[Path], Place]


def written(pack: dict[str, Any], folder: Path) -> Path:
    folder.mkdir()
    (folder / "pack.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def value_for(spec: Spec, turn: int) -> str:
    if spec.kind in ("choice", "select", "many"):
        return spec.options[turn % len(spec.options)].value
    return {"tick": "ja", "date": "2028-05-12", "month": "2028-05", "when": "2028-05", "year": "2028"}.get(
        spec.kind, f"Woorden {turn} van iemand."
    )


def lived_in(place: Place) -> tuple[str, Any]:
    """A journey in which everybody of every kind answered and shared, and everything joint was filled in. Returns its
    address and a signed-in browser of the procesbegeleider."""
    from app.conclusions import rules as conclusions
    from app.exploration import rules as exploration

    pack, settings = load_pack(Path(place.settings.content_dir)), place.settings
    browser = place.browser()
    with place.app.state.database.write() as tx:
        tx.add(Tenant(id="meerwijk", name="Gemeente Meerwijk"))
        tx.flush()
        person = Person(tenant_id="meerwijk", name="Marieke de Wit", may_start=True)
        tx.add(person)
        tx.flush()
        journey, seat = start_journey(tx, person, pack, "Een ander traject", ["Meerwijk"])
        here = here_for(tx, settings, person, journey, seat)
        for kind in pack.party_kinds:
            if not kind.municipal:
                party = add_party(here, kind.slug, f"Partij {kind.slug} van hier", kind.slug)
                fill_own(tx, place, journey, party, add_person(here, party, f"Iemand van {kind.slug}", "", "deelnemer"))
        here = here_for(tx, settings, person, journey, seat)
        joint = {talk.STEP: talk.fields(pack, here.parties)}
        if pack.exploration:
            joint[exploration.STEP] = exploration.fields(pack)
        for step, specs in joint.items():
            fill_joint(here, step, specs)
        for theme in pack.themes:
            add_agreement(here, theme.slug, "", NewAgreement(f"Afspraak bij {theme.slug}", here.parties[0].id, (), ""))
        fill_joint(here, conclusions.STEP, conclusions.fields(pack))
        browser.client.cookies.set(cookie_name(settings), sign_in(tx, person, 12), domain="lea.test")
        return f"/trajecten/{journey.id}", browser


def fill_own(tx: Session, place: Place, journey: Journey, party: Party, seat) -> None:
    person = tx.exec(select(Person).where(Person.id == seat.person_id)).one()
    here = here_for(tx, place.settings, person, journey, seat)
    for theme in here.pack.themes:
        for turn, (name, spec) in enumerate(table.specs(here.pack, party, theme).items()):
            save_answer(here, party, f"{theme.slug}/{name}", spec, [value_for(spec, turn)], 0)
        share_theme(here, party, theme)


def fill_joint(here: Here, step: str, specs: dict[str, Spec]) -> None:
    for turn, (name, spec) in enumerate(specs.items()):
        save_joint(here, f"{step}/{name}", spec, [value_for(spec, turn)], 0)


def test_four_own_columns_and_a_joint_one_at_the_end(place: Install, tmp_path: Path):
    folder = written(odd_pack(), tmp_path / "bewegen")
    assert check(folder) == []
    here = place(folder)
    url, browser = lived_in(here)
    side = browser.open(f"{url}/waar-staan-we/thema-0/naast-elkaar")
    heads = [h.get("id") for h in side.page.iter("h2") if h.get("id") in (*OWN, "met-elkaar")]
    assert heads == [*OWN, "met-elkaar"], "the columns in the order of the pack"
    tints = [s.get("class") for s in side.page.iter("section") if "column--" in s.get("class", "")]
    assert [t.split("--")[1] for t in tints] == ["left", "right", "left", "right", "together"]
    assert "columns--5" in side.html and "columns--over" not in side.html
    assert "De tabel met vijf kolommen" in browser.open(f"{url}/waar-staan-we").text
    assert "De mogelijke conclusie" in browser.open(f"{url}/conclusies").text
    assert "Jongeren praten mee" in browser.open(f"{url}/document").text
    assert "verkenning" not in {u.rsplit("/", 1)[-1] for u in browser.links()}, "a pack without one has no such step"
    assert browser.client.get(f"{url}/verkenning").status_code == 404
    assert browser.client.get(f"{url}/bestand.json").status_code == 200, "a journey without that step can be kept"
    browser.open(f"{url}/plan").press("Vul alle hoofdstukken voor")
    told = walk_everywhere(browser, str(browser.client.base_url.join(url)))
    assert len(told) > 30
    assert "Afspraak bij thema-3" in told[str(browser.client.base_url.join(f"{url}/plan/deel-2"))]
    waiting = told[str(browser.client.base_url.join(f"{url}/plan/deel-1/nog-niet-verwerkt"))]
    for said in ("De partijen gaan samen door", "De slotsom van het gesprek", "Woorden", "de relatie met de wijk"):
        assert said in waiting, f"{said}: said together, and no chapter of its own"


def test_what_was_said_together_always_has_a_chapter(place: Install, tmp_path: Path):
    """With prose only: agreements, outcomes, notes and conclusions wait there, and nothing becomes a goal."""
    pack = odd_pack()
    pack["chapters"] = [pack["chapters"][0]]
    here = place(written(pack, tmp_path / "proza"))
    url, browser = lived_in(here)
    with here.app.state.database.read() as tx:
        journey = tx.exec(select(Journey)).one()
        person = tx.exec(select(Person).where(Person.name == "Marieke de Wit")).one()
        from app.journey.models import Seat

        seat = tx.exec(select(Seat).where(Seat.person_id == person.id)).one()
        inside = here_for(tx, here.settings, person, journey, seat)
        pieces = reading.pending(inside, inside.pack.chapters)
        kinds = {p.kind for p in pieces}
        html = paper(inside)[1]
    assert {"uitkomst", "gesprek", "conclusie", "breedte", "afspraak"} <= kinds
    assert {p.into for p in pieces} == {"tekst"} and {p.chapter for p in pieces} == {"deel-1"}
    press = Press()
    try:
        read = solid(text_of(press.pdf(html, 60), tmp_path, "-raw"))
    finally:
        press.close()
    for said in ("Partij zwembad van hier", "Met elkaar", "Afspraak bij thema-2", "Wat buurthuis doet"):
        assert solid(said) in read, said
    assert walk_everywhere(browser, str(browser.client.base_url.join(url)))


@pytest.mark.parametrize("own", [1, 2, 3])
@pytest.mark.parametrize("joint", [True, False])
def test_any_number_of_columns(place: Install, tmp_path: Path, own: int, joint: bool):
    pack = odd_pack()
    keep = {*OWN[:own], *(["met-elkaar"] if joint else [])}
    pack["columns"] = [c for c in pack["columns"] if c["slug"] in keep]
    pack["party_kinds"] = [k for k in pack["party_kinds"] if k["column"] in {*keep, None}]
    pack["themes"] = pack["themes"][:1]
    pack["themes"][0]["items"] = [i for i in pack["themes"][0]["items"] if i["column"] in keep]
    if not joint:
        del pack["wishes"], pack["outcomes"]
    url, browser = lived_in(place(written(pack, tmp_path / "kolommen")))
    for step in ("waar-staan-we", "waar-staan-we/thema-0", "waar-staan-we/thema-0/naast-elkaar", "gesprek/thema-0"):
        said = browser.client.get(f"{url}/{step}")
        assert said.status_code == (200 if step != "waar-staan-we/thema-0" else said.status_code)
    side = browser.open(f"{url}/waar-staan-we/thema-0/naast-elkaar")
    assert f"columns--{own + joint}" in side.html
    assert ("Met elkaar" in side.text) == joint
    assert "Wat zwembad doet" in browser.open(f"{url}/document").text


def test_the_usual_pack_is_drawn_as_overlapping(pack):
    assert pack.overlapping and [pack.tint(c) for c in pack.columns] == ["left", "together", "right"]


def test_advice_is_given_for_what_is_odd(tmp_path: Path):
    said = advice(written(odd_pack(), tmp_path / "raad"))
    assert any("geen soort partij is de gemeente" in s for s in said)
    assert any("geen hoofdstuk van soort 'inventarisatie'" in s for s in said)
    assert any("thema 'thema-5' heeft geen punten" in s for s in said)
    assert json.dumps(said)
