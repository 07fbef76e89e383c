"""What makes the log append-only in the database itself: triggers, in the words of SQLite and of PostgreSQL.

A line is never changed. It goes only when its journey was purged, which leaves a line with numbers (`PurgeLine`), or
with the lines of no journey from before a moment that such a line names.
"""

from __future__ import annotations

TABLES = ("audit_entry", "purge_line")

_MAY_GO = """EXISTS (
    SELECT 1 FROM purge_line p WHERE p.tenant_id = OLD.tenant_id AND p.journey_id = OLD.journey_id
    AND (OLD.journey_id <> '' OR OLD.at < p.before))"""
_SAID = "the log is append-only"


def statements(sqlite: bool) -> list[str]:
    """The statements that put the guard in place."""
    return _sqlite() if sqlite else _postgresql()


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    made = [f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}" for table in TABLES]
    # INSERT OR REPLACE takes the old row away without asking the triggers of DELETE.
    for table in TABLES:
        there = f"EXISTS (SELECT 1 FROM {table} WHERE tenant_id = NEW.tenant_id AND id = NEW.id)"  # noqa: S608
        made.append(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
    made.append(f"CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry WHEN NOT {_MAY_GO} {refuse}")
    made.append(f"CREATE TRIGGER purge_line_no_delete BEFORE DELETE ON purge_line {refuse}")
    return made


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{_SAID}'; END $$""",
        f"""CREATE FUNCTION audit_may_go() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NOT {_MAY_GO} THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN OLD; END $$""",
    ]
    for table in TABLES:
        made.append(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
        made.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    made.append(
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_may_go()"
    )
    made.append(
        "CREATE TRIGGER purge_line_no_delete BEFORE DELETE ON purge_line FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    return made
