"""How often each sign of `nlu.core.search` finds the right text first, and how long it takes.

python -m benchmarks.search                  # questions written for Alice, within their topics
python -m benchmarks.search --faq FILE       # rows as `manage.py evaluate retrieval` reads
python -m benchmarks.search --squad FILE     # SQuAD's rows, the paragraphs of one article
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.core.encoder import SwedishEncoder
from nlu.core.search import KIND, NEARNESS, Collection
from nlu.training.pairs import answers

MOST_PARAGRAPHS = 13  # of one article
Case = tuple[str, int]  # a question, and the place of its text
Floats = NDArray[np.floating[Any]]


def ours() -> Iterator[tuple[list[str], list[Case]]]:
    """Give the answers of each topic, and their questions."""
    for _, group in groupby(answers(), key=lambda answer: answer.topic):
        topic = list(group)
        cases = [(said, place) for place, one in enumerate(topic) for said in one.questions]
        yield [one.text for one in topic], cases


def faq(path: Path) -> Iterator[tuple[list[str], list[Case]]]:
    """Give each question with the answers of its category."""
    for row in _rows(path):
        yield row["candidate_answers"], [(row["question"], int(row["label"]))]


def squad(path: Path) -> Iterator[tuple[list[str], list[Case]]]:
    """Give each article's paragraphs, some at a time, and the questions they answer."""
    asked: dict[str, dict[str, list[str]]] = {}
    for row in _rows(path):
        if not row["is_impossible"]:
            asked.setdefault(row["title"], {}).setdefault(row["context"], []).append(
                row["question"]
            )
    for said in asked.values():
        texts = list(said)
        for at in range(0, len(texts), MOST_PARAGRAPHS):
            part = texts[at : at + MOST_PARAGRAPHS]
            yield part, [(one, place) for place, text in enumerate(part) for one in said[text][:2]]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def first(scores: Floats, texts: list[str], right: int) -> bool:
    """Tell whether the right text scores above all others."""
    others = [score for text, score in zip(texts, scores, strict=True) if text != texts[right]]
    return all(scores[right] > score for score in others)


def main() -> None:
    """Search, sign by sign, on one core."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faq", type=Path)
    parser.add_argument("--squad", type=Path)
    options = parser.parse_args()
    given = faq(options.faq) if options.faq else squad(options.squad) if options.squad else ours()
    encoder = SwedishEncoder.load()
    found: dict[str, list[bool]] = {}
    taken, sizes = [], []
    for texts, cases in given:
        collection = Collection(texts, encoder.weight_of)
        told = np.stack([encoder.encode(passage) for passage in collection.passages])
        whole = np.stack([encoder.encode(text) for text in texts])
        for question, right in cases:
            begun = perf_counter()
            asked = encoder.encode(question)
            all_three = collection.scores(question, asked, told)
            taken.append(1000 * (perf_counter() - begun))
            sizes.append(len(texts))
            shared = collection.shared(question)
            signs = {
                "cosine of the whole": whole @ asked,
                "nearest passage": NEARNESS * collection.nearest(asked, told),
                "shared runs": shared,
                "runs and passage": shared + NEARNESS * collection.nearest(asked, told),
                "runs and kind": shared + KIND * collection.kinds(question),
                "all three": all_three,
            }
            for name, scores in signs.items():
                found.setdefault(name, []).append(first(scores, texts, right))
    print(f"{len(taken)} questions, {np.mean(sizes):.1f} texts each, p50 {median(taken):.2f} ms")
    for name, hits in found.items():
        print(f"{name:<22} {np.mean(hits):.3f}")


if __name__ == "__main__":
    main()
