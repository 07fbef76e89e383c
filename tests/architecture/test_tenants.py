"""The database itself keeps tenants apart: a row of one can never belong to, or point at, a row of another."""

from __future__ import annotations

import pytest

from app.answers.models import Answer
from app.core.clock import now
from app.core.database import Collided, Row
from app.journey.models import Party, Seat, SeatLink
from app.people.models import SignIn
from app.signin.models import Identity, OidcProvider
from tests.conftest import World


def rows(world: World) -> dict[str, Row]:
    """Rows of Anderstad that each name something that is there, but of Meerwijk."""
    (_, person), (_, otto), moment = world.persons["jan"], world.persons["otto"], now()
    mine = {"tenant_id": "anderstad", "journey_id": world.foreign}
    sealed = {"tenant_id": "anderstad", "person_id": person}
    return {
        "a seat for a person": Seat(**mine, person_id=person, role="deelnemer"),
        "a seat in a journey": Seat(**mine | {"journey_id": world.journey}, person_id=otto, role="deelnemer"),
        "a party in a journey": Party(**mine | {"journey_id": world.journey}, kind="bestuur", name="x", short="x"),
        "a link to a seat": SeatLink(**mine, seat_id=world.seats["jan"], token_hash="x", expires_at=moment),
        "an answer for a party": Answer(**mine, party_id=world.parties["linde"], path="x", saved_by="x"),
        "a session of a person": SignIn(**sealed, token_hash="x", expires_at=moment, ends_at=moment),
        "an identity of a person": Identity(**sealed, issuer="x", subject="x"),
        "a provider of nobody": OidcProvider(
            tenant_id="nergens", name="x", label="x", issuer="x", client_id="x", domains="x"
        ),
    }


def test_no_row_belongs_to_another_gemeente(world: World, caplog: pytest.LogCaptureFixture):
    for kind, row in rows(world).items():
        caplog.clear()
        with pytest.raises(Collided), world.database.write() as tx:
            tx.add(row)
            tx.flush()
        assert "foreign key" in caplog.text.casefold(), (kind, caplog.text)
