"""The web process stays on one core, and now and then looks for a better one.

Of the threads of a Python process one works at a time. When they are on different cores, handing over costs a message
from core to core and a wait for it: on a virtual machine ten times what it costs on one core, several times in every
save. So on one core saves and keys go faster, and other processes (documents, the database) have the other cores.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MOVES = 10.0  # seconds that it stays: longer than a hand-over costs, shorter than somebody notices a busy core
FREE = 0.02  # seconds in which the kernel may put its threads where there is room

_THREADS = Path("/proc/self/task")
_lock = threading.Lock()
_ours: set[int] = set()  # the cores that this process may use; empty while it is not kept on one


def keep() -> None:
    """Keeps the threads of this process on one core from now on. Nothing where the system cannot do so, or when there
    is only one."""
    if not hasattr(os, "sched_setaffinity") or not _THREADS.is_dir():
        return
    with _lock:
        if _ours or len(os.sched_getaffinity(0)) < 2:
            return
        _ours.update(os.sched_getaffinity(0))
    threading.Thread(target=_keep, name="driekolom-core", daemon=True).start()


@contextmanager
def on_any_core() -> Iterator[None]:
    """For who starts another process: that one may use all the cores this process may."""
    with _lock:
        if not _ours:
            yield
            return
        before = os.sched_getaffinity(0)
        _bind_one(0, _ours)
        try:
            yield
        finally:
            _bind_one(0, before)


def _keep() -> None:
    pause = threading.Event()
    while True:
        with _lock:
            _bind(_ours)
            pause.wait(FREE)
            _bind({_core_of_the_loop()} & _ours or _ours)
        pause.wait(MOVES)


def _bind(cores: set[int]) -> None:
    for thread in os.listdir(_THREADS):
        _bind_one(int(thread), cores)


def _bind_one(thread: int, cores: set[int]) -> None:
    with suppress(OSError):  # it has ended meanwhile, or the machine does not let us choose
        os.sched_setaffinity(thread, cores)


def _core_of_the_loop() -> int:
    """Where the first thread of this process, that of the event loop, was last."""
    words = (_THREADS / str(os.getpid()) / "stat").read_text().rsplit(")", 1)[1].split()
    return int(words[36])
