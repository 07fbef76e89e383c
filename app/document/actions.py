"""Make the document outside a request: for the command line."""

from __future__ import annotations

from sqlmodel import col, select

from app.core.database import Database
from app.core.errors import NotFound
from app.core.settings import Settings
from app.document.pages import paper, style_of
from app.document.press import print_pdf
from app.journey.actions import here_for
from app.journey.models import Seat
from app.journey.rules import FACILITATORS
from app.journey.store import find_journey_anywhere
from app.people.models import Person


def write_pdf(database: Database, settings: Settings, journey_id: str, unused: bool = True) -> bytes:
    """The document of this journey as PDF, as its procesbegeleider would get it.

    Raises NotFound when there is no such journey and CannotPrint when the PDF cannot be made.
    """
    with database.read() as tx:
        journey = find_journey_anywhere(tx, journey_id)
        if journey is None:
            raise NotFound(f"Er is geen traject met nummer {journey_id}.")
        found = tx.exec(
            select(Seat, Person)
            .join(Person, (col(Person.tenant_id) == Seat.tenant_id) & (col(Person.id) == Seat.person_id))
            .where(
                Seat.tenant_id == journey.tenant_id,
                Seat.journey_id == journey.id,
                col(Seat.role).in_(FACILITATORS),
            )
            .order_by(Seat.id)
        ).first()
        if found is None:
            raise NotFound("Dit traject heeft geen procesbegeleider.")
        seat, person = found
        here = here_for(tx, settings, person, journey, seat)
        _, html = paper(here, unused)
        style = style_of(here)
    return print_pdf(settings, html, style)
