"""Texts that several people write in at once: their changes as they came in; bold, italic and links of a paragraph."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0016_shared_text"
down_revision = "0015_audit"
branch_labels = None
depends_on = None

KINDS = ("alinea", "kop", "subkop", "citaat", "punt", "nummer")


def upgrade() -> None:
    op.create_table(
        "prose_document",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot_seq", sa.Integer(), nullable=False),
        sa.Column("writers", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_prose_document_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prose_document")),
        sa.UniqueConstraint(
            "tenant_id", "journey_id", "name", name=op.f("uq_prose_document_tenant_id_journey_id_name")
        ),
    )
    op.create_table(
        "prose_update",
        sa.Column("tenant_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("journey_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("document_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("seat_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "journey_id"],
            ["journey.tenant_id", "journey.id"],
            name=op.f("fk_prose_update_tenant_id_journey_id_journey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["prose_document.tenant_id", "prose_document.id"],
            name=op.f("fk_prose_update_tenant_id_document_id_prose_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prose_update")),
        sa.UniqueConstraint("tenant_id", "document_id", "seq", name=op.f("uq_prose_update_tenant_id_document_id_seq")),
    )
    op.create_index(op.f("ix_prose_update_journey_id"), "prose_update", ["journey_id"])
    with op.batch_alter_table("paragraph") as batch_op:
        batch_op.add_column(sa.Column("rich", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
        batch_op.drop_constraint(op.f("ck_paragraph_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_paragraph_kind"), f"kind IN {KINDS}")
    with op.batch_alter_table("paragraph_origin") as batch_op:
        batch_op.add_column(
            sa.Column("via", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("paragraph_origin") as batch_op:
        batch_op.drop_column("via")
    op.execute("UPDATE paragraph SET kind = 'kop' WHERE kind = 'subkop'")
    op.execute("UPDATE paragraph SET kind = 'alinea' WHERE kind IN ('punt', 'nummer')")
    with op.batch_alter_table("paragraph") as batch_op:
        batch_op.drop_constraint(op.f("ck_paragraph_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_paragraph_kind"), "kind IN ('alinea', 'kop', 'citaat')")
        batch_op.drop_column("rich")
    op.drop_index(op.f("ix_prose_update_journey_id"), "prose_update")
    op.drop_table("prose_update")
    op.drop_table("prose_document")
