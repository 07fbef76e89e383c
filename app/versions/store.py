"""Queries of the versions."""

from datetime import date

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from app.core.errors import NotFound
from app.journey.models import Event, Journey
from app.versions.models import PlanVersion


def _of(journey: Journey):
    return PlanVersion.tenant_id == journey.tenant_id, PlanVersion.journey_id == journey.id


def list_versions(tx: Session, journey: Journey) -> list[PlanVersion]:
    """Newest first; their content is only read when somebody asks for it."""
    query = select(PlanVersion).where(*_of(journey)).order_by(col(PlanVersion.id).desc())
    return list(tx.exec(query.options(defer(PlanVersion.content))))  # type: ignore[arg-type]


def get_version(tx: Session, journey: Journey, version_id: str) -> PlanVersion:
    """Raises NotFound."""
    found = tx.get(PlanVersion, (journey.tenant_id, version_id))
    if found is None or found.journey_id != journey.id:
        raise NotFound
    return found


def hold(tx: Session, journey: Journey) -> None:
    """Holds the journey until the transaction ends: what another process wants to do to it waits."""
    which = (Journey.tenant_id == journey.tenant_id, Journey.id == journey.id)
    tx.exec(select(Journey.id).where(*which).with_for_update())


def find_last_day(tx: Session, journey: Journey) -> date | None:
    """The day of the newest version that was kept by itself."""
    return tx.exec(select(func.max(PlanVersion.day)).where(*_of(journey), PlanVersion.name == "")).one()


def find_last_change(tx: Session, journey: Journey, step: str) -> Event | None:
    """The newest event of this step."""
    return tx.exec(
        select(Event)
        .where(Event.tenant_id == journey.tenant_id, Event.journey_id == journey.id, Event.step == step)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()
