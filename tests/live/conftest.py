"""A real server on the world of the cast, and browsers that listen to its stream."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.journey.gate import cookie_name
from app.live import streams
from app.people.actions import sign_in
from app.people.models import Person
from tests.conftest import World


@dataclass
class Event:
    kind: str
    data: str
    id: str
    at: float


@dataclass
class Listener:
    """One window with an open stream; reads in a thread of its own."""

    url: str
    headers: dict[str, str]
    status: int = 0
    heard: list[Event] = field(default_factory=list)
    closed_at: float = 0.0
    raw: str = ""
    _over: threading.Event = field(default_factory=threading.Event)
    _began: threading.Event = field(default_factory=threading.Event)
    _response: httpx.Response | None = None

    def start(self) -> Listener:
        threading.Thread(target=self._read, daemon=True).start()
        assert self._began.wait(40)
        return self

    def _read(self) -> None:
        try:
            with httpx.Client(timeout=60) as client, client.stream("GET", self.url, headers=self.headers) as response:
                self._response, self.status = response, response.status_code
                self._began.set()
                block: dict[str, str] = {}
                for line in response.iter_lines():
                    self.raw += line + "\n"
                    if line:
                        name, _, value = line.partition(": ")
                        block[name.rstrip(":")] = value
                    elif "event" in block:  # and no line of a page that says no
                        self.heard.append(
                            Event(block.get("event", ""), block.get("data", ""), block.get("id", ""), time.monotonic())
                        )
                        block = {}
        except httpx.HTTPError:
            pass
        finally:
            self.closed_at = time.monotonic()
            self._began.set()
            self._over.set()

    def wait_for(self, kind: str, seconds: float = 8, data: str = "") -> Event:
        """The first event of this kind (with this in its data)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for event in list(self.heard):
                if event.kind == kind and data in event.data:
                    return event
            time.sleep(0.01)
        raise AssertionError(f"no {kind} {data}; heard {[(e.kind, e.data) for e in self.heard]}")

    def wait_until_closed(self, seconds: float = 8) -> float:
        assert self._over.wait(seconds), "the stream stayed open"
        return self.closed_at

    def leave(self) -> None:
        """As a browser that is closed: the connection goes."""
        if self._response and (stream := self._response.extensions.get("network_stream")):
            stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@dataclass
class Site:
    """The server, and who asks."""

    world: World
    address: str

    def headers(self, name: str) -> dict[str, str]:
        found = {"host": "lea.test", "sec-fetch-site": "same-origin"}
        if name != "nobody":
            with self.world.database.write() as tx:
                token = sign_in(tx, tx.get_one(Person, self.world.persons[name]), 12)
            found["cookie"] = f"{cookie_name(self.world.settings)}={token}"
        return found

    def listen(self, name: str, query: str = "", **more: str) -> Listener:
        url = f"{self.address}{self.world.url}/stroom?venster=v{query}"
        return Listener(url, self.headers(name) | more).start()

    def get(self, path: str, name: str, **more: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=self.headers(name) | more, timeout=20)


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """This app on a port of its own, in a thread."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    assert app.state.database.hub.wait_until_listening()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        app.state.database.hub.close()
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def site(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(streams, "LIFE", 600)
    with running(world.app) as address:
        yield Site(world, address)
