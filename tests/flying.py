"""A process of its own that answers one question, for tests that kill it.

    python -m tests.flying REDIS_URL PREFIX TURN_ID PACE_S

It prints a line for each event it hears: the event's type, and the text of a word.
"""

import asyncio
import sys
from collections.abc import AsyncIterator

from chat.core.converse import converse
from chat.core.events import Ended, Token
from chat.core.flights import SingleFlight
from chat.core.turn import Reply, Sharing, Turn
from chat.pipeline import CHAT
from chat.radio import RedisRadio
from fibcache.stores.lease import Leases
from fibcache.stores.link import Link
from tests.fakes import StillMeter, a_kit, a_turn

WORDS = 8
LEASE_S = 0.8


class PacedSpeaker:
    """Says whose words they are, one each `pace_s`."""

    def __init__(self, pace_s: float) -> None:
        self.pace_s = pace_s
        self.spoke = 0

    async def answer(self, turn: Turn) -> Reply:
        sharing = Sharing()
        return Reply("planner", "planner", self._say(turn, sharing), keep=True, sharing=sharing)

    async def _say(self, turn: Turn, sharing: Sharing) -> AsyncIterator[Token | Ended]:
        self.spoke += 1
        for number in range(WORDS):
            await asyncio.sleep(self.pace_s)
            sharing.settled = True
            yield Token(f"{turn.id}:{number} ")
        yield Ended(model="m")


def whole(turn_id: str) -> str:
    return "".join(f"{turn_id}:{number} " for number in range(WORDS))


class FlyingProcess:
    """What one process needs to fly with others."""

    def __init__(self, redis_url: str, prefix: str, pace_s: float) -> None:
        self.link = Link(redis_url, prefix=prefix)
        self.speaker, self.meter = PacedSpeaker(pace_s), StillMeter()
        radio = RedisRadio(Leases(self.link, lease_s=LEASE_S))
        self.flights = SingleFlight(self.meter, radio)
        self.kit = a_kit(speaker=self.speaker, meter=self.meter, flights=self.flights)

    def ask(self, turn_id: str):
        return converse(a_turn("Hur tvättar jag ull?", id=turn_id), self.kit, CHAT)


async def main(redis_url: str, prefix: str, turn_id: str, pace_s: str) -> None:
    process = FlyingProcess(redis_url, prefix, float(pace_s))
    async for event in process.ask(turn_id):
        print(event.type, event.text if isinstance(event, Token) else "", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
