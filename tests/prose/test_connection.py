"""Who may open the line over which a text is written: said at once, as a number that the page makes a sentence of."""

import asyncio
from concurrent.futures import CancelledError
from datetime import timedelta

import pytest
import uvicorn
from sqlmodel import select
from starlette.websockets import WebSocketDisconnect
from uvicorn.server import ServerState
from websockets.frames import Frame as Serialized
from websockets.frames import Opcode

from app.core.clock import aware, now
from app.people.models import SignIn
from app.prose import sockets
from app.prose.reasons import GONE, NOT_ALLOWED, OLD, SIGNED_OUT
from tests.apart import apart
from tests.conftest import HOST, World


def answer(world: World, name: str, origin: str = HOST, version: str = "1", chapter: str = "inleiding", client=None):
    """The first message, or the number that the line is closed with."""
    address = f"wss://lea.test{world.url}/samen/{chapter}?v={version}"
    heard = b""
    try:
        with (client or world.client(name)).websocket_connect(address, headers={"origin": origin}) as line:
            line.send_text('{"t":"hoi"}')
            heard = line.receive_bytes()
    except WebSocketDisconnect as ended:
        return ended.code
    except CancelledError:  # the loop of the test client ends together with the line
        pass
    return heard


def test_the_line_is_for_who_may_write(world):
    assert answer(world, "pieter") == NOT_ALLOWED
    assert answer(world, "olga") == GONE and answer(world, "otto") == GONE
    assert answer(world, "nobody") == SIGNED_OUT
    assert answer(world, "jan", chapter="bestaat-niet") == GONE
    assert answer(world, "jan", version="0") == OLD
    assert answer(world, "jan")[:1] == b"\1"


def test_a_session_that_was_not_used_for_a_while_opens_the_line(world):
    """After an hour without a line the socket is the first to come back, before any page."""
    client = world.client("jan")
    with world.database.write() as tx:
        for session in tx.exec(select(SignIn)):
            session.last_seen_at -= timedelta(hours=1)
            tx.add(session)
    before = now()
    assert answer(world, "jan", client=client)[:1] == b"\1"
    with world.database.read() as tx:
        assert max(aware(session.last_seen_at) for session in tx.exec(select(SignIn))) >= before


@pytest.mark.parametrize("origin", ["https://elders.test", "http://lea.test", "", "null"])
def test_a_page_of_somebody_else_gets_no_line(world, origin):
    assert answer(world, "jan", origin=origin) == NOT_ALLOWED


def test_who_reads_slowly_gets_everything_in_order_and_holds_up_nobody():
    """What a socket takes at once is sent at once; the rest waits behind it, in a task of its own."""

    async def play() -> None:
        takes, got = asyncio.Event(), []

        async def send(frame) -> None:
            await takes.wait()
            got.append(frame["bytes"])

        line = sockets.Line(send, None)  # type: ignore[arg-type]
        for number in range(5):
            line.give(sockets.Frame(bytes([number])))
        await asyncio.sleep(0)
        assert got == [], "it takes nothing yet"
        takes.set()
        for number in range(5, 8):
            line.give(sockets.Frame(bytes([number])))
        await asyncio.sleep(0.01)
        assert got == [bytes([number]) for number in range(8)]
        line.give(sockets.Frame(b"at once"))
        assert got[-1] == b"at once", "nothing waits any more, so no task is needed"

    apart(play())


@pytest.mark.parametrize(
    "said", [b"", b"x" * 125, b"x" * 126, b"x" * 70_000, {"t": "op", "n": 1}, {"naam": "é’" * 200}]
)
def test_a_frame_that_is_made_once_is_the_frame_that_a_server_makes(said):
    frame = sockets.Frame(said)
    words = frame.message.get("text")
    kind, data = (Opcode.BINARY, frame.message["bytes"]) if words is None else (Opcode.TEXT, words.encode())
    assert frame.wire == Serialized(kind, data).serialize(mask=False)


class Wire(asyncio.Transport):
    """What goes over it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent, self.closing = b"", False

    def write(self, data) -> None:
        self.sent += data

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def close(self) -> None:
        self.closing = True


def test_a_frame_goes_straight_to_the_connection_and_waits_when_that_is_full():
    """With the very server that is installed: when it looks different inside, this says so."""

    async def play() -> None:
        lines: list[sockets.Line] = []
        over = asyncio.Event()

        async def app(scope, receive, send) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            lines.append(sockets.Line(send, None))  # type: ignore[arg-type]
            await over.wait()

        config = uvicorn.Config(app, ws_per_message_deflate=False, log_level="warning")
        config.load()
        server, wire = config.ws_protocol_class(config, ServerState(), {}), Wire()  # type: ignore[misc]
        server.connection_made(wire)
        server.data_received(
            b"GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
            b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        while not lines:  # noqa: ASYNC110 - it says so to nobody
            await asyncio.sleep(0)
        line, wire.sent = lines[0], b""
        frames = [sockets.Frame(bytes([number])) for number in range(6)]
        line.send = None  # type: ignore[assignment]  # whoever goes through it now, goes wrong
        line.give(frames[0])
        assert wire.sent == frames[0].wire
        line.send = server.send
        server.pause_writing()
        for frame in frames[1:4]:
            line.give(frame)
        assert wire.sent == frames[0].wire, "it is full"
        server.resume_writing()
        line.give(frames[4])
        await asyncio.sleep(0.01)
        line.give(frames[5])
        assert wire.sent == b"".join(frame.wire for frame in frames)
        server.connection_lost(None)
        line.give(frames[0])
        over.set()
        assert len(wire.sent) == sum(len(frame.wire) for frame in frames), "it is gone"

    apart(play())
