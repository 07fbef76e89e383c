"""Answers of parties, joint answers, versions of columns."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003_answers"
down_revision = "0002_journeys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_version",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("record_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("saved_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_field_version_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_field_version")),
        sa.UniqueConstraint(
            "tenant_id",
            "journey_id",
            "kind",
            "record_id",
            "field",
            name=op.f("uq_field_version_tenant_id_journey_id_kind_record_id_field"),
        ),
    )
    op.create_table(
        "joint_answer",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("path", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("saved_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_joint_answer_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_joint_answer")),
        sa.UniqueConstraint("tenant_id", "journey_id", "path", name=op.f("uq_joint_answer_tenant_id_journey_id_path")),
    )
    op.create_table(
        "answer",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("party_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("layer", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("path", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("saved_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("shared_value", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("shared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("shared_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.CheckConstraint("layer IN ('eigen', 'namens')", name=op.f("ck_answer_layer")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_answer_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "party_id"],
            ["party.tenant_id", "party.id"],
            name=op.f("fk_answer_tenant_id_party_id_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "tenant_id",
            "journey_id",
            "party_id",
            "layer",
            "path",
            name=op.f("uq_answer_tenant_id_journey_id_party_id_layer_path"),
        ),
    )


def downgrade() -> None:
    op.drop_table("answer")
    op.drop_table("joint_answer")
    op.drop_table("field_version")
