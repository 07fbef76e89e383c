"""When a journey was archived and the day on which it goes; adopted documents, which outlive their journey."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0022_keeping"
down_revision = "0021_codes"
branch_labels = None
depends_on = None


def _text(name: str, length: int, default: str | None = None) -> sa.Column:
    kind = sqlmodel.sql.sqltypes.AutoString(length=length)
    return sa.Column(name, kind, nullable=False, server_default=default)


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def upgrade() -> None:
    # Column by column: to make the table anew would take everything of every journey along, by its own foreign keys.
    op.add_column("journey", _moment("archived_at"))
    op.add_column("journey", _text("archived_by", 16, ""))
    op.add_column("journey", sa.Column("purge_on", sa.Date(), nullable=True))
    op.create_table(
        "archive_record",
        _text("tenant_id", 16),
        _text("id", 16),
        _text("journey_id", 16),
        _text("title", 200),
        _text("decision", 200),
        sa.Column("decided_on", sa.Date(), nullable=False),
        _moment("fixed_at", nullable=False),
        _text("fixed_by", 16),
        _text("file_name", 200),
        _text("sha256", 64),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_archive_record_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_archive_record")),
    )
    op.create_index("ix_archive_record_journey", "archive_record", ["tenant_id", "journey_id"])


def downgrade() -> None:
    op.drop_table("archive_record")
    for name in ("archived_at", "archived_by", "purge_on"):
        op.drop_column("journey", name)
