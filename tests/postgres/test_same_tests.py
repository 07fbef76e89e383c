"""A selection of the tests of the rooms, on PostgreSQL: migrations, saving and what is told.
`make test-postgres` runs them all there."""

# ruff: noqa: F403, F401 - they are collected here again, and get the database of this folder
from tests.answers.test_saving import *
from tests.core.test_live import *
from tests.core.test_migrations import *
