"""Which of several texts answers a question: three signs, added up.

1. Runs of letters that question and text share: what few of the texts say tells most (BM25), and
   common words ("hur", "är") tell less.
2. How near the encoder holds the question to the text's nearest passage: the same in other words.
3. Whether the text gives the kind of answer that was asked for.

Source:
    S. Robertson and H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009
    (formula and `SATURATION`); P. McNamee and J. Mayfield, Character N-Gram Tokenization for
    European Language Text Retrieval, 2004 (runs of 4 letters).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from .answer_kinds import asked_for
from .encoder import words_of
from .passages import passages_of

Floats = NDArray[np.float64]

RUN = 4  # letters
SATURATION = 1.2  # k1: how soon it is enough that a text says a thing again
FOR_LENGTH = 0.6  # b: how much a text pays for being longer than the others
NEARNESS = 1.0  # what a cosine of 1 counts, to 1 for all that the question says
COMMONNESS = 0.25  # how much a question's common words count less: the exponent of their weights
KIND = 0.2  # what a kind of answer counts


def alike(word: str) -> float:
    """Let every word of a question count the same."""
    return 1.0


def runs_in(text: str) -> Counter[str]:
    """Count the runs of letters in a text's words, edges marked; a short word is one run."""
    marked = [f"<{word}>" for word in words_of(text)]
    return Counter(
        word[at : at + RUN] for word in marked for at in range(max(1, len(word) - RUN + 1))
    )


class Collection:
    """Texts that are searched together.

    Args:
        weigh: tells how much a word in lower case tells, 0..1, as `SwedishEncoder.weight_of`.

    Attributes:
        passages: of all texts, in order; whoever searches has their vectors.
    """

    def __init__(self, texts: Sequence[str], weigh: Callable[[str], float] = alike) -> None:
        self._weigh = weigh
        self._texts = [text.lower() for text in texts]
        self._runs = [runs_in(text) for text in texts]
        cut = [passages_of(text) for text in texts]
        self.passages = [passage for passages in cut for passage in passages]
        self._starts = np.cumsum([0, *map(len, cut)])[:-1]
        lengths = np.array([runs.total() for runs in self._runs], np.float64)
        mean = max(1.0, float(lengths.mean())) if len(texts) else 1.0
        self._patience = SATURATION * (1 - FOR_LENGTH + FOR_LENGTH * lengths / mean)

    def scores(
        self, question: str, asked: NDArray[np.float32], told: NDArray[np.float32]
    ) -> Floats:
        """Tell how well each text answers a question; higher is better.

        Args:
            asked: the question's vector, unit length.
            told: the passages' vectors, shape (passages, dimensions).
        """
        near = NEARNESS * self.nearest(asked, told)
        return self.shared(question) + near + KIND * self.kinds(question)

    def nearest(self, asked: NDArray[np.float32], told: NDArray[np.float32]) -> Floats:
        """Give the cosine of each text's nearest passage."""
        if not self._texts:
            return np.zeros(0)
        return np.maximum.reduceat((told @ asked).astype(np.float64), self._starts)

    def shared(self, question: str) -> Floats:
        """Tell how much of what a question says each text says too, 0 to 2.2; about 1 for all."""
        scores = np.zeros(len(self._texts))
        most = 0.0
        for run, weight in self._weights(question).items():
            counts = np.array([runs[run] for runs in self._runs], np.float64)
            said = int(np.count_nonzero(counts))
            if said:
                worth = weight * log(1 + (len(counts) - said + 0.5) / (said + 0.5))
                most += worth
                scores += worth * counts * (SATURATION + 1) / (counts + self._patience)
        return scores / most if most else scores

    def _weights(self, question: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for word in words_of(question):
            weight = self._weigh(word) ** COMMONNESS
            for run in runs_in(word):
                found[run] = max(weight, found.get(run, 0.0))
        return found

    def kinds(self, question: str) -> Floats:
        """Count the kinds of answer that are asked for and given."""
        kinds = asked_for(question)
        return np.array(
            [float(sum(bool(kind.search(text)) for kind in kinds)) for text in self._texts]
        )
