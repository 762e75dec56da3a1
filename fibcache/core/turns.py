"""Two turns that take each other out: "not useful" is "useless"."""

from collections.abc import Sequence

from .pairing import carries_meaning, paired
from .reading import words_of
from .word import Word
from .words import NEGATIONS, PEOPLE, SCOPES

COPULAS = frozenset(
    [
        "look",
        "looks",
        "looked",
        "seem",
        "seems",
        "feel",
        "feels",
        "sound",
        "sounds",
        "ser",
        "känns",
        "verkar",
    ]
)
"""Verbs between a "not" and the word that it bears on: "does not look good"."""

_TURNING = {"no", "more", "less"}


def turned_twice(question: str, other: str) -> bool:
    """Tell whether one pair of contraries is made good by one "not", or by "more" and "less"."""
    pairing = paired(question, other)
    if len(pairing.opposed) != 1 or pairing.left or pairing.right:
        return False
    ours, theirs = words_of(question), words_of(other)
    mine, their = pairing.opposed[0]
    if ours[mine].text in PEOPLE or theirs[their].text in PEOPLE:
        return False
    one, two = _turning(ours), _turning(theirs)
    at_one, at_two = _before(ours, mine), _before(theirs, their)
    if {at_one, at_two} == {"more", "less"}:
        return len(one) == len(two) and _rest(one, at_one) == _rest(two, at_two)
    if (at_one == "no") is (at_two == "no"):
        return False
    return _rest(one, "no") == two if at_one == "no" else one == _rest(two, "no")


def _turning(words: Sequence[Word]) -> list[str]:
    found = (NEGATIONS.get(word.text) or SCOPES.get(word.text) for word in words)
    return sorted(idea for idea in found if idea)


def _rest(ideas: Sequence[str], idea: str | None) -> list[str]:
    rest = list(ideas)
    if idea in rest:
        rest.remove(idea)
    return rest


def _before(words: Sequence[Word], place: int) -> str | None:
    """Find the "not", "more" or "less" that bears on a word, past small words."""
    for word in reversed(words[:place]):
        idea = NEGATIONS.get(word.text) or SCOPES.get(word.text)
        if idea in _TURNING:
            return idea
        if carries_meaning(word) and word.text not in COPULAS:
            return None
    return None
