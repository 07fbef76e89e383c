"""What the pages of Opzet show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.access.pages import may_text
from app.answers.fields import column_field
from app.answers.models import FieldVersion
from app.answers.store import list_field_versions
from app.content.pack import Choice, Item, Pack, PartyKind, Theme
from app.core.clock import today
from app.core.errors import NotFound
from app.core.fields import FieldView, Option
from app.core.rendering import Link
from app.core.text import capital, counted, listing
from app.invitations.pages import may_look, person_url, role_words
from app.journey.context import BackgroundView, context
from app.journey.gate import Here
from app.journey.models import Party, Seat
from app.journey.names import chair_of
from app.journey.rules import may_change_seat, may_invite, may_see_addresses, roles_to_give
from app.journey.steps import steps_of
from app.people.actions import LOCAL_NAME
from app.people.models import Person
from app.register.reading import boards_in, has_schools, municipality_names
from app.setup import actions, rules
from app.setup.actions import Target, Wanted

Versions = dict[tuple[str, str], FieldVersion]
Errors = tuple[tuple[str, str], ...]  # id of the field, sentence


@dataclass(frozen=True)
class PartyRow:
    number: int
    kind: str
    name: str
    error: str
    board: str = ""  # its code in the register
    about: str = ""  # which schools, for whoever does not know the number


@dataclass(frozen=True)
class NewPage:
    title_example: str  # 'Bijvoorbeeld: Ouderbetrokkenheid in Meerwijk.'
    with_municipality: bool  # the gemeente takes part by itself
    with_sectors: bool
    asks_name: bool  # local mode: nobody has said yet who the procesbegeleider is
    own_name: str
    title: str
    municipalities: tuple[str, ...]
    start: str
    end: str
    rows: tuple[PartyRow, ...]
    kinds: tuple[Option, ...]
    known: tuple[str, ...]  # gemeenten of the register, to choose from
    offers_boards: bool
    added: str  # one sentence after adding the boards of a gemeente
    wrong: dict[str, str]
    errors: Errors


def new_page(
    tx: Session, pack: Pack, person: Person, wanted: Wanted, wrong: dict[str, str], added: str = ""
) -> NewPage:
    """The page that starts a traject, with what was typed and what is wrong with it."""
    kinds = rules.kinds_to_add(pack, municipal=False)
    usual = rules.first_kind(pack).slug
    typed = [(kind or usual, name) for kind, name in wanted.parties]
    size = max(rules.ROWS, len(typed))
    typed += [(usual, "")] * (size - len(typed))
    codes = (*wanted.boards, *[""] * size)
    about = {}
    if any(codes):
        about = {o.code: o.about for o in rules.board_lines(pack, boards_in(tx, wanted.municipalities).boards)}
    rows = tuple(
        PartyRow(
            n,
            kind,
            name,
            " ".join(wrong[k] for k in (f"partij-{n}-naam", f"partij-{n}-soort") if k in wrong),
            codes[n - 1],
            about.get(codes[n - 1], ""),
        )
        for n, (kind, name) in enumerate(typed, 1)
    )
    standing = {k.value for k in kinds}
    combined = dict.fromkeys(kind for kind, _ in typed if " " in kind and kind not in standing)
    kinds += tuple(Option(kind, rules.kind_label(pack, kind)) for kind in combined)
    ids = {"gemeente": "gemeente-1"}
    errors = tuple((ids.get(k, k.replace("-soort", "-naam")), text) for k, text in wrong.items())
    own_name = wanted.own_name or ("" if person.name == LOCAL_NAME else person.name)
    return NewPage(
        f"Bijvoorbeeld: {capital(pack.subject)} in Meerwijk.",
        any(k.municipal for k in pack.party_kinds),
        any(k.sectors for k in pack.party_kinds),
        person.local,
        own_name,
        wanted.title,
        wanted.municipalities,
        wanted.start,
        wanted.end,
        rows,
        kinds,
        municipality_names(tx),
        rules.takes_boards(pack) and has_schools(tx),
        added,
        wrong,
        errors,
    )


@dataclass(frozen=True)
class MunicipalityLine:
    id: str
    name: str
    field: FieldView


@dataclass(frozen=True)
class SetupPage:
    url: str
    onward: Link
    title: FieldView
    period: tuple[FieldView, ...]
    dates: tuple[FieldView, ...]
    municipalities: tuple[MunicipalityLine, ...]
    chair: FieldView | None  # which of several gemeenten leads
    parties: tuple[Link, ...]
    others: Link  # people without a party
    kinds: tuple[Option, ...]
    may_set_up: bool
    offers_boards: bool  # of the register
    missing: tuple[str, ...]  # what is not there yet, in sentences
    typed: dict[str, str]  # of a refused form
    wrong: dict[str, str]
    errors: Errors
    closed: str
    backgrounds: tuple[BackgroundView, ...]


def field_view(here: Here, found: Target, versions: Versions) -> FieldView:
    """The field as it is now: open for whoever may change it, else with the reason why not."""
    locked = here.closed_text(rules.STEP) or ("" if found.may else found.why_not)
    note = rules.sharing_note(here.journey, today()) if found.name == "delen" else ""
    url = f"{here.url}/opzet/veld/{found.name}"
    return column_field(url, found.record, found.column, found.spec, versions, locked=locked, note=note)


def versions_of(here: Here) -> Versions:
    return list_field_versions(here.tx, here.journey, "journey", "municipality", "party", "seat", "person")


def back_url(here: Here, found: Target) -> str:
    """The page on which this field stands."""
    if found.party_id:
        return f"{here.url}/opzet/partij/{found.party_id}"
    return f"{here.url}/opzet/mensen" if found.name.startswith("mens/") else f"{here.url}/opzet"


def sectors_field(here: Here, party: Party) -> FieldView | None:
    """The sectors of a party; None when its kind has no choice."""
    found = actions.party_targets(here, party).get("sectoren")
    return field_view(here, found, versions_of(here)) if found else None


def setup_page(here: Here, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None) -> SetupPage:
    """Opzet. `typed` and `wrong` come from a refused form on this page."""
    versions, wrong = versions_of(here), wrong or {}
    views = {name: field_view(here, actions.journey_target(here, name), versions) for name in rules.JOURNEY_FIELDS}
    municipalities = tuple(
        MunicipalityLine(m.id, m.name, field_view(here, actions.municipality_target(here, m), versions))
        for m in here.municipalities
    )
    present = _present(here)
    links = tuple(
        Link(party.name, f"{here.url}/opzet/partij/{party.id}", _party_state(here, party, present))
        for party in here.parties
    )
    loose = [person.name for seat, person in present if seat.party_id is None]
    after = steps_of(here.pack)[1]
    return SetupPage(
        onward=Link(f"Verder naar {after.label}", f"{here.url}/{after.slug}"),
        url=here.url,
        title=views["titel"],
        period=(views["van"], views["tot"]),
        dates=(views["overleg"], views["delen"]),
        municipalities=municipalities,
        chair=field_view(here, actions.chair_target(here), versions) if len(municipalities) > 1 else None,
        parties=links,
        others=Link("Mensen die bij geen partij horen", f"{here.url}/opzet/mensen", listing(loose) or "niemand"),
        kinds=rules.kinds_to_add(here.pack),
        may_set_up=here.may_set_up,
        offers_boards=here.may_set_up and rules.takes_boards(here.pack) and has_schools(here.tx),
        missing=missing(here),
        typed=typed or {"soort": rules.first_kind(here.pack).slug},
        wrong=wrong,
        errors=tuple(wrong.items()),
        closed=here.closed_text(rules.STEP),
        backgrounds=context(here, rules.STEP).backgrounds,
    )


@dataclass(frozen=True)
class BoardRow:
    code: str
    name: str
    about: str
    chosen: bool
    error: str
    asks_name: bool  # only its number is known


@dataclass(frozen=True)
class BoardsPage:
    url: str
    back: str
    rows: tuple[BoardRow, ...]
    unknown: str  # gemeenten that the register does not know, as a sentence
    source: str
    closed: str
    errors: Errors


def boards_page(here: Here, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None) -> BoardsPage:
    """Boards of the register to make a party of. `typed` are the names of those that were chosen, by code."""
    offered, wrong = actions.boards_offered(here), wrong or {}
    names = listing([f"‘{name}’" for name in offered.unknown])
    return BoardsPage(
        url=f"{here.url}/opzet/uit-register",
        back=f"{here.url}/opzet#partijen",
        rows=tuple(
            BoardRow(
                line.code,
                (typed or {}).get(line.code) or line.name,
                line.about,
                typed is not None and line.code in typed,
                wrong.get(line.code, ""),
                not line.name,
            )
            for line in offered.lines
        ),
        unknown=f"{names} staat niet in het register. Pas bij Opzet de naam van de gemeente aan." if names else "",
        source=offered.source,
        closed=here.closed_text(rules.STEP),
        errors=tuple((f"naam-{code}" if code else "besturen", text) for code, text in wrong.items()),
    )


def _party_state(here: Here, party: Party, present: list[tuple[Seat, Person]]) -> str:
    people = sum(1 for seat, _ in present if seat.party_id == party.id)
    return " · ".join(p for p in (party_words(here.pack, party), counted(people, "persoon", "personen")) if p)


def party_words(pack: Pack, party: Party) -> str:
    """'schoolbestuur, vroegschools en po'."""
    names = {s.slug: s.label[:1].lower() + s.label[1:] for s in pack.sectors}
    kind = pack.party_kind(party.kind)
    sectors = listing([names.get(s, s) for s in party.sectors.split()]) if len(kind.sectors) > 1 else ""
    return f"{kind.label}: {sectors}" if sectors else kind.label


def _present(here: Here) -> list[tuple[Seat, Person]]:
    return [(seat, person) for seat, person in here.seats.values() if seat.removed_at is None]


def missing(here: Here) -> tuple[str, ...]:
    """What is not there yet, in sentences."""
    sentences = []
    seated = {seat.party_id for seat, _ in _present(here)}
    without = [p.short for p in here.parties if p.id not in seated]
    if without:
        sentences.append(f"Nog zonder mensen: {listing(without)}.")
    if unclear := [p.short for p in here.parties if here.kind_of(p).sectors and not p.sectors]:
        sentences.append(f"Nog zonder sector: {listing(unclear)}. Zij krijgen dan geen punten te zien.")
    if len(here.municipalities) > 1 and chair_of(here.journey, here.municipalities) is None:
        sentences.append("Nog niet gekozen welke gemeente trekker is.")
    if here.journey.meeting_on is None:
        sentences.append("De datum van het overleg is nog niet ingevuld.")
    return tuple(sentences)


@dataclass(frozen=True)
class PersonCard:
    id: str
    name: str
    state: str
    access_url: str  # where the link of this person is arranged; '' for who may not see it
    fields: tuple[FieldView, ...]
    is_me: bool


@dataclass(frozen=True)
class PartyPage:
    url: str
    setup_url: str
    rights_url: str
    title: str
    party_id: str  # '' for the people without a party
    state: str
    fields: tuple[FieldView, ...]
    sectors: FieldView | None
    people: tuple[PersonCard, ...]
    roles: tuple[str, ...]
    may_invite: bool
    may_remove: bool
    cannot_remove: str  # why not, in a sentence
    invite_url: str  # several people at once
    typed: dict[str, str]
    wrong: dict[str, str]
    errors: Errors
    closed: str


def party_page(
    here: Here, party: Party | None, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None
) -> PartyPage:
    """One party with its people; None for the people without a party."""
    versions, wrong = versions_of(here), wrong or {}
    seats = [
        (seat, person)
        for seat, person in here.seats.values()
        if seat.removed_at is None and seat.party_id == (party.id if party else None)
    ]
    fields = actions.party_targets(here, party) if party else {}
    used = actions.used_text(here, party) if party and here.may_set_up else ""
    return PartyPage(
        url=f"{here.url}/opzet/partij/{party.id}" if party else f"{here.url}/opzet/mensen",
        setup_url=f"{here.url}/opzet",
        rights_url=f"{here.url}/wie-mag-wat",
        title=party.name if party else "Mensen die bij geen partij horen",
        party_id=party.id if party else "",
        state=party_words(here.pack, party) if party else "",
        fields=tuple(field_view(here, f, versions) for name, f in fields.items() if name != "sectoren"),
        sectors=sectors_field(here, party) if party else None,
        people=tuple(_card(here, seat, person, party, versions) for seat, person in seats),
        roles=roles_to_give(here.seat, party),
        may_invite=may_invite(here.seat, party) and not here.closed(rules.STEP),
        may_remove=bool(party) and here.may_set_up and not used and not here.closed(rules.STEP),
        cannot_remove=f"{used} Daarom kunt u deze partij niet verwijderen." if used else "",
        invite_url=f"{here.url}/toegang/uitnodigen?partij={party.id if party else ''}",
        typed=typed or {"rol": "deelnemer" if party else "meelezer"},
        wrong=wrong,
        errors=tuple(wrong.items()),
        closed=here.closed_text(rules.STEP),
    )


def _card(here: Here, seat: Seat, person: Person, party: Party | None, versions: Versions) -> PersonCard:
    targets = actions.person_targets(here, seat, person)
    change = may_change_seat(here.seat, seat, party) or seat.id == here.seat.id
    known = may_see_addresses(here.seat, party) or seat.id == here.seat.id
    return PersonCard(
        id=seat.id,
        name=person.name,
        state=" · ".join(w for w in (role_words(seat), person.email if known else "") if w),
        access_url=person_url(here, seat) if may_look(here, seat, party) else "",
        fields=tuple(field_view(here, f, versions) for f in targets.values()) if change else (),
        is_me=seat.id == here.seat.id,
    )


@dataclass(frozen=True)
class AskedTheme:
    title: str
    url: str
    summary: str
    own: tuple[Item, ...]
    joint: tuple[Item, ...]


@dataclass(frozen=True)
class PreviewPage:
    setup_url: str
    url: str
    parties: tuple[Link, ...]
    party: str
    column: str  # '' when this party has no column of its own
    may: str
    states: tuple[Choice, ...]
    interests: tuple[Choice, ...]
    wishes: tuple[Choice, ...]
    legal_wishes: tuple[Choice, ...]  # where a legal mark stands
    themes: tuple[AskedTheme, ...]


def preview_page(here: Here, party_id: str) -> PreviewPage:
    """What a party is asked: the questions only, never anybody's answers. NotFound while there are no parties."""
    chosen = next((p for p in here.parties if p.id == party_id), None)
    chosen = chosen or next((p for p in here.parties if not here.kind_of(p).municipal), None)
    chosen = chosen or next(iter(here.parties), None)
    if chosen is None:
        raise NotFound("Voeg eerst een partij toe. Dan kunt u hier zien wat die partij krijgt te zien.")
    kind, pack = here.kind_of(chosen), here.pack
    joint = pack.joint_column.slug if pack.joint_column else ""
    return PreviewPage(
        setup_url=f"{here.url}/opzet",
        url=f"{here.url}/opzet/voorproef",
        parties=tuple(
            Link(p.short, f"{here.url}/opzet/voorproef?partij={p.id}", party_words(pack, p), p.id == chosen.id)
            for p in here.parties
        ),
        party=chosen.name,
        column=pack.column(kind.column).title if kind.column else "",
        may=may_text(Seat(tenant_id="", journey_id="", person_id="", role="deelnemer")),
        states=pack.policy_states,
        interests=pack.interest_answers,
        wishes=pack.wishes,
        legal_wishes=tuple(pack.wish_when_legal if pack.wish_when_legal and w.weight == 0 else w for w in pack.wishes),
        themes=tuple(
            AskedTheme(
                f"Thema {t.letter}: {t.title}",
                f"{here.url}/waar-staan-we/{t.slug}",
                t.summary,
                _asked(t, kind, chosen),
                t.in_column(joint),
            )
            for t in pack.themes
        ),
    )


def _asked(theme: Theme, kind: PartyKind, party: Party) -> tuple[Item, ...]:
    sectors = set(party.sectors.split())
    return tuple(
        item
        for item in (theme.in_column(kind.column) if kind.column else ())
        if (not kind.only_items or item.slug in kind.only_items)
        and (not item.sectors or not kind.sectors or sectors & set(item.sectors))
    )
