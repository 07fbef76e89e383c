"""Who asks for access with a link that once worked."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0025_access_requests"
down_revision = "0024_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "access_request",
        sa.Column("tenant_id", text(length=16), nullable=False),
        sa.Column("id", text(length=16), nullable=False),
        sa.Column("journey_id", text(length=16), nullable=False),
        sa.Column("seat_id", text(length=16), nullable=False),
        sa.Column("name", text(length=120), nullable=False),
        sa.Column("email", text(length=200), nullable=False),
        sa.Column("organisation", text(length=120), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_access_request_tenant_id_journey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "seat_id"],
            ["seat.tenant_id", "seat.id"],
            name=op.f("fk_access_request_tenant_id_seat"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_access_request")),
    )
    op.create_index(op.f("ix_access_request_journey_id"), "access_request", ["journey_id"])


def downgrade() -> None:
    op.drop_table("access_request")
