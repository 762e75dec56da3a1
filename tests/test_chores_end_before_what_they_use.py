"""When the server stops, its chores have ended before the connections that they use are closed."""

import asyncio

from alice_site import lanes
from chat import wiring


async def test_the_last_chore_is_waited_for(monkeypatch):
    happened: list[str] = []

    async def chore(*args: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # something is still to be put away
            happened.append("chore ended")

    async def nothing() -> None:
        await asyncio.sleep(0)

    async def close() -> None:
        happened.append("closed")

    for name, stand_in in (("warm", nothing), ("close", close)):
        monkeypatch.setattr(wiring, name, stand_in)
    monkeypatch.setattr(wiring, "listen", lambda: None)
    monkeypatch.setattr(wiring, "reembedding", lambda: None)
    for name in ("keep_house", "keep_warm"):
        monkeypatch.setattr(lanes, name, chore)
    coming, heard = asyncio.Queue(), []
    for kind in ("startup", "shutdown"):
        coming.put_nowait({"type": f"lifespan.{kind}"})

    async def send(message: dict[str, str]) -> None:
        heard.append(message["type"])

    await lanes.lifespan({"type": "lifespan"}, coming.get, send)

    assert happened == ["chore ended", "chore ended", "closed"]
    assert heard == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
