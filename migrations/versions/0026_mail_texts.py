"""The text of every message is emptied once it need not be sent, so nothing has to say which texts are secret."""

import sqlalchemy as sa
from alembic import op

revision = "0026_mail_texts"
down_revision = "0025_access_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE mail SET body = '' WHERE state NOT IN ('ready', 'waiting')")
    with op.batch_alter_table("mail") as mail:
        mail.drop_column("secret")


def downgrade() -> None:
    with op.batch_alter_table("mail") as mail:
        mail.add_column(sa.Column("secret", sa.Boolean(), nullable=False, server_default=sa.true()))
