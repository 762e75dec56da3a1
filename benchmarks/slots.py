"""Time slots, times and amounts: how long to load, and p50 and p99 of a sentence.

python -m benchmarks.slots FILE        # jsonl(.gz) with `utt`, such as MASSIVE's
"""

import argparse
import gzip
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from nlu.core.amounts import amounts_in
from nlu.core.slots import LANGUAGES, SlotTagger, path_of
from nlu.core.times import times_in

ZONE = "Europe/Stockholm"
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo(ZONE))


def timed(name: str, sentences: list[str], read: Callable[[str], object]) -> None:
    """Read every sentence and print how long one takes."""
    for sentence in sentences[:50]:  # what is loaded late
        read(sentence)
    taken = []
    for sentence in sentences:
        begun = perf_counter()
        read(sentence)
        taken.append(1000 * (perf_counter() - begun))
    taken.sort()
    p50, p99 = (taken[int(share * len(taken))] for share in (0.5, 0.99))
    print(f"{name:<18} p50 {p50:.3f} ms   p99 {p99:.3f} ms")


def main() -> None:
    """Time them one after the other, on one core."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, default="sv")
    options = parser.parse_args()
    path = options.file
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as rows:
        sentences = [json.loads(row)["utt"] for row in rows]
    begun = perf_counter()
    tagger = SlotTagger.load(path_of(options.language), options.language)
    print(f"loaded in {perf_counter() - begun:.2f} s; {len(sentences)} sentences")
    timed("spans", sentences, tagger.spans)
    timed("slots and values", sentences, lambda text: tagger.slots_of(text, NOW, ZONE))
    timed("times", sentences, lambda text: times_in(text, NOW, ZONE))
    timed("amounts", sentences, amounts_in)


if __name__ == "__main__":
    main()
