"""Lists of criteria, and how far each school or organisation is."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008_checklists"
down_revision = "0007_plan"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("municipality_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
        sa.Column("conclusion", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("option", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_place", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_year", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_checklist_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "municipality_id"],
            ["municipality.tenant_id", "municipality.id"],
            name=op.f("fk_checklist_tenant_id_municipality_id_municipality"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checklist")),
    )
    with op.batch_alter_table("checklist", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_journey_id"), ["journey_id"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("checklist_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "checklist_id"],
            ["checklist.tenant_id", "checklist.id"],
            name=op.f("fk_criterion_tenant_id_checklist_id_checklist"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_criterion_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_criterion")),
    )
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_checklist_id"), ["checklist_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_criterion_journey_id"), ["journey_id"], unique=False)

    op.create_table(
        "institution",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("checklist_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("party_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "checklist_id"],
            ["checklist.tenant_id", "checklist.id"],
            name=op.f("fk_institution_tenant_id_checklist_id_checklist"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_institution_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "party_id"],
            ["party.tenant_id", "party.id"],
            name=op.f("fk_institution_tenant_id_party_id_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_institution")),
    )
    with op.batch_alter_table("institution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_institution_checklist_id"), ["checklist_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_institution_journey_id"), ["journey_id"], unique=False)

    op.create_table(
        "criterion_progress",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("institution_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("criterion_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("dated", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("saved_by", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.CheckConstraint(
            "state IN ('', 'nog-niet', 'bezig', 'op-orde', 'nvt')", name=op.f("ck_criterion_progress_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "criterion_id"],
            ["criterion.tenant_id", "criterion.id"],
            name=op.f("fk_criterion_progress_tenant_id_criterion_id_criterion"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "institution_id"],
            ["institution.tenant_id", "institution.id"],
            name=op.f("fk_criterion_progress_tenant_id_institution_id_institution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_criterion_progress_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_criterion_progress")),
        sa.UniqueConstraint(
            "tenant_id",
            "institution_id",
            "criterion_id",
            name=op.f("uq_criterion_progress_tenant_id_institution_id_criterion_id"),
        ),
    )
    with op.batch_alter_table("criterion_progress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_progress_criterion_id"), ["criterion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_criterion_progress_journey_id"), ["journey_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("criterion_progress", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criterion_progress_journey_id"))
        batch_op.drop_index(batch_op.f("ix_criterion_progress_criterion_id"))

    op.drop_table("criterion_progress")
    with op.batch_alter_table("institution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_institution_journey_id"))
        batch_op.drop_index(batch_op.f("ix_institution_checklist_id"))

    op.drop_table("institution")
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criterion_journey_id"))
        batch_op.drop_index(batch_op.f("ix_criterion_checklist_id"))

    op.drop_table("criterion")
    with op.batch_alter_table("checklist", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_journey_id"))

    op.drop_table("checklist")
