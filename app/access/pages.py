"""What the pages of access show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from app.access import codes
from app.access.actions import Opened
from app.core.clock import date_text, moment_text
from app.core.text import listing
from app.journey import store
from app.journey.models import Seat
from app.journey.names import former_name, not_told_yet
from app.journey.rules import may_hand_over
from app.mail.models import Mail
from app.mail.store import list_mail
from app.people.models import Person
from app.people.rules import full_name, may_manage
from app.people.store import find_tenant
from app.signin.reading import Ways

MAY = {
    "procesbegeleider": "U begeleidt dit traject. U nodigt mensen uit, opent en sluit stappen en schrijft mee.",
    "mede-begeleider": "U begeleidt dit traject mee. U nodigt mensen uit, opent en sluit stappen en schrijft mee.",
    "deelnemer": "U vult in hoe ver uw organisatie is, en u schrijft mee aan wat u samen afspreekt.",
    "partijbeheerder": "U vult in hoe ver uw organisatie is, schrijft mee en kunt collega’s uitnodigen.",
    "meelezer": "U leest mee. U wijzigt niets.",
}


MANAGES = "U voegt gemeenten toe en ziet hoeveel zij gebruiken. Wat er in hun trajecten staat, ziet u niet."


@dataclass(frozen=True)
class InvitationPage:
    url: str
    name: str
    inviter: str  # '' when the installation itself invites
    journey: str  # title; '' for a link to start a traject
    municipalities: str
    party: str
    may: str
    until: str
    may_hand_over: bool
    back: str  # where to go after signing in
    manages: bool  # the installation; such a link is of no traject


def invitation_page(tx: Session, opened: Opened, secret: str, back: str) -> InvitationPage:
    """Who invites whom, for what, and what one may do there."""
    journey, seat = opened.journey, opened.seat
    common = {
        "url": f"/toegang/{secret}",
        "name": opened.person.name,
        "until": date_text(opened.link.expires_at),
        "back": back,
    }
    if journey is None or seat is None:
        manages = may_manage(opened.person)
        tenant = find_tenant(tx, opened.person.tenant_id)
        return InvitationPage(
            manages=manages,
            inviter="",
            journey="",
            municipalities=full_name(tenant) if tenant else "",
            party="",
            may=MANAGES if manages else "U kunt een nieuw traject starten.",
            may_hand_over=False,
            **common,
        )
    inviter = getattr(opened.link, "made_by", "")
    parties = {p.id: p.name for p in store.list_parties(tx, journey)}
    names = {
        s.id: person.name
        if s.removed_at is None
        else former_name(s.role, s.function, parties.get(s.party_id or "", ""))
        for s, person in store.list_seats(tx, journey)
    }
    return InvitationPage(
        manages=False,
        inviter=names.get(inviter, ""),
        journey=journey.title,
        municipalities=listing(not_told_yet(journey, store.list_municipalities(tx, journey))),
        party=parties.get(seat.party_id or "", ""),
        may=may_text(seat),
        may_hand_over=may_hand_over(seat, opened.person),
        **common,
    )


def may_text(seat: Seat) -> str:
    """What somebody with this seat may do, in one or two sentences."""
    return MAY[seat.role]


@dataclass(frozen=True)
class SignInPage:
    left: bool  # just signed out
    everywhere: bool  # and on all devices
    ended: bool  # this browser has a session that is over
    local: bool
    ways: Ways


@dataclass(frozen=True)
class AskCodePage:
    address: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class CodePage:
    by_mail: bool  # whether codes are mailed here at all
    minutes: int
    wrong: str
    over: bool  # no use to try again
    asked: bool  # came here by asking for access


@dataclass(frozen=True)
class AskAccessPage:
    link: str = ""  # the link that did not work
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HandOverPage:
    url: str = ""
    name: str = ""  # whose place it is
    party: str = ""
    journey: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    done: bool = False
    colleague: str = ""
    sent: bool = False  # the colleague gets a message


@dataclass(frozen=True)
class Place:
    person: str  # id
    titles: tuple[str, ...]  # of trajecten; () for who has none yet
    party: str


@dataclass(frozen=True)
class ChoosePage:
    places: tuple[Place, ...]
    action: str = "/aanmelden/kiezen"


def choose_page(tx: Session, persons: Sequence[Person]) -> ChoosePage:
    """Everywhere this address is known, to choose from."""
    return ChoosePage(tuple(_place(tx, person) for person in persons))


def _place(tx: Session, person: Person) -> Place:
    found = codes.open_seats(tx, person)
    parties = {p.id: p.name for _, journey in found[:1] for p in store.list_parties(tx, journey)}
    party = parties.get(found[0][0].party_id or "", "") if len(found) == 1 else ""
    return Place(person.id, tuple(journey.title for _, journey in found), party)


@dataclass(frozen=True)
class OutboxMail:
    id: str
    to: str
    when: str
    subject: str
    body: str


@dataclass(frozen=True)
class OutboxPage:
    mails: tuple[OutboxMail, ...]


def outbox_page(tx: Session, tenant_id: str) -> OutboxPage:
    """All messages that were written on this computer, newest first; of what was sent the text is gone."""
    return OutboxPage(tuple(_mail(m) for m in list_mail(tx, tenant_id) if m.subject))


def _mail(mail: Mail) -> OutboxMail:
    to = f"{mail.to_name} <{mail.to_email}>" if mail.to_email else f"{mail.to_name} (nog geen e-mailadres)"
    return OutboxMail(mail.id, to, moment_text(mail.created_at), mail.subject, mail.body)
