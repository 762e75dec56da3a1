"""Time the guards: `python -m benchmarks.guards [FILE] [--rounds N]`.

Cold: neither question was heard before. Warm: the same pairs again. Microseconds for one pair and
all guards, median of the rounds; FILE holds pairs as `manage.py evaluate pairs` reads them.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from chat.evaluations.labelled import Pair, read_pairs
from fibcache.core import guards, heard, lexicon, pairing, reading
from fibcache.core.guards import GUARDS

PAIRS = Path(__file__).parent.parent / "tests" / "pairs" / "swedish.tsv"


KEPT = [  # what is remembered of a question; what is known of a word stays
    reading.as_said,
    reading.words_of,
    pairing.paired,
    heard.ideas_of,
    heard.said_of,
    heard.general,
    heard.heard_both,
    heard.texts_of,
    *(
        kept
        for name, kept in vars(guards).items()
        if name.startswith("_") and hasattr(kept, "cache_clear")
    ),
]


def timed(pairs: Sequence[Pair]) -> float:
    """Run every guard over every pair. Give µs a pair."""
    start = time.perf_counter()
    for pair in pairs:
        for guard in GUARDS:
            guard(pair.a, pair.b)
    return (time.perf_counter() - start) / len(pairs) * 1e6


def main() -> None:
    """Print medians as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=PAIRS)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    pairs = list(read_pairs(options.file))[:500]
    lexicon.warm()
    timed(pairs)
    cold, warm = [], []
    for _ in range(options.rounds):
        for kept in KEPT:
            kept.cache_clear()
        cold.append(timed(pairs))
        warm.append(timed(pairs))
    print(
        json.dumps(
            {
                "pairs": len(pairs),
                "cold_us": round(statistics.median(cold), 1),
                "warm_us": round(statistics.median(warm), 1),
            }
        )
    )


if __name__ == "__main__":
    main()
