"""One fsync as SQLite does it: a row in a table of its own, committed at the pace at which keys come in.

Told `seconds per-second` on a line, it answers with how long each commit took, in seconds.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time


def main(path: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
    connection.execute("CREATE TABLE IF NOT EXISTS change (id INTEGER PRIMARY KEY, data BLOB NOT NULL)")
    for line in sys.stdin:
        seconds, each_second = map(float, line.split())
        took, began = [], time.perf_counter()
        for number in range(int(seconds * each_second)):
            time.sleep(max(0.0, began + number / each_second - time.perf_counter()))
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO change (data) VALUES (?)", (b"x" * 100,))
            started = time.perf_counter()
            connection.execute("COMMIT")
            took.append(time.perf_counter() - started)
            if time.perf_counter() > began + seconds:
                break
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
