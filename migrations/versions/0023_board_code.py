"""Which board of the register a party is, so that its schools can be offered."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0023_board_code"
down_revision = "0022_keeping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sqlmodel.sql.sqltypes.AutoString(length=8)
    op.add_column("party", sa.Column("register_code", kind, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("party", "register_code")
