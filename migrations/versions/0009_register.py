"""The register: gemeenten, boards and schools from open data. Public facts, so of no tenant."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009_register"
down_revision = "0008_checklists"
branch_labels = None
depends_on = None


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "register_municipality",
        _text("code", 4),
        _text("name", 120),
        _text("uri", 200),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_register_municipality")),
    )
    op.create_table(
        "register_board",
        _text("code", 8),
        _text("name", 200),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_register_board")),
    )
    op.create_table(
        "register_school",
        _text("code", 12),
        _text("board_code", 8),
        _text("municipality_code", 4),
        _text("name", 200),
        _text("place", 80),
        _text("sector", 8),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_register_school")),
    )
    op.create_index(op.f("ix_register_school_board_code"), "register_school", ["board_code"])
    op.create_index(op.f("ix_register_school_municipality_code"), "register_school", ["municipality_code"])
    op.create_table(
        "register_import",
        _text("id", 16),
        _text("kind", 16),
        _text("file_name", 200),
        sa.Column("measured_on", sa.Date(), nullable=True),
        _text("sha256", 64),
        _text("rows"),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("vanished", sa.Integer(), nullable=False),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("applied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
    )


def downgrade() -> None:
    for table in ("register_import", "register_school", "register_board", "register_municipality"):
        op.drop_table(table)
