"""The PostgreSQL of the tests goes when they go, however they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.core.settings import REPO

KEEPS = """
from tests.databases import PostgresServer, postgres_server
PostgresServer.prepare = lambda self: None
with postgres_server() as server:
    print(server.folder, (server.folder / "data/postmaster.pid").read_text().split()[0], flush=True)
    input()
"""


def test_nothing_is_left_of_the_server_of_tests_that_were_killed():
    tests = subprocess.Popen(
        [sys.executable, "-c", KEEPS], cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert tests.stdin and tests.stdout
    with tests.stdin, tests.stdout:
        folder, number = tests.stdout.readline().split()
        assert Path(folder, ".s.PGSQL.5432").exists()
        tests.send_signal(signal.SIGKILL)
        tests.wait()
    wait_until(lambda: not Path(folder).exists())
    wait_until(lambda: is_gone(int(number)))


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
