"""Guards: what must agree before the answer to one question is given to another.

No similarity score tells a question from its opposite, so each guard listens for one way in which
two questions that look alike may differ. A guard is a pure function, and says no when unsure. It
wants to hear things in the same order, too: "gram i ett kilo" is not "kilo i ett gram".
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .defining import parted
from .english import participle
from .figures import figure
from .heard import (
    EVERYBODY,
    KEPT,
    agree,
    compare,
    general,
    ideas_of,
    persons_table,
    said_of,
    texts_of,
    yes,
)
from .lexicon import PAST, ideas
from .pairing import bound_by, carries_meaning, paired
from .reading import as_said, words_of
from .roles import roles
from .turns import turned_twice
from .verdict import Guard as Guard
from .verdict import Heard
from .verdict import Verdict as Verdict
from .word import Word
from .words import (
    CLASHES,
    CONTRARIES,
    DIRECTIONS,
    LIGHT,
    MENTIONS,
    MOODS,
    NEGATIONS,
    NUMBERS,
    PERSONS,
    QUESTIONS,
    SCOPES,
    SWAPS,
    TIMES,
    UNITS,
)


def polarity(question: str, other: str) -> Verdict:
    """Hear "inte", "aldrig", "utan": a question and its opposite.

    "Not useful" and "useless" say the same: there the opposite word takes the negation away.
    """
    verdict = compare("polarity", NEGATIONS, question, other)
    return verdict if verdict.agrees or not turned_twice(question, other) else yes("polarity")


def numbers(question: str, other: str) -> Verdict:
    """Hear figures and number words, in their order."""
    return agree("numbers", _numbers_of(question), _numbers_of(other))


def units(question: str, other: str) -> Verdict:
    """Hear what is counted: gram, kilo, per cent, kronor."""
    return compare("units", UNITS, question, other)


def times(question: str, other: str) -> Verdict:
    """Hear weekdays, months, seasons and "i morgon"."""
    return compare("times", TIMES, question, other)


def question_word(question: str, other: str) -> Verdict:
    """Hear what is asked for: who, what, when, where, how or why."""
    return agree("question_word", _asked(question), _asked(other))


def mood(question: str, other: str) -> Verdict:
    """Hear "kan", "måste", "får" and what is over; in any order."""
    return agree("mood", _moods(question), _moods(other))


def scope_words(question: str, other: str) -> Verdict:
    """Hear "alla", "bara", "första": how much is asked about."""
    ours, theirs = (ideas_of(SCOPES, text) for text in (question, other))
    verdict = agree("scope_words", ours, theirs)
    if verdict.agrees or turned_twice(question, other) or _grows(ours, theirs, question, other):
        return yes("scope_words")
    return verdict


def persons(question: str, other: str) -> Verdict:
    """Hear whom it is about.

    "Jag" and "man" may take each other's place, or be left out, where it is asked how or whether a
    thing is done. "Hur gammal är jag?" is about one person only.
    """
    if general(question) and general(other):
        return compare("persons", persons_table(question, other), question, other)
    return compare("persons", EVERYBODY, question, other)


def letter_case(question: str, other: str) -> Verdict:
    """Hear capitals that make another word: mW and MW, -l and -L."""
    ours, theirs = _marked(question), _marked(other)
    if not ours or not theirs:
        return yes("letter_case")
    for text in ours.keys() & theirs.keys():
        if ours[text] != theirs[text]:
            return Verdict("letter_case", False, f"{ours[text]} | {theirs[text]}")
    return yes("letter_case")


def wording(question: str, other: str) -> Verdict:
    """Hear all of a question about words, signs or a text that it brings along.

    "Vad betyder ju?" is not "Vad betyder väl?", a++ is not ++a, and "Översätt: huset" is not
    "Översätt: hus".
    """
    if not (_literal(question) or _literal(other)):
        return yes("wording")
    ours, theirs = (" ".join(word.text for word in words_of(text)) for text in (question, other))
    return yes("wording") if ours == theirs else Verdict("wording", False, f"{ours} | {theirs}")


def direction(question: str, other: str) -> Verdict:
    """Hear "till", "från", "in", "ut": which way something goes.

    A light preposition may come and go ("priset på", "priset för") unless its contrary stands on
    the other side.
    """
    ours, theirs = (ideas_of(DIRECTIONS, text) for text in (question, other))
    said = [said_of(DIRECTIONS, text) for text in (question, other)]
    if ours == theirs and said[0] == said[1]:
        return yes("direction")
    mine, their = (Counter(idea for idea, _ in side) for side in (ours, theirs))
    only = mine - their, their - mine
    for one, two in [(one, two) for one in only[0] for two in only[1]]:
        if frozenset((one, two)) in SWAPS and ("from", "från") not in ours + theirs:
            only = only[0] - Counter([one]), only[1] - Counter([two])
    before, after = (Counter(idea for idea, _ in side) for side in said)
    said_only = before - after, after - before
    if (
        any(idea not in LIGHT for side in only for idea in side)
        or _clash(*only)
        or _clash(*said_only)
        or (mine == their and _shuffled(question, other))
    ):
        words = (" ".join(word for _, word in side) or "–" for side in (ours, theirs))
        return Verdict("direction", False, " | ".join(words))
    return yes("direction")


def antonyms(question: str, other: str) -> Verdict:
    """Hear a word on one side and its opposite on the other."""
    if turned_twice(question, other):
        return yes("antonyms")
    ours, theirs = texts_of(question), texts_of(other)
    only_ours, only_theirs = ours - theirs, theirs - ours
    for mine in sorted(only_ours & CONTRARIES.keys()):
        if their := only_theirs & CONTRARIES[mine]:
            return Verdict("antonyms", False, f"{mine} | {min(their)}")
    if paired(question, other).opposed:
        return Verdict("antonyms", False, _contraries(question, other))
    return yes("antonyms")


def names(question: str, other: str) -> Verdict:
    """Hear names, by their capitals; the other question may have them in lower case."""
    for one, two, mirrored in ((question, other, False), (other, question, True)):
        there = _forms(two)
        for word in words_of(one):
            if word.named and word.text not in there and word.text.rstrip("s") not in there:
                return Verdict("names", False, f"| {word.text}" if mirrored else f"{word.text} |")
    return yes("names")


def content(question: str, other: str) -> Verdict:
    """Find a counterpart for every word that carries meaning."""
    if verdict := parted(question, other):
        return verdict
    pairing = paired(question, other)
    if pairing.left or pairing.right:
        reason = f"{' '.join(pairing.left)} | {' '.join(pairing.right)}".strip()
        return Verdict("content", False, reason)
    if pairing.opposed and not turned_twice(question, other):
        return Verdict("content", False, _contraries(question, other))
    return yes("content")


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

ABBREVIATION = 3  # letters; in a longer word capitals are a matter of taste


def _grows(ours: Sequence[Heard], theirs: Sequence[Heard], question: str, other: str) -> bool:
    """Tell whether all that parts two "how" is "more": "how to get more traffic"."""
    one, two = ([idea for idea, _ in side if idea != "more"] for side in (ours, theirs))
    return one == two and all(
        words
        and words[0].text in ("how", "hur")
        and NUMBERS.keys().isdisjoint({w.text for w in words})
        for words in (words_of(question), words_of(other))
    )


@lru_cache(maxsize=KEPT)
def _asked(question: str) -> list[Heard]:
    """Hear question words; "a person who is kind" asks for nobody."""
    words = words_of(question)
    return [
        (QUESTIONS[word.text], word.text)
        for place, word in enumerate(words)
        if word.text in QUESTIONS
        and not (
            place
            and word.text in ("who", "which")
            and (carries_meaning(words[place - 1]) or words[place - 1].text in PERSONS)
        )
    ]


def _contraries(question: str, other: str) -> str:
    mine, their = paired(question, other).opposed[0]
    return f"{words_of(question)[mine].text} | {words_of(other)[their].text}"


@lru_cache(maxsize=KEPT)
def _moods(question: str) -> list[Heard]:
    """Hear moods; "är" is in nearly every question, and "har" before a supine tells of the past."""
    words = words_of(question)
    return sorted(
        (MOODS[word.text], word.text)
        for place, word in enumerate(words)
        if word.text in MOODS
        and MOODS[word.text] != "be"
        and not (MOODS[word.text] == "have" and _over(words[place + 1 : place + 1 + PERFECT]))
    )


PERFECT = 5  # words that may stand between "har" and its supine


def _over(words: Sequence[Word]) -> bool:
    return any(
        participle(word.text) or any(idea.endswith(PAST) for idea in ideas(word.text))
        for word in words
    )


def _clash(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    return any(frozenset((one, two)) in CLASHES for one in ours for two in theirs)


def _shuffled(question: str, other: str) -> bool:
    """Tell whether numbers stand under each other's prepositions: "från 5 till 7"."""
    ours, theirs = (
        [
            (bound_by(words, place), value)
            for words in [words_of(text)]
            for place, word in enumerate(words)
            if (value := figure(word.text)) is not None
        ]
        for text in (question, other)
    )
    return ours != theirs and sorted(map(str, ours)) != sorted(map(str, theirs))


@lru_cache(maxsize=KEPT)
def _literal(question: str) -> bool:
    texts = [word.text for word in as_said(question)]
    signs = (text for text in texts if text not in UNITS and not any(map(str.isalnum, text)))
    if "säger" in texts and "säger" not in {word.text for word in words_of(question)}:
        texts.remove("säger")  # "säger upp" is no word about words
    return ": " in question or any(signs) or not MENTIONS.isdisjoint(texts)


@lru_cache(maxsize=KEPT)
def _forms(question: str) -> frozenset[str]:
    return frozenset(form for text in texts_of(question) for form in (text, text.rstrip("s")))


@lru_cache(maxsize=KEPT)
def _marked(question: str) -> dict[str, str]:
    """Map words whose capitals tell them apart to how they are written: short or mixed ones."""
    return {
        word.text: word.written
        for word in words_of(question)[1:]
        if len(word.text) <= ABBREVIATION
        and word.written
        and (len(word.text) == 1 or word.written not in (word.text, word.text.capitalize()))
    }


@lru_cache(maxsize=KEPT)
def _numbers_of(question: str) -> list[Heard]:
    return [
        (value, word.text)
        for word in words_of(question)
        if (value := figure(word.text)) is not None
    ]
