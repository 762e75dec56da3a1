"""Time what reading a message in another process costs, beside reading it in this one.

    python -m benchmarks.nlu_remote FILE --url http://127.0.0.1:9002 [--key KEY] [--json]

FILE is JSON Lines with `utt`, gzipped or not, as MASSIVE's; at URL another Alice answers.
Each message is read here and there in turn, through the very parts that a turn uses, so that both
meet the same neighbours. Compare the ratio, not the milliseconds of two runs.
"""

import argparse
import asyncio
import gzip
import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path

from fibcache.stores.breaker import SharedBreaker
from nlu.core.encoder import SwedishEncoder
from nlu.core.understanding import Understanding
from nlu.remote import RemoteReader


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", default="")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    opened = gzip.open if options.file.suffix == ".gz" else open
    with opened(options.file, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["utt"] for line in lines][: options.messages]
    figures = asyncio.run(timed(texts, options.url, options.key))
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<14}{value:>10}")


async def timed(texts: list[str], url: str, key: str) -> dict[str, float]:
    """Read all texts here and there. Raises SystemExit where the other process fails to read."""
    understanding = Understanding.load(SwedishEncoder.load())
    breaker = SharedBreaker("bench", None, monotonic=time.monotonic, jitter=random.random)
    remote = RemoteReader(url, key=key, within_s=1.0, pool=8, breaker=breaker)
    said = {"now": datetime.now(UTC), "timezone": "Europe/Stockholm", "language": "sv"}
    taken_ms: dict[str, list[float]] = {"here": [], "there": []}
    await remote.meet()
    for text in texts:
        started = time.perf_counter()
        understanding.read(text, **said)
        between = time.perf_counter()
        await remote.read(text, **said)
        taken_ms["here"].append((between - started) * 1000)
        taken_ms["there"].append((time.perf_counter() - between) * 1000)
    await remote.aclose()
    if remote.failures:
        raise SystemExit(f"{remote.failures} of {len(texts)} were not read at {url}; see its log.")
    figures: dict[str, float] = {"messages": len(texts)}
    for where, each_ms in taken_ms.items():
        each_ms.sort()
        for percent in (50, 99):
            place = min(len(each_ms) - 1, len(each_ms) * percent // 100)
            figures[f"{where}_ms_p{percent}"] = round(each_ms[place], 3)
    figures["ratio_p50"] = round(figures["there_ms_p50"] / figures["here_ms_p50"], 1)
    return figures


if __name__ == "__main__":
    main()
