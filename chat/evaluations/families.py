"""Questions made from labelled pairs: each with its wordings, and what it is easily taken for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chat.core.address import as_asked

from .labelled import Pair


@dataclass(frozen=True, slots=True)
class Question:
    """One question. What it is asked with, and what asks for something else in near the words."""

    name: str  # of its cluster; its one right answer in a replay
    wordings: tuple[str, ...]  # the first is how it is mostly asked
    adversaries: tuple[str, ...]  # wordings of other questions


@dataclass(frozen=True, slots=True)
class Families:
    """All questions of a file, in the order in which it first tells of them."""

    questions: tuple[Question, ...]
    names: dict[str, str]  # of the question that each wording asks
    contradictions: int  # pairs labelled different whose sides other pairs hold for the same


def families_of(pairs: Iterable[Pair]) -> Families:
    """Join pairs that are the same into questions, and note the others as adversaries.

    Wordings that differ in spaces or the first letter's case only are one: nobody could tell
    them apart, whatever their label says.
    """
    pairs = list(pairs)
    sets = _Sets()
    for pair in pairs:
        for text in (pair.a, pair.b):
            sets.join(text, sets.first_like(text))
        if pair.same:
            sets.join(pair.a, pair.b)
    wordings: dict[str, list[str]] = {}
    for text in sets:
        wordings.setdefault(sets.root(text), []).append(text)
    numbers = {root: f"q{number}" for number, root in enumerate(wordings)}
    names = {text: numbers[sets.root(text)] for text in sets}
    adversaries: dict[str, dict[str, None]] = {name: {} for name in numbers.values()}
    contradictions = 0
    for pair in pairs:
        if pair.same:
            continue
        if names[pair.a] == names[pair.b]:
            contradictions += 1
            continue
        adversaries[names[pair.a]][pair.b] = None
        adversaries[names[pair.b]][pair.a] = None
    questions = tuple(
        Question(numbers[root], tuple(texts), tuple(adversaries[numbers[root]]))
        for root, texts in wordings.items()
    )
    return Families(questions, names, contradictions)


class _Sets:
    """Disjoint sets of texts (union-find with path halving)."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._first: dict[str, str] = {}  # text by how it is asked

    def __iter__(self) -> Iterator[str]:
        return iter(self._parents)

    def first_like(self, text: str) -> str:
        """Give the first text that is asked just so."""
        return self._first.setdefault(as_asked(text), text)

    def root(self, text: str) -> str:
        parents = self._parents
        parents.setdefault(text, text)
        while parents[text] != text:
            parents[text] = parents[parents[text]]
            text = parents[text]
        return text

    def join(self, one: str, other: str) -> None:
        one, other = self.root(one), self.root(other)
        self._parents[other] = one
