"""How the plan stood on each day with changes, and at each moment that somebody gave a name."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0024_versions"
down_revision = "0023_board_code"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "plan_version",
        sa.Column("tenant_id", TEXT(length=16), nullable=False),
        sa.Column("id", TEXT(length=16), nullable=False),
        sa.Column("journey_id", TEXT(length=16), nullable=False),
        sa.Column("name", TEXT(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_seat", TEXT(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_plan_version_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plan_version")),
    )
    op.create_index("ix_plan_version_journey", "plan_version", ["tenant_id", "journey_id", "id"])


def downgrade() -> None:
    op.drop_table("plan_version")
