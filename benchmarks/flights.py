"""What it costs a turn to look whether its question is under way, beside one that does not look.

    python -m benchmarks.flights [--rounds 21] [--json]

Rounds are interleaved and medians given, in microseconds. Compare within one run.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import django

TURNS = 300  # of each kind in a round
WORDS = 10  # of an answer


async def measured(rounds: int) -> dict[str, float]:
    from chat.core.events import Ended, Spoken, Token
    from chat.core.flights import SingleFlight
    from chat.core.turn import Outcome, Reply, Sharing
    from tests.fakes import StillMeter, a_turn

    flights, turn = SingleFlight(StillMeter()), a_turn(question="Hur tvättar jag ull?")
    word, end = Token("ord "), Ended()

    async def speech() -> AsyncIterator[Spoken | Ended]:
        for _ in range(WORDS):
            yield word
        yield end

    async def hear(reply: Reply) -> None:
        async for _ in reply.events:
            pass

    async def alone() -> None:
        await hear(Reply("planner", "planner", speech(), keep=True))

    async def looking(sharing: Sharing | None) -> None:
        reply = Reply("planner", "planner", speech(), keep=True, sharing=sharing)
        await hear(flights.share(reply, turn))
        flights.first_home(turn)
        await flights.land(Outcome(turn))

    kinds: dict[str, Callable[[], Awaitable[None]]] = {
        "alone": alone,
        "not_to_be_shared": lambda: looking(None),
        "meets_no_flight": lambda: looking(Sharing(True)),
    }
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, kind in kinds.items():
            began = time.perf_counter()
            for _ in range(TURNS):
                await kind()
            taken[name].append((time.perf_counter() - began) / TURNS * 1e6)
    return {name: statistics.median(each) for name, each in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alice_site.settings")
    django.setup()
    found = asyncio.run(measured(options.rounds))
    if options.json:
        print(json.dumps(found))
        return
    for name, us in found.items():
        print(f"{name:<18}{us:8.1f} us   +{us - found['alone']:.1f}")


if __name__ == "__main__":
    main()
