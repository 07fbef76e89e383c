"""The verbs of the checklists: begin a list, fill it with criteria and institutions, say how far somebody is.

The caller's gate has checked that somebody may write at all and that the step is open; whose institution it is, is
checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.answers.actions import Saved, save_column
from app.checklists import reading, rules, store
from app.checklists.models import Checklist, Criterion, Institution, Progress
from app.conclusions.rules import STEP
from app.core.clock import now
from app.core.errors import Gone, Invalid, NotFound, require_room
from app.core.fields import Spec, checked
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_report

MOST_LISTS, MOST_CRITERIA, MOST_INSTITUTIONS = 40, 60, 200
GONE = "Iemand heeft deze lijst weggehaald. Op de pagina ‘Lijsten met criteria’ kunt u haar terugzetten."


@dataclass(frozen=True)
class Added:
    """How many lines were added, and how many stood there already."""

    fresh: int
    double: int


def get_live(here: Here, checklist_id: str) -> Checklist:
    """Raises NotFound, and Gone when the list was taken away."""
    found = next((r.checklist for r in reading.all_lists(here) if r.checklist.id == checklist_id), None)
    if found is None:
        raise NotFound
    if found.removed_at is not None:
        raise Gone(GONE)
    return found


def require_own(here: Here, party: Party) -> None:
    """Raises NotAllowed unless this seat speaks for the party, or guides the journey."""
    here.require(
        may_report(here.seat, party),
        f"Alleen mensen van {party.name} en de procesbegeleider vullen dit in.",
    )


# ---- lists ----


def start_list(here: Here, key: str, name: str, municipality_id: str = "") -> Checklist:
    """A new, empty list: one that the pack names, or one of their own. Raises Invalid with a sentence per field."""
    rows = [r for r in reading.all_lists(here) if r.checklist.removed_at is None]
    require_room(len(rows), MOST_LISTS, "lijsten", "naam")
    ready = next((r for r in rules.ready_lists(here.pack) if r.key == key), None)
    wrong = {}
    if ready is None:
        wrong["soort"] = "Kies welke lijst u wilt beginnen."
    name = name or (ready.name if ready else "")
    if municipality_id and municipality_id not in {m.id for m in reading.municipalities(here)}:
        wrong["gemeente"] = "Kies een gemeente uit de lijst."
    try:
        name = checked(rules.list_specs(())["name"], [name])
    except Invalid as problem:
        if ready:
            wrong["naam"] = "Geef uw eigen lijst een naam." if not name else problem.message
    if any(
        r.checklist.name.casefold() == name.casefold() and (r.checklist.municipality_id or "") == municipality_id
        for r in rows
    ):
        wrong["naam"] = f"Er is al een lijst ‘{name}’. Geef deze lijst een andere naam."
    if wrong or ready is None:
        raise Invalid("Deze lijst is nog niet begonnen.", wrong)
    checklist = Checklist(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        municipality_id=municipality_id or None,
        conclusion=ready.conclusion.slug,
        option=ready.option,
        name=name,
        position=max((r.checklist.position for r in rows), default=-1) + 1,
        made_by=here.seat.id,
    )
    here.tx.add(checklist)
    here.tx.flush()
    _done(here, "checklist_started", checklist)
    return checklist


def change_list(here: Here, checklist: Checklist, column: str, values: Sequence[str], version: int) -> Saved:
    """Saves one column of a list. Raises NotFound (unknown column), Invalid, Stale and Gone."""
    spec = rules.list_specs(reading.municipalities(here)).get(column)
    if spec is None:
        raise NotFound
    saved = save_column(here, checklist, column, spec, values, version)
    if saved.changed:
        _done(here, "checklist_changed", checklist)
    return saved


def remove_list(here: Here, checklist: Checklist) -> None:
    """Takes a list away with all that stands in it; it can be put back as it was."""
    if checklist.removed_at is None:
        checklist.removed_at = now()
        here.tx.add(checklist)
        _done(here, "checklist_removed", checklist)


def restore_list(here: Here, checklist: Checklist) -> None:
    if checklist.removed_at is not None:
        rows = [r for r in reading.all_lists(here) if r.checklist.removed_at is None]
        require_room(len(rows), MOST_LISTS, "lijsten")
        checklist.removed_at = None
        here.tx.add(checklist)
        _done(here, "checklist_restored", checklist)


# ---- criteria ----


def add_criteria(here: Here, checklist: Checklist, text: str) -> Added:
    """One criterion for each line, all or none. Raises Invalid when a line is too long or there are too many."""
    rows = store.list_lines(here.tx, checklist, Criterion)
    live = [c for c in rows if c.removed_at is None]
    lines = _lines(text, "criterium", "criteria", rules.CRITERION_LENGTH)
    fresh = _fresh(lines, [c.text for c in live], MOST_CRITERIA, "criteria")
    last = max((c.position for c in rows), default=-1)
    for place, line in enumerate(fresh, last + 1):
        here.tx.add(Criterion(**_base(here), checklist_id=checklist.id, text=line, position=place))
    if fresh:
        here.tx.flush()
        _done(here, "criteria_added", checklist)
    return Added(len(fresh), len(lines) - len(fresh))


def change_criterion(
    here: Here, checklist: Checklist, criterion: Criterion, sent: Sequence[str], version: int
) -> Saved:
    """Saves the text. Raises Invalid, Stale, and Gone when the criterion was taken away."""
    return _save_text(here, checklist, criterion, "text", rules.CRITERION, sent, version, "criterion_changed")


def remove_criterion(here: Here, checklist: Checklist, criterion: Criterion) -> None:
    """Takes a criterion off the list. What was said of it is kept, and comes back with it."""
    _set_removed(here, checklist, criterion, True, "criterion_removed")


def restore_criterion(here: Here, checklist: Checklist, criterion: Criterion) -> None:
    _require_room_for(here, checklist, criterion, MOST_CRITERIA, "criteria")
    _set_removed(here, checklist, criterion, False, "criterion_restored")


def move_criterion(here: Here, checklist: Checklist, criterion: Criterion, steps: int) -> None:
    """One place up (-1) or down (+1). At the edge nothing happens. Raises Gone."""
    rows = sorted(store.list_lines(here.tx, checklist, Criterion), key=lambda c: (c.position, c.id))
    live = [c for c in rows if c.removed_at is None]
    if criterion not in live:
        raise Gone("Iemand heeft dit criterium intussen weggehaald.")
    place = live.index(criterion)
    if 0 <= place + steps < len(live):
        live[place], live[place + steps] = live[place + steps], live[place]
        for position, moved in enumerate(live):
            moved.position = position
            here.tx.add(moved)
        here.tx.flush()
        _done(here, "criteria_moved", checklist)


# ---- institutions ----


def add_institutions(here: Here, checklist: Checklist, party: Party, text: str) -> Added:
    """One school or organisation of this party for each line, all or none. Raises NotAllowed and Invalid."""
    require_own(here, party)
    lines = _lines(text, "naam", "namen", rules.NAME_LENGTH)
    fresh = _add_named(here, checklist, [(party, line) for line in lines])
    return Added(fresh, len(lines) - fresh)


def add_schools(here: Here, checklist: Checklist, party: Party) -> int:
    """Puts the schools of this party on the list as the register names them. Returns how many were new. Raises
    NotAllowed and Invalid."""
    require_own(here, party)
    names = reading.schools_offered(here, checklist).get(party.id, ())
    return _add_named(here, checklist, [(party, name[: rules.NAME_LENGTH]) for name in names])


def copy_institutions(here: Here, checklist: Checklist, other: Checklist) -> int:
    """Puts the institutions of another list on this one too, as far as this seat speaks for their parties. Returns how
    many were new. Raises Invalid when they do not fit."""
    parties = {p.id: p for p in here.parties if may_report(here.seat, p)}
    rows = [i for i in store.list_lines(here.tx, other, Institution) if i.removed_at is None and i.party_id in parties]
    return _add_named(here, checklist, [(parties[i.party_id], i.name) for i in rows])


def _add_named(here: Here, checklist: Checklist, named: Sequence[tuple[Party, str]]) -> int:
    live = [i for i in store.list_lines(here.tx, checklist, Institution) if i.removed_at is None]
    # The same name may occur at two parties: both have a school De Klimop.
    wanted = {f"{party.id} {name}": (party, name) for party, name in named}
    fresh = _fresh(list(wanted), [f"{i.party_id} {i.name}" for i in live], MOST_INSTITUTIONS, "scholen en organisaties")
    for key in fresh:
        party, name = wanted[key]
        here.tx.add(Institution(**_base(here), checklist_id=checklist.id, party_id=party.id, name=name))
    if fresh:
        here.tx.flush()
        for party_id in sorted({wanted[key][0].id for key in fresh}):
            _done(here, "institutions_added", checklist, party_id)
    return len(fresh)


def rename_institution(
    here: Here, checklist: Checklist, institution: Institution, sent: Sequence[str], version: int
) -> Saved:
    """Saves the name. Raises NotAllowed, Invalid, Stale, and Gone when it was taken off the list."""
    require_own(here, here.get_party(institution.party_id))
    event = "institution_renamed"
    return _save_text(
        here, checklist, institution, "name", rules.INSTITUTION, sent, version, event, institution.party_id
    )


def remove_institution(here: Here, checklist: Checklist, institution: Institution) -> None:
    """Takes a school off the list. What was said of it is kept, and comes back with it."""
    require_own(here, here.get_party(institution.party_id))
    _set_removed(here, checklist, institution, True, "institution_removed", institution.party_id)


def restore_institution(here: Here, checklist: Checklist, institution: Institution) -> None:
    require_own(here, here.get_party(institution.party_id))
    _require_room_for(here, checklist, institution, MOST_INSTITUTIONS, "scholen en organisaties")
    _set_removed(here, checklist, institution, False, "institution_restored", institution.party_id)


# ---- progress ----


def save_progress(
    here: Here,
    checklist: Checklist,
    institution: Institution,
    criterion: Criterion,
    column: str,
    values: Sequence[str],
    version: int,
) -> Saved:
    """Says how far an institution is with a criterion. Raises NotAllowed, NotFound (unknown column), Invalid, Stale,
    and Gone when the school or the criterion was taken off the list."""
    spec = rules.PROGRESS.get(column)
    if spec is None:
        raise NotFound
    require_own(here, here.get_party(institution.party_id))
    for row, what in ((institution, "deze school of organisatie"), (criterion, "dit criterium")):
        if row.removed_at is not None:
            raise Gone(f"Iemand heeft {what} intussen weggehaald. Uw tekst staat nog in dit venster.")
    found = store.find_progress(here.tx, institution, criterion)
    if found is None:
        if checked(spec, values) == "" and version == 0:
            return Saved("", 0, now(), False)
        found = Progress(
            tenant_id=here.tenant_id,
            journey_id=here.journey.id,
            institution_id=institution.id,
            criterion_id=criterion.id,
            saved_by=here.seat.id,
        )
        here.tx.add(found)  # two processes at once: the second is refused by the key, and tries again
        here.tx.flush()
    saved = save_column(here, found, column, spec, values, version)
    if saved.changed:
        found.saved_at, found.saved_by = now(), here.seat.id
        here.tx.add(found)
        _done(here, "progress_reported", checklist, institution.party_id)
    return saved


# ---- what they share ----


def _base(here: Here) -> dict[str, str]:
    return {"tenant_id": here.tenant_id, "journey_id": here.journey.id, "made_by": here.seat.id}


def _lines(text: str, one: str, many: str, longest: int) -> list[str]:
    """The pasted lines. Raises Invalid when there is none, or one is too long."""
    lines = rules.pasted_lines(text)
    if not lines:
        raise Invalid(f"Plak of typ hier de {many}: één {one} per regel.")
    for number, line in enumerate(lines, 1):
        if len(line) > longest:
            raise Invalid(
                f"Regel {number} is te lang: {len(line)} tekens. Er passen er {longest}. Er is nog niets toegevoegd."
            )
    return lines


def _fresh(lines: Sequence[str], known: Sequence[str], most: int, things: str) -> list[str]:
    """What is not there yet. Raises Invalid when that is more than fits: then nothing is added."""
    fresh = rules.new_lines(lines, known)
    if len(known) + len(fresh) > most:
        room = max(most - len(known), 0)
        raise Invalid(
            f"Dit zijn {len(fresh)} nieuwe {things}. In deze lijst passen er {most}; er is nog plaats voor {room}. "
            "Er is nog niets toegevoegd."
        )
    return fresh


def _save_text(
    here: Here, checklist: Checklist, row, column: str, spec: Spec, sent, version: int, event: str, party_id: str = ""
) -> Saved:
    saved = save_column(here, row, column, spec, [" ".join(v.split()) for v in sent], version)
    if saved.changed:
        _done(here, event, checklist, party_id)
    return saved


def _require_room_for(here: Here, checklist: Checklist, row, most: int, things: str) -> None:
    live = [r for r in store.list_lines(here.tx, checklist, type(row)) if r.removed_at is None and r.id != row.id]
    require_room(len(live), most, things)


def _set_removed(here: Here, checklist: Checklist, row, gone: bool, event: str, party_id: str = "") -> None:
    if (row.removed_at is not None) != gone:
        row.removed_at = now() if gone else None
        here.tx.add(row)
        _done(here, event, checklist, party_id)


def _done(here: Here, event: str, checklist: Checklist, party_id: str = "") -> None:
    here.tx.flush()
    reading.forget(here)
    record(here, event, step=STEP, part=rules.PART, ref=checklist.id, party_id=party_id)
