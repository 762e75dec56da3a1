"""What the guards hear in one question: ideas from a table, in order."""

from collections.abc import Container, Iterable, Sequence
from functools import cache, lru_cache

from .pairing import carries_meaning
from .reading import as_said, words_of
from .verdict import Heard, Verdict
from .word import Word
from .words import GENERALS, PERSONS, Table

ANYONE = frozenset(word for word, idea in PERSONS.items() if idea in ("anyone", "me", "my"))
"""Whoever asks: may be left out where it is asked how a thing is done."""
YOU = frozenset({"you", "your", "yours"})
EVERYBODY = Table(PERSONS | {word: word for word, idea in PERSONS.items() if idea == "anyone"})


KEPT = 8192  # of what was heard in a question, one for each table


@cache
def yes(guard: str) -> Verdict:
    """Agree."""
    return Verdict(guard, True)


@lru_cache(maxsize=KEPT)
def ideas_of(table: Table, question: str) -> tuple[Heard, ...]:
    """Give what is heard in a question put in its plainest frame."""
    return tuple((table[word.text], word.text) for word in words_of(question) if word.text in table)


@lru_cache(maxsize=KEPT)
def said_of(table: Table, question: str) -> tuple[Heard, ...]:
    """Give what is heard in a question as it was put."""
    return tuple((table[word.text], word.text) for word in as_said(question) if word.text in table)


def places(table: Container[str], words: Iterable[Word]) -> list[int]:
    """Give where words of a table stand."""
    return [place for place, word in enumerate(words) if word.text in table]


def compare(guard: str, table: Table, question: str, other: str) -> Verdict:
    """Agree where the same ideas of a table are heard in the same order."""
    return agree(guard, ideas_of(table, question), ideas_of(table, other))


def agree(guard: str, ours: Sequence[Heard], theirs: Sequence[Heard]) -> Verdict:
    """Agree where the ideas are the same."""
    if ours == theirs or [idea for idea, _ in ours] == [idea for idea, _ in theirs]:
        return yes(guard)
    said, other = (" ".join(word for _, word in side) or "–" for side in (ours, theirs))
    return Verdict(guard, False, f"{said} | {other}")


@lru_cache(maxsize=KEPT)
def general(question: str) -> bool:
    """Tell whether whoever asks may be anybody: it is asked how or whether a thing is done."""
    words = words_of(question)
    if not words or words[0].text not in GENERALS:
        return False
    subjects = [place for place, word in enumerate(words) if PERSONS.get(word.text) == "anyone"]
    about = sum(carries_meaning(word) for word in words)
    return (
        about > 1 or (about == 1 and not subjects)
        if not subjects
        else (subjects[0] < EARLY and about > 1)
    )


EARLY = 3  # words in, where the one who does it is named; "hur mår jag" is about one person only


def persons_table(question: str, other: str) -> Table:
    """Give the persons that count when both questions may be anybody's.

    English "you" is anybody too, unless somebody else is there: "how do I help you?"
    """
    you = any(not YOU.isdisjoint(texts_of(text)) for text in (question, other))
    return _ours if you and (heard_both(question) or heard_both(other)) else _anybodys


def _without(us: frozenset[str]) -> Table:
    return Table((word, idea) for word, idea in PERSONS.items() if word not in us)


_ours, _anybodys = _without(ANYONE), _without(ANYONE | YOU)


@lru_cache(maxsize=KEPT)
def texts_of(question: str) -> frozenset[str]:
    """Give the words of a question put in its plainest frame."""
    return frozenset(word.text for word in words_of(question))


@lru_cache(maxsize=KEPT)
def heard_both(question: str) -> bool:
    """Tell whether both the one who asks and the one asked are in a question."""
    texts = texts_of(question)
    return not texts.isdisjoint(YOU) and not texts.isdisjoint(ANYONE | {"i"})
