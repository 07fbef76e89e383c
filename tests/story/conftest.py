"""Real servers and real browsers. Every request of every page stays on the server's own address, and no page may log an
error (a refused inline style, a script that fails): both are checked when a test ends."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.story.example_world import example_world  # noqa: F401  (a fixture for all stories)

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


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
def server(database_url: str) -> Iterator[Server]:
    server = Server(database_url).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Desk:
    """One person's browser: own cookies, own storage, watched."""

    context: BrowserContext
    wrong: list[str] = field(default_factory=list)
    expect_failures: bool = False  # a test that stops the server sees failed requests
    other_hosts: bool = False  # whoever signs in at their organisation goes there

    def open(self, url: str) -> Page:
        page = self.context.new_page()
        page.goto(url)
        return page


@pytest.fixture
def desk(browser: Browser) -> Iterator[Callable[..., Desk]]:
    """`desk(server, width=320, height=640, javascript=True)` opens a browser of its own."""
    made: list[Desk] = []

    def make(server: Server, width: int = 1366, height: int = 768, javascript: bool = True, **options) -> Desk:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="nl-NL",
            java_script_enabled=javascript,
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        one = Desk(context)

        def asked(request) -> None:
            if not one.other_hosts and not request.url.startswith((server.url + "/", "data:", "blob:")):
                one.wrong.append(f"another host: {request.url}")

        def logged(message) -> None:
            away = (
                "Failed to load resource",
                "WebSocket connection to",
                "ERR_CONNECTION_REFUSED",
                "ERR_CONNECTION_RESET",
            )  # a server that is stopped
            broken = "Unexpected response code: 5" in message.text  # that is no server that was stopped
            if message.type == "error" and (broken or not any(words in message.text for words in away)):
                one.wrong.append(f"console: {message.text}")

        context.on("request", asked)
        context.on("console", logged)
        context.on("weberror", lambda error: one.wrong.append(f"script: {error.error}"))
        made.append(one)
        return one

    yield make
    for one in made:
        one.context.close()
        assert not one.wrong, one.wrong
