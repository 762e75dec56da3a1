"""Guards: what must agree before the answer to one question is given to another.

No similarity score tells a question from its opposite, so each guard listens for one way in which
two questions that look alike may differ. A guard is a pure function, and says no when unsure. It
wants to hear things in the same order, too: "gram i ett kilo" is not "kilo i ett gram".
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from .figures import figure
from .pairing import bound_by, paired
from .reading import Word, words_of
from .words import (
    ANTONYMS,
    DIRECTIONS,
    MOODS,
    NEGATIONS,
    NUMBERS,
    PERSONS,
    QUESTIONS,
    SCOPES,
    TIMES,
    UNITS,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one guard says of two questions. `reason` shows where they part: "sju | åtta"."""

    guard: str
    agrees: bool
    reason: str = ""


Guard = Callable[[str, str], Verdict]


def polarity(question: str, other: str) -> Verdict:
    """Hear "inte", "aldrig", "utan": a question and its opposite."""
    return _compare("polarity", NEGATIONS, question, other)


def numbers(question: str, other: str) -> Verdict:
    """Hear figures and number words, in their order."""
    return _verdict("numbers", _numbers_of(question), _numbers_of(other))


def units(question: str, other: str) -> Verdict:
    """Hear what is counted: gram, kilo, per cent, kronor."""
    return _compare("units", UNITS, question, other)


def times(question: str, other: str) -> Verdict:
    """Hear weekdays, months, seasons and "i morgon"."""
    return _compare("times", TIMES, question, other)


def question_word(question: str, other: str) -> Verdict:
    """Hear what is asked for: who, what, when, where, how or why."""
    return _compare("question_word", QUESTIONS, question, other)


def mood(question: str, other: str) -> Verdict:
    """Hear "kan", "måste", "får" and what is over."""
    return _compare("mood", MOODS, question, other)


def scope_words(question: str, other: str) -> Verdict:
    """Hear "alla", "bara", "någon": how much is asked about."""
    return _compare("scope_words", SCOPES, question, other)


def persons(question: str, other: str) -> Verdict:
    """Hear whom it is about; "jag" and "man" may take each other's place."""
    return _compare("persons", _OTHERS, question, other)


def direction(question: str, other: str) -> Verdict:
    """Hear "till", "från", "av", "ut": which way something goes."""
    return _compare("direction", DIRECTIONS, question, other)


def antonyms(question: str, other: str) -> Verdict:
    """Hear a word on one side and its opposite on the other."""
    ours, theirs = (frozenset(word.text for word in words_of(text)) for text in (question, other))
    only_ours, only_theirs = ours - theirs, theirs - ours
    for one, opposite in ANTONYMS:
        for a, b in ((one, opposite), (opposite, one)):
            if (mine := only_ours & a) and (their := only_theirs & b):
                return Verdict("antonyms", False, f"{min(mine)} | {min(their)}")
    return Verdict("antonyms", True)


def names(question: str, other: str) -> Verdict:
    """Hear names, by their capitals; the other question may have them in lower case."""
    for one, two, mirrored in ((question, other, False), (other, question, True)):
        there = {form for word in words_of(two) for form in (word.text, word.text.rstrip("s"))}
        for word in words_of(one):
            if word.named and not {word.text, word.text.rstrip("s")} & there:
                return Verdict("names", False, f"| {word.text}" if mirrored else f"{word.text} |")
    return Verdict("names", True)


def content(question: str, other: str) -> Verdict:
    """Find a counterpart for every word that carries meaning."""
    pairing = paired(question, other)
    if pairing.left or pairing.right:
        reason = f"{' '.join(pairing.left)} | {' '.join(pairing.right)}".strip()
        return Verdict("content", False, reason)
    return Verdict("content", True)


def roles(question: str, other: str) -> Verdict:
    """Hear who does what to whom: words in another order, or under another preposition.

    A word with a preposition of its own may move: "på söndag" means the same first and last. A
    negation may not: "inte bra, eller hur?" is not "bra, eller inte?".
    """
    ours, theirs = words_of(question), words_of(other)
    bound = [
        (mine, their, bound_by(ours, mine), bound_by(theirs, their))
        for mine, their in paired(question, other).pairs
    ]
    uses = Counter(one for _, _, one, _ in bound)
    fixed: list[tuple[int, int]] = []
    for mine, their, one, two in bound:
        if one and two and one != two:
            return Verdict("roles", False, f"{one} {ours[mine].text} | {two} {theirs[their].text}")
        if one is None or two is None or uses[one] > 1:
            fixed.append((mine, their))
    tables: tuple[Container[str], ...] = (_OTHERS, NEGATIONS)
    if _places(NEGATIONS, ours):
        tables += SCOPES, TIMES, UNITS, NUMBERS
    for table in tables:
        fixed += zip(_places(table, ours), _places(table, theirs), strict=False)
    for (mine, their), (_, next_their) in pairwise(sorted(fixed)):
        if next_their < their:
            return Verdict("roles", False, f"{ours[mine].text} | {theirs[next_their].text}")
    return Verdict("roles", True)


GUARDS: tuple[Guard, ...] = (
    polarity,
    numbers,
    units,
    times,
    question_word,
    mood,
    scope_words,
    persons,
    direction,
    antonyms,
    names,
    content,
    roles,
)

_OTHERS = {word: idea for word, idea in PERSONS.items() if idea != "anyone"}

Heard = tuple[str, str]  # the idea, and the word that was heard


def _compare(guard: str, table: Mapping[str, str], question: str, other: str) -> Verdict:
    return _verdict(guard, _ideas(table, question), _ideas(table, other))


def _ideas(table: Mapping[str, str], question: str) -> list[Heard]:
    return [(table[word.text], word.text) for word in words_of(question) if word.text in table]


def _places(table: Container[str], words: Iterable[Word]) -> list[int]:
    return [place for place, word in enumerate(words) if word.text in table]


def _verdict(guard: str, ours: Iterable[Heard], theirs: Iterable[Heard]) -> Verdict:
    ours, theirs = tuple(ours), tuple(theirs)
    if [idea for idea, _ in ours] == [idea for idea, _ in theirs]:
        return Verdict(guard, True)
    said, other = (" ".join(word for _, word in side) or "–" for side in (ours, theirs))
    return Verdict(guard, False, f"{said} | {other}")


def _numbers_of(question: str) -> list[Heard]:
    return [
        (value, word.text)
        for word in words_of(question)
        if (value := figure(word.text)) is not None
    ]
