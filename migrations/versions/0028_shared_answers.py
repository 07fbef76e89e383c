"""Answers that several people write in at once: what is bold or a list in them, and longer names of their texts."""

import sqlalchemy as sa
from alembic import op

revision = "0028_shared_answers"
down_revision = "0027_stopped_seats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("joint_answer") as table:
        table.add_column(sa.Column("rich", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("prose_document") as table:
        table.alter_column("name", existing_type=sa.String(100), type_=sa.String(168), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("prose_document") as table:
        table.alter_column("name", existing_type=sa.String(168), type_=sa.String(100), existing_nullable=False)
    with op.batch_alter_table("joint_answer") as table:
        table.drop_column("rich")
