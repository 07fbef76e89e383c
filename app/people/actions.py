"""The verbs of people: sign in, sign out, write a mail, make sure the local person exists."""

from datetime import timedelta

from sqlmodel import Session

from app.audit.actions import note
from app.core.clock import now
from app.core.errors import Invalid, NotAllowed
from app.core.ids import fingerprint, new_id, new_secret
from app.core.settings import Settings
from app.core.turn import Actor
from app.mail.letters import Letter, Sender
from app.mail.models import Mail
from app.mail.queue import put, withdraw
from app.mail.rules import fit
from app.people import store
from app.people.models import Person, PersonLink, SignIn, Tenant
from app.people.sessions import until

CLOSED = (
    "Uw gemeente gebruikt Driekolom op dit adres niet meer. Er is niets weg. Vraag uw gemeente wie u verder kan helpen."
)
KEEP_SESSIONS = timedelta(days=30)  # that a session that is over can still be seen by its owner
LOCAL_NAME = "Procesbegeleider"  # until somebody says who it is


def sign_in(
    tx: Session, person: Person, hours: int, idle_hours: int = 0, method: str = "link", device: str = ""
) -> str:
    """Starts a session of at most `hours`, and of `idle_hours` when it is not used (0 = no such limit).

    Returns the secret for the cookie; only its fingerprint is kept. Rooms call `app.signin.door.let_in`, which also
    ends the session that the browser had. Raises NotAllowed when the gemeente of this person is closed.
    """
    require_open_tenant(tx, person)
    note(tx, "signed_in", Actor(person.tenant_id, person.id), object=f"wijze:{method}")
    secret, moment = new_secret(), now()
    store.forget_sign_ins(tx, person, moment - KEEP_SESSIONS)
    ends_at = moment + timedelta(hours=hours)
    tx.add(
        SignIn(
            tenant_id=person.tenant_id,
            person_id=person.id,
            token_hash=fingerprint(secret),
            expires_at=until(moment, ends_at, idle_hours),
            ends_at=ends_at,
            last_seen_at=moment,
            method=method,
            device=device,
        )
    )
    return secret


def require_open_tenant(tx: Session, person: Person) -> None:
    """Raises NotAllowed when who manages the installation has closed the gemeente of this person."""
    tenant = tx.get(Tenant, person.tenant_id, with_for_update={"read": True})  # closing waits for who is coming in
    if tenant is None or tenant.closed_at is not None:
        raise NotAllowed(CLOSED)


def sign_out(tx: Session, secret: str) -> None:
    """Ends the session of this secret, if there is one."""
    if (session := store.find_sign_in(tx, secret)) and session.ended_at is None:
        session.ended_at = now()
        tx.add(session)
        note(tx, "signed_out", Actor(session.tenant_id, session.person_id))


def end_sessions(tx: Session, person: Person) -> None:
    """Signs this person out everywhere."""
    for session in store.list_sign_ins(tx, person):
        session.ended_at = now()
        tx.add(session)


def ensure_local_person(tx: Session) -> Person:
    """The tenant and the person of local mode, made on the first start."""
    if person := store.find_local_person(tx):
        return person
    if store.find_tenant(tx, store.LOCAL_TENANT) is None:
        tx.add(Tenant(id=store.LOCAL_TENANT, name="Deze computer"))
        tx.flush()
    person = Person(tenant_id=store.LOCAL_TENANT, name=LOCAL_NAME, local=True, may_start=True)
    tx.add(person)
    tx.flush()
    return person


def address_problem(address: str) -> str:
    """A sentence when this can be no address at work; '' when it can. Only the mail server knows whether it is one.

    Letters outside a–z are refused: no mail server of a gemeente or board needs them, and with them one address can
    look like another (with a Cyrillic letter, for instance).
    """
    strange = next((c for c in address if not c.isascii()), "")
    if strange and "@" in address:
        return f"In een e-mailadres hoort geen ‘{strange}’. Typ het adres over met gewone letters."
    if not fit(address):
        return "Dit is geen volledig e-mailadres. Een adres ziet eruit als naam@organisatie.nl."
    return ""


def looks_like_email(address: str) -> bool:
    """Whether this could be a full address."""
    return not address_problem(address)


def invite_starter(tx: Session, name: str, email: str, tenant_name: str, days: int) -> str:
    """Gives somebody who may start a traject a personal link; older links of the same person stop working.

    `tenant_name` is the gemeente (or samenwerkingsverband) this person works for; it may stay empty while there is only
    one. Returns the secret, which is shown once. Raises Invalid with a sentence per word.
    """
    tenants = store.list_tenants(tx)
    tenant = next((t for t in tenants if t.name.casefold() == tenant_name.casefold()), None)
    if not tenant_name and len(tenants) == 1:
        tenant = tenants[0]
    wrong = {}
    if not 0 < len(name) <= 120:
        wrong["NAAM"] = "vul een naam in van hoogstens 120 tekens."
    if email and not looks_like_email(email):
        wrong["--email"] = f"‘{email}’ is geen volledig e-mailadres. Een adres ziet eruit als naam@organisatie.nl."
    if tenant is None and not 0 < len(tenant_name) <= 120:
        wrong["--gemeente"] = "zeg voor welke gemeente deze persoon werkt, bijvoorbeeld --gemeente Meerwijk."
    if wrong:
        raise Invalid("Deze link is niet gemaakt.", wrong)
    if tenant is None:
        tenant = Tenant(id=new_id(), name=tenant_name)
        tx.add(tenant)
        tx.flush()
    return link_starter(tx, tenant, name, email, days)[1]


def link_starter(tx: Session, tenant: Tenant, name: str, email: str, days: int) -> tuple[Person, str]:
    """The person of this name and address, who may start a traject from now on, and the secret of a new link."""
    person = store.find_starter(tx, tenant.id, name, email) or Person(tenant_id=tenant.id, name=name, email=email)
    person.may_start = tenant.id != store.INSTALLATION  # who manages the installation starts nothing
    tx.add(person)
    tx.flush()
    revoke_person_links(tx, person)
    secret = new_secret()
    tx.add(
        PersonLink(
            tenant_id=tenant.id,
            person_id=person.id,
            token_hash=fingerprint(secret),
            expires_at=now() + timedelta(days=days),
        )
    )
    tx.flush()
    return person, secret


def revoke_person_links(tx: Session, person: Person) -> None:
    """The links of this person that are not for a seat stop working; one that waits to be mailed is not sent."""
    withdraw(tx, person.tenant_id, person.id, kind="starter")
    for link in store.list_person_links(tx, person):
        link.revoked_at = now()
        tx.add(link)


def write_mail(
    tx: Session,
    settings: Settings,
    to: Person,
    letter: Letter,
    *,
    sender: Sender | None = None,
    journey_id: str = "",
) -> Mail:
    """The one door for mail: the letter goes into the queue and leaves after the commit; without a mail server it
    stands on the outbox page of local mode. `sender` is None for Driekolom itself.

    Raises Invalid, with a sentence for whoever sends it, when it cannot be sent (see `app.mail.queue.put`).
    """
    tenant = store.find_tenant(tx, to.tenant_id)
    of = (tenant.sender_name or tenant.name.replace("Gemeente ", "gemeente ", 1)) if tenant else ""
    if to.tenant_id == store.INSTALLATION:
        of = settings.mail_name
    return put(
        tx,
        settings,
        letter,
        tenant_id=to.tenant_id,
        to_name=to.name,
        to_email=to.email,
        person_id=to.id,
        sender=sender or Sender("Driekolom", of),
        from_email=tenant.sender_email if tenant else "",
        journey_id=journey_id,
    )
