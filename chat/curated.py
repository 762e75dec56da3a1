"""The index over a policy's curated answers, built once per revision and shared by its turns."""

from chat.core.policy import Answer
from nlu.core.curated import Curated

_KEPT = 5  # a revision, a draft, and turns that still run under those before
_indexes: list[tuple[tuple[Answer, ...], Curated]] = []


def curated_in(answers: tuple[Answer, ...]) -> Curated:
    """Give the index over `answers`. The same tuple, by identity, gives the same index."""
    for known, index in _indexes:
        if known is answers:
            return index
    index = Curated({answer.name: answer.questions for answer in answers})
    _indexes.insert(0, (answers, index))
    del _indexes[_KEPT:]
    return index
