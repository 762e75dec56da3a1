"""Make labelled pairs of MASSIVE's utterances: the nearest neighbours of each.

    python -m benchmarks.near_pairs massive/sv-SE.train.jsonl.gz … > near.jsonl

Two utterances are labelled the same when their intent and the values of all their slots are. The
label errs on the strict side: "vad är idag" and "vad är det idag" are annotated as different.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fibcache.core.reading import plain
from nlu.core.encoder import SwedishEncoder

NEIGHBOURS = 5
ROWS = 1000  # compared at once


def near_pairs(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Pair each utterance with its nearest neighbours, each pair once."""
    encoder = SwedishEncoder.load()
    vectors = np.stack([encoder.encode(plain(row["utt"])) for row in rows])
    meanings = [_meaning(row) for row in rows]
    given = set()
    for first in range(0, len(rows), ROWS):
        scores = vectors[first : first + ROWS] @ vectors.T
        for place, row in enumerate(scores, first):
            row[place] = -1
            for other in np.argpartition(-row, NEIGHBOURS)[:NEIGHBOURS]:
                pair = min(place, int(other)), max(place, int(other))
                if pair not in given:
                    given.add(pair)
                    yield _labelled(rows, meanings, *pair)


def _labelled(rows: list[Any], meanings: list[Any], a: int, b: int) -> dict[str, Any]:
    same = meanings[a] == meanings[b]
    return {"same": int(same), "a": rows[a]["utt"], "b": rows[b]["utt"]}


def _meaning(row: dict[str, Any]) -> tuple[str, Any]:
    return row["intent"], sorted(re.findall(r"\[(\w+) : ([^\]]+)\]", row["annot_utt"]))


def main(files: list[str]) -> None:
    """Print the pairs of each file, as JSON Lines."""
    for file in map(Path, files):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = {row["utt"]: row for row in map(json.loads, lines)}
        for pair in near_pairs(list(rows.values())):
            print(json.dumps(pair, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
