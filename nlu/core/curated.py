"""Known questions, looked up exactly, with a typing error in a word, or by the words they share."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log
from typing import NamedTuple

from .text import plain

Enough = Callable[[], bool]
"""Tells a search whether its time is up."""

_SMALL_WORDS = """
    a an and are as at att av da de den det din dig do du en er ett for from fran har hej i is it
    jag kan ju med mig min my nu och of om on pa please sa sig snalla som the till to upp ut var
    vi vill you your can could me alice hello hi tack ar hos dar lite gora skulle ni era
"""
_ASKING_WORDS = """
    vem vad var vart nar hur varfor vilken vilket vilka who what where when how why which
"""
_TURNING_WORDS = """
    inte ej aldrig ingen inget inga utan utom not no never none without except don't dont cannot
    alla all every bara only fore efter before after fler farre mer mindre more less
"""
_ASKING = frozenset(_ASKING_WORDS.split())
_TURNING = frozenset(_TURNING_WORDS.split())  # make another question of it: never a difference
_SMALL = frozenset(_SMALL_WORDS.split()) | _ASKING  # say little of what a question is about
_SHORTEST_TYPO = 4  # letters: shorter words are too easily other words
_SMALL_WEIGHT = 0.25
_LEAST_ALIKE = 0.3  # confidence; questions less alike than this are not looked at


class Match(NamedTuple):
    """A known question's answer, by name, and how sure it is that it was asked, 0..1."""

    name: str
    confidence: float


class Curated:
    """An index over known questions: `questions` maps an answer's name to ways of asking for it."""

    def __init__(self, questions: Mapping[str, Sequence[str]]) -> None:
        self._exact: dict[str, str] = {}
        self._asked: list[tuple[str, frozenset[str]]] = []  # name and words, a row per question
        self._rows: dict[str, list[int]] = defaultdict(list)  # by word
        self._nearby: dict[str, set[str]] = defaultdict(set)  # words by what a slip makes of them
        for name, ways in questions.items():
            for way in ways:
                self._add(name, plain(way))
        count = len(self._asked)
        self._rarest = log(1 + count) + 1
        self._weight = {
            word: _SMALL_WEIGHT if word in _SMALL else log((1 + count) / len(rows)) + 1
            for word, rows in self._rows.items()
        }
        self._sums = [self._sum(words) for _, words in self._asked]

    def _add(self, name: str, question: str) -> None:
        if not question:
            return
        self._exact.setdefault(question.replace(" ", ""), name)
        row, words = len(self._asked), frozenset(question.split())
        self._asked.append((name, words))
        for word in words:
            self._rows[word].append(row)
            if len(word) >= _SHORTEST_TYPO:
                for form in _slips(word):
                    self._nearby[form].add(word)

    def exact(self, question: str) -> Match | None:
        """Find a question asked in just these words, whatever the case, accents and spaces."""
        name = self._exact.get(plain(question).replace(" ", ""))
        return None if name is None else Match(name, 1.0)

    def misspelt(self, question: str, enough: Enough) -> Match | None:
        """Find a question whose unknown words are one letter more, less, other or swapped."""
        words = plain(question).split()
        slips = 0
        for at, word in enumerate(words):
            if word in self._rows or word in _SMALL or word in _TURNING:
                continue
            if enough():
                return None
            meant = self._meant(word)
            if meant is None:
                return None
            words[at], slips = meant, slips + 1
        name = self._exact.get("".join(words)) if slips else None
        return None if name is None else Match(name, round(0.9**slips, 3))

    def _meant(self, word: str) -> str | None:
        """Give the one known word that `word` may be a slip for."""
        if len(word) < _SHORTEST_TYPO or re.search(r"\d", word):
            return None
        near = {
            known
            for form in _slips(word)
            for known in self._nearby.get(form, ())
            if _one_slip(word, known)
        }
        return near.pop() if len(near) == 1 else None

    def alike(self, question: str, enough: Enough) -> Match | None:
        """Find the question that shares most of its words, weighed by how rare they are."""
        words = frozenset(plain(question).split())
        whole = self._sum(words)
        best, most = None, _LEAST_ALIKE
        for at, (row, shared) in enumerate(self._sharing(words, _LEAST_ALIKE * whole)):
            confidence = shared / (whole + self._sums[row] - shared)
            if confidence > most and not _turned(words, self._asked[row][1]):
                best, most = self._asked[row][0], confidence
            if at % 16 == 0 and enough():
                break
        return None if best is None else Match(best, round(min(most, 0.99), 3))

    def related(self, question: str) -> list[Match]:
        """List the answers whose questions share words, best first, by the share of `question`."""
        words = frozenset(plain(question).split())
        whole = self._sum(words)
        best: dict[str, float] = {}
        for row, shared in self._sharing(words, 0.0):
            name = self._asked[row][0]
            score = (shared / whole + 0.1 * shared / self._sums[row]) / 1.1  # tighter ones first
            best[name] = max(best.get(name, 0.0), score)
        found = [Match(name, round(score, 3)) for name, score in best.items()]
        return sorted(found, key=lambda match: (-match.confidence, match.name))

    def _sharing(self, words: frozenset[str], least: float) -> Iterator[tuple[int, float]]:
        """Walk the questions that share a telling word, and at least `least` of weight in all."""
        telling = words - _SMALL - _TURNING
        shared: dict[int, float] = defaultdict(float)
        for word in telling:
            weight = self._weight.get(word, 0.0)
            for row in self._rows.get(word, ()):
                shared[row] += weight
        rest = words - telling
        least -= self._sum(rest)
        for row, weight in shared.items():
            if weight >= least:
                yield row, weight + self._sum(rest & self._asked[row][1])

    def _sum(self, words: frozenset[str]) -> float:
        weight, rarest = self._weight.get, self._rarest
        return sum(weight(word) or (_SMALL_WEIGHT if word in _SMALL else rarest) for word in words)


def _turned(words: frozenset[str], asked: frozenset[str]) -> bool:
    """Tell whether what differs makes another question: a negation, a number, who for when.

    Keywords alone ("öppettider biblioteket") ask nothing else than the question does.
    """
    if words & _ASKING and (words ^ asked) & _ASKING:
        return True
    return any(word in _TURNING or re.search(r"\d", word) for word in words ^ asked)


def _slips(word: str) -> Iterator[str]:
    """Write `word`, and `word` less one letter each: two words one slip apart share one of them."""
    yield word
    for at in range(1, len(word)):  # people seldom miss the first letter
        yield word[:at] + word[at + 1 :]


def _one_slip(word: str, known: str) -> bool:
    """Tell whether one letter was added, lost, changed or swapped with the next."""
    if word[0] != known[0] or abs(len(word) - len(known)) > 1 or word == known:
        return False
    at = next(
        (i for i, (one, other) in enumerate(zip(word, known, strict=False)) if one != other),
        min(len(word), len(known)),
    )
    if len(word) > len(known):
        return word[at + 1 :] == known[at:]
    if len(word) < len(known):
        return word[at:] == known[at + 1 :]
    swapped = word[at : at + 2] == known[at : at + 2][::-1] and word[at + 2 :] == known[at + 2 :]
    return swapped or word[at + 1 :] == known[at + 1 :]
