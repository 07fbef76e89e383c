"""Mail that is sent: which letter, from whom, in which state, when to try again."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0013_mail"
down_revision = "0012_tenants"
branch_labels = None
depends_on = None

TEXTS = {
    "kind": 24,
    "person_id": 16,
    "by_person": 16,
    "from_name": 300,
    "from_email": 200,
    "reply_to": 200,
    "off_url": 300,
    "message_id": 200,
    "reason": 300,
}
STATES = ("ready", "waiting", "sent", "refused", "bounced", "stopped")


def upgrade() -> None:
    with op.batch_alter_table("mail") as mail:
        for name, length in TEXTS.items():
            mail.add_column(sa.Column(name, AutoString(length=length), nullable=False, server_default=""))
        mail.add_column(sa.Column("secret", sa.Boolean(), nullable=False, server_default=sa.false()))
        mail.add_column(sa.Column("state", AutoString(length=8), nullable=False, server_default="ready"))
        mail.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        mail.add_column(sa.Column("next_at", UTCDateTime(), nullable=True))
        mail.add_column(sa.Column("until", UTCDateTime(), nullable=True))
        mail.add_column(sa.Column("changed_at", UTCDateTime(), nullable=True))
        mail.create_check_constraint(op.f("ck_mail_state"), f"state IN {STATES}")
    op.execute("UPDATE mail SET changed_at = created_at")
    with op.batch_alter_table("mail") as mail:
        mail.alter_column("changed_at", existing_type=UTCDateTime(), nullable=False)
    op.create_index("ix_mail_state", "mail", ["state", "next_at"])
    op.create_index("ix_mail_journey", "mail", ["tenant_id", "journey_id", "id"])


def downgrade() -> None:
    for name in ("ix_mail_state", "ix_mail_journey"):
        op.drop_index(name, "mail")
    with op.batch_alter_table("mail") as mail:
        mail.drop_constraint(op.f("ck_mail_state"), type_="check")
        for name in (*TEXTS, "secret", "state", "attempts", "next_at", "until", "changed_at"):
            mail.drop_column(name)
