"""The counterpart of writing together: a websocket that sends what it hears to its room, and keeps nothing."""

from __future__ import annotations

import sys

import uvicorn

ROOMS: dict[str, set] = {}


async def app(scope, receive, send) -> None:
    if scope["type"] != "websocket":
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"ok"})
        return
    room = ROOMS.setdefault(scope["path"], set())
    await receive()
    await send({"type": "websocket.accept"})
    room.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if data := message.get("bytes"):
                for other in tuple(room):
                    if other is not send:
                        await other({"type": "websocket.send", "bytes": data})
    finally:
        room.discard(send)


if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), log_level="warning", lifespan="off", ws_per_message_deflate=False, access_log=False
    )
