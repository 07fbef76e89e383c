"""Signing in at an organisation's own provider and with a passkey, and the secret with which this installation signs."""

import secrets

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018_signing_in"
down_revision = "0017_access"
branch_labels = None
depends_on = None


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}"))


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "person_id"],
        ["person.tenant_id", "person.id"],
        name=op.f(f"fk_{table}_tenant_id_person_id_person"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    key = op.create_table(
        "installation_key",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("secret", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_key")),
    )
    op.bulk_insert(key, [{"id": 1, "secret": secrets.token_hex(32)}])
    op.create_table(
        "oidc_provider",
        _text("tenant_id", 16),
        _text("id", 16),
        _text("name", 40),
        _text("label", 80),
        _text("issuer", 300),
        _text("client_id", 200),
        _text("domains", 500),
        sa.Column("trusts_address", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_oidc_provider_tenant_id_tenant"), ondelete="CASCADE"
        ),
        _key("oidc_provider"),
        sa.UniqueConstraint("name", name=op.f("uq_oidc_provider_name")),
        sa.UniqueConstraint("issuer", name=op.f("uq_oidc_provider_issuer")),
    )
    op.create_table(
        "identity",
        _text("tenant_id", 16),
        _text("id", 16),
        _text("person_id", 16),
        _text("issuer", 300),
        _text("subject", 255),
        _moment("created_at"),
        _of_person("identity"),
        _key("identity"),
        sa.UniqueConstraint("tenant_id", "issuer", "subject", name=op.f("uq_identity_tenant_id_issuer_subject")),
        sa.UniqueConstraint("tenant_id", "issuer", "person_id", name=op.f("uq_identity_tenant_id_issuer_person_id")),
    )
    op.create_table(
        "passkey",
        _text("tenant_id", 16),
        _text("id", 16),
        _text("person_id", 16),
        _text("credential_id", 1400),
        _text("public_key", 2000),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        _text("label", 60),
        _moment("created_at"),
        _moment("used_at", nullable=True),
        _of_person("passkey"),
        _key("passkey"),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )


def downgrade() -> None:
    for table in ("passkey", "identity", "oidc_provider", "installation_key"):
        op.drop_table(table)
