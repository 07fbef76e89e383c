"""How often something was done, per installation: fingerprints of keys that stay for minutes or hours."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011_rate_limits"
down_revision = "0010_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_limit",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
    )
    op.create_index(op.f("ix_rate_limit_until"), "rate_limit", ["until"])


def downgrade() -> None:
    op.drop_table("rate_limit")
