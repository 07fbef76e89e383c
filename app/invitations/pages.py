"""What the pages of Toegang show."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.access.actions import Opened
from app.access.codes import MINUTES, list_waiting
from app.access.pages import HandOverPage
from app.core.clock import clock_text, date_text, moment_text, now, today
from app.core.errors import NotFound
from app.core.text import capital, counted, listing
from app.invitations import actions, rules
from app.invitations.actions import Invitation
from app.invitations.asking import list_requests, seat_of
from app.invitations.asking import party_of as asked_party
from app.invitations.models import AccessRequest
from app.invitations.pasted import MOST_LINES, Line
from app.invitations.rules import Standing
from app.invitations.store import list_seat_events
from app.journey import store
from app.journey.gate import Here
from app.journey.models import Party, Seat, SeatLink
from app.journey.rules import (
    may_change_seat,
    may_decide_access,
    may_hand_over,
    may_invite,
    may_invite_someone,
    may_make_link,
    may_see_addresses,
    may_view,
    roles_to_give,
)
from app.mail.queue import can_write
from app.mail.store import list_fates
from app.people.models import Person

Errors = tuple[tuple[str, str], ...]
WITHOUT = "Bij geen partij"


# ---- who has access ----


@dataclass(frozen=True)
class Row:
    name: str
    is_me: bool
    url: str  # the page about this person; '' for who may not see it
    words: str  # role, function, mandate
    email: str
    standing: Standing | None  # None for who may not see it
    waits: bool  # for a code that is read out
    seen: str
    seat_id: str


@dataclass(frozen=True)
class Group:
    """The people of one party, or of none."""

    name: str
    rows: tuple[Row, ...]
    detailed: bool  # with addresses, state and last visit
    invite_url: str  # '' for who may not invite here


@dataclass(frozen=True)
class Request:
    """Somebody who asks for access."""

    url: str
    name: str
    email: str
    organisation: str
    when: str
    through: str  # whose link it was
    left: bool  # that person is no longer there
    party: str
    returns: bool  # the same person as before: gets the old place back
    roles: tuple[str, ...]


@dataclass(frozen=True)
class AccessPage:
    lead: str
    url: str
    setup_url: str
    rights_url: str
    timeline_url: str
    requests: tuple[Request, ...]
    known: tuple[Group, ...]  # parties of which this person may see everything
    others: tuple[Group, ...]
    invite_url: str
    csv_url: str
    local: bool

    @property
    def sending(self) -> list[str]:
        """The places on the page of invitations that are being sent at this moment."""
        rows = [row for group in self.known for row in group.rows]
        return [f"stand-{row.seat_id}" for row in rows if row.standing and row.standing.soon]


def role_words(seat: Seat) -> str:
    """'deelnemer · bestuurder · heeft mandaat'."""
    return " · ".join(w for w in (seat.role, seat.function, "heeft mandaat" if seat.mandate else "") if w)


def people_of(here: Here) -> list[tuple[Seat, Person]]:
    """Who has a place now, read anew: the day of a visit is no change of the journey, so it is not in what is kept."""
    return [both for both in store.list_seats(here.tx, here.journey) if both[0].removed_at is None]


def person_url(here: Here, seat: Seat) -> str:
    return f"{here.url}/toegang/mensen/{seat.id}"


def may_look(here: Here, seat: Seat, party: Party | None) -> bool:
    """The page about somebody is for whoever arranges it, and for people of the same party: a link that is made for one
    of them is shown to all of them."""
    return (
        may_see_addresses(here.seat, party)
        or seat.id == here.seat.id
        or (bool(party) and here.seat.party_id == seat.party_id)
    )


def access_page(here: Here) -> AccessPage:
    """Everybody with a place, per party, with as much as this person may know."""
    people = people_of(here)
    links = store.list_newest_links(here.tx, here.journey)
    mails, waiting = mail_words(here), list_waiting(here.tx)
    groups = []
    for party in (*here.parties, None):
        rows = [(s, p) for s, p in people if s.party_id == (party.id if party else None)]
        invites = may_invite(here.seat, party)
        if not rows and not (invites and party):
            continue
        groups.append(
            Group(
                party.name if party else WITHOUT,
                tuple(_row(here, seat, person, party, links.get(seat.id), mails, waiting) for seat, person in rows),
                may_see_addresses(here.seat, party),
                f"{here.url}/toegang/uitnodigen?partij={party.id if party else ''}" if invites else "",
            )
        )
    someone = may_invite_someone(here.seat)
    return AccessPage(
        lead=_lead(groups, people),
        url=f"{here.url}/toegang",
        setup_url=f"{here.url}/opzet",
        rights_url=f"{here.url}/wie-mag-wat",
        timeline_url=f"{here.url}/tijdlijn",
        requests=tuple(_request(here, asked) for asked in list_requests(here)) if may_decide_access(here.seat) else (),
        known=tuple(g for g in groups if g.detailed),
        others=tuple(g for g in groups if not g.detailed),
        invite_url=f"{here.url}/toegang/uitnodigen" if someone else "",
        csv_url=f"{here.url}/toegang.csv" if someone else "",
        local=here.settings.local,
    )


def _request(here: Here, asked: AccessRequest) -> Request:
    seat, party = seat_of(here, asked), asked_party(here, asked)
    person = here.seats[seat.id][1] if seat else None
    same = person is not None and person.email.casefold() == asked.email.casefold()
    return Request(
        url=f"{here.url}/toegang/vragen/{asked.id}",
        name=asked.name,
        email=asked.email,
        organisation=asked.organisation,
        when=moment_text(asked.asked_at),
        through=person.name if person else "",
        left=seat is not None and seat.removed_at is not None,
        party=party.name if party else "",
        returns=same and seat is not None and seat.removed_at is None,
        roles=roles_to_give(here.seat, party),
    )


def hand_over_page(
    tx: Session,
    opened: Opened,
    secret: str,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> HandOverPage:
    """The form to give one's place to a colleague. Raises NotFound for a place that cannot be given."""
    seat, journey = opened.seat, opened.journey
    if seat is None or journey is None or not may_hand_over(seat, opened.person):
        raise NotFound
    party = next(p.name for p in store.list_parties(tx, journey) if p.id == seat.party_id)
    url = f"/toegang/{secret}/doorgeven"
    return HandOverPage(url, opened.person.name, party, journey.title, typed or {}, wrong or {})


def _lead(groups: Sequence[Group], people: Sequence[tuple[Seat, Person]]) -> str:
    known = [row for group in groups if group.detailed for row in group.rows]
    inside = sum(may_view(seat) for seat, _ in people)
    total = f"{capital(counted(inside, 'persoon heeft', 'mensen hebben'))} toegang."
    if not known:
        return total
    kinds = [row.standing.kind for row in known if row.standing]
    said = [
        counted(kinds.count(kind), one, many)
        for kind, one, many in (
            ("nieuw", "is nog niet uitgenodigd", "zijn nog niet uitgenodigd"),
            ("mis", "uitnodiging kwam niet aan", "uitnodigingen kwamen niet aan"),
            ("verlopen", "link is verlopen", "links zijn verlopen"),
            ("ingetrokken", "persoon komt er niet meer in", "mensen komen er niet meer in"),
        )
        if kind in kinds
    ]
    return f"{total} {capital(listing(said))}." if said else total


def _row(
    here: Here,
    seat: Seat,
    person: Person,
    party: Party | None,
    link: SeatLink | None,
    mails: Mapping[str, str],
    waiting: Container[str],
) -> Row:
    detailed = may_see_addresses(here.seat, party)
    return Row(
        name=person.name,
        is_me=seat.id == here.seat.id,
        url=person_url(here, seat) if may_look(here, seat, party) else "",
        words=role_words(seat),
        email=person.email if detailed else "",
        standing=standing_of(seat, person, link, mails) if detailed else None,
        waits=detailed and may_view(seat) and _key(person) in waiting,
        seen=rules.seen_text(seat.last_seen_on, today()) if detailed else "",
        seat_id=seat.id,
    )


def standing_of(seat: Seat, person: Person, link: SeatLink | None, mails: Mapping[str, str]) -> Standing:
    return rules.standing(seat, person, link, now(), mails.get(link.mail_id, "") if link else "")


def mail_words(here: Here) -> dict[str, str]:
    """What became of the messages of this journey, by their id (see `rules.fate_words`)."""
    fates = list_fates(here.tx, here.tenant_id, here.journey.id)
    return {mail_id: rules.fate_words(fate.state, fate.changed_at, fate.reason) for mail_id, fate in fates.items()}


def access_rows(here: Here) -> list[tuple[str, ...]]:
    """The list as rows of a file: only the people whose address this person may see."""
    links = store.list_newest_links(here.tx, here.journey)
    mails = mail_words(here)
    parties = {p.id: p for p in here.parties}
    order = {p.id: number for number, p in enumerate(here.parties)}
    found = sorted(people_of(here), key=lambda both: order.get(both[0].party_id or "", len(order)))
    return [
        (
            party.name if party else WITHOUT,
            person.name,
            seat.function,
            seat.role,
            "ja" if seat.mandate else "nee",
            person.email,
            standing_of(seat, person, links.get(seat.id), mails).words,
            rules.seen_text(seat.last_seen_on, today()),
        )
        for seat, person in found
        if may_see_addresses(here.seat, party := parties.get(seat.party_id or ""))
    ]


# ---- one person ----


@dataclass(frozen=True)
class Happened:
    when: str
    text: str


@dataclass(frozen=True)
class PersonPage:
    name: str
    is_me: bool
    words: str
    party: str
    url: str
    list_url: str
    data_url: str  # where name, role and function are changed
    email: str
    detailed: bool
    standing: Standing | None
    seen: str
    may_link: bool
    may_send: bool
    local: bool
    why_not_send: str
    waiting: str  # since when this person waits for a code; '' when not
    may_wait: bool  # a code can be asked for: there is an address
    has_link: bool
    may_stop: bool  # take the access back
    may_remove: bool
    history: tuple[Happened, ...]


def person_page(here: Here, seat: Seat, person: Person) -> PersonPage:
    """One person: how far the invitation is, what can be done about it, and what was done."""
    party = party_of(here, seat)
    link = store.list_newest_links(here.tx, here.journey).get(seat.id)
    detailed = may_see_addresses(here.seat, party)
    change = may_change_seat(here.seat, seat, party)
    fresh = next((s for s, _ in people_of(here) if s.id == seat.id), seat)
    mails = mail_words(here) if link and link.mail_id else {}
    asked = list_waiting(here.tx).get(_key(person))
    why = ""
    if not can_write(here.settings):
        why = "Driekolom verstuurt hier zelf geen e-mail. Maak een link en stuur hem met uw eigen e-mailprogramma."
    elif not person.email and not here.settings.local:
        why = "Er is geen e-mailadres ingevuld. Vul het in, of maak een link en geef hem zelf door."
    return PersonPage(
        name=person.name,
        is_me=seat.id == here.seat.id,
        words=role_words(seat),
        party=party.name if party else "",
        url=person_url(here, seat),
        list_url=f"{here.url}/toegang",
        data_url=f"{here.url}/opzet/{f'partij/{party.id}' if party else 'mensen'}#mens-{seat.id}" if change else "",
        email=person.email if detailed else "",
        detailed=detailed,
        standing=standing_of(fresh, person, link, mails) if detailed else None,
        seen=rules.seen_text(fresh.last_seen_on, today()) if detailed else "",
        may_link=may_make_link(here.seat, seat, person, party),
        may_send=actions.may_send(here, person),
        local=here.settings.local,
        why_not_send=why,
        waiting=clock_text(asked.created_at) if asked and may_view(seat) else "",
        may_wait=bool(person.email) and may_view(seat) and not person.may_start,
        has_link=link is not None and link.revoked_at is None,
        may_stop=seat.stopped_at is None and not actions.stop_problem(here, seat),
        may_remove=change and seat.id != here.seat.id and not actions.last_facilitator_text(here, seat),
        history=tuple(
            Happened(moment_text(event.at), f"{capital(here.seat_name(event.seat_id))} {rules.HISTORY[event.kind]}.")
            for event in list_seat_events(here.tx, here.journey, seat, tuple(rules.HISTORY))
        ),
    )


def _key(person: Person) -> str:
    return f"{person.tenant_id}/{person.id}"


def party_of(here: Here, seat: Seat) -> Party | None:
    return next((p for p in here.parties if p.id == seat.party_id), None)


@dataclass(frozen=True)
class LinkPage:
    name: str
    email: str
    link: str
    text: str
    subject: str
    until: str
    local: bool
    back: str


def link_page(here: Here, seat: Seat, person: Person, made: Invitation) -> LinkPage:
    return LinkPage(
        person.name,
        person.email,
        made.link,
        made.text,
        made.subject,
        date_text(made.until),
        here.settings.local,
        person_url(here, seat),
    )


@dataclass(frozen=True)
class ReadOutPage:
    """A code, shown once."""

    name: str
    code: str  # in two groups of three, as it is read
    minutes: int
    back: str


def read_out_page(here: Here, seat: Seat, person: Person, code: str) -> ReadOutPage:
    return ReadOutPage(person.name, f"{code[:3]} {code[3:]}", MINUTES, person_url(here, seat))


# ---- several at once ----


@dataclass(frozen=True)
class Invitee:
    line: Line
    role: str
    mandate: bool
    error: str  # about the role


@dataclass(frozen=True)
class InvitePage:
    url: str
    list_url: str
    rights_url: str
    parties: tuple[tuple[str, str], ...]  # id, name; '' is no party
    party_id: str
    party_name: str
    roles: tuple[str, ...]
    role: str
    mandate: bool
    text: str
    most: int
    people: tuple[Invitee, ...]  # what was read, to be checked; empty on the first page
    checked: bool  # everything is right: only the button remains
    by_mail: int  # how many of them get a message
    local: bool
    wrong: dict[str, str]
    errors: Errors


def without_people(here: Here) -> Party | None:
    """The first party for which this person may invite and that nobody belongs to yet."""
    present = {seat.party_id for seat, _ in here.seats.values() if seat.removed_at is None}
    return next((p for p in here.parties if p.id not in present and may_invite(here.seat, p)), None)


def invite_page(
    here: Here,
    party: Party | None,
    *,
    text: str = "",
    role: str = "",
    mandate: bool = False,
    people: Sequence[Invitee] = (),
    wrong: dict[str, str] | None = None,
) -> InvitePage:
    """The page that takes several people at once; with `people` what was read of them."""
    wrong = dict(wrong or {})
    lines = [
        (f"regel-{i.line.number}", f"Regel {i.line.number}: {e}")
        for i in people
        for e in (*i.line.errors, i.error)
        if e
    ]
    offered = [(p.id, p.name) for p in here.parties if may_invite(here.seat, p)]
    if may_invite(here.seat, None):
        offered.append(("", WITHOUT))
    roles = roles_to_give(here.seat, party)
    return InvitePage(
        url=f"{here.url}/toegang/uitnodigen",
        list_url=f"{here.url}/toegang",
        rights_url=f"{here.url}/wie-mag-wat",
        parties=tuple(offered),
        party_id=party.id if party else "",
        party_name=party.name if party else "",
        roles=roles,
        role=role if role in roles else ("deelnemer" if "deelnemer" in roles else "meelezer"),
        mandate=mandate,
        text=text,
        most=MOST_LINES,
        people=tuple(people),
        checked=bool(people) and not lines and not wrong,
        by_mail=sum(bool(i.line.email) for i in people) if can_write(here.settings) else 0,
        local=here.settings.local,
        wrong=wrong,
        errors=(*wrong.items(), *lines),
    )


@dataclass(frozen=True)
class InvitedPage:
    """After several were added: the links of those who get no message. Shown once."""

    list_url: str
    sent: int
    links: tuple[LinkPage, ...]
    local: bool
