"""Codes for a new device: fingerprints that stay for ten minutes, of no tenant."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021_codes"
down_revision = "0020_digest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "code_asked",
        sa.Column("asked_hash", text(length=64), nullable=False),
        sa.Column("code_hash", text(length=64), nullable=False),
        sa.Column("persons", text(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("passed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("asked_hash", name=op.f("pk_code_asked")),
    )
    op.create_index(op.f("ix_code_asked_expires_at"), "code_asked", ["expires_at"])


def downgrade() -> None:
    op.drop_table("code_asked")
