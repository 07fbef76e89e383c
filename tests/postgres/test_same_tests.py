"""A selection of the tests of the rooms, on PostgreSQL: migrations, saving and what is told.
`make test-postgres` runs them all there."""

# ruff: noqa: F401 - they are collected here again, and get the database of this folder
from tests.answers.test_saving import test_stale_save_changes_nothing_and_carries_both_texts
from tests.core.test_live import (
    database,
    test_a_concept_is_told_within_its_party_only,
    test_nothing_is_told_before_it_is_committed,
    test_what_is_taken_back_is_not_told,
)
from tests.core.test_migrations import (
    bare_url,
    test_a_failed_migration_changes_nothing,
    test_every_migration_can_be_taken_back,
)
