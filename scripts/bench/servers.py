"""Starts what is measured, each in a process of its own, and stops it again."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scripts.bench.load import Connection

ROOT = Path(__file__).resolve().parents[2]


class Told(Protocol):
    """What a server is told: a `World`, or something smaller."""

    database: str
    cookie: str

    def as_json(self) -> dict: ...


@dataclass(frozen=True)
class Server:
    port: int
    pid: int
    seconds: float  # from start to the first answer

    def connect(self, cookie: str = "") -> Connection:
        return Connection(self.port, cookie)

    def cpu(self) -> float:
        """Seconds of work so far."""
        parts = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> int:
        """Bytes of memory that this process alone and with others holds (Pss: what is shared counts in part)."""
        text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1]) * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def ours(world: Told, path: str = "/gezond") -> Iterator[Server]:
    """`driekolom serve`, as it runs on a server. Ready when `path` is answered."""
    port = free_port()
    env = {
        "DRIEKOLOM_MODE": "server",
        "DRIEKOLOM_BASE_URL": f"http://127.0.0.1:{port}",
        "DRIEKOLOM_DATABASE_URL": f"sqlite:///{world.database}",
        "DRIEKOLOM_PORT": str(port),
    }
    with _running([sys.executable, "-m", "app.cli", "serve"], env, port, path, world.cookie) as server:
        yield server


@contextmanager
def bare(kind: str, world: Told, path: str = "/gezond") -> Iterator[Server]:
    """A counterpart of `scripts.bench.bare`."""
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as told:
        json.dump(world.as_json(), told)
        told.flush()
        command = [sys.executable, "-m", f"scripts.bench.bare_{kind}", str(port), told.name]
        with _running(command, {}, port, path, world.cookie) as server:
            yield server


@contextmanager
def _running(command: list[str], env: dict[str, str], port: int, path: str, cookie: str) -> Iterator[Server]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DRIEKOLOM_")}
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=clean | env, stdout=subprocess.DEVNULL)
    try:
        yield Server(port, process.pid, _answered(process, port, path, cookie) - begun)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answered(process: subprocess.Popen, port: int, path: str, cookie: str) -> float:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = Connection(port, cookie)
        except OSError:
            time.sleep(0.003)
            continue
        connection.get(path)
        moment = time.perf_counter()
        connection.close()
        return moment
    raise RuntimeError(f"no server at port {port}")
