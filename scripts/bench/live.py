"""A saved answer's way to another screen: from the press that saves it to the word that something changed, and to the
page that shows it.

    python -m scripts.bench.live [--windows 1 30 200] [--saves 30]

The listeners are in this process, the server in another. The window that is measured asks for its page the moment it
hears of a change; a browser waits a quarter of a second first, so that what happens together is drawn once.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from scripts.bench.servers import Server, ours
from scripts.bench.told import World
from scripts.bench.world import WORDS, make_world


class Window(threading.Thread):
    """An open stream; notes when it heard of which number of changes."""

    def __init__(self, server: Server, world: World, number: int):
        super().__init__(daemon=True)
        self.ready, self.heard = threading.Event(), {}
        cookies = [world.cookie, *sorted({writer.cookie for writer in world.writers})]
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {"cookie": cookies[number % len(cookies)]}
        self.connection.request("GET", f"/trajecten/{world.journey_id}/stroom?venster=v{number}", headers=headers)

    def run(self) -> None:
        with suppress(OSError, AttributeError, ValueError):  # the connection is closed while this waits for a line
            self._listen()

    def _listen(self) -> None:
        answer = self.connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"the stream was refused: {answer.status}")
        kind = ""
        while line := answer.readline():
            name, _, value = line.decode().strip().partition(": ")
            if name == "event":
                kind = value
                if kind == "stand":
                    self.ready.set()
            elif name == "id" and kind == "nieuws":
                self.heard[int(value)] = time.perf_counter()


def measure(server: Server, world: World, windows: int, saves: int) -> dict[str, float]:
    """In ms: how long until the windows heard of a save, and until one of them had the page that shows it."""
    listeners = [Window(server, world, number) for number in range(windows)]
    for one in listeners:
        one.start()
    for one in listeners:
        if not one.ready.wait(30):
            raise SystemExit("a stream did not begin")
    saver, reader = server.connect(world.cookie), server.connect(world.cookie)
    page = f"/trajecten/{world.journey_id}/gesprek/{world.joint_path.split('/')[1]}"
    version, heard, shown = world.joint_version(), [], []
    for number in range(saves):
        known = {id(one): len(one.heard) for one in listeners}
        words = f"{WORDS} {number} {windows}"
        began = time.perf_counter()
        saver.post(world.joint_url, [("waarde", words), ("versie", str(version))])
        version += 1
        while any(len(one.heard) == known[id(one)] for one in listeners):
            if time.perf_counter() - began > 20:
                raise SystemExit("a window heard nothing")
            time.sleep(0.0002)
        heard += [max(one.heard.values()) - began for one in listeners]
        if f"{number} {windows}" not in reader.get(page).decode():
            raise SystemExit("the page does not show what was saved")
        shown.append(time.perf_counter() - began)
        time.sleep(0.4)  # the stream takes together what happens within 0.3 s
    for one in listeners:
        one.connection.close()

    def at(values: list[float], part: int) -> float:
        return round(statistics.quantiles(values, n=100, method="inclusive")[part - 1] * 1000, 1)

    return {
        "heard p50": at(heard, 50),
        "heard p95": at(heard, 95),
        "shown p50": at(shown, 50),
        "shown p95": at(shown, 95),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--windows", type=int, nargs="*", default=[1, 30, 60])
    parser.add_argument("--saves", type=int, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder) / "live.db", 9)
        with ours(world) as server:
            for windows in given.windows:
                found = measure(server, world, windows, given.saves)
                print(
                    f"{windows:>4} windows: " + ", ".join(f"{name} {value} ms" for name, value in found.items()),
                    flush=True,
                )


if __name__ == "__main__":
    main()
