"""The conclusions: what counts, what is kept aside, support per party, breadth, organisation and parents."""

import re

import pytest

from app.answers.actions import save_answer
from app.conclusions import rules
from app.conclusions.reading import plan_not_needed, read_conclusions
from app.core.errors import Invalid
from app.core.fields import checked
from app.core.rendering import render
from app.journey.actions import mark_step, start_journey
from app.people.models import Person
from tests.conftest import World
from tests.dialogue.test_dialogue import AWKWARD, add, counted, first_place
from tests.litany import PART, Write, recite


def alone(world: World):
    return next(c for c in world.pack.conclusions if c.excludes_others)


def others(world: World):
    return [c for c in world.pack.conclusions if not c.excludes_others]


def with_ask(world: World, ask: str, excludes: bool = False):
    return next(
        (c, o) for c in world.pack.conclusions if c.excludes_others == excludes for o in c.options if o.ask == ask
    )


def save(client, world: World, name: str, value, version: int = 0):
    answer = client.post(
        world.path(f"conclusies/veld/{name}"), data={"waarde": value, "versie": str(version)}, headers=PART
    )
    assert answer.status_code == 200, (name, answer.text)
    return answer.text


def reading(world: World):
    with world.database.read() as tx:
        found = read_conclusions(world.here(tx))
        tx.expunge_all()
        return found


def test_empty_page(world: World, as_):
    jan = as_("jan")
    with counted(world) as seen:
        text = jan.get(world.path("conclusies")).text
    assert len(seen) <= 8, "\n".join(seen)
    for conclusion in world.pack.conclusions:
        assert conclusion.title in text and conclusion.text in text
    assert "Er zijn nog geen uitkomsten." in text and "Nog geen conclusie gekozen." in text
    assert reading(world).chosen == () and reading(world).summary_sentences == ()


def test_outcomes_stand_on_a_row(world: World, as_):
    theme, item = first_place(world)
    label = world.pack.item(theme, item).label
    jan = as_("jan")
    jan.post(
        world.path(f"gesprek/veld/{theme}/{item}/uitkomst"),
        data={"waarde": ["afstemmen", "uitwisselen"], "versie": "0"},
    )
    jan.post(
        world.path(f"gesprek/veld/{theme}/{item}/omdat"),
        data={"waarde": "Ouders vragen erom.", "versie": "0"},
    )
    add(jan, world, punt=item)
    text = as_("karin").get(world.path("conclusies")).text
    row = re.search(rf'<th scope="row">{re.escape(label)}</th>.*?</tr>', text, re.S)[0]
    assert "Uitwisselen en afstemmen" in row and "Ouders vragen erom." in row and ">1<" in row
    undecided = [i.label for i in world.pack.theme(theme).in_column(world.pack.joint_column.slug) if i.slug != item]
    assert re.search(rf"Nog niet besproken: [^<]*{re.escape(undecided[0])}", text)


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("{c}/gekozen", "ja", None, "nee"),
        ("{c}/motivering", "Het helpt.", "Anders.", "x" * 10_001),
        ("{a}/gekozen", "ja", None, "misschien"),
        ("breedte/leeftijd", "0-12", "andere", "0-99"),
        ("breedte/leeftijd-anders", "2 tot 14 jaar", "3 tot 5 jaar", "x" * 301),
        ("breedte/sectoren", ["po", "vo"], ["po"], "wo"),
        ("breedte/relatie", "ouders-school", "ouders-school-omgeving", "iets"),
        ("organisatie/vorm", "werkgroep", "externe-expert", "iets"),
        ("organisatie/wie", "De beleidsmedewerker", "Het college", "x" * 301),
        ("ouders/uitvoeren", ["onderzoek", "ouderadviesraad"], ["onderzoek"], "iets"),
        ("ouders/afspraak", "ja", None, "nee"),
    ],
)
def test_every_save(world: World, name: str, good, other, bad: str):
    url = world.path(f"conclusies/veld/{name.format(c=others(world)[0].slug, a=alone(world).slug)}")
    recite(world, Write(url, by="jan", good=good, other=other, bad=bad, not_by=["pieter"], step="conclusies"))


def test_every_field_of_every_conclusion_saves(world: World, as_):
    jan = as_("jan")
    values = {"tick": "ja", "text": "Woorden", "line": "Woorden", "when": "juni 2029"}
    for name, spec in rules.fields(world.pack).items():
        if name.endswith("/visie-van"):
            assert (
                jan.post(world.path(f"conclusies/veld/{name}"), data={"waarde": spec.options[0].value}).status_code
                == 404
            )
            continue
        save(jan, world, name, values.get(spec.kind) or spec.options[0].value)
    assert "Woorden" in jan.get(world.path("conclusies")).text
    assert jan.post(world.path("conclusies/veld/bestaat-niet"), data={"waarde": "x"}).status_code == 404


def test_the_first_puts_the_others_aside_and_gives_them_back(world: World, as_):
    jan, one, two = as_("jan"), alone(world), others(world)[0]
    save(jan, world, f"{two.slug}/gekozen", "ja")
    save(jan, world, f"{two.slug}/motivering", "BEWAARD")
    assert [c.conclusion.slug for c in reading(world).chosen] == [two.slug]
    answer = save(jan, world, f"{one.slug}/gekozen", "ja")
    assert "blijft bewaard" in answer and one.notice in answer
    read = reading(world)
    assert read.only_first and [c.conclusion.slug for c in read.chosen] == [one.slug]
    assert [c.conclusion.slug for c in read.kept_aside] == [two.slug]
    assert not any(two.sentence in s for s in read.summary_sentences)
    page = jan.get(world.path("conclusies")).text
    assert f"Wat u bij conclusie {two.number} invulde, blijft bewaard" in page
    assert "korte verslag" in page
    with world.database.read() as tx:
        assert plan_not_needed(world.here(tx))
    save(jan, world, f"{one.slug}/gekozen", "", 1)
    read = reading(world)
    assert not read.only_first and [(c.conclusion.slug, c.motivation) for c in read.chosen] == [(two.slug, "BEWAARD")]
    assert "BEWAARD" in jan.get(world.path("conclusies")).text


def test_the_others_combine(world: World, as_):
    for conclusion in others(world):
        save(as_("jan"), world, f"{conclusion.slug}/gekozen", "ja")
    read = reading(world)
    assert [c.conclusion for c in read.chosen] == others(world) and read.kept_aside == ()
    for conclusion in others(world):
        assert any(s.startswith(conclusion.sentence[:40]) for s in read.summary_sentences)


def test_options_of_one_group_exclude_each_other(world: World, as_):
    conclusion = next(c for c in world.pack.conclusions for o in c.options if o.group)
    group = next(o.group for o in conclusion.options if o.group)
    pair = [o.slug for o in conclusion.options if o.group == group][:2]
    free = next(o.slug for o in conclusion.options if not o.group)
    url = world.path(f"conclusies/veld/{conclusion.slug}/opties")
    refused = as_("jan").post(url, data={"waarde": pair, "versie": "0"}, headers=PART)
    assert refused.status_code == 422 and "Allebei kan niet" in refused.text
    assert as_("jan").post(url, data={"waarde": [pair[0], free], "versie": "0"}, headers=PART).status_code == 200
    with pytest.raises(Invalid):
        checked(rules.conclusion_specs(conclusion, world.pack.words)[f"{conclusion.slug}/opties"], pair)


def test_a_ticked_option_asks_for_more(world: World, as_):
    jan = as_("jan")
    conclusion, option = with_ask(world, "text")
    save(jan, world, f"{conclusion.slug}/gekozen", "ja")
    answer = save(jan, world, f"{conclusion.slug}/opties", option.slug)
    assert f"/conclusies/veld/{conclusion.slug}/optie/{option.slug}" in answer
    save(jan, world, f"{conclusion.slug}/optie/{option.slug}", "Elk kind telt")
    (chosen,) = reading(world).chosen
    assert [(o.slug, t) for o, t in chosen.options] == [(option.slug, "Elk kind telt")]
    assert f"{option.sentence}: Elk kind telt." in chosen.sentences
    gone = save(jan, world, f"{conclusion.slug}/opties", "", 1)
    assert f"/veld/{conclusion.slug}/optie/{option.slug}" not in gone
    assert reading(world).chosen[0].options == ()


def test_the_path_of_the_first_conclusion(world: World, as_):
    jan, one = as_("jan"), alone(world)
    made = add(jan, world, what="Wij bellen elkaar.")
    save(jan, world, f"{one.slug}/gekozen", "ja")
    _, who = with_ask(world, "who", excludes=True)
    _, yearly = with_ask(world, "date", excludes=True)
    asked = save(jan, world, f"{one.slug}/opties", who.slug)
    assert f"/optie/{who.slug}" in asked and f"/contact/{who.slug}" in asked
    save(jan, world, f"{one.slug}/optie/{who.slug}", "De Linde")
    save(jan, world, f"{one.slug}/contact/{who.slug}", "intern begeleider")
    assert "voor het eerst" in save(jan, world, f"{one.slug}/wel/{yearly.slug}", "ja")
    save(jan, world, f"{one.slug}/optie/{yearly.slug}", "maart 2028")
    save(jan, world, f"{one.slug}/afspraak/{made}", "ja")
    read = reading(world)
    (chosen,) = read.chosen
    assert f"{who.sentence} (De Linde; aanspreekpunt: intern begeleider)." in chosen.sentences
    assert f"{yearly.sentence}, voor het eerst in maart 2028." in chosen.sentences
    assert [(a.agreement.what, a.stands) for a in read.loose] == [("Wij bellen elkaar.", "ja")]
    page = as_("karin").get(world.path("conclusies")).text
    assert "Wij bellen elkaar." in page and one.notice in page
    assert "voor het eerst" not in save(jan, world, f"{one.slug}/wel/{yearly.slug}", "nee", 1)
    assert reading(world).chosen[0].declined == (yearly,)


def test_examples_are_taken_over_as_a_beginning(world: World, as_):
    jan = as_("jan")
    for conclusion in world.pack.conclusions:
        for example in conclusion.examples:
            url = world.path(f"conclusies/neem-over/{conclusion.slug}/{example.slug}")
            assert jan.post(url).status_code == 303
            assert jan.post(url).status_code == 303, "twice is the same as once"
            assert as_("pieter").post(url).status_code == 403
            assert as_("otto").post(url).status_code == 404
            said = reading(world).read(conclusion)
            texts = [t for _, t in said.options] + [said.vision, said.motivation]
            assert "\n".join(texts).count(example.text) == 1
            if example.year.isdigit():
                assert example.year not in "\n".join(texts), "a year of the source is never offered as a new one"
    vision = next(e for c in world.pack.conclusions for e in c.examples if e.kind == "visie")
    owner = next(c for c in world.pack.conclusions if vision in c.examples)
    save(jan, world, f"{owner.slug}/gekozen", "ja")
    text, source = reading(world).vision
    assert vision.text in text and source.kind == "visie"
    dated = next(e for c in world.pack.conclusions for e in c.examples if e.year.isdigit())
    assert f"Voorbeeld uit {dated.year}: kies zelf een jaar." in jan.get(world.path("conclusies")).text
    assert jan.post(world.path(f"conclusies/neem-over/{owner.slug}/bestaat-niet")).status_code == 404


@pytest.mark.parametrize(
    "name, good, other, bad",
    [("steun", "onderschrijft", "niet", "misschien"), ("steun-opmerking", "Ja.", "Nee.", "x" * 10_001)],
)
def test_support_of_the_own_party(world: World, name: str, good: str, other: str, bad: str):
    url = world.path(f"conclusies/partij/{others(world)[0].slug}/{name}")
    recite(world, Write(url, by="karin", good=good, other=other, bad=bad, not_by=["pieter"], step="conclusies"))


@pytest.mark.parametrize(
    "name, good, other, bad",
    [("steun", "onderschrijft", "niet", "misschien"), ("steun-opmerking", "Ja.", "Nee.", "x" * 10_001)],
)
def test_support_namens(world: World, name: str, good: str, other: str, bad: str):
    url = world.path(f"conclusies/namens/{world.parties['ark']}/{others(world)[0].slug}/{name}")
    recite(
        world,
        Write(
            url,
            by="marieke",
            good=good,
            other=other,
            bad=bad,
            not_by=["pieter", "karin", "fatima"],
            step="conclusies",
        ),
    )


def test_support_is_shared_at_once_and_only_of_the_own_party(world: World, as_):
    conclusion = others(world)[0]
    save(as_("jan"), world, f"{conclusion.slug}/gekozen", "ja")
    url = world.path(f"conclusies/partij/{conclusion.slug}")
    as_("karin").post(f"{url}/steun", data={"waarde": "met-opmerking", "versie": "0"})
    as_("karin").post(f"{url}/steun-opmerking", data={"waarde": "Tot 18 jaar.", "versie": "0"})
    (chosen,) = reading(world).chosen
    assert [(p.short, c.slug, r) for p, c, r in chosen.support] == [("Op Weg", "met-opmerking", "Tot 18 jaar.")]
    page = as_("jan").get(world.path("conclusies")).text
    assert "Tot 18 jaar." in page and re.search(r"Nog niet gezegd: [^<]*De Linde", page)
    own = world.path(f"conclusies/namens/{world.parties['gemeente']}/{conclusion.slug}/steun")
    assert as_("marieke").post(own, data={"waarde": "niet", "versie": "0"}).status_code == 403
    assert as_("jan").get(world.path(f"conclusies/namens/{world.parties['opweg']}")).status_code == 403
    assert as_("marieke").get(world.path("conclusies/namens/bestaatniet")).status_code == 404
    assert as_("jan").post(f"{url}/iets", data={"waarde": "x"}).status_code == 404
    assert as_("jan").post(world.path("conclusies/partij/iets/steun"), data={"waarde": "niet"}).status_code == 404


def test_namens_never_overrules_the_party(world: World, as_):
    conclusion = others(world)[0]
    save(as_("jan"), world, f"{conclusion.slug}/gekozen", "ja")
    behalf = world.path(f"conclusies/namens/{world.parties['opweg']}/{conclusion.slug}/steun")
    assert as_("marieke").post(behalf, data={"waarde": "niet", "versie": "0"}).status_code == 303
    assert "Op Weg (namens ingevuld)" in as_("jan").get(world.path("conclusies")).text
    as_("karin").post(
        world.path(f"conclusies/partij/{conclusion.slug}/steun"),
        data={"waarde": "onderschrijft", "versie": "0"},
    )
    assert [c.slug for _, c, _ in reading(world).chosen[0].support] == ["onderschrijft"]
    refused = as_("marieke").post(behalf, data={"waarde": "niet", "versie": "1"}, headers=PART)
    assert refused.status_code == 409 and "zelf al gezegd" in refused.text
    assert "zelf al gezegd" in as_("marieke").get(world.path(f"conclusies/namens/{world.parties['opweg']}")).text


def test_a_concept_never_shows(world: World, as_):
    conclusion = others(world)[0]
    save(as_("jan"), world, f"{conclusion.slug}/gekozen", "ja")
    with world.database.write() as tx:
        here = world.here(tx, "karin")
        party = here.get_party(world.parties["opweg"])
        for name, value in (("steun", "niet"), ("steun-opmerking", "GEHEIM CONCEPT")):
            path = f"conclusies/{conclusion.slug}/{name}"
            save_answer(here, party, path, rules.support_specs(here.pack)[name], [value], 0)
    pages = ["conclusies", *(f"conclusies/{p}" for p in ("breedte", "organisatie", "ouders"))]
    for who in ("marieke", "jan"):
        for url in pages:
            assert "GEHEIM CONCEPT" not in as_(who).get(world.path(url)).text
    behalf = as_("marieke").get(world.path(f"conclusies/namens/{world.parties['opweg']}")).text
    assert "GEHEIM CONCEPT" not in behalf
    assert reading(world).chosen[0].support == ()


def test_breadth_organisation_and_parents(world: World, as_):
    jan = as_("jan")
    for url in ("breedte", "organisatie", "ouders"):
        with counted(world) as seen:
            assert jan.get(world.path(f"conclusies/{url}")).status_code == 200
        assert len(seen) <= 8
    shape = world.pack.shape
    assert shape.parents_rule in jan.get(world.path("conclusies/ouders")).text
    assert "Welke leeftijd?" in save(jan, world, "breedte/leeftijd", "andere")
    save(jan, world, "breedte/leeftijd-anders", "kinderen van 2 tot 14 jaar")
    save(jan, world, "breedte/relatie", shape.relations[0].slug)
    save(jan, world, "organisatie/vorm", shape.organisations[1].slug)
    save(jan, world, "organisatie/wie", "de beleidsmedewerker")
    save(jan, world, f"ouders/{shape.parent_phases[2].slug}", [w.slug for w in shape.parent_ways[:2]])
    save(jan, world, "ouders/afspraak", "ja")
    read = reading(world)
    assert (read.breadth.ages, read.breadth.relation, read.breadth.sectors) == (
        "kinderen van 2 tot 14 jaar",
        shape.relations[0],
        (),
    )
    assert (read.organisation.form, read.organisation.who) == (shape.organisations[1], "de beleidsmedewerker")
    assert read.parents == ((shape.parent_phases[2], shape.parent_ways[:2]),) and read.parents_rule
    assert len(read.shape_sentences) == 4 and all(s.endswith(".") for s in read.shape_sentences)
    save(jan, world, "breedte/leeftijd", shape.ages[0].slug, 1)
    assert reading(world).breadth.ages == shape.ages[0].phrase


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_words_stay(world: World, as_, text: str):
    conclusion = others(world)[0]
    save(as_("jan"), world, f"{conclusion.slug}/gekozen", "ja")
    save(as_("jan"), world, f"{conclusion.slug}/motivering", text)
    as_("jan").post(world.path(f"conclusies/partij/{conclusion.slug}/steun"), data={"waarde": "niet", "versie": "0"})
    as_("jan").post(
        world.path(f"conclusies/partij/{conclusion.slug}/steun-opmerking"),
        data={"waarde": text, "versie": "0"},
    )
    assert as_("karin").get(world.path("conclusies")).status_code == 200
    assert reading(world).chosen[0].motivation and "\x00" not in reading(world).chosen[0].motivation


def test_closed_and_read_only(world: World, as_):
    conclusion = others(world)[0]
    save(as_("jan"), world, f"{conclusion.slug}/gekozen", "ja")
    read_only = as_("pieter").get(world.path("conclusies")).text
    assert "Neem over als begin" not in read_only and "Opslaan<" not in read_only
    with world.database.write() as tx:
        mark_step(world.here(tx), "conclusies", "gesloten")
    closed = as_("jan").get(world.path("conclusies")).text
    assert "gesloten op" in closed and "Neem over als begin" not in closed and "Opslaan<" not in closed
    assert as_("jan").post(world.path(f"conclusies/neem-over/{conclusion.slug}/x")).status_code == 409


def small_pack(world: World):
    """One theme, no joint column, one guide, two conclusions, no shape to choose from but one of each."""
    pack = world.pack
    own = pack.own_columns
    theme = pack.themes[0].model_copy(update={"items": tuple(i for i in pack.themes[0].items if i.kind != "agenda")})
    return pack.model_copy(
        update={
            "slug": "klein",
            "columns": own,
            "themes": (theme,),
            "guides": (),
            "examples": (),
            "conclusions": (others(world)[1], others(world)[4]),
        }
    )


def test_a_small_pack_and_several_gemeenten(world: World):
    pack = small_pack(world)
    with world.database.write() as tx:
        person = Person(tenant_id="meerwijk", name="Kees Klein", may_start=True)
        tx.add(person)
        tx.flush()
        journey, _ = start_journey(tx, person, pack, "Klein traject", ["Duinrade", "Zeewijk"])
        world.persons["kees"] = ("meerwijk", person.id)
        small = journey.id
    kees, url = world.client("kees"), f"/trajecten/{small}"
    theme = pack.themes[0].slug
    for path in (
        "gesprek",
        f"gesprek/{theme}",
        f"gesprek/{theme}?projector=1",
        "conclusies",
        "conclusies/breedte",
        "conclusies/ouders",
    ):
        assert kees.get(f"{url}/{path}").status_code == 200, path
    assert "Gemeente Zeewijk" in kees.get(f"{url}/conclusies").text
    saved = kees.post(f"{url}/gesprek/veld/{theme}/zinvol", data={"waarde": "ja", "versie": "0"}, headers=PART)
    assert saved.status_code == 200 and "besproken" in saved.text
    assert kees.post(f"{url}/gesprek/{theme}/afspraak", data={"wat": "Samen eten."}).status_code == 303
    for conclusion in pack.conclusions:
        data = {"waarde": "ja", "versie": "0"}
        assert kees.post(f"{url}/conclusies/veld/{conclusion.slug}/gekozen", data=data, headers=PART).status_code == 200
    assert "gaat niet samen met andere" not in kees.get(f"{url}/conclusies").text


def test_each_event_is_one_sentence(world: World):
    refs = {
        "conclusion_changed": "impuls/gekozen",
        "conclusion_supported": "impuls",
        "shape_changed": "breedte/leeftijd",
    }
    for kind, ref in refs.items():
        e = {"who": "Jan", "theme": None, "party": "De Linde", "ref": ref, "count": 1}
        text = " ".join(render(f"events/{kind}.html", e=e).split())
        assert text.startswith("Jan heeft ") and text.endswith(".") and text.count(".") == 1, text
