"""Sessions: an absolute limit beside the one that moves along with use, when they were last used, how and on what."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014_sessions"
down_revision = "0013_mail"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def upgrade() -> None:
    op.add_column("sign_in", _moment("ends_at", True))
    op.add_column("sign_in", _moment("last_seen_at", True))
    op.add_column("sign_in", sa.Column("method", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True))
    op.add_column("sign_in", sa.Column("device", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True))
    # Who is signed in stays so until the old limit.
    op.execute("UPDATE sign_in SET ends_at = expires_at, last_seen_at = created_at, method = 'link', device = ''")
    with op.batch_alter_table("sign_in") as table:
        for name in ("ends_at", "last_seen_at", "method", "device"):
            table.alter_column(name, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as table:
        for name in ("device", "method", "last_seen_at", "ends_at"):
            table.drop_column(name)
