"""The verbs of Opzet: start a traject, change what stands there, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlmodel import Session, SQLModel

from app.answers.actions import Saved, save_column
from app.answers.reading import all_answers
from app.content.pack import Pack
from app.core.clock import aware, now
from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.fields import Spec, checked
from app.core.settings import Settings
from app.core.text import listing
from app.invitations.actions import close_seat, get_seat, last_facilitator_text
from app.journey import store as journeys
from app.journey.actions import add_party, here_for, start_journey
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Journey, Municipality, Party, Seat
from app.journey.rules import FACILITATORS, may_change_person, may_change_seat, may_invite, roles_to_give
from app.people.actions import address_problem
from app.people.models import Person
from app.register.reading import boards_in, is_named
from app.setup import rules
from app.setup.store import list_tables_that_name


@dataclass(frozen=True)
class Wanted:
    """What somebody typed to start a traject."""

    title: str
    municipalities: tuple[str, ...]
    start: str = ""
    end: str = ""
    parties: tuple[tuple[str, str], ...] = ()  # kind, name; empty names are empty lines
    own_name: str = ""  # in local mode: who the procesbegeleider is
    boards: tuple[str, ...] = ()  # per line the code of the board in the register, '' for a line typed by hand


def start(tx: Session, settings: Settings, person: Person, pack: Pack, wanted: Wanted) -> Journey:
    """A new traject with its parties. Raises Invalid with a sentence per field, all at once; the caller rolls back.

    The same wish of the same person within a minute (a button that was pressed twice) gives the traject that is there.
    """
    tx.refresh(person, with_for_update=True)  # on PostgreSQL the second press waits for the first
    if found := _just_started(tx, person, pack, wanted):
        return found
    wrong: dict[str, str] = {}
    years: dict[str, int | None] = {}
    for name, typed in (("van", wanted.start), ("tot", wanted.end)):
        try:
            years[name] = int(checked(rules.JOURNEY_FIELDS[name][1], [typed]) or 0) or None
        except Invalid as problem:
            wrong[name] = problem.message
    if not wrong and (problem := rules.period_problem(years["van"], years["tot"])):
        wrong["tot"] = problem
    if len(wanted.own_name) > 120:
        wrong["naam"] = "Maak uw naam korter dan 120 tekens."
    rows = [(number, kind, name) for number, (kind, name) in enumerate(wanted.parties, 1) if name]
    if not rows:
        besides = " naast de gemeente" if any(k.municipal for k in pack.party_kinds) else ""
        usual = rules.first_kind(pack).label
        wrong["partij-1-naam"] = f"Vul minstens één partij in{besides}, bijvoorbeeld een {usual}."
    try:
        journey, seat = start_journey(tx, person, pack, wanted.title, wanted.municipalities)
    except Invalid as problem:
        raise Invalid("Er ontbreekt nog iets.", {**problem.fields, **wrong}) from None
    here = here_for(tx, settings, person, journey, seat)
    codes = _padded(wanted)
    for number, kind, name in rows:
        try:
            slug, sectors = rules.kind_and_sectors(kind)
            code = codes[number - 1] if codes[number - 1].isdecimal() else ""
            add_party(here, slug, name, sectors=sectors, register_code=code)
        except Invalid as problem:
            wrong.update({f"partij-{number}-{key}": text for key, text in problem.fields.items()})
    if wrong:
        raise Invalid("Er ontbreekt nog iets.", wrong)
    if person.local and wanted.own_name:
        person.name = wanted.own_name
        tx.add(person)
    journey.period_start, journey.period_end = years["van"], years["tot"]
    tx.add(journey)
    return journey


def with_boards(tx: Session, pack: Pack, wanted: Wanted) -> tuple[Wanted, str, dict[str, str]]:
    """What was typed with a line for each board that has schools in these gemeenten and does not stand there yet.

    Also gives one sentence about what was added, and one at the field when the register does not know a gemeente.
    """
    if not wanted.municipalities:
        return wanted, "", {"gemeente": "Vul eerst in om welke gemeente het gaat."}
    found = boards_in(tx, wanted.municipalities)
    wrong = {}
    if found.unknown:
        names = listing([f"‘{name}’" for name in found.unknown])
        wrong["gemeente"] = f"{names} staat niet in het register van gemeenten. Kijk of u de naam goed hebt geschreven."
    typed = zip(wanted.parties, _padded(wanted), strict=True)
    lines = [(kind, name, code) for (kind, name), code in typed if name or code]
    there = {word.casefold() for _, name, code in lines for word in (name, code) if word}
    fresh = [o for o in rules.board_lines(pack, found.boards) if not there & {o.code, o.name.casefold()}]
    room = rules.MOST_ROWS - len(lines)
    lines += [(o.kind, o.name, o.code) for o in fresh[:room]]
    added = replace(
        wanted,
        parties=tuple((kind, name) for kind, name, _ in lines),
        boards=tuple(code for *_, code in lines),
    )
    return added, rules.added_text(len(fresh), room, found), wrong


@dataclass(frozen=True)
class Offered:
    """Boards of the register that are no party yet. `source` says where they come from."""

    lines: tuple[rules.BoardLine, ...]
    unknown: tuple[str, ...]  # gemeenten of this traject that the register does not know
    source: str


def boards_offered(here: Here) -> Offered:
    """The boards with schools in the gemeenten of this traject that do not take part yet."""
    found = boards_in(here.tx, [m.name for m in here.municipalities])
    codes = {p.register_code for p in here.parties if p.register_code}
    fresh = tuple(
        line
        for line in rules.board_lines(here.pack, found.boards)
        if line.code not in codes and not any(is_named(party, line.name) for party in here.parties)
    )
    return Offered(fresh, found.unknown, found.source)


def add_boards(here: Here, names: dict[str, str]) -> int:
    """Makes a party of each of these boards; `names` are what was typed, by code. Raises Invalid with a sentence per
    board, and then nothing is added."""
    lines = [line for line in boards_offered(here).lines if line.code in names]
    if not lines:
        raise Invalid("Er is nog niets toegevoegd.", {"": "Kies minstens één bestuur."})
    wrong = {}
    for line in lines:
        kind, sectors = rules.kind_and_sectors(line.kind)
        try:
            add_party(here, kind, names[line.code] or line.name, sectors=sectors, register_code=line.code)
        except Invalid as problem:
            wrong[line.code] = " ".join(problem.fields.values()) or problem.message
    if wrong:
        raise Invalid("Er is nog niets toegevoegd.", wrong)
    return len(lines)


def _padded(wanted: Wanted) -> tuple[str, ...]:
    return (*wanted.boards, *[""] * len(wanted.parties))[: len(wanted.parties)]


def _just_started(tx: Session, person: Person, pack: Pack, wanted: Wanted) -> Journey | None:
    names = {name for _, name in wanted.parties if name}
    by_itself = len(wanted.municipalities) if any(k.municipal for k in pack.party_kinds) else 0
    for journey, _ in journeys.list_journeys_of(tx, person):
        if journey.title == wanted.title and now() - aware(journey.created_at) < timedelta(minutes=1):
            there = {p.name for p in journeys.list_parties(tx, journey)}
            if names <= there and len(there) == len(names) + by_itself:
                return journey
    return None


@dataclass(frozen=True)
class Target:
    """One field of Opzet: where it is stored, whether this person may change it, and what else must hold."""

    name: str  # as in the address: "partij/<id>/naam"
    record: SQLModel
    column: str
    spec: Spec
    may: bool
    why_not: str = "Alleen de procesbegeleider kan dit wijzigen."
    note: str = ""
    check: Callable[[str], str] = field(default=lambda value: "")  # a sentence when the value cannot be
    after: Callable[[str], None] = field(default=lambda value: None)
    event: str = "journey_changed"
    ref: str = ""
    party_id: str = ""


def target(here: Here, name: str) -> Target:
    """The field with this name. Raises NotFound."""
    kind, _, rest = name.partition("/")
    key, _, column = rest.partition("/")
    if kind == "gemeente" and key and not column:
        found = next((m for m in here.municipalities if m.id == key), None)
        if found:
            return municipality_target(here, found)
    if kind == "partij" and column:
        targets = party_targets(here, here.get_party(key))
        if column in targets:
            return targets[column]
    if kind == "mens" and column:
        targets = person_targets(here, *get_seat(here, key))
        if column in targets:
            return targets[column]
    if not rest and name in rules.JOURNEY_FIELDS:
        return journey_target(here, name)
    if name == "trekker" and len(here.municipalities) > 1:
        return chair_target(here)
    raise NotFound


def journey_target(here: Here, name: str) -> Target:
    column, spec = rules.JOURNEY_FIELDS[name]
    journey = here.journey

    def problem(value: str) -> str:
        year = int(value) if value and name in ("van", "tot") else None
        if name == "van":
            return rules.period_problem(year, journey.period_end)
        return rules.period_problem(journey.period_start, year) if name == "tot" else ""

    return Target(name, journey, column, spec, here.may_set_up, check=problem, ref=name)


def chair_target(here: Here) -> Target:
    """Which gemeente leads; only asked when there are several."""
    spec = rules.chair_spec(here.municipalities)
    return Target("trekker", here.journey, "chair_id", spec, here.may_set_up, ref="trekker")


def municipality_target(here: Here, municipality: Municipality) -> Target:
    old = municipality.name
    others = {m.name.casefold() for m in here.municipalities if m.id != municipality.id}
    taken = {p.name.casefold() for p in here.parties if p.name != f"Gemeente {old}"}

    def problem(value: str) -> str:
        twice = value.casefold() in others or f"gemeente {value}".casefold() in taken
        return f"‘{value}’ doet al mee." if twice else ""

    def rename_party(value: str) -> None:
        for party in here.parties:
            if party.name == f"Gemeente {old}":
                party.name, party.short = f"Gemeente {value}", f"Gemeente {value}"[:40].strip()
                here.tx.add(party)

    return Target(
        f"gemeente/{municipality.id}",
        municipality,
        "name",
        rules.MUNICIPALITY,
        here.may_set_up,
        check=problem,
        after=rename_party,
        ref="gemeente",
    )


def party_targets(here: Here, party: Party) -> dict[str, Target]:
    """The fields of a party by name."""
    used = used_text(here, party)

    def name_problem(value: str) -> str:
        twice = any(p.id != party.id and p.name.casefold() == value.casefold() for p in here.parties)
        return f"‘{value}’ doet al mee." if twice else ""

    def fit_sectors(value: str) -> None:
        kind = here.pack.party_kind(value)
        if not set(party.sectors.split()) <= set(kind.sectors) or not party.sectors:
            party.sectors = " ".join(kind.default_sectors)
            here.tx.add(party)

    made = {}
    for name, (column, spec) in rules.party_fields(here.pack, party).items():
        may, why_not = (
            may_invite(here.seat, party),
            "Alleen de procesbegeleider of de partijbeheerder kan dit wijzigen.",
        )
        if name == "soort":
            may, why_not = (
                here.may_set_up and not used,
                used or "Alleen de procesbegeleider kan dit wijzigen.",
            )
        made[name] = Target(
            f"partij/{party.id}/{name}",
            party,
            column,
            spec,
            may,
            why_not,
            check=name_problem if name == "naam" else lambda value: "",
            after=fit_sectors if name == "soort" else lambda value: None,
            event="party_changed",
            ref=party.id,
            party_id=party.id,
        )
    return made


def person_targets(here: Here, seat: Seat, person: Person) -> dict[str, Target]:
    """The fields of somebody's place by name."""
    party = next((p for p in here.parties if p.id == seat.party_id), None)
    roles = roles_to_give(here.seat, party)
    if seat.role not in roles:
        roles = (*roles, seat.role)

    def role_problem(value: str) -> str:
        return "" if value == "procesbegeleider" else last_facilitator_text(here, seat)

    def email_problem(value: str) -> str:
        others = (p for s, p in here.seats.values() if s.removed_at is None and s.id != seat.id and p.id != person.id)
        if value and any(p.email.casefold() == value.casefold() for p in others):
            return "Iemand met dit e-mailadres doet al mee."
        return address_problem(value) if value else ""

    made = {}
    for name, (column, spec) in rules.person_fields(seat, roles).items():
        own = column in rules.PERSON_COLUMNS
        made[name] = Target(
            f"mens/{seat.id}/{name}",
            person if own else seat,
            column,
            spec,
            may_change_person(here.seat, seat, person, party) if own else may_change_seat(here.seat, seat, party),
            "Alleen deze persoon zelf kan dit wijzigen." if own and person.may_start else "Dit kunt u niet wijzigen.",
            check={"rol": role_problem, "email": email_problem}.get(name, lambda value: ""),
            event="role_changed" if name == "rol" else "person_changed",
            ref=seat.id,
            party_id=seat.party_id or "",
        )
    return made


def save(here: Here, found: Target, values: Sequence[str], version: int) -> Saved:
    """Saves one field. Raises NotAllowed, Invalid and Stale."""
    if not found.may:
        raise NotAllowed(found.why_not)
    value = checked(found.spec, values)
    if problem := found.check(value):
        raise Invalid(problem)
    saved = save_column(here, found.record, found.column, found.spec, values, version)
    if saved.changed:
        found.after(saved.value)
        here.tx.flush()
        kind = {"ja": "mandate_given", "": "mandate_taken"}.get(saved.value, "") if found.column == "mandate" else ""
        record(here, kind or found.event, step=rules.STEP, ref=found.ref, party_id=found.party_id)
    return saved


def remove_municipality(here: Here, municipality_id: str) -> None:
    """Takes a gemeente out of the traject; its party stays until it is removed itself. Raises NotFound and Invalid."""
    found = next((m for m in here.municipalities if m.id == municipality_id), None)
    if found is None:
        raise NotFound
    if len(here.municipalities) == 1:
        raise Invalid("Een traject heeft minstens één gemeente.")
    if list_tables_that_name(here.tx, here.journey, found):
        raise Invalid(
            f"Er is een lijst met criteria voor {found.name}. Kies daar eerst een andere gemeente, of alle gemeenten. "
            "Is de lijst weggehaald? Zet haar dan eerst terug."
        )
    if here.journey.chair_id == found.id:
        here.journey.chair_id = ""
        here.tx.add(here.journey)
    here.tx.delete(found)
    here.tx.flush()
    here.__dict__.pop("municipalities", None)
    record(here, "municipality_removed", step=rules.STEP)


def used_text(here: Here, party: Party) -> str:
    """Why this party cannot be removed or become another kind; '' when it can. Looked up once per request."""
    key = f"used {party.id}"
    if key not in here.extra:
        here.extra[key] = _used_text(here, party)
    return str(here.extra[key])


def _used_text(here: Here, party: Party) -> str:
    if any(a.party_id == party.id and a.shared_value is not None for a in all_answers(here)):
        return f"{party.name} heeft al antwoorden gedeeld."
    if list_tables_that_name(here.tx, here.journey, party):
        return f"{party.name} wordt al genoemd in wat samen is vastgelegd, bijvoorbeeld bij een afspraak of een taak."
    return ""


def remove_party(here: Here, party: Party) -> None:
    """Takes a party out, with its people and its concept answers. Raises Invalid when it shared or owns anything."""
    if why := used_text(here, party):
        raise Invalid(f"{why} Daarom kunt u deze partij niet verwijderen.")
    for seat, person in here.seats.values():
        if seat.party_id != party.id:
            continue
        seat.party_id = None  # the name stays for what this person did before
        if seat.role not in FACILITATORS and seat.removed_at is None:
            close_seat(here, seat, person)
        here.tx.add(seat)
    here.tx.flush()
    here.tx.delete(party)
    here.tx.flush()
    here.parties = tuple(p for p in here.parties if p.id != party.id)
    here.__dict__.pop("party", None)
    record(here, "party_removed", step=rules.STEP)
