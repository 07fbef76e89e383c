"""Versions of the plan: kept by itself and by name, compared as the page itself, and put back as a new change."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.core import clock
from app.core.difference import merged
from app.journey.actions import mark_step
from app.journey.models import Event
from app.plan import actions as plan
from app.plan.models import Goal
from app.plan.rows import KINDS
from app.prose import actions as prose
from app.prose.models import Paragraph
from app.versions.content import content_of, packed, unpacked
from app.versions.models import PlanVersion
from tests.conftest import World

CHAPTER, GOALS = "inleiding", "visie-en-doelen"
PART = {"driekolom-deel": "1"}


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch):
    """Lets days go by: `day(2)` is two days later."""
    real, gone = clock.now, {"days": 0}

    def later(days: int) -> None:
        gone["days"] += days

    moved = lambda: real() + timedelta(days=gone["days"])  # noqa: E731
    for module in ("app.core.clock", "app.prose.actions", "app.journey.models", "app.versions.models"):
        monkeypatch.setattr(f"{module}.now", moved)
    for table, column in ((Event, "at"), (PlanVersion, "at")):
        monkeypatch.setattr(table.model_fields[column], "default_factory", moved)
    return later


@pytest.fixture
def plan_of(world: World) -> dict[str, str]:
    """Two paragraphs and a goal."""
    with world.database.write() as tx:
        here = world.here(tx)
        first = prose.add_paragraph(here, CHAPTER, text="Wij beginnen in maart met alle scholen.")
        second = prose.add_paragraph(here, CHAPTER, text="De gemeente begeleidt dit.")
        goal = plan.add_row(here, KINDS["doel"], {"result": "weet bij wie hij terechtkan"})
        return {"first": first.id, "second": second.id, "goal": goal.id}


def save(world: World, as_, who: str, paragraph: str, text: str, version: int):
    url = world.path(f"plan/alinea/{paragraph}/tekst")
    answer = as_(who).post(url, data={"waarde": text, "versie": str(version)}, headers=PART)
    assert answer.status_code == 200, answer.text


def keep(world: World, as_, name: str, who: str = "jan") -> str:
    assert as_(who).post(world.path("versies"), data={"naam": name}).status_code == 303
    return versions(world)[-1].id


def versions(world: World) -> list[PlanVersion]:
    with world.database.read() as tx:
        return list(
            tx.exec(select(PlanVersion).where(PlanVersion.journey_id == world.journey).order_by(PlanVersion.id))
        )


def text_of(world: World, paragraph: str) -> tuple[str, bool]:
    with world.database.read() as tx:
        found = tx.exec(select(Paragraph).where(Paragraph.id == paragraph)).one()
        return found.text, found.removed_at is None


def test_each_day_with_changes_is_kept_once_before_the_next_change(world: World, as_, plan_of, day):
    save(world, as_, "jan", plan_of["first"], "Wij beginnen in mei met alle scholen.", 0)
    save(world, as_, "jan", plan_of["first"], "Wij beginnen in juni met alle scholen.", 1)
    assert versions(world) == [], "the day is not over"
    day(3)
    as_("jan").get(world.path("plan"))
    assert versions(world) == [], "looking keeps nothing"
    save(world, as_, "karin", plan_of["first"], "Wij beginnen nooit.", 2)
    save(world, as_, "karin", plan_of["first"], "Wij beginnen later.", 3)
    (kept,) = versions(world)
    assert kept.name == "" and kept.day == clock.today() - timedelta(days=3)
    then = unpacked(kept.content).chapter(CHAPTER)
    assert [t.text for t in then.texts][0] == "Wij beginnen in juni met alle scholen."
    day(1)
    save(world, as_, "jan", plan_of["second"], "De besturen begeleiden dit.", 0)
    assert [v.day for v in versions(world)] == [kept.day, kept.day + timedelta(days=3)], (
        "days without changes have none"
    )
    page = as_("pieter").get(world.path("versies")).text
    assert page.count("Eind van ") >= 2


def test_a_version_gets_a_name_and_another(world: World, as_, plan_of):
    version = keep(world, as_, "Versie voor het LEA-overleg van 12 maart")
    page = as_("pieter").get(world.path("versies")).text
    assert "Versie voor het LEA-overleg van 12 maart" in page and "Jan Bakker" in page
    for wrong, said in (
        ("", "een naam"),
        ("x" * 121, "te lang"),
        ("Versie voor het LEA-overleg van 12 maart", "al een versie met deze naam"),
    ):
        refused = as_("jan").post(world.path("versies"), data={"naam": wrong})
        assert refused.status_code == 422 and said in refused.text and "aria-invalid" in refused.text
        assert not wrong or wrong in refused.text
    rename = world.path(f"versies/{version}/naam")
    assert as_("karin").post(rename, data={"naam": "Voor de raad"}).status_code == 303
    assert as_("karin").post(rename, data={"naam": ""}).status_code == 422
    assert [v.name for v in versions(world)] == ["Voor de raad"]


def test_who_may_keep_and_put_back(world: World, as_, plan_of):
    version = keep(world, as_, "Eerste")
    writes = {
        "versies": {"naam": "Tweede"},
        f"versies/{version}/naam": {"naam": "Anders"},
        f"versies/{version}/terugzetten/{CHAPTER}": {},
        f"versies/{version}/terugzetten/alinea/{plan_of['first']}": {"versie": "0"},
    }
    for path, data in writes.items():
        assert as_("pieter").post(world.path(path), data=data).status_code == 403, "a meelezer reads"
        for outsider in ("olga", "otto"):
            assert as_(outsider).post(world.path(path), data=data).status_code == 404
        assert world.client().post(world.path(path), data=data).headers["location"] == "/aanmelden"
    elsewhere = f"/trajecten/{world.other}/versies/{version}"
    assert as_("olga").get(elsewhere).status_code == 404, "a version of another journey"
    assert as_("olga").post(f"{elsewhere}/terugzetten/{CHAPTER}").status_code == 404
    for absent in ("versies/0000000000000000", f"versies/vergelijk?van={version}&naar=x"):
        assert as_("jan").get(world.path(absent)).status_code == 404
    assert as_("jan").post(world.path(f"versies/{version}/terugzetten/bestaat-niet")).status_code == 404
    with world.database.write() as tx:
        mark_step(world.here(tx), "plan", "gesloten", CHAPTER)
    assert as_("jan").post(world.path(f"versies/{version}/terugzetten/{CHAPTER}")).status_code == 409
    data = {"versie": "0"}
    closed = as_("jan").post(world.path(f"versies/{version}/terugzetten/alinea/{plan_of['first']}"), data=data)
    assert closed.status_code == 409
    assert [v.name for v in versions(world)] == ["Eerste"]


def test_two_versions_read_as_the_page_itself(world: World, as_, plan_of):
    before = keep(world, as_, "Eerste")
    save(world, as_, "karin", plan_of["first"], "Wij beginnen in mei met alle scholen.", 0)
    as_("karin").post(world.path(f"plan/alinea/{plan_of['second']}/verwijderen"))
    with world.database.write() as tx:
        here = world.here(tx)
        prose.add_paragraph(here, CHAPTER, text="Ouders lezen mee.")
        plan.add_row(here, KINDS["doel"], {"result": "kent de mentor"})
    as_("karin").post(
        world.path(f"plan/rij/doel/{plan_of['goal']}/result"),
        data={"waarde": "weet bij welke school hij terechtkan", "versie": "0"},
        headers=PART,
    )
    page = as_("pieter").get(world.path(f"versies/vergelijk?van={before}&naar=nu")).text
    words = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Hoofdstuk 1: één alinea toegevoegd, één alinea gewijzigd en één alinea vervallen." in words
    assert (
        "Hoofdstuk 3: één doel toegevoegd en één doel gewijzigd." in words and "Hoofdstuk 2: niets gewijzigd." in words
    )
    assert '<del class="gone"><span class="visually-hidden">vervallen: </span>maart' in page
    assert '<ins class="added"><span class="visually-hidden">toegevoegd: </span>mei' in page
    assert "Alinea vervallen" in page and "Alinea toegevoegd" in page and "welke school" in page
    back = as_("pieter").get(world.path(f"versies/vergelijk?van=nu&naar={before}")).text
    assert '<ins class="added"><span class="visually-hidden">toegevoegd: </span>maart' in back
    assert "Zet deze alinea terug" not in page, "a meelezer changes nothing"
    assert "Zet deze alinea terug" in as_("jan").get(world.path(f"versies/vergelijk?van={before}&naar=nu")).text
    alone = as_("pieter").get(world.path(f"versies/{before}")).text
    assert "in maart" in alone and "<ins" not in alone and "Ouders lezen mee" not in alone


def test_a_paragraph_comes_back_as_a_new_change(world: World, as_, plan_of):
    before = keep(world, as_, "Eerste")
    save(world, as_, "karin", plan_of["first"], "Heel anders.", 0)
    url = world.path(f"versies/{before}/terugzetten/alinea/{plan_of['first']}")
    stale = as_("jan").post(url, data={"versie": "0"})
    assert stale.status_code == 409 and "intussen gewijzigd" in stale.text and "Heel anders." in stale.text
    assert text_of(world, plan_of["first"]) == ("Heel anders.", True)
    done = as_("jan").post(url, data={"versie": "1"})
    assert done.status_code == 303 and done.headers["location"].endswith(f"#alinea-{plan_of['first']}")
    assert text_of(world, plan_of["first"]) == ("Wij beginnen in maart met alle scholen.", True)
    as_("jan").post(world.path(f"plan/alinea/{plan_of['first']}/verwijderen"))
    assert as_("jan").post(url, data={"versie": "2"}).status_code == 303
    page = as_("jan").get(world.path(f"plan/{CHAPTER}")).text
    assert page.index("in maart") < page.index("De gemeente begeleidt"), "in its old place"
    assert "teruggezet" in as_("karin").get(world.path("tijdlijn")).text


def test_a_chapter_comes_back_whole_and_nothing_of_now_is_lost(world: World, as_, plan_of):
    before = keep(world, as_, "Eerste")
    save(world, as_, "karin", plan_of["first"], "Heel anders.", 0)
    as_("karin").post(world.path(f"plan/alinea/{plan_of['second']}/omhoog"))
    as_("karin").post(world.path(f"plan/alinea/{plan_of['first']}/verwijderen"))
    with world.database.write() as tx:
        prose.add_paragraph(world.here(tx), CHAPTER, text="Nieuw van Karin.")
        now_there = content_of(tx, world.here(tx).journey).chapter(CHAPTER)
    assert as_("jan").post(world.path(f"versies/{before}/terugzetten/{CHAPTER}")).status_code == 303
    with world.database.read() as tx:
        there = content_of(tx, world.here(tx).journey)
    assert [t.text for t in there.chapter(CHAPTER).texts] == [
        "Wij beginnen in maart met alle scholen.",
        "De gemeente begeleidt dit.",
    ]
    kept = versions(world)[-1]
    assert kept.name == "Vóór het terugzetten van hoofdstuk 1"
    assert unpacked(kept.content).chapter(CHAPTER) == now_there, "and that can be put back too"
    assert as_("jan").post(world.path(f"versies/{kept.id}/terugzetten/{CHAPTER}")).status_code == 303
    assert "Nieuw van Karin." in as_("jan").get(world.path(f"plan/{CHAPTER}")).text


def test_goals_come_back_with_their_chapter(world: World, as_, plan_of):
    before = keep(world, as_, "Eerste")
    goal = world.path(f"plan/rij/doel/{plan_of['goal']}")
    as_("karin").post(f"{goal}/result", data={"waarde": "iets anders", "versie": "0"}, headers=PART)
    as_("karin").post(f"{goal}/owner_id", data={"waarde": world.parties["linde"], "versie": "0"}, headers=PART)
    as_("karin").post(f"{goal}/verwijderen")
    as_("karin").post(world.path("plan/rij/doel"), data={})
    assert as_("jan").post(world.path(f"versies/{before}/terugzetten/{GOALS}")).status_code == 303
    with world.database.read() as tx:
        goals = tx.exec(select(Goal).where(Goal.journey_id == world.journey).order_by(Goal.id)).all()
    live = [(g.result, g.owner_id) for g in goals if g.removed_at is None]
    assert live == [("weet bij wie hij terechtkan", None)] and len(goals) == 2


def test_a_version_never_holds_a_concept(world: World, as_, plan_of):
    url = world.path("waar-staan-we/b/veld/vve-vroegschools/toelichting")
    as_("jan").post(url, data={"waarde": "GEHEIM concept", "versie": "0"}, headers=PART)
    with world.database.read() as tx:
        assert b"GEHEIM" not in packed(content_of(tx, world.here(tx).journey))
        assert "GEHEIM" not in str(content_of(tx, world.here(tx).journey))


@pytest.mark.parametrize(
    "before, after",
    [
        ("Wij beginnen in maart.", "Wij beginnen in mei, met alle scholen."),
        ("een twee drie vier", "een twee vier"),
        ("een vier", "een twee drie vier"),
        ("", "nieuw"),
        ("oud", ""),
        ("heel iets anders", "geen enkel woord gelijk hier"),
        ("regel een\n\nregel twee", "regel een\n\nregel 2"),
        ("a, b; c", "a b c"),
    ],
)
def test_two_texts_as_one_hold_both(before: str, after: str):
    runs = merged(before, after)
    words = lambda text: re.findall(r"\w+", text)  # noqa: E731
    assert words(" ".join(r.text for r in runs if r.state != "toegevoegd")) == words(before)
    assert words(" ".join(r.text for r in runs if r.state != "vervallen")) == words(after)


def test_who_wrote_what_per_party(world: World, as_, plan_of):
    save(world, as_, "karin", plan_of["first"], "Wij beginnen in mei.", 0)
    save(world, as_, "jan", plan_of["first"], "Wij beginnen in mei, samen.", 1)
    page = as_("pieter").get(world.path(f"plan/{CHAPTER}?wie=ja")).text
    words = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Geschreven door Stichting Op Weg en Stichting De Linde, laatst op " in words
    assert "Verberg wie wat schreef" in words
    assert "Geschreven door" not in as_("pieter").get(world.path(f"plan/{CHAPTER}")).text, "only when asked for"
    goal = world.path(f"plan/rij/doel/{plan_of['goal']}/result")
    as_("karin").post(goal, data={"waarde": "kent de mentor", "versie": "0"}, headers=PART)
    assert "Stichting Op Weg" in as_("jan").get(world.path(f"plan/{GOALS}?wie=ja")).text.split("Geschreven door")[1]
