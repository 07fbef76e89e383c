"""Who manages the installation, told from everybody else. Such a person has a seat nowhere, so no gate lets them in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.core.errors import NotFound
from app.core.turn import Later, turn_of
from app.journey.gate import find_who
from app.people.models import Person
from app.people.rules import may_manage


def find_manager(request: Request, tx: Session) -> Person:
    """Raises NotSignedIn, and NotFound for anybody else: that these pages exist is nobody's business."""
    person = find_who(request, tx)
    if request.app.state.settings.local or not may_manage(person):
        raise NotFound
    return person


async def _manager(request: Request) -> Later[Person]:
    turn = turn_of(request)
    return Later(turn, lambda: find_manager(request, turn.tx))


Manager = Annotated[Person, Depends(_manager)]
