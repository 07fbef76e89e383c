"""People who write together, as light as they can be: hundreds of websockets in one event loop, so that what is
measured is the server. What they type is made before anything is measured, and the same client asks ours and the
counterpart."""

from __future__ import annotations

import asyncio
import random
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 60  # seconds in which a connection has to be there
LATE = 5  # seconds after the last key in which the last of it has to arrive


@dataclass
class Typed:
    """What was typed in one measurement, and when it arrived at the others."""

    sent: dict[bytes, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)  # seconds, of each key at each of the others
    wanted: int = 0
    keys: int = 0
    ended: list[str] = field(default_factory=list)  # connections that the server ended

    @property
    def delivered(self) -> float:
        return len(self.took) / max(1, self.wanted)


class Person(asyncio.Protocol):
    """One browser: joins, hears, and types what was given to it. `own`: speaks as our editor does, and hears a change
    behind one byte; else behind the four of the number that it was sent with."""

    def __init__(self, typed: Typed, own: bool):
        self.typed, self.own = typed, own
        self.skip = 1 if own else 4
        self.buffer = bytearray()
        self.head = b""  # the answer to the handshake, until it is whole
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.text: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.keys: Sequence[bytes] = ()
        self.at = 0  # of its keys
        self.others = 0

    # ---- the socket ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def connection_lost(self, problem: Exception | None) -> None:
        self.fail(f"gone: {problem}")

    def data_received(self, data: bytes) -> None:
        moment = time.perf_counter()
        self.buffer += data
        if not self.open.done():
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.head = bytes(self.buffer[:end])
            del self.buffer[: end + 4]
            if b" 101 " not in self.head.partition(b"\r\n")[0]:
                return self.fail(self.head[:80].decode("latin-1"))
            self.open.set_result(None)
        at, buffer = 0, self.buffer
        while len(buffer) - at >= 2:
            kind, size, start = buffer[at] & 15, buffer[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if len(buffer) < start + size:
                break
            self.heard(kind, bytes(buffer[start : start + size]), moment)
            at = start + size
        del buffer[:at]

    def send(self, kind: int, data: bytes) -> None:
        """A frame; the mask is zero, so the bytes stay what they are."""
        size = len(data)
        length = struct.pack(">B", 128 | size) if size < 126 else struct.pack(">BH", 254, size)
        self.transport.write(bytes([128 | kind]) + length + b"\0\0\0\0" + data)

    def fail(self, why: str) -> None:
        if not (self.open.done() and self.text.done() and self.transport.is_closing()):
            self.typed.ended.append(why)
        for promise in (self.open, self.text):
            if not promise.done():
                promise.set_exception(ConnectionError(why))
                promise.exception()  # nobody need ask
        self.transport.close()

    # ---- what goes over it ----

    def heard(self, kind: int, data: bytes, moment: float) -> None:
        if kind == 2:
            started = self.typed.sent.get(data[self.skip :])
            if started is not None:
                self.typed.took.append(moment - started)
            elif self.own and not self.text.done():
                self.text.set_result(data[1:])
        elif kind == 9:
            self.send(10, data)
        elif kind == 8:
            self.fail(f"closed: {int.from_bytes(data[:2], 'big')}")

    async def enter(self, port: int, address: str, cookie: str) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)
        self.transport.write(
            f"GET {address} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\norigin: http://127.0.0.1:{port}\r\n"
            f"cookie: {cookie}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        await asyncio.wait_for(self.open, PATIENCE)
        if self.own:
            self.send(1, b'{"t":"hoi"}')
            await asyncio.wait_for(self.text, PATIENCE)

    def prepare(self, count: int) -> None:
        """Makes so many keys: a letter behind the letter before it, as people type. (One that goes before it is never
        joined with it: of a text in which all are, hundreds of times as many pieces are kept.)"""
        from pycrdt import Doc, Text

        doc = Doc()
        if self.own:
            doc.apply_update(self.text.result())
        text, keys = doc.get("tekst", type=Text), []
        for number in range(count):
            before = doc.get_state()
            text.insert(number + (1 if self.own else 0), "e", {})
            keys.append(doc.get_update(before))
        self.keys = keys

    async def type(self, count: int, each_second: float, counted: bool = True) -> None:
        """Types so many of its keys. The first does not count: nothing was done a moment ago."""
        began = time.perf_counter() + random.random() / each_second  # noqa: S311
        for number in range(count):
            due = began + number / each_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if self.transport.is_closing():
                return
            key = self.keys[self.at]
            self.at += 1
            self.typed.keys += 1
            if counted and number:
                self.typed.wanted += self.others
                self.typed.sent[key] = time.perf_counter()
            self.send(2, self.at.to_bytes(4, "big") + key)

    def leave(self) -> None:
        if not self.transport.is_closing():
            self.send(8, b"\x03\xe8")
        self.transport.close()
