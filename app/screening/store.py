"""Queries of the screening. The names of who shared come along in the same query."""

from sqlmodel import Session, col, select

from app.journey.models import Journey, Seat
from app.people.models import Person
from app.screening.models import Share


def list_shares(tx: Session, journey: Journey) -> list[tuple[Share, str]]:
    """All shares with the name of who shared, in order of first sharing."""
    return [
        (share, name)
        for share, name in tx.exec(
            select(Share, Person.name)
            .join(Seat, (col(Seat.tenant_id) == Share.tenant_id) & (col(Seat.id) == Share.by_seat))
            .join(Person, (col(Person.tenant_id) == Seat.tenant_id) & (col(Person.id) == Seat.person_id))
            .where(Share.tenant_id == journey.tenant_id, Share.journey_id == journey.id)
            .order_by(Share.id)
        )
    ]


def find_share(tx: Session, journey: Journey, party_id: str, layer: str, theme: str) -> Share | None:
    return tx.exec(
        select(Share).where(
            Share.tenant_id == journey.tenant_id,
            Share.journey_id == journey.id,
            Share.party_id == party_id,
            Share.layer == layer,
            Share.theme == theme,
        )
    ).first()
