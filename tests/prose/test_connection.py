"""Who may open the line over which a text is written: said at once, as a number that the page makes a sentence of."""

import asyncio
from concurrent.futures import CancelledError
from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.websockets import WebSocketDisconnect

from app.core.clock import aware, now
from app.people.models import SignIn
from app.prose import sockets
from app.prose.together import GONE, NOT_ALLOWED, OLD, SIGNED_OUT
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
            line.give(sockets._frame(bytes([number])))
        await asyncio.sleep(0)
        assert got == [], "it takes nothing yet"
        takes.set()
        for number in range(5, 8):
            line.give(sockets._frame(bytes([number])))
        await asyncio.sleep(0.01)
        assert got == [bytes([number]) for number in range(8)]
        line.give(sockets._frame(b"at once"))
        assert got[-1] == b"at once", "nothing waits any more, so no task is needed"

    apart(play())
