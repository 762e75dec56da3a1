"""Whether the answer to one question may be given to another: near enough, and no guard objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from .calibration import Calibration
from .encoder import Encoder, Vector
from .guards import Guard, Verdict
from .reading import essence, plain
from .shipped import calibration_for

SIMILAR_CHARS = 377  # a longer message is a text of its own, and only found word for word


@dataclass(frozen=True, slots=True)
class Match:
    """What was found of two questions."""

    score: float  # calibrated, 0..1
    verdicts: tuple[Verdict, ...]  # up to the first objection; empty where the score is too low
    agrees: bool


class Matcher:
    """Decide over pairs of questions, the same way for the cache and for those who measure it.

    Args:
        encoder: turns questions into vectors.
        guards: must all agree before the answer to one question is given to another.
    """

    def __init__(self, encoder: Encoder, guards: Sequence[Guard]) -> None:
        self.encoder, self._guards = encoder, tuple(guards)
        self._shipped = calibration_for(encoder.fingerprint)

    def takes(self, question: str) -> bool:
        """Tell whether a message is short enough to be a question like others."""
        return len(question) <= SIMILAR_CHARS

    async def vector(self, question: str) -> Vector:
        """Encode what a question asks, in its plainest frame: ways of asking lie side by side.

        Raises:
            EncoderAway: not now.
        """
        return await self.encoder.vector_of(plain(question))

    async def vectors(self, questions: Sequence[str]) -> Vector:
        """Encode many, shape (len(questions), dimensions), in no hurry. Raises EncoderAway."""
        return await self.encoder.vectors_of([plain(question) for question in questions])

    def calibration(self, published: Calibration | None = None) -> Calibration:
        """Give what is in force: the published one if it is of this encoder, else the shipped."""
        if published is not None and published.encoder == self.encoder.fingerprint:
            return published
        return self._shipped

    def match(
        self,
        question: str,
        other: str,
        *,
        cosine: float,
        at_least: float,
        calibration: Calibration | None = None,
    ) -> Match:
        """Decide over two questions whose vectors have this cosine.

        Args:
            question: that is asked.
            other: that an answer is remembered to.
            cosine: of their vectors.
            at_least: the score that a match needs, 0..1.
            calibration: as published, if any.
        """
        score = self.calibration(calibration).score(cosine)
        if score < at_least:
            return Match(score, (), agrees=False)
        verdicts = []
        for guard in self._guards:
            verdicts.append(guard(question, other))
            if not verdicts[-1].agrees:  # one objection is enough
                return Match(score, tuple(verdicts), agrees=False)
        return Match(score, tuple(verdicts), agrees=True)

    def verdicts(self, question: str, other: str) -> tuple[Verdict, ...]:
        """Ask every guard."""
        return tuple(guard(question, other) for guard in self._guards)


def digest_of(question: str) -> str:
    """Name a question without quoting it: hexadecimal, the same for the same words."""
    words = " ".join(essence(question).casefold().split())
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]
