"""Agreements."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005_agreements"
down_revision = "0004_screening"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("theme", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("owner_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
        sa.Column("with_parties", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by_when", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("example", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('voorstel', 'afgesproken')", name=op.f("ck_agreement_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_agreement_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"],
            ["party.tenant_id", "party.id"],
            name=op.f("fk_agreement_tenant_id_owner_id_party"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_journey_id"), ["journey_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_journey_id"))

    op.drop_table("agreement")
