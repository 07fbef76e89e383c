"""The daily overview: who turned it off, when the last one was, what was told."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0020_digest"
down_revision = "0019_remarks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("tenant_id", AutoString(length=16), nullable=False),
        sa.Column("id", AutoString(length=16), nullable=False),
        sa.Column("person_id", AutoString(length=16), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("told", AutoString(length=16), nullable=False),
        sa.Column("off_token", AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name=op.f("fk_digest_tenant_id_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_digest")),
        sa.UniqueConstraint("tenant_id", "person_id", name=op.f("uq_digest_tenant_id_person_id")),
        sa.UniqueConstraint("off_token", name=op.f("uq_digest_off_token")),
    )


def downgrade() -> None:
    op.drop_table("digest")
