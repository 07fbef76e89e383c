"""Remarks at everything that can be remarked on, with answers, proposals, and whether they were settled."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0019_remarks"
down_revision = "0018_signing_in"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    with op.batch_alter_table("remark") as table:
        table.add_column(sa.Column("subject", TEXT(length=120), nullable=False, server_default=""))
        table.add_column(sa.Column("step", TEXT(length=24), nullable=False, server_default="waar-staan-we"))
        table.add_column(sa.Column("part", TEXT(length=48), nullable=False, server_default=""))
        table.add_column(sa.Column("reply_to", TEXT(length=16), nullable=True))
        table.add_column(sa.Column("settled_at", MOMENT(), nullable=True))
        table.add_column(sa.Column("settled_by", TEXT(length=16), nullable=False, server_default=""))
        table.add_column(sa.Column("field", TEXT(length=24), nullable=False, server_default=""))
        table.add_column(sa.Column("proposed", TEXT(), nullable=True))
        table.add_column(sa.Column("found", TEXT(), nullable=False, server_default=""))
        table.add_column(sa.Column("decided", TEXT(length=12), nullable=False, server_default=""))
    op.execute("UPDATE remark SET subject = 'punt/' || theme || '/' || item, part = theme")
    op.execute("DELETE FROM remark WHERE removed_at IS NOT NULL")  # withdrawn: nobody could read them any more
    with op.batch_alter_table("remark") as table:
        table.drop_column("theme")
        table.drop_column("item")
        table.create_foreign_key(
            "fk_remark_tenant_id_reply_to_remark",
            "remark",
            ["tenant_id", "reply_to"],
            ["tenant_id", "id"],
            ondelete="CASCADE",
        )
        table.create_check_constraint("ck_remark_decided", "decided IN ('', 'overgenomen', 'afgewezen')")
        table.create_index("ix_remark_journey", ["tenant_id", "journey_id"])
        for name in ("subject", "step", "part", "settled_by", "field", "found", "decided"):
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("remark") as table:
        table.add_column(sa.Column("theme", TEXT(length=48), nullable=False, server_default=""))
        table.add_column(sa.Column("item", TEXT(length=48), nullable=False, server_default=""))
    op.execute("DELETE FROM remark WHERE step <> 'waar-staan-we' OR reply_to IS NOT NULL OR proposed IS NOT NULL")
    op.execute("UPDATE remark SET theme = part, item = substr(subject, length('punt/' || part || '/') + 1)")
    with op.batch_alter_table("remark") as table:
        table.drop_index("ix_remark_journey")
        table.drop_constraint("fk_remark_tenant_id_reply_to_remark", type_="foreignkey")
        table.drop_constraint("ck_remark_decided", type_="check")
        for name in (
            *("subject", "step", "part", "reply_to", "settled_at", "settled_by"),
            *("field", "proposed", "found", "decided"),
        ):
            table.drop_column(name)
