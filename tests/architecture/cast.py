"""Who asks, and about what, in the rights matrix: one journey with everybody who can be in it, and beside it a full journey
of the same gemeente and one of another gemeente, in which none of them has a seat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import FastAPI
from sqlmodel import Session, col, select

from app.access.models import CodeAsked
from app.answers.actions import save_answer
from app.answers.models import BEHALF, OWN
from app.answers.store import find_joint
from app.checklists import actions as lists
from app.checklists.models import Checklist, Criterion, Institution
from app.content.pack import Pack
from app.core.clock import now
from app.core.settings import Settings
from app.dialogue import actions as dialogue
from app.dialogue.models import Agreement
from app.examples.actions import play
from app.examples.script import scripts
from app.exchange.actions import export_journey
from app.invitations.models import AccessRequest
from app.journey.actions import add_municipality, add_party, add_person, here_for, make_link, start_journey
from app.journey.gate import Here
from app.journey.models import Journey, Municipality, Party, Seat
from app.keeping.actions import fix_document
from app.keeping.models import ArchiveRecord
from app.mail.models import Mail
from app.messages.models import Digest
from app.people.actions import sign_in
from app.people.models import Person, SignIn, Tenant
from app.people.store import INSTALLATION
from app.people.tenants import invite, version_of
from app.plan import actions as plan
from app.plan import reading
from app.plan.models import Goal
from app.plan.rows import KINDS
from app.prose import actions as prose
from app.prose.models import Paragraph
from app.register.actions import offer, take_over
from app.remarks import actions as remarks
from app.remarks.models import Remark
from app.screening import actions as screening
from app.screening import rules as table
from app.style import actions as styles
from app.versions import actions as versions
from app.versions.models import PlanVersion
from tests.architecture.asks import LOGO
from tests.register import samples

ROLES = ("procesbegeleider", "mede-begeleider", "deelnemer", "partijbeheerder", "meelezer")
WITHOUT = ("procesbegeleider", "mede-begeleider", "meelezer")
ABSENT = "0000000000000000"
NOBODY = "wie niet is aangemeld"
STRANGERS = (
    "wie een ander traject begeleidt",
    "wie bij een andere gemeente hoort",
    "wie uit het traject is gehaald",
    "wie de installatie beheert",
)
MEMBERS = (*(f"{r} met partij" for r in ROLES), *(f"{r} zonder partij" for r in WITHOUT))
ACTORS = (*MEMBERS, *STRANGERS, NOBODY)
# Asked on the side: what they get is what somebody above gets, so the matrix has no lines of their own.
MANDATED, STOPPED = "deelnemer met mandaat", "wie geen toegang meer heeft"
ASIDE = {MANDATED: "deelnemer met partij", STOPPED: "deelnemer met partij"}
# parameters of an address → what they are about, unless an Ask says otherwise
ABOUT = {
    "party_id": "partij", "seat_id": "persoon", "agreement_id": "afspraak", "remark_id": "opmerking", "version_id": "versie",
    "paragraph_id": "alinea", "row_id": "doel", "municipality_id": "gemeente", "checklist_id": "lijst",
    "criterion_id": "criterium", "institution_id": "school", "session_id": "aanmelding",
    "record_id": "stuk", "mail_id": "bericht", "request_id": "vraag om toegang",
}  # fmt: skip
HERE = ""  # where a thing is when that needs no words


@dataclass
class Cast:
    """`things` are ids by what they are and whose; a mapping holds one for each actor. `words` are the ids for bodies."""

    journey: str
    elsewhere: dict[str, str]  # where → a journey in which nobody here has a seat
    file: bytes = b""  # the journey as a file
    cookies: dict[str, str] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)  # their ids
    words: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, str | Mapping[str, str]]] = field(default_factory=dict)


def _full_journey(tx: Session, settings: Settings, pack: Pack, person: Person) -> Journey:
    """The example with a plan, and a list and a second gemeente, which it does not have."""
    journey = play(tx, settings, person, pack, next(s for s in scripts() if "plan" in s.told))
    journey.example = ""
    tx.add(journey)
    here = _leader(tx, settings, person, journey)
    add_municipality(here, "Buurdorp")
    for number in (1, 2):
        checklist = lists.start_list(here, "criteria/", f"Onze lijst {number}")
        lists.add_criteria(here, checklist, "Ouders worden gehoord\nOuders denken mee")
        for party in here.parties[:3]:
            lists.add_institutions(here, checklist, party, f"School van {party.short} {number}")
    tx.flush()
    return journey


def _leader(tx: Session, settings: Settings, person: Person, journey: Journey) -> Here:
    seat = tx.exec(select(Seat).where(Seat.journey_id == journey.id, Seat.person_id == person.id)).one()
    return here_for(tx, settings, person, journey, seat)


def make_cast(tx: Session, app: FastAPI, settings: Settings, pack: Pack) -> Cast:
    """Everything in this database."""
    for tenant in ("meerwijk", "anderstad"):
        tx.add(Tenant(id=tenant, name=f"Gemeente {tenant.capitalize()}"))
    tx.flush()

    def person(name: str, tenant: str) -> Person:
        found = Person(tenant_id=tenant, name=name, may_start=True)
        tx.add(found)
        tx.flush()
        return found

    leader = person("Marieke de Wit", "meerwijk")
    journey = _full_journey(tx, settings, pack, leader)
    other = _full_journey(tx, settings, pack, person("Oscar Elders", "meerwijk"))
    foreign = _full_journey(tx, settings, pack, person("Anna Anders", "anderstad"))
    cast = Cast(
        journey.id, {"uit een ander traject": other.id, "van een andere gemeente": foreign.id, "die er niet is": ABSENT}
    )
    here = _leader(tx, settings, leader, journey)
    own = add_party(here, "schoolbestuur", "Stichting De Eik", "De Eik", ["vroegschools", "po", "vo"])
    silent = add_party(here, "schoolbestuur", "Stichting De Beuk", "De Beuk", ["po", "vo"])
    empty = add_party(here, "schoolbestuur", "Stichting Leeg", "Leeg", ["po"])
    theirs = next(p for p in here.parties if p.short == "De Linde")

    seats = _actors(tx, cast, settings, here, own, person)
    _answers(here_for(tx, settings, *seats["deelnemer met partij"]), own, OWN, "bd")
    for party in (own, silent):
        for theme in "abc":
            _answers(here, party, BEHALF, theme, share=theme == "a")

    colleague = add_person(here, own, "Een collega", "collega@voorbeeld.test")
    somebody = add_person(here, theirs, "Iemand anders", "iemand@voorbeeld.test")
    cast.words["link"] = make_link(here, colleague)
    for number, seat in enumerate((colleague, somebody)):
        person_key, until = f"{seat.tenant_id}/{seat.person_id}", now() + timedelta(minutes=10)
        tx.add(CodeAsked(asked_hash=f"{number}", persons=person_key, expires_at=until))
    make_link(here, somebody)
    for elsewhere in (other, foreign):
        _ask_access(tx, tx.exec(select(Seat).where(Seat.journey_id == elsewhere.id)).first(), elsewhere)
    first_other = tx.exec(select(Party).where(Party.journey_id == other.id).offset(1)).first()
    cast.words |= {"eigen": own.id, "ander": theirs.id, "vreemd": first_other.id}  # type: ignore[union-attr]
    cast.words |= {"collega": colleague.id, "iemand": somebody.id}
    cast.things |= {
        "partij": {"de eigen partij": own.id, "een andere partij": silent.id},
        "lege partij": {HERE: empty.id},
        "persoon": {"van de eigen partij": colleague.id, "van een andere partij": somebody.id},
        "gemeente": {HERE: here.municipalities[-1].id},
        "vraag om toegang": {HERE: _ask_access(tx, somebody, journey)},
    }
    left = [add_person(here, party, f"Iemand die wegging bij {party.short}") for party in (own, theirs)]
    for gone in left:
        gone.removed_at = now()
        tx.add(gone)
    tx.flush()
    cast.things["persoon die weg is"] = {"van de eigen partij": left[0].id, "van een andere partij": left[1].id}
    for place in (here, _leader(tx, settings, _of(tx, other), other), _leader(tx, settings, _of(tx, foreign), foreign)):
        fix_document(place, "Besluit van het college", "2026-01-05", "plan.pdf", b"%PDF-1.7")
    record = select(ArchiveRecord.id).where(ArchiveRecord.journey_id == journey.id)
    cast.things["stuk"] = {HERE: tx.exec(record).one()}
    _made_together(tx, cast, _leader(tx, settings, leader, journey), own, theirs, seats)
    tx.add(reader := Digest(tenant_id="meerwijk", person_id=colleague.person_id))
    cast.words["uit-link"] = reader.off_token
    places = {HERE: journey} | {"uit een ander traject": other, "van een andere gemeente": foreign}
    for where, place in places.items():
        mail = Mail(tenant_id=place.tenant_id, journey_id=place.id, to_name="Jan", to_email="", subject="", body="")
        tx.add(mail)
        cast.things.setdefault("bericht", {"die er niet is": ABSENT})[where] = mail.id
    cast.file = export_journey(tx, other)
    take_over(tx, offer(tx, "leerlingen.csv", samples.pupils())[0].id)
    offered = offer(tx, "besturen.csv", samples.boards())[0]
    numbers = {"nieuw": offered.new, "gewijzigd": offered.changed, "verdwenen": offered.vanished}
    cast.words |= {"aangeboden": offered.id, **{name: str(number) for name, number in numbers.items()}}
    tenant = tx.get_one(Tenant, "meerwijk")
    cast.words["merk"] = styles.offer_logo(tx, tenant.id, LOGO, "Gemeente").mark
    cast.words["in-gebruik"] = styles.offer_logo(tx, "anderstad", LOGO, "Gemeente").mark
    styles.take_over(tx, "anderstad", cast.words["in-gebruik"])
    cast.words |= {"starter": invite(tx, tenant, "Een starter", "", 30)[0].id, "versie-gemeente": version_of(tenant)}
    tables = (
        (Party, ("partij", "lege partij")), (Seat, ("persoon",)), (Municipality, ("gemeente",)),
        (Agreement, ("afspraak", "afspraak die weg is")), (Remark, ("opmerking", "voorstel")), (Goal, ("doel",)),
        (ArchiveRecord, ("stuk",)), (PlanVersion, ("versie",)),
        (Paragraph, ("alinea", "alinea die weg is", "alinea met een gewijzigde bron")),
        (AccessRequest, ("vraag om toegang",)), (Checklist, ("lijst",)), (Criterion, ("criterium",)), (Institution, ("school",)),
    )  # fmt: skip
    for model, names in tables:
        for name in names:
            for where, elsewhere in list(cast.elsewhere.items())[:2]:
                cast.things[name][where] = tx.exec(select(model.id).where(model.journey_id == elsewhere)).first()
            cast.things[name]["die er niet is"] = ABSENT
    return cast


def _of(tx: Session, journey: Journey) -> Person:
    """The procesbegeleider of a journey."""
    seat = tx.exec(select(Seat).where(Seat.journey_id == journey.id, Seat.role == "procesbegeleider")).first()
    return tx.get_one(Person, (seat.tenant_id, seat.person_id))  # type: ignore[union-attr]


def _ask_access(tx: Session, seat: Seat, journey: Journey) -> str:
    """Somebody asks for access with the link of this seat. Returns the question."""
    asked = AccessRequest(
        tenant_id=journey.tenant_id, journey_id=journey.id, seat_id=seat.id, name="Wie", email="wie@voorbeeld.test"
    )
    tx.add(asked)
    tx.flush()
    return asked.id


def _actors(tx: Session, cast: Cast, settings: Settings, here: Here, own: Party, person) -> dict:
    """A seat for every role, with and without party; and those who have none. Signs everybody in."""
    seats: dict[str, tuple[Person, Journey, Seat]] = {}
    people: dict[str, Person] = {}
    for party, roles in ((own, ROLES), (None, WITHOUT)):
        for role in roles:
            name = f"{role} {'met' if party else 'zonder'} partij"
            seat = add_person(here, party, name.capitalize(), role=role)
            people[name] = tx.get_one(Person, (seat.tenant_id, seat.person_id))
            seats[name] = (people[name], here.journey, seat)
    for name, role in ((MANDATED, "deelnemer"), (STOPPED, "deelnemer")):
        seat = add_person(here, own, name.capitalize(), role=role)
        people[name] = tx.get_one(Person, (seat.tenant_id, seat.person_id))
        seats[name] = (people[name], here.journey, seat)
        seat.mandate, seat.stopped_at = name == MANDATED, now() if name == STOPPED else None
        tx.add(seat)
    outsider, other, removed, manager = STRANGERS
    for name, tenant in ((outsider, "meerwijk"), (other, "anderstad")):
        people[name] = person(name, tenant)
        start_journey(tx, people[name], here.pack, f"Traject van {name}", ["Nergenshuizen"])
    gone = add_person(here, own, removed)
    gone.removed_at = now()
    tx.add(gone)
    people[removed] = tx.get_one(Person, (gone.tenant_id, gone.person_id))
    tx.add(Tenant(id=INSTALLATION, name="Deze installatie", kind="installatie"))
    tx.flush()
    people[manager] = Person(tenant_id=INSTALLATION, name="Bea Beheer")
    tx.add(people[manager])
    tx.flush()
    cast.cookies = {name: sign_in(tx, found, 12) for name, found in people.items()}
    cast.persons = {name: found.id for name, found in people.items()}
    tx.flush()
    ids = dict(tx.exec(select(SignIn.person_id, SignIn.id)).all())
    mine = {name: ids[found.id] for name, found in people.items()}
    cast.things["aanmelding"] = {
        "van uzelf": {NOBODY: ABSENT} | mine,
        "van een ander": {NOBODY: ABSENT} | _others(mine),
    }
    return seats


def _answers(here: Here, party: Party, layer: str, themes: str, share: bool = False) -> None:
    """Fills in a column. At theme b it is shared and changed again after that."""
    for slug in themes:
        theme = here.pack.theme(slug)
        for name, spec in table.specs(here.pack, party, theme).items():
            if spec.options and not name.startswith("verdeling"):
                save_answer(here, party, f"{slug}/{name}", spec, [spec.options[0].value], 0, layer)
        if share or (slug == "b" and layer == OWN):
            screening.share_theme(here, party, theme, layer)
            name, spec = next(iter(table.specs(here.pack, party, theme).items()))
            save_answer(here, party, f"{slug}/{name}", spec, [spec.options[1].value], 1, layer)


def _made_together(tx: Session, cast: Cast, here: Here, own: Party, theirs: Party, seats: dict) -> None:
    """The joint things that are asked about: agreements, remarks, paragraphs, goals, lists."""
    chapter = "inventarisatie"
    new = [dialogue.add_agreement(here, "b", "", dialogue.NewAgreement(f"Afspraak {n}", theirs.id)) for n in (1, 2)]
    dialogue.remove_agreement(here, new[1])
    remark = {}
    item = next(i for i in here.pack.theme("b").items if i.kind == "beleid").slug
    for name, (person, journey, seat) in seats.items():
        mine = here_for(tx, here.settings, person, journey, seat)
        remark[name] = remarks.place(mine, f"punt/b/{item}", "Een opmerking").id
    plain = [prose.add_paragraph(here, chapter, after=None, kind="alinea", text=f"Tekst {n}") for n in (1, 2, 3)]
    version = versions.name_version(here, "Een versie")
    proposal = remarks.propose(here, f"alinea/{plain[0].id}", "text", "Een betere tekst")
    prose.remove_paragraph(here, plain[2])
    changed = next(
        p
        for p in reading.read_prose(here).all
        if p.text == p.prefilled and reading.paragraph_said(here, p).state == "bron gewijzigd"
    )
    goals = [plan.add_row(here, KINDS["doel"], {"result": f"Doel {n}"}) for n in (1, 2)]
    key = reading.pending(here, [c for c in here.pack.chapters if c.slug == chapter])[0].key
    plan.leave_piece_out(
        here, reading.pending(here, [c for c in here.pack.chapters if c.slug == chapter])[-1].key, "later", ""
    )
    left = reading.read_prose(here).left_out[-1]
    notes, lead = (find_joint(tx, here.journey, path) for path in ("gesprek/b/notities", "plan/regie"))
    checklists = tx.exec(
        select(Checklist)
        .where(Checklist.journey_id == here.journey.id, col(Checklist.name).startswith("Onze lijst"))
        .order_by(Checklist.id)
    ).all()
    criteria, schools = (
        tx.exec(
            select(model)
            .where(col(model.checklist_id).in_([c.id for c in checklists]))
            .order_by(model.checklist_id, model.id)
        ).all()
        for model in (Criterion, Institution)
    )
    lists.add_institutions(here, checklists[0], own, "School van De Eik")
    mine = tx.exec(select(Institution).where(Institution.party_id == own.id)).one()
    by_remark = {name: remark.get(name, remark["deelnemer met partij"]) for name in (*ACTORS, *ASIDE)}
    cast.words |= {
        "stukje": key, "weggelaten": left.key, "weggelaten-uit": left.chapter,
        "versie-notities": str(notes.version if notes else 0), "versie-regie": str(lead.version if lead else 0),
        "alinea": plain[0].id, "versie-alinea": str(plain[0].version), "versie-bron": str(changed.version),
        "lijst": checklists[0].id, "lijst2": checklists[1].id, "criterium": criteria[0].id,
    }  # fmt: skip
    cast.things |= {
        "afspraak": {HERE: new[0].id},
        "afspraak die weg is": {HERE: new[1].id},
        "opmerking": {"van uzelf": by_remark, "van een ander": _others(by_remark)},
        "voorstel": {HERE: proposal.id},
        "versie": {HERE: version.id},
        "alinea": {HERE: plain[1].id},
        "alinea die weg is": {HERE: plain[2].id},
        "alinea met een gewijzigde bron": {HERE: changed.id},
        "doel": {HERE: goals[1].id},
        "lijst": {HERE: checklists[0].id},
        "criterium": {HERE: criteria[0].id, "van een andere lijst": criteria[2].id},
        "school": {"van de eigen partij": mine.id, "van een andere partij": schools[0].id},
    }


def _others(mine: Mapping[str, str]) -> dict[str, str]:
    """A thing of somebody else, for each."""
    return {name: next(i for i in mine.values() if i != found) for name, found in mine.items()}
