"""The lists of criteria of an example: begun, filled, and not everywhere filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from app.checklists import actions
from app.checklists.models import Criterion, Institution
from app.examples.cast import Cast


def play_lists(cast: Cast, told: list[Mapping[str, Any]]) -> None:
    """Every list through the actions that people use; each school by who speaks for it."""
    for one in told:
        here = cast.here()
        checklist = actions.start_list(here, f"{one['conclusie']}/", one["naam"])
        for column, value in one["bron"].items():
            actions.change_list(here, checklist, column, [str(value)], 0)
        actions.add_criteria(here, checklist, "\n".join(one["criteria"]))
        for party, names in one["scholen"].items():
            actions.add_institutions(here, checklist, cast.party(party), "\n".join(names))
        criteria = cast.tx.exec(
            select(Criterion).where(Criterion.checklist_id == checklist.id).order_by(Criterion.position)
        ).all()
        schools = {i.name: i for i in cast.tx.exec(select(Institution).where(Institution.checklist_id == checklist.id))}
        for said in one["hoe_ver"]:
            here, school = cast.here(said["door"]), schools[said["school"]]
            for criterion, state in zip(criteria, said["stand"], strict=True):
                actions.save_progress(here, checklist, school, criterion, "state", [state], 0)
            for column, key in (("note", "toelichting"), ("dated", "datum")):
                if key in said:
                    criterion = criteria[int(said["bij"]) - 1]
                    actions.save_progress(here, checklist, school, criterion, column, [said[key]], 0)
