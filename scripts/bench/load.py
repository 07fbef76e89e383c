"""The client: plain sockets, so that it costs little and costs ours and theirs the same."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus


@dataclass(frozen=True)
class Measured:
    """Times in seconds, sorted; `elapsed` from the first request to the last answer."""

    times: tuple[float, ...]
    elapsed: float

    def percentile(self, part: float) -> float:
        return self.times[min(len(self.times) - 1, math.ceil(part * len(self.times)) - 1)]

    @property
    def per_second(self) -> float:
        return len(self.times) / self.elapsed


class Wrong(Exception):
    """A server did not answer as it should: then there is nothing to measure."""


class Connection:
    """One connection that stays open."""

    def __init__(self, port: int, cookie: str = ""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb", buffering=1 << 16)
        self.common = (
            f"host: 127.0.0.1:{port}\r\nsec-fetch-site: same-origin\r\ndriekolom-deel: 1\r\n"
            + (f"cookie: {cookie}\r\n" if cookie else "")
        ).encode()

    def get(self, url: str) -> bytes:
        return self._ask(b"GET %s HTTP/1.1\r\n%s\r\n" % (url.encode(), self.common))

    def post(self, url: str, fields: Sequence[tuple[str, str]]) -> bytes:
        body = "&".join(f"{k}={quote_plus(v)}" for k, v in fields).encode()
        head = b"POST %s HTTP/1.1\r\n%scontent-type: application/x-www-form-urlencoded\r\ncontent-length: %d\r\n\r\n"
        return self._ask(head % (url.encode(), self.common, len(body)) + body)

    def _ask(self, request: bytes) -> bytes:
        """The body of a 200. Raises Wrong for anything else."""
        self.socket.sendall(request)
        status, length = self.stream.readline(), 0
        while (line := self.stream.readline()) not in (b"\r\n", b""):
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        body = self.stream.read(length)
        if b" 200 " not in status:
            raise Wrong(f"{request[:100]!r}: {status!r} {body[:300]!r}")
        return body

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


Turn = Callable[[int], object]


def measure(turns: Sequence[Turn], count: int, warm: int = 3) -> Measured:
    """Each of `turns` is a client of its own: called `count` times, one after another, while the others do the same.
    The first `warm` calls are not counted."""
    times: list[list[float]] = [[] for _ in turns]
    problems: list[BaseException] = []
    ready, begun = threading.Barrier(len(turns) + 1), [0.0]

    def client(number: int, turn: Turn) -> None:
        try:
            for i in range(warm):
                turn(i)
        except BaseException as problem:  # noqa: BLE001 - told by the main thread
            problems.append(problem)
        ready.wait()
        try:
            for i in range(warm, warm + count):
                before = time.perf_counter()
                turn(i)
                times[number].append(time.perf_counter() - before)
        except BaseException as problem:  # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=client, args=found) for found in enumerate(turns)]
    for thread in threads:
        thread.start()
    ready.wait()
    begun[0] = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun[0]
    if problems:
        raise problems[0]
    return Measured(tuple(sorted(t for found in times for t in found)), elapsed)
