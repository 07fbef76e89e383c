"""Real servers, for real browsers (`tests.browsing`)."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from tests.browsing import Desk
from tests.databases import Databases
from tests.story.example_world import example_world, with_examples  # noqa: F401  (a fixture for all stories)
from tests.story.steps import enter, invite, start_journey


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """`driekolom serve` in a process of its own, in local mode, on an empty database."""

    database_url: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def env(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("DRIEKOLOM_")}
        return clean | {"DRIEKOLOM_DATABASE_URL": self.database_url, "DRIEKOLOM_PORT": str(self.port)}

    def start(self) -> Server:
        command = [str(Path(sys.executable).with_name("driekolom")), "serve"]
        self.process = subprocess.Popen(
            command, env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(self.process.stdout.read().decode())
            try:
                if httpx.get(f"{self.url}/gezond", timeout=1).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start within a minute")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(timeout=20)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Meanwhile it does not answer, and what is sent waits: nobody hears of anybody."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    def ask(self, query: str, *values: str) -> list[tuple]:
        """Looks in (or changes) the database behind the server's back; a value stands as `?`."""
        if path := self.database_url.partition("sqlite:///")[2]:
            with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
                return connection.execute(query, values).fetchall()
        import psycopg

        with psycopg.connect(self.database_url.replace("+psycopg", "")) as connection:
            found = connection.execute(query.replace("?", "%s").encode(), values or None)
            return found.fetchall() if found.description else []


@pytest.fixture
def server(databases: Databases, tmp_path: Path) -> Iterator[Server]:
    server = Server(with_examples(databases, tmp_path)).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Server]:
    """For a module whose stories have a traject of their own each, on one server."""
    server = Server(with_examples(databases, tmp_path_factory.mktemp("server"))).start()
    yield server
    server.stop()


@pytest.fixture
def journey(server: Server, desk: Callable[..., Desk], request: pytest.FixtureRequest) -> str:
    """The address of a new traject, made by the person of this computer."""
    return start_journey(desk(server).open(server.url), f"Proef {request.node.name}"[:80], "Meerwijk")


@pytest.fixture
def jan(server: Server, desk: Callable[..., Desk], journey: str) -> Page:
    """Somebody else in that traject, on a phone, signed in by a personal link (`jan.link`)."""
    link = invite(desk(server).open(journey), journey, "Gemeente Meerwijk", "Jan Bakker")
    page = desk(server, 390, 844).context.new_page()
    enter(page, link)
    page.link = link
    return page
