"""Whether the answer to one question may be given to another: near enough, and no guard objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from .calibration import calibrated
from .encoder import Encoder, Vector
from .guards import Guard, Verdict
from .reading import essence

SIMILAR_CHARS = 377  # a longer message is a text of its own, and only found word for word


@dataclass(frozen=True, slots=True)
class Match:
    """What was found of two questions."""

    score: float  # calibrated, 0..1
    verdicts: tuple[Verdict, ...]  # empty when they are not near enough to be asked for
    agrees: bool


class Matcher:
    """Decide over pairs of questions, the same way for the cache and for those who measure it.

    Args:
        encoder: turns questions into vectors.
        guards: must all agree before the answer to one question is given to another.
    """

    def __init__(self, encoder: Encoder, guards: Sequence[Guard]) -> None:
        self.encoder, self._guards = encoder, tuple(guards)

    def takes(self, question: str) -> bool:
        """Tell whether a message is short enough to be a question like others."""
        return len(question) <= SIMILAR_CHARS

    def vector(self, question: str) -> Vector:
        """Encode what a question asks, without the politeness around it."""
        return self.encoder.encode(essence(question))

    def match(self, question: str, other: str, *, cosine: float, at_least: float) -> Match:
        """Decide over two questions whose vectors have this cosine."""
        score = calibrated(cosine)
        if score < at_least:
            return Match(score, (), agrees=False)
        verdicts = tuple(guard(question, other) for guard in self._guards)
        return Match(score, verdicts, agrees=all(verdict.agrees for verdict in verdicts))


def digest_of(question: str) -> str:
    """Name a question without quoting it: hexadecimal, the same for the same words."""
    words = " ".join(essence(question).casefold().split())
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]
