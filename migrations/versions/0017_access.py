"""Who was here on which day, and the message in which a personal link went."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0017_access"
down_revision = "0016_shared_text"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("last_seen_on", sa.Date(), nullable=True))
    op.add_column(
        "seat_link",
        sa.Column("mail_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("seat_link", "mail_id")
    op.drop_column("seat", "last_seen_on")
