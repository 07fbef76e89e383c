"""Stops a PostgreSQL server and clears its folder once whoever started this is gone, however that went: a test run that is
over, is interrupted, or is killed. Started with the folder; its input stays open for as long as the server is needed."""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 10  # seconds


def stop(folder: Path) -> None:
    lock = folder / "data" / "postmaster.pid"  # goes with the server
    with suppress(OSError, ValueError, IndexError):
        os.kill(int(lock.read_text().split()[0]), signal.SIGQUIT)
        deadline = time.monotonic() + PATIENCE
        while lock.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.read()
    stop(Path(sys.argv[1]))
