"""The log of access and output, and what was removed for good as numbers. Both append-only by the database itself."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.audit.guard import statements

revision = "0015_audit"
down_revision = "0014_sessions"
branch_labels = None
depends_on = None


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        _text("tenant_id", 16),
        _text("id", 16),
        _moment("at"),
        _text("journey_id", 16),
        _text("seat_id", 16),
        _text("person_id", 16),
        _text("party_id", 16),
        _text("what", 40),
        _text("object", 120),
        _text("result", 16),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_audit_entry_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_journey", "audit_entry", ["tenant_id", "journey_id", "id"])
    op.create_index("ix_audit_entry_person", "audit_entry", ["tenant_id", "person_id", "id"])
    op.create_table(
        "purge_line",
        _text("tenant_id", 16),
        _text("id", 16),
        _moment("at"),
        _text("journey_id", 16),
        _moment("before", nullable=True),
        _text("counts", 2000),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_purge_line_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_purge_line")),
    )
    for statement in statements(op.get_bind().dialect.name == "sqlite"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_entry")  # with its triggers
    op.drop_table("purge_line")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refuse()")
        op.execute("DROP FUNCTION audit_may_go()")
