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
from .pairing import bound_by, carries_meaning, paired
from .reading import Word, essence, words_of
from .words import (
    ANTONYMS,
    DIRECTIONS,
    GENERALS,
    MENTIONS,
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
    """Hear whom it is about.

    "Jag" and "man" may take each other's place, or be left out, where it is asked how or whether a
    thing is done. "Hur gammal är jag?" is about one person only.
    """
    verdict = _compare("persons", _OTHERS, question, other)
    if not verdict.agrees or (_general(question) and _general(other)):
        return verdict
    return _compare("persons", _EVERYBODY, question, other)


def letter_case(question: str, other: str) -> Verdict:
    """Hear capitals that make another word: mW and MW, -l and -L."""
    ours, theirs = _marked(question), _marked(other)
    for text in ours.keys() & theirs.keys():
        if ours[text] != theirs[text]:
            return Verdict("letter_case", False, f"{ours[text]} | {theirs[text]}")
    return Verdict("letter_case", True)


def wording(question: str, other: str) -> Verdict:
    """Hear all of a question about words, signs or a text that it brings along.

    "Vad betyder ju?" is not "Vad betyder väl?", a++ is not ++a, and "Översätt: huset" is not
    "Översätt: hus".
    """
    ours, theirs = (_as_written(text) for text in (question, other))
    if ours == theirs or not (_literal(question) or _literal(other)):
        return Verdict("wording", True)
    return Verdict("wording", False, f"{ours} | {theirs}")


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
    letter_case,
    wording,
    content,
    roles,
)

_ANYONE = frozenset(word for word, idea in PERSONS.items() if idea == "anyone")
_EVERYBODY = PERSONS | {word: word for word in _ANYONE}
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


def _general(question: str) -> bool:
    """Tell whether "jag" means anybody: early in a question of how or whether, about some thing."""
    words = words_of(question)
    subject = next((place for place, word in enumerate(words) if word.text in _ANYONE), 0)
    about = [word for word in words if carries_meaning(word)]
    return bool(words) and words[0].text in GENERALS and subject < 3 and len(about) > 1


def _as_written(question: str) -> str:
    core = essence(question).rstrip("?. ")
    return core[:1].casefold() + core[1:]


def _literal(question: str) -> bool:
    texts = [word.text for word in words_of(question)]
    signs = (text for text in texts if text not in UNITS and not any(map(str.isalnum, text)))
    return ": " in question or any(signs) or not MENTIONS.isdisjoint(texts)


def _marked(question: str) -> dict[str, str]:
    """Map words whose capitals tell them apart to how they are written: short or mixed ones."""
    return {
        word.text: word.written
        for word in words_of(question)[1:]
        if len(word.text) == 1 or word.written not in (word.text, word.text.capitalize())
    }


def _numbers_of(question: str) -> list[Heard]:
    return [
        (value, word.text)
        for word in words_of(question)
        if (value := figure(word.text)) is not None
    ]
