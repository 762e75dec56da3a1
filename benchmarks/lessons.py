"""Time learning from examples, and reading with what was learnt.

    python -m benchmarks.lessons FILE [--most 987]

FILE has labelled messages (`utt`, `intent`), as `manage.py evaluate intents` reads them. It times
only: the shipped model may have learnt the messages, so nothing here tells how well it learns.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nlu.core.encoder import SwedishEncoder
from nlu.core.intents import IntentModel, shipped
from nlu.core.lessons import Example, learn
from nlu.core.trials import trials_of
from nlu.training.pairs import rows

T = TypeVar("T")
READ = 500  # messages


def main() -> None:
    """Print seconds and sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--most", type=int, default=987, help="examples")
    options = parser.parse_args()
    found = [Example(row["utt"], row["intent"]) for row in rows(options.file)]
    model = IntentModel.load(SwedishEncoder.load(), shipped("sv"), "sv")
    # Some that pull: every third is said to ask for what its neighbour asks for.
    told = [
        one._replace(intent=found[at - 1].intent) if at % 3 == 0 else one
        for at, one in enumerate(found[: options.most])
    ]
    lesson, learn_s = _timed(lambda: learn(model, told))
    _, trial_s = _timed(lambda: trials_of(model, [], told, own=frozenset(told)))
    taught, load_s = _timed(lambda: model.with_lesson(lesson))
    pulling = sum(bool(one.pulls) for one in lesson.learnt)
    print(f"{len(told)} examples, {pulling} pull: learnt in {learn_s:.1f} s,")
    print(f"tried in {trial_s:.1f} s, {len(lesson.packed()) / 1e3:.0f} kB, ready in {load_s:.2f} s")
    texts = [one.text for one in found[-READ:]]
    for name, one in (("as shipped", model), ("taught", taught)):
        read_ms = min(_timed(lambda one=one: [one.read(t) for t in texts])[1] for _ in range(3))
        print(f"{name}: {1e3 * read_ms / len(texts):.3f} ms a message")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


if __name__ == "__main__":
    main()
