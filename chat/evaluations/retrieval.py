"""How often the right answer to a question is found among several."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fibcache.core.encoder import Encoder
from nlu.core.search import Collection, alike

from .labelled import BadPairs, rows_of


@dataclass(frozen=True, slots=True)
class Choice:
    """A question and its candidate answers; `right` is the place of the right one."""

    question: str
    answers: tuple[str, ...]
    right: int


def read_choices(path: Path) -> Iterator[Choice]:
    """Read rows of `question`, `candidate_answers` and `label`, counted from 0.

    Raises:
        BadPairs: the file is missing, empty or broken; the line is told, counting from 1.
    """
    for where, row in rows_of(path):
        question, answers = row.get("question"), row.get("candidate_answers")
        if not isinstance(question, str):
            raise BadPairs(f"{where}: question ska vara en text")
        if not isinstance(answers, list) or not all(isinstance(text, str) for text in answers):
            raise BadPairs(f"{where}: candidate_answers ska vara en lista av texter")
        label = str(row.get("label", ""))
        if not label.isdecimal() or int(label) >= len(answers):
            raise BadPairs(f"{where}: label ska vara en plats bland svaren, inte {label!r}")
        yield Choice(question, tuple(answers), int(label))


async def retrieval(
    choices: Sequence[Choice],
    encoder: Encoder,
    *,
    weigh: Callable[[str], float] = alike,
    by_vector_only: bool = False,
) -> dict[str, Any]:
    """Give `recall_at_1` and the mean reciprocal rank of the right answer.

    An answer that scores as the right one counts as before it, unless it is the same text: who
    can't tell two apart has not found one.

    Args:
        weigh: how much a word tells, for the search.
        by_vector_only: rank by the cosine of question and whole answer, instead of as
            `nlu.core.search` does.

    Raises:
        EncoderAway: a text could not be encoded.
    """
    ranks = []
    for choice in choices:
        if by_vector_only:
            scores = await _by_vector(choice, encoder)
        else:
            scores = await _by_search(choice, encoder, weigh)
        ranks.append(_rank(choice, scores))
    found = np.array(ranks)
    return {
        "n": len(found),
        "recall_at_1": float(np.mean(found == 1)),
        "mrr": float(np.mean(1 / found)),
    }


async def _by_search(
    choice: Choice, encoder: Encoder, weigh: Callable[[str], float]
) -> NDArray[np.floating[Any]]:
    collection = Collection(choice.answers, weigh)
    vectors = await encoder.vectors_of([choice.question, *collection.passages])
    return collection.scores(choice.question, vectors[0], vectors[1:])


async def _by_vector(choice: Choice, encoder: Encoder) -> NDArray[np.floating[Any]]:
    vectors = await encoder.vectors_of([choice.question, *choice.answers])
    return vectors[1:] @ vectors[0]


def _rank(choice: Choice, scores: NDArray[np.floating[Any]]) -> int:
    right = choice.answers[choice.right]
    others = [score for text, score in zip(choice.answers, scores, strict=True) if text != right]
    return 1 + sum(bool(score >= scores[choice.right]) for score in others)
