"""Who does what to whom: the guard that listens to the order of words."""

import itertools
from collections import Counter
from collections.abc import Container, Mapping, Sequence

from .figures import figure
from .heard import ANYONE, places
from .lexicon import verb
from .pairing import bound_by, carries_meaning, paired
from .reading import words_of
from .verdict import Verdict
from .word import Word
from .words import CLASHES, JOINTS, MUTUAL, NEGATIONS, NUMBERS, PERSONS, SCOPES, TIMES, UNITS

_OTHERS = frozenset(PERSONS) - ANYONE


def roles(question: str, other: str) -> Verdict:
    """Hear words in another order, or under another preposition.

    A word with a preposition of its own may move: "på söndag" means the same first and last. So may
    a verb, and what "och", "eller" or "gift med" joins may change sides. A negation may not: "inte
    bra, eller hur?" is not "bra, eller inte?".
    """
    ours, theirs = words_of(question), words_of(other)
    bound = [
        (mine, their, bound_by(ours, mine), bound_by(theirs, their))
        for mine, their in paired(question, other).pairs
    ]
    if verdict := _rebound(bound, ours, theirs) or _recounted(bound, ours, theirs):
        return verdict
    uses = Counter(one for _, _, one, _ in bound)
    turned = _turned(bound, ours, theirs)
    fixed = [
        (mine, their)
        for mine, their, one, two in bound
        if mine not in turned and not _moves(ours[mine], theirs[their], one, two, uses)
    ]
    tables: tuple[Container[str], ...] = (_OTHERS, NEGATIONS)
    if places(NEGATIONS, ours):
        tables += SCOPES, TIMES, UNITS, NUMBERS
    for table in tables:
        fixed += zip(places(table, ours), places(table, theirs), strict=False)
    fixed.sort()
    there = [their for _, their in fixed]
    if there == sorted(there):
        return Verdict("roles", True)
    if _changed_sides([mine for mine, _ in fixed], there, ours, theirs):
        return Verdict("roles", True)
    place = next(at for at, (a, b) in enumerate(itertools.pairwise(there)) if b < a)
    return Verdict(
        "roles", False, f"{ours[fixed[place][0]].text} | {theirs[there[place + 1]].text}"
    )


Bound = tuple[int, int, str | None, str | None]


def _rebound(
    bound: Sequence[Bound], ours: Sequence[Word], theirs: Sequence[Word]
) -> Verdict | None:
    """Object to a word that changed its preposition for the contrary, or for another word's."""
    our_uses = {one for _, _, one, _ in bound}
    their_uses = {two for _, _, _, two in bound}
    for mine, their, one, two in bound:
        if not one or not two or one == two:
            continue
        if frozenset((one, two)) in CLASHES or (one in their_uses and two in our_uses):
            return Verdict("roles", False, f"{one} {ours[mine].text} | {two} {theirs[their].text}")
    return None


def _recounted(
    bound: Sequence[Bound], ours: Sequence[Word], theirs: Sequence[Word]
) -> Verdict | None:
    """Object to numbers that count each other's things: "five brothers and two sisters"."""
    one, two = _counted(ours), _counted(theirs)
    if len(one) < 2 or len(one) != len(two):
        return None
    there = {mine: their for mine, their, _, _ in bound}
    for mine, their in zip(one, two, strict=True):
        if mine is None or their is None or mine not in there:
            continue
        if their in there.values() and there[mine] != their:
            return Verdict("roles", False, f"{ours[mine].text} | {theirs[their].text}")
    return None


def _counted(words: Sequence[Word]) -> list[int | None]:
    """Give for each number where the word after it stands that it counts."""
    return [
        next((at for at in range(place + 1, len(words)) if carries_meaning(words[at])), None)
        for place, word in enumerate(words)
        if figure(word.text) is not None
    ]


def _turned(bound: Sequence[Bound], ours: Sequence[Word], theirs: Sequence[Word]) -> set[int]:
    """Find words before their noun that stand behind it: "soy sauce", "sauce of soy"."""
    there = {mine: their for mine, their, _, _ in bound}
    here = {their: mine for mine, their in there.items()}
    turned: set[int] = set()
    for mine, their, one, two in bound:
        if one is None and two in (PLACED if theirs[their].named else ATTRIBUTIVE):
            chain = _chain(mine, their, there)
            if there.get(mine + chain) == _noun_before(theirs, their) is not None:
                turned.update(range(mine, mine + chain))
        elif two is None and one in (PLACED if ours[mine].named else ATTRIBUTIVE):
            chain = _chain(their, mine, here)
            if here.get(their + chain) == _noun_before(ours, mine) is not None:
                turned.update(range(mine, mine + chain))
    return turned


ATTRIBUTIVE = frozenset(("of", "for", "in", "at", "on", "by", "för", "i", "inside"))
"""Prepositions that may put behind a noun what else stands before it."""
PLACED = frozenset(("in", "at", "on", "i", "inside"))
"""Those that do so with a name: "Quora answers", but not "what Anna thinks of Eva"."""


def _chain(one: int, two: int, pairs: Mapping[int, int]) -> int:
    """Count the words that stand side by side in both questions from these two on."""
    length = 1
    while pairs.get(one + length) == two + length:
        length += 1
    return length


def _noun_before(words: Sequence[Word], place: int) -> int | None:
    return next((at for at in range(place - 1, -1, -1) if carries_meaning(words[at])), None)


def _moves(
    word: Word, other: Word, one: str | None, two: str | None, uses: Counter[str | None]
) -> bool:
    if one is not None and two is not None:
        return uses[one] == 1
    if (one is None) is not (two is None):
        # "Sveriges flod" is "floden i Sverige".
        bare, whole = (word, other) if one is None else (other, word)
        if bare.text == whole.text + "s" or bare.written.endswith("'s"):
            return True
    return not (word.named or other.named) and verb(word.text) and verb(other.text)


def _changed_sides(
    ours: Sequence[int], theirs: Sequence[int], words: Sequence[Word], others: Sequence[Word]
) -> bool:
    """Tell whether all that changed is which side of a joint a word stands on."""
    names = {mine: str(at) for at, mine in enumerate(ours)}
    mirror = {their: str(at) for at, their in enumerate(theirs)}
    one = [*_with_joints(names, words)]
    two = [*_with_joints(mirror, others)]
    while one and two and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    if len(one) == 2 and "+and" in two and two == [one[1], "+and", one[0]]:
        return True  # a German intern, an intern and German
    if len(two) == 2 and "+and" in one and one == [two[1], "+and", two[0]]:
        return True
    return any(
        mark.startswith("+") and [*one[at + 1 :], mark, *one[:at]] == two
        for at, mark in enumerate(one)
    )


def _with_joints(names: dict[int, str], words: Sequence[Word]) -> list[str]:
    sequence = []
    for place, word in enumerate(words):
        if word.text in JOINTS:
            sequence.append(f"+{JOINTS[word.text]}")
        elif word.text in MUTUAL:
            sequence.append("+mutual")
        elif place in names:
            sequence.append(names[place])
    return sequence
