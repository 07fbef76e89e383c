"""Queries of invitations."""

from sqlmodel import Session, col, select

from app.journey.models import Event, Journey, Seat


def list_seat_events(tx: Session, journey: Journey, seat: Seat, kinds: tuple[str, ...], limit: int = 40) -> list[Event]:
    """What happened to somebody's access, newest first."""
    return list(
        tx.exec(
            select(Event)
            .where(
                Event.tenant_id == journey.tenant_id,
                Event.journey_id == journey.id,
                col(Event.kind).in_(kinds),
                col(Event.ref) == seat.id,
            )
            .order_by(col(Event.id).desc())
            .limit(limit)
        )
    )
