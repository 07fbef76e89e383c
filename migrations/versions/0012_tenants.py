"""What is set per gemeente, its house style, and which of several gemeenten leads a traject."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012_tenants"
down_revision = "0011_rate_limits"
branch_labels = None
depends_on = None

TEXTS = {
    "kind": (24, "gemeente"),
    "code": (8, ""),
    "telephone": (40, ""),
    "sender_name": (80, ""),
    "sender_email": (200, ""),
    "mail_domains": (500, ""),
}
NUMBERS = ("archive_months", "purge_months", "document_years")


def _text(name: str, length: int | None = None, default: str | None = None) -> sa.Column:
    kind = sqlmodel.sql.sqltypes.AutoString(length=length)
    return sa.Column(name, kind, nullable=False, server_default=default)


def upgrade() -> None:
    # Column by column: to make the table anew would take everything of every tenant along, by its own foreign keys.
    for name, (length, default) in TEXTS.items():
        op.add_column("tenant", _text(name, length, default))
    for name in NUMBERS:
        op.add_column("tenant", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tenant", sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("journey", _text("chair_id", 16, ""))
    op.create_table(
        "house_style",
        _text("tenant_id", 16),
        _text("id", 16),
        _text("theme_css"),
        sa.Column("logo", sa.LargeBinary(), nullable=False),
        _text("logo_kind", 16),
        _text("logo_alt", 120),
        _text("mark", 16),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("taken_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_house_style_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_house_style")),
    )


def downgrade() -> None:
    op.drop_table("house_style")
    op.drop_column("journey", "chair_id")
    for name in (*TEXTS, *NUMBERS, "closed_at"):
        op.drop_column("tenant", name)
