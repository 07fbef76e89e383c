"""The verbs of who manages the installation where journeys come in: a house style for all, and a door into none."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col

from app.core.errors import Invalid
from app.core.settings import Settings
from app.journey.models import Journey
from app.journey.store import list_journeys_of
from app.mail.queue import can_send
from app.people import tenants
from app.people.models import Person, Tenant
from app.style.actions import take_over


def take_style(tx: Session, tenant: Tenant, mark: str) -> None:
    """The house style that was looked at is in use, also on pages that were kept. Raises Gone and Invalid."""
    take_over(tx, tenant.id, mark)
    tx.connection().execute(
        update(Journey.__table__)  # type: ignore[attr-defined]
        .where(col(Journey.tenant_id) == tenant.id)
        .values(changes=col(Journey.changes) + 1)
    )


def invite(tx: Session, settings: Settings, tenant: Tenant, name: str, email: str, by_mail: bool) -> tuple[Person, str]:
    """Somebody who may start a traject, with the secret of a link. Raises Invalid with a sentence per field.

    The link of somebody who is in a traject already opens that traject: it goes to their own address, and who manages
    the installation never sees it.
    """
    starter, secret = tenants.invite(tx, tenant, name, email, settings.link_days)
    if by_mail and not starter.email:
        raise Invalid("", {"email": "Vul het e-mailadres in waar de link naartoe gaat."})
    if not by_mail and list_journeys_of(tx, starter):
        how = (
            "Stuur de link per e-mail."
            if can_send(settings)
            else "Vraag een begeleider van dat traject om een nieuwe link."
        )
        raise Invalid("", {"email": f"Deze persoon doet al mee aan een traject. U mag de link dus niet zien. {how}"})
    return starter, secret
