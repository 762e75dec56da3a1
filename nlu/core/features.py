"""What a message is made of as the intent model counts it: words, their pairs, runs of letters."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import log, sqrt

from .tokens import tokens_of

MOST_CHARS = 1_000  # of a message are read; what it asks for is said by then
MOST_WORDS = 60
MOST_LETTERS = 34  # of a word
RUNS = (2, 3, 4, 5)  # letters in a run
WORDS_KEPT = 1_024  # whose runs are remembered, some 1.5 kB each


def words_of(text: str) -> list[str]:
    """Give the words of `text` in lower case, drawn-out letters shortened; [] if there are none."""
    return [one.word[:MOST_LETTERS] for one in tokens_of(text[:MOST_CHARS], MOST_WORDS)]


def phrases_of(words: list[str]) -> list[str]:
    """Give each word, and each pair of neighbours; the ends of the message are neighbours too."""
    return [*words, *(f"{one} {other}" for one, other in pairwise(["^", *words, "$"]))]


@lru_cache(WORDS_KEPT)
def runs_of(word: str) -> tuple[str, ...]:
    """Give the runs of letters in a word, its edges marked."""
    marked = f"<{word}>"
    return tuple(marked[at : at + size] for size in RUNS for at in range(len(marked) - size + 1))


def shares(counted: Counter[int], rarity: Sequence[float]) -> tuple[list[int], list[float]]:
    """Weigh features by how often they are here and how rare they are elsewhere (TF-IDF).

    Args:
        counted: how many times each feature occurs.
        rarity: inverse document frequency of every feature.
    Returns:
        the features, and their weights; the squares of the weights sum to 1.
    """
    rows = list(counted)
    weights = [(1 + log(counted[row])) * rarity[row] for row in rows]
    length = sqrt(sum(weight * weight for weight in weights)) or 1.0
    return rows, [weight / length for weight in weights]
