"""Scores a text for the rules, once for each text that comes again."""

from collections.abc import Callable
from hashlib import blake2b

REMEMBERED = 2_584  # texts whose score is kept, by a hash of them


class RememberedScores:
    """A scorer that need not look twice: the same text from the same source scores the same."""

    def __init__(self, score: Callable[[str, str], float]) -> None:
        self._score = score
        self._known: dict[bytes, float] = {}

    def __call__(self, text: str, source: str) -> float:
        """Score a text from a source ("user", "document" or "tool"), 0..1."""
        whole = f"{source}\n{text}".encode("utf-8", "surrogatepass")
        mark = blake2b(whole, digest_size=16).digest()
        score = self._known.get(mark)
        if score is None:
            score = self._score(text, source)
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[mark] = score
        return score
