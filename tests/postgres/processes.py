"""Processes of Driekolom on one database, and what stands before them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

from app.core.settings import REPO
from app.journey.gate import cookie_name
from app.people.actions import sign_in
from app.people.models import Person
from tests.conftest import World
from tests.live.conftest import Listener
from tests.story.conftest import free_port


class Process:
    """`driekolom serve` on the database of the world."""

    def __init__(self, world: World):
        self.world, self.port = world, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        world = self.world
        clean = {k: v for k, v in os.environ.items() if not k.startswith("DRIEKOLOM_")}
        settings = {
            "MODE": "server",
            "BASE_URL": world.settings.base_url,
            "DATABASE_URL": world.settings.database_url,
            "PORT": str(self.port),
        }
        self.process = subprocess.Popen(
            [str(Path(sys.executable)), "-m", "app.cli", "serve"],
            cwd=REPO,
            env=clean | {f"DRIEKOLOM_{name}": value for name, value in settings.items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Process:
        self.wait()
        return self

    def wait(self) -> None:
        """Until it answers."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "staat klaar" in line, line + self.process.stdout.read()

    def kill(self) -> None:
        """As when the machine stops: nothing is said to anybody."""
        self.process.kill()
        self.process.wait(10)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def listen(self, headers: dict[str, str], place: str) -> Listener:
        return Listener(f"{self.address}{self.world.url}/stroom?venster=v&plek={place}", headers).start()


def headers(world: World, name: str) -> dict[str, str]:
    with world.database.write() as tx:
        token = sign_in(tx, tx.get_one(Person, world.persons[name]), 12)
    cookie = f"{cookie_name(world.settings)}={token}"
    return {"host": "lea.test", "sec-fetch-site": "same-origin", "cookie": cookie, "driekolom-deel": "1"}


class Proxy:
    """Gives each connection to one of the processes in turn, and to another when that one is gone. Sockets go to the
    process that has fewest of them."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listening.getsockname()[1]
        self.processes: list[Process] = []
        self.sockets: Counter[int] = Counter()  # open websockets, by port
        self._turn = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._carry, args=(self.listening.accept()[0],), daemon=True).start()

    def _ports(self, upgrades: bool) -> list[int]:
        """Where to try, in this order."""
        with self._lock:
            self._turn += 1
            ports = [p.port for p in self.processes]
            ports = ports[self._turn % len(ports) :] + ports[: self._turn % len(ports)]
            return sorted(ports, key=lambda port: self.sockets[port]) if upgrades else ports

    def _carry(self, browser: socket.socket) -> None:
        with browser, suppress(OSError):
            first = browser.recv(65536)
            upgrades = b"upgrade: websocket" in first.lower()
            for port in self._ports(upgrades):
                try:
                    server = socket.create_connection(("127.0.0.1", port), timeout=5)
                except OSError:
                    continue
                break
            else:
                return
            with server:
                server.settimeout(None)
                server.sendall(first)
                self.sockets[port] += upgrades
                back = threading.Thread(target=_pipe, args=(server, browser), daemon=True)
                back.start()
                try:
                    _pipe(browser, server)
                    back.join()
                finally:
                    self.sockets[port] -= upgrades


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
