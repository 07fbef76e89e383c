"""Queries of the screening. The names of who shared or remarked come along in the same query."""

from sqlmodel import Session, col, select

from app.journey.models import Journey, Seat
from app.people.models import Person
from app.screening.models import Remark, Share


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


def list_remarks(tx: Session, journey: Journey) -> list[tuple[Remark, str]]:
    """Remarks that were not withdrawn, with the name of who placed them, oldest first."""
    return [
        (remark, name)
        for remark, name in tx.exec(
            select(Remark, Person.name)
            .join(Seat, (col(Seat.tenant_id) == Remark.tenant_id) & (col(Seat.id) == Remark.seat_id))
            .join(Person, (col(Person.tenant_id) == Seat.tenant_id) & (col(Person.id) == Seat.person_id))
            .where(
                Remark.tenant_id == journey.tenant_id,
                Remark.journey_id == journey.id,
                col(Remark.removed_at).is_(None),
            )
            .order_by(Remark.id)
        )
    ]


def find_remark(tx: Session, journey: Journey, remark_id: str) -> Remark | None:
    """None for one that is not there, of another journey, or withdrawn."""
    found = tx.get(Remark, (journey.tenant_id, remark_id))
    return found if found and found.journey_id == journey.id and found.removed_at is None else None
