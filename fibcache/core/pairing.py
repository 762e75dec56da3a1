"""Which word of one question answers to which of another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .figures import figure
from .inflection import form_of, inflected
from .lexicon import SHORTEST_COMPOUND, ideas, known, opposed, synonyms
from .reading import words_of
from .slips import slip
from .word import Word
from .words import (
    ARTICLES,
    DETERMINERS,
    DIRECTIONS,
    FILLERS,
    MOODS,
    NEGATIONS,
    PERSONS,
    PLACES,
    QUESTIONS,
    SCOPES,
    SYNONYMS,
    TIMES,
    UNITS,
)

_HEARD_ELSEWHERE = (
    FILLERS.union(DIRECTIONS, MOODS, NEGATIONS, PERSONS, QUESTIONS)
    .union(SCOPES, TIMES, UNITS)
    .difference(SYNONYMS)
)
OTHER_WORDS = 3  # of one question that may stand for others: the more, the more is guessed


@dataclass(frozen=True, slots=True)
class Pairing:
    """Content words of two questions: pairs of places in them, and words without a counterpart.

    `opposed` are the pairs whose words are contraries of each other; they are not in `pairs`.
    """

    pairs: tuple[tuple[int, int], ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    opposed: tuple[tuple[int, int], ...] = ()


Alike = Callable[[int, int], bool]


@lru_cache(maxsize=1024)
def paired(question: str, other: str) -> Pairing:
    """Pair the words that carry the meaning: inflected, in two parts, or put in other words."""
    ours, theirs = words_of(question), words_of(other)
    left, right = _content(ours), _content(theirs)
    pairs = _pair_off(
        left,
        right,
        lambda mine, their: (
            ours[mine].text == theirs[their].text and _one_word(ours, mine, theirs, their)
        ),
    )
    if left and right:
        pairs += _pair_off(
            left,
            right,
            lambda mine, their: (
                same(ours[mine], theirs[their]) and _one_word(ours, mine, theirs, their)
            ),
        )
    if left and right and abs(len(left) - len(right)) <= OTHER_WORDS:
        pairs += _rejoin(left, right, ours, theirs)
        pairs += [(mine, their) for their, mine in _rejoin(right, left, theirs, ours)]
    opposites: list[tuple[int, int]] = []
    if left and right and max(len(left), len(right)) <= OTHER_WORDS:
        pairs += _pair_off(left, right, lambda mine, their: _synonymous(ours[mine], theirs[their]))
        opposites = _pair_off(left, right, lambda mine, their: _contrary(ours[mine], theirs[their]))
        pairs += _pair_off(left, right, lambda mine, their: _slipped(ours[mine], theirs[their]))
    return Pairing(
        tuple(sorted(pairs)),
        tuple(ours[place].text for place in left),
        tuple(theirs[place].text for place in right),
        tuple(opposites),
    )


@lru_cache(maxsize=8192)
def _means_something(text: str) -> bool:
    return text not in _HEARD_ELSEWHERE and figure(text) is None


def carries_meaning(word: Word) -> bool:
    """Tell whether a word needs a counterpart; small words and numbers have guards of their own."""
    return _means_something(word.text)


def same(word: Word, other: Word) -> bool:
    """Tell whether two words are one, in any inflection; a name has only its genitive."""
    if word.text == other.text:
        return True
    if _has_digit(word.text) or _has_digit(other.text):
        return False
    if word.named or other.named:
        return word.text in (f"{other.text}s", other.text.removesuffix("s"))
    return _inflected(word.text, other.text) or _one_idea(word.text, other.text)


@lru_cache(maxsize=8192)
def _inflected(one: str, other: str) -> bool:
    if not ideas(one).isdisjoint(ideas(other)):
        return True
    return inflected(one, other) and not (known(one) and known(other))


def _synonymous(word: Word, other: Word) -> bool:
    if word.named or other.named:
        return False
    return not synonyms(word.text).isdisjoint(ideas(other.text))


def _contrary(word: Word, other: Word) -> bool:
    return not (word.named or other.named) and opposed(word.text, other.text)


def _slipped(word: Word, other: Word) -> bool:
    if word.named or other.named or _has_digit(word.text + other.text):
        return False
    return slip(word.text, other.text)


def _one_word(ours: Sequence[Word], mine: int, theirs: Sequence[Word], their: int) -> bool:
    """Tell whether two look-alikes may be one word where they stand.

    After "en" stands a word as the dictionary has it: "en banan" is no form of "en bana", and
    "data" none of "en dator". And a name in the genitive is never the last word.
    """
    one, two = ours[mine].text, theirs[their].text
    determined = _determiner(ours, mine), _determiner(theirs, their)
    if one == two:
        return set(determined) != {"common", "neuter"}  # en plan, ett plan
    if _one_idea(one, two):
        return True
    if ours[mine].named or theirs[their].named:
        longer, place = (ours, mine) if len(one) > len(two) else (theirs, their)
        return place + 1 < len(longer)
    if all(determined):
        return False
    if determined[0]:
        return form_of(two, one)
    return form_of(one, two) if determined[1] else True


def _determiner(words: Sequence[Word], place: int) -> str | None:
    return DETERMINERS.get(words[place - 1].text) if place else None


def _one_idea(one: str, two: str) -> bool:
    idea = SYNONYMS.get(one)
    return idea is not None and idea == SYNONYMS.get(two)


def bound_by(words: Sequence[Word], place: int) -> str | None:
    """Find the preposition that a word stands under, past an article; None for a bare word."""
    before = place - 1
    if before >= 0 and words[before].text in ARTICLES:
        before -= 1
    if before < 0:
        return None
    text = words[before].text
    return DIRECTIONS.get(text) or (text if text in PLACES else None)


def _content(words: Sequence[Word]) -> list[int]:
    return [place for place, word in enumerate(words) if carries_meaning(word)]


def _pair_off(left: list[int], right: list[int], alike: Alike) -> list[tuple[int, int]]:
    pairs = []
    for mine in tuple(left):
        their = next((their for their in right if alike(mine, their)), None)
        if their is not None:
            pairs.append((mine, their))
            left.remove(mine)
            right.remove(their)
    return pairs


def _rejoin(
    left: list[int], right: list[int], ours: Sequence[Word], theirs: Sequence[Word]
) -> list[tuple[int, int]]:
    """Pair a compound with its parts: "sjuk penning", "deklaration av skatt"."""
    pairs = []
    for their in tuple(right):
        parts = _parts(theirs[their].text, left, ours)
        if parts is not None:
            pairs.append((parts[-1], their))
            right.remove(their)
            for part in parts:
                left.remove(part)
    return pairs


def _parts(whole: str, left: Sequence[int], words: Sequence[Word]) -> tuple[int, int] | None:
    """Find the two words that make up a compound: side by side, or the last one first."""
    if len(whole) < SHORTEST_COMPOUND:
        return None
    for first in left:
        for last in left:
            if first == last or words[last].named:
                continue
            one, two = words[first].text, words[last].text
            if last == first + 1 and _inflected(one + two, whole):
                return first, last
            if last < first and any(_compound(whole, base, two) for base in ideas(one)):
                return first, last
    return None


@lru_cache(maxsize=4096)
def _compound(whole: str, modifier: str, head: str) -> bool:
    stem = modifier.rstrip("aeou") if len(modifier) > 4 else modifier
    if len(stem) < 2 or not whole.startswith(stem):
        return False
    return any(
        whole.startswith(stem + joint) and _inflected(whole[len(stem + joint) :], head)
        for joint in ("", "s", "e", "a", "o", "u", modifier[len(stem) :])
        if len(whole) > len(stem + joint) + 2
    )


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
