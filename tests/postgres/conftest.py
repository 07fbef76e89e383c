"""Tests that run on PostgreSQL whatever `--database` says."""

from __future__ import annotations

import pytest

from tests.databases import Databases, PostgresServer


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    return postgres
