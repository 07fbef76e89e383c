"""What was shared, and remarks."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004_screening"
down_revision = "0003_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("theme", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("about_party_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
        sa.Column("seat_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("by_party_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "about_party_id"],
            ["party.tenant_id", "party.id"],
            name=op.f("fk_remark_tenant_id_about_party_id_party"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_remark_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_remark")),
    )
    op.create_table(
        "share",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("party_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("layer", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("theme", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_seat", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_share_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "party_id"],
            ["party.tenant_id", "party.id"],
            name=op.f("fk_share_tenant_id_party_id_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_share")),
        sa.UniqueConstraint(
            "tenant_id",
            "journey_id",
            "party_id",
            "layer",
            "theme",
            name=op.f("uq_share_tenant_id_journey_id_party_id_layer_theme"),
        ),
    )


def downgrade() -> None:
    op.drop_table("share")
    op.drop_table("remark")
