"""Goals, duties, actions and money: every column saves by itself; totals never count what is unknown."""

import pytest

from app.plan import actions, reading, rules
from app.plan.rows import KINDS
from app.plan.said import BudgetSaid
from tests.conftest import World
from tests.litany import PART, Write, recite

COLUMNS = [
    ("doel", "result", "vindt de school bereikbaar", "weet wie er helpt", "x" * 1001),
    ("doel", "target_group", "de ouders", "alle ouders", "x" * 301),
    ("doel", "target", "85 %", "90 %", "x" * 301),
    ("doel", "target_on", "2029-06", "2029-07", "ooit"),
    ("doel", "baseline_known", "lokaal", "onbekend", "landelijk"),
    ("doel", "baseline", "61 %", "62 %", "x" * 301),
    ("doel", "baseline_source", "ouderenquête 2026", "schoolgids", "x" * 301),
    ("doel", "indicator", "deel van de ouders", "aantal ouders", "x" * 1001),
    ("doel", "measured_how", "een vragenlijst", "een gesprek", "x" * 1001),
    ("doel", "measured_when", "elk jaar in april", "elk voorjaar", "x" * 301),
    ("doel", "theme", "b", "c", "z"),
    ("taak", "text", "Geeft cursussen.", "Betaalt cursussen.", ""),
    ("actie", "what", "De school belt elke ouder.", "De school mailt.", ""),
    ("actie", "start_on", "2028-01", "2028-02", "straks"),
    ("actie", "end_on", "2028-06-01", "2028-07", "straks"),
    ("actie", "status", "loopt", "klaar", "bijna"),
    ("begroting", "what", "De pilot.", "De conferentie.", ""),
    ("begroting", "year", "2028", "2029", "volgend jaar"),
    ("begroting", "amount", "12.500", "13.000", "veel"),
    ("begroting", "source", "GOAB", "Zorgbudget", "x" * 301),
    ("begroting", "certain", "zeker", "onzeker", "misschien"),
]


def make(world: World, kind: str) -> str:
    fixed = {"party_id": world.parties["linde"], "side": "doet"} if kind == "taak" else {}
    values = {} if kind == "doel" else {KINDS[kind].main: "Eerst dit."}
    with world.database.write() as tx:
        return actions.add_row(world.here(tx), KINDS[kind], values, **fixed).id


@pytest.mark.parametrize("kind, column, good, other, bad", COLUMNS)
def test_every_column(world: World, kind: str, column: str, good: str, other: str, bad: str):
    url = world.path(f"plan/rij/{kind}/{make(world, kind)}/{column}")
    recite(world, Write(url, by="jan", good=good, other=other, bad=bad, not_by=["pieter"], step="plan"))


@pytest.mark.parametrize("kind, column", [("doel", "owner_id"), ("actie", "owner_id"), ("actie", "with_parties")])
def test_columns_with_parties(world: World, kind: str, column: str):
    url = world.path(f"plan/rij/{kind}/{make(world, kind)}/{column}")
    recite(
        world,
        Write(
            url,
            by="jan",
            good=world.parties["linde"],
            other=world.parties["ark"],
            bad="geenpartij",
            not_by=["pieter"],
            step="plan",
        ),
    )


def test_an_action_belongs_to_a_goal(world: World):
    goal, second = make(world, "doel"), make(world, "doel")
    url = world.path(f"plan/rij/actie/{make(world, 'actie')}/goal_id")
    recite(world, Write(url, by="jan", good=goal, other=second, bad="geendoel", not_by=["pieter"], step="plan"))


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("what", ["verwijderen", "terugzetten", "omhoog", "omlaag", "laat-zo"])
def test_who_may_not_change_a_row(world: World, as_, kind: str, what: str):
    url = world.path(f"plan/rij/{kind}/{make(world, kind)}/{what}")
    assert as_("jan").get(url).status_code in (404, 405)
    assert as_("pieter").post(url).status_code == 403
    assert as_("olga").post(url).status_code == as_("otto").post(url).status_code == 404
    assert as_("jan").post(url).status_code == 303
    chapter = next(c.slug for c in world.pack.chapters if c.kind == KINDS[kind].chapter_kind)
    as_("marieke").post(world.path(f"plan/{chapter}/sluiten"))
    assert as_("jan").post(url).status_code == 409


@pytest.mark.parametrize("kind", list(KINDS))
def test_gone_and_back(world: World, as_, kind: str):
    row = make(world, kind)
    base = world.path(f"plan/rij/{kind}/{row}")
    answer = as_("jan").post(f"{base}/verwijderen")
    assert "Ongedaan maken" in as_("jan").get(answer.headers["location"]).text
    lost = as_("karin").post(f"{base}/{KINDS[kind].main}", data={"waarde": "Mijn tekst", "versie": "0"}, headers=PART)
    assert lost.status_code == 410
    as_("jan").post(f"{base}/terugzetten")
    with world.database.read() as tx:
        assert [r.id for r in reading.rows_of(world.here(tx), kind).live] == [row]


def test_add_by_hand(world: World, as_):
    post = as_("jan").post
    assert post(world.path("plan/rij/doel")).status_code == 303
    assert post(world.path("plan/rij/actie"), data={"what": "Bellen 👩‍👧"}).status_code == 303
    assert post(world.path("plan/rij/actie"), data={"what": ""}).status_code == 422
    assert (
        post(world.path("plan/rij/begroting"), data={"what": "Pilot", "amount": "1.000", "year": "2028"}).status_code
        == 303
    )
    duty = {"partij": world.parties["welzijn"], "kant": "doet-niet", "text": "Geeft geen les."}
    assert post(world.path("plan/rij/taak"), data=duty).status_code == 303
    assert post(world.path("plan/rij/taak"), data={**duty, "kant": "misschien"}).status_code == 422
    assert post(world.path("plan/rij/taak"), data={**duty, "partij": "x"}).status_code == 404
    assert post(world.path("plan/rij/onzin")).status_code == 404
    assert as_("pieter").post(world.path("plan/rij/doel")).status_code == 403
    assert as_("olga").post(world.path("plan/rij/doel")).status_code == 404
    with world.database.read() as tx:
        plan = reading.read_plan(world.here(tx))
    assert plan.actions[0].what == "Bellen 👩‍👧" and plan.budget.lines[0].amount == 100_000
    assert plan.responsibilities[-1].does_not == ("Geeft geen les.",)


def test_a_goal_from_an_example_asks_for_a_new_date(world: World, as_):
    url = world.path("plan/rij/doel")
    assert (
        as_("jan").post(url, data={"voorbeeld": "nulmeting/tevreden-over-relatie", "target_on": ""}).status_code == 422
    )
    assert as_("jan").post(url, data={"voorbeeld": "nulmeting/x", "target_on": "juni 2029"}).status_code == 422
    assert (
        as_("jan")
        .post(url, data={"voorbeeld": "nulmeting/tevreden-over-relatie", "target_on": "juni 2029"})
        .status_code
        == 303
    )
    assert (
        as_("jan").post(url, data={"voorbeeld": "criteria/ouderparagraaf", "target_on": "2029-01"}).status_code == 303
    )
    with world.database.read() as tx:
        first, second = reading.read_goals(world.here(tx))
    assert first.target == "" and first.target_on == "juni 2029", "90 % was an example and no norm"
    assert "2016" not in first.sentence
    assert second.sentence.startswith("Alle nieuwe lokale beleidsplannen voor onderwijs en jeugd hebben een paragraaf")


def test_saving_a_goal_sends_sentence_and_count_along(world: World, as_):
    goal = make(world, "doel")
    answer = as_("jan").post(
        world.path(f"plan/rij/doel/{goal}/result"),
        data={"waarde": "is tevreden", "versie": "0"},
        headers=PART,
    )
    assert f'data-replace="doelzin-{goal}"' in answer.text and 'data-replace="meetbaar"' in answer.text
    assert "is tevreden" in answer.text and "0 van 1 doel meetbaar" in answer.text


def test_a_measurable_goal_counts(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        actions.add_row(
            here,
            KINDS["doel"],
            {
                "result": "vindt de school bereikbaar",
                "target": "85 %",
                "target_group": "ouders",
                "target_on": "2099-06",
                "baseline_known": "onbekend",
                "indicator": "deel van de ouders",
                "measured_how": "een vragenlijst",
                "measured_when": "elk voorjaar",
                "owner_id": world.parties["linde"],
            },
        )
        actions.add_row(here, KINDS["doel"], {})
        plan = reading.read_plan(here)
    assert plan.measurable_text == "1 van 2 doelen meetbaar"
    assert plan.goals[0].sentence == (
        "85 % van de ouders vindt de school bereikbaar, uiterlijk in juni 2099. "
        "Nu is dat nog onbekend: eerst meten. Wij tellen: deel van de ouders. "
        "Wij meten dit met een vragenlijst, elk voorjaar. Hiervoor zorgt Stichting De Linde."
    )


def test_totals_keep_certain_and_uncertain_apart_and_unknown_is_never_zero():
    lines = [
        BudgetSaid("1", "a", "2028", 100_00, "", "zeker"),
        BudgetSaid("2", "b", "2028", 50_00, "", "onzeker"),
        BudgetSaid("3", "c", "2028", None, "", "zeker"),
        BudgetSaid("4", "d", "2029", 0, "", "zeker"),
        BudgetSaid("5", "e", "", None, "", ""),
    ]
    budget = rules.budget(lines)
    assert [(y.year, y.certain, y.uncertain, y.unknown) for y in budget.years] == [
        ("2028", 100_00, 50_00, 1),
        ("2029", 0, 0, 0),
        ("", 0, 0, 1),
    ]
    assert (budget.certain, budget.uncertain, budget.unknown) == (100_00, 50_00, 2)


def test_an_owner_that_is_gone_counts_as_none(world: World):
    make(world, "doel")
    with world.database.write() as tx:
        here = world.here(tx)
        goal = reading.rows_of(here, "doel").live[0]
        goal.owner_id = world.parties["ark"]
        make_action = actions.add_row(here, KINDS["actie"], {"what": "Iets", "owner_id": world.parties["ark"]})
        here.parties = tuple(p for p in here.parties if p.id != world.parties["ark"])
        plan = reading.read_plan(here)
        assert plan.goals[0].owner == "" and plan.actions[0].owner == "" and make_action.owner_id


def test_rows_come_from_what_was_said_and_removing_brings_it_back(told: World, as_):
    for chapter in ("visie-en-doelen", "partijen", "stappenplan"):
        as_("jan").post(told.path(f"plan/{chapter}/vul-voor"))
    with told.database.read() as tx:
        plan = reading.read_plan(told.here(tx))
        does = {d.party.name: d.does for d in plan.responsibilities}
    assert [a.end for a in plan.actions] == [
        "februari 2028",
        "maart 2028",
        "1 juni 2028",
        "maart 2029",
        "",
    ], "by date"
    assert plan.budget.unknown == 1 and plan.budget.lines[0].certain == "onzeker"
    assert "Heeft ouderbeleid vroegschools (VVE) geborgd." in does["Stichting De Linde"]
    assert does["Stichting Op Weg"] == ()
    first = plan.actions[0].id
    as_("jan").post(told.path(f"plan/rij/actie/{first}/verwijderen"))
    with told.database.read() as tx:
        here = told.here(tx)
        assert any(p.into == "actie" for p in reading.read_plan(here).not_processed("stappenplan"))


def test_the_boundary_is_asked_from_the_other_column(told: World, as_):
    page = as_("jan").get(told.path("plan/partijen")).text
    assert "Ouderbeleid op voorschoolse instellingen (VVE) ligt bij de gemeente. Klopt dat?" in page
    assert "Ouderbeleid vroegschools (VVE) ligt bij de besturen. Klopt dat?" in page


def test_roles_are_ticked_never_assumed(world: World, as_):
    url, none = (world.path(f"plan/veld/rol/{world.parties[p]}") for p in ("gemeente", "welzijn"))
    assert as_("jan").post(none, data={"waarde": "x", "versie": "0"}).status_code == 404
    roles = [r.slug for r in world.pack.chapter("partijen").roles if "gemeente" in r.party_kinds]
    recite(
        world,
        Write(
            url,
            by="jan",
            good=[roles[0], roles[1]],
            other=[roles[0]],
            bad="ouders-meedoen",
            not_by=["pieter"],
            step="plan",
        ),
    )
    with world.database.read() as tx:
        plan = reading.read_plan(world.here(tx))
    assert len(plan.responsibilities[0].roles) == 2 and plan.responsibilities[1].roles == ()


def test_a_changed_agreement_is_said_at_the_action(told: World, as_):
    from app.dialogue.reading import all_agreements

    as_("jan").post(told.path("plan/stappenplan/vul-voor"))
    with told.database.write() as tx:
        agreement = next(a for a in all_agreements(told.here(tx)) if a.item)
        agreement.what = "Voorschool en school doen samen een huisbezoek."
        tx.add(agreement)
    page = as_("jan").get(told.path("plan/stappenplan")).text
    assert "De bron is gewijzigd." in page and "Zo leest de bron nu" in page
    assert "huisbezoek" in page and 'class="differs"' in page, "the words that differ are marked"
    with told.database.read() as tx:
        row = next(r.id for r in reading.rows_of(told.here(tx), "actie").live if r.origin == f"afspraak/{agreement.id}")
    as_("jan").post(told.path(f"plan/rij/actie/{row}/laat-zo"))
    assert "De bron is gewijzigd." not in as_("jan").get(told.path("plan/stappenplan")).text
