"""The verbs of people: sign in, sign out, write a mail, make sure the local person exists."""

from datetime import timedelta

from sqlmodel import Session

from app.core.clock import now
from app.core.ids import fingerprint, new_secret
from app.people import store
from app.people.models import Mail, Person, SignIn, Tenant


def sign_in(tx: Session, person: Person, hours: int) -> str:
    """Starts a session. Returns the secret for the cookie; only its fingerprint is kept."""
    secret = new_secret()
    tx.add(
        SignIn(
            tenant_id=person.tenant_id,
            person_id=person.id,
            token_hash=fingerprint(secret),
            expires_at=now() + timedelta(hours=hours),
        )
    )
    return secret


def sign_out(tx: Session, secret: str) -> None:
    """Ends the session of this secret, if there is one."""
    if (session := store.find_sign_in(tx, secret)) and session.ended_at is None:
        session.ended_at = now()
        tx.add(session)


def ensure_local_person(tx: Session) -> Person:
    """The tenant and the person of local mode, made on the first start."""
    if person := store.find_local_person(tx):
        return person
    if store.find_tenant(tx, store.LOCAL_TENANT) is None:
        tx.add(Tenant(id=store.LOCAL_TENANT, name="Deze computer"))
        tx.flush()
    person = Person(tenant_id=store.LOCAL_TENANT, name="Procesbegeleider", local=True, may_start=True)
    tx.add(person)
    tx.flush()
    return person


def write_mail(tx: Session, to: Person, subject: str, body: str, journey_id: str = "") -> Mail:
    """Puts a message in the outbox. Header values are single lines (cleaned at the edge)."""
    mail = Mail(
        tenant_id=to.tenant_id, to_name=to.name, to_email=to.email, subject=subject, body=body, journey_id=journey_id
    )
    tx.add(mail)
    return mail
