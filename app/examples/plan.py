"""The plan of an example: pre-filled, worked on, and not quite finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.answers.actions import save_joint
from app.content.pack import Pack
from app.examples.cast import Cast, agree, change_answer, say_jointly
from app.plan import actions as plan
from app.plan import reading, rules
from app.plan.figures import get_figure, put_figure
from app.plan.rows import KINDS
from app.prose.actions import add_paragraph, save_paragraph
from app.prose.reading import read_prose
from app.screening import actions as screening
from app.versions.actions import name_version

GOAL = {
    "resultaat": "result", "groep": "target_group", "indicator": "indicator",
    "nulmeting": "baseline_known", "nu": "baseline",
    "bron": "baseline_source", "streef": "target", "wanneer": "target_on", "wie": "owner_id", "hoe": "measured_how",
    "meetmoment": "measured_when",
}  # fmt: skip
LINE = {"wat": "what", "jaar": "year", "bedrag": "amount", "bron": "source", "zeker": "certain"}


def play_plan(cast: Cast, pack: Pack, told: Mapping[str, Any]) -> None:
    """Fills the plan, and then lets a little more be said, so that something is left to do."""
    here = cast.here()
    say_jointly(cast, rules.STEP, rules.fields(pack, here.parties), told["velden"])
    here = cast.here()
    for chapter in told["voorvullen"]:
        plan.prefill(here, pack.chapter(chapter))
    for slug in told["cijfers"]:
        put_figure(here, *get_figure(pack, slug))
    for chapter, texts in told["alineas"].items():
        for text in texts:
            add_paragraph(here, chapter, text=text)
    for goal in told["doelen"]:
        values = {GOAL[k]: v for k, v in goal.items()}
        if "owner_id" in values:
            values["owner_id"] = cast.party(values["owner_id"]).id
        plan.add_row(here, KINDS["doel"], values)
    for duty in told["doet_niet"]:
        plan.add_row(
            here,
            KINDS["taak"],
            {"text": duty["tekst"]},
            party_id=cast.party(duty["partij"]).id,
            side="doet-niet",
        )
    for line in told["begroting"]:
        plan.add_row(here, KINDS["begroting"], {LINE[k]: v for k, v in line.items()})
    specs = rules.fields(pack, here.parties)
    save_joint(here, f"{rules.STEP}/{rules.LEAD}", specs[rules.LEAD], [cast.party(told["regie"]).id], 0)
    for name, roles in told["rollen"].items():
        field = f"rol/{cast.party(name).id}"
        save_joint(here, f"{rules.STEP}/{field}", specs[field], roles, 0)
    name_version(cast.here(), told["versie"])
    here = cast.here(told["later_gewijzigd"]["door"])
    changed = next(p for p in read_prose(here).all if p.text.startswith(told["later_gewijzigd"]["bij"]))
    save_paragraph(here, changed, [told["later_gewijzigd"]["tekst"]], changed.version)
    later = told["later_gedeeld"]
    change_answer(cast, pack, later["door"], later["partij"], later["pad"], later["waarde"])
    screening.share_theme(cast.here(later["door"]), cast.party(later["partij"]), pack.theme(later["thema"]))
    agree(cast, told["afspraken"])
    here = cast.here()
    first = reading.pending(here, pack.chapters)[0]
    plan.leave_piece_out(here, first.key, told["weglaten"], "")
