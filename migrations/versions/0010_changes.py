"""How often a journey changed, so that what was read of it can be kept; where somebody has a seat, without looking at
every seat of the tenant."""

import sqlalchemy as sa
from alembic import op

revision = "0010_changes"
down_revision = "0009_register"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journey", sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_seat_person", "seat", ["tenant_id", "person_id"])
    op.create_index("ix_person_local", "person", ["tenant_id", "local"])


def downgrade() -> None:
    op.drop_index("ix_person_local", "person")
    op.drop_index("ix_seat_person", "seat")
    op.drop_column("journey", "changes")
