"""The web process stays on one core; what it starts has them all."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.core import one_core

if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2:
    pytest.skip("a system with one core, or that cannot choose", allow_module_level=True)

KEEPS = """
import os, sys, threading, time
from app.core import one_core
from app.document.press import Press
before = os.sched_getaffinity(0)
def cores():
    return [os.sched_getaffinity(int(thread)) for thread in os.listdir("/proc/self/task")]
def wait_for(what, until=time.monotonic() + 30):
    while not what():
        assert time.monotonic() < until, cores()
        time.sleep(0.01)
one_core.MOVES = float(sys.argv[1])
one_core.keep()
one_core.keep()
assert [thread.name for thread in threading.enumerate()].count("driekolom-core") == 1
wait_for(lambda: all(len(found) == 1 for found in cores()))
"""
WATCHES = """
found = []
thread = threading.Thread(target=lambda: found.append(os.sched_getaffinity(0)))
thread.start(); thread.join()
assert found == [cores()[0]], "a thread that begins later"
press = Press([sys.executable, "-c", "import time; time.sleep(60)"])
worker = press._worker()
assert os.sched_getaffinity(worker.pid) == before, "a process that makes documents"
assert os.sched_getaffinity(0) == found[0], "who started it is back"
press.close()
"""
MOVED = """
os.sched_setaffinity(0, before)  # as the kernel would, with another process on its core
wait_for(lambda: len(os.sched_getaffinity(0)) == 1)
"""


def run(script: str, moves: float) -> None:
    done = subprocess.run([sys.executable, "-c", script, str(moves)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_all_threads_are_on_one_core_and_a_document_is_not():
    run(KEEPS + WATCHES, moves=3600)


def test_it_looks_again_where_there_is_room():
    run(KEEPS + MOVED, moves=0.05)


def test_where_nobody_may_choose_a_document_is_made_all_the_same(monkeypatch):
    def refuses(*_):
        raise PermissionError

    monkeypatch.setattr(one_core, "_ours", {0, 1})
    monkeypatch.setattr(os, "sched_setaffinity", refuses)
    with one_core.on_any_core():
        done = subprocess.run([sys.executable, "-c", ""], timeout=60)
    assert done.returncode == 0
