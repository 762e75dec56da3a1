"""How often the encoder finds the right answer to a question among several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fibcache.core.encoder import Encoder

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


async def retrieval(choices: Sequence[Choice], encoder: Encoder) -> dict[str, Any]:
    """Give `recall_at_1` and the mean reciprocal rank of the right answer.

    An answer as near as the right one counts as before it, unless it is the same text: who can't
    tell two apart has not found one.

    Raises:
        EncoderAway: a text could not be encoded.
    """
    found = np.array([await _rank(choice, encoder) for choice in choices])
    return {
        "n": len(found),
        "recall_at_1": float(np.mean(found == 1)),
        "mrr": float(np.mean(1 / found)),
    }


async def _rank(choice: Choice, encoder: Encoder) -> int:
    vectors = await encoder.vectors_of([choice.question, *choice.answers])
    scores = vectors[1:] @ vectors[0]
    right = choice.answers[choice.right]
    others = [score for text, score in zip(choice.answers, scores, strict=True) if text != right]
    return 1 + sum(score >= scores[choice.right] for score in others)
