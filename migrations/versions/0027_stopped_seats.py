"""A seat says since when its person does not get in. Until now only the link was taken back."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0027_stopped_seats"
down_revision = "0026_mail_texts"
branch_labels = None
depends_on = None

# The newest link is the only one that can still work: all of them taken back is access taken back. Not of who starts
# journeys: they get in without a link, and nobody else could take theirs back.
_OF_SEAT = "FROM seat_link WHERE seat_link.tenant_id = seat.tenant_id AND seat_link.seat_id = seat.id"
_STOP = f"""
UPDATE seat SET stopped_at = (SELECT MAX(seat_link.revoked_at) {_OF_SEAT})
WHERE removed_at IS NULL
AND EXISTS (SELECT 1 {_OF_SEAT})
AND NOT EXISTS (SELECT 1 {_OF_SEAT} AND seat_link.revoked_at IS NULL)
AND EXISTS (
    SELECT 1 FROM person
    WHERE person.tenant_id = seat.tenant_id AND person.id = seat.person_id AND NOT person.may_start
)
"""  # noqa: S608 - words of our own


def upgrade() -> None:
    op.add_column("seat", sa.Column("stopped_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.execute(_STOP)


def downgrade() -> None:
    with op.batch_alter_table("seat") as seat:
        seat.drop_column("stopped_at")
