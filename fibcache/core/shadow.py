"""Do two answers say the same? Told only where it is plain: who is unsure has learned nothing."""

import re

from .encoder import HashedNgrams
from .figures import figure
from .reading import words_of
from .words import NEGATIONS, TIMES

ALIKE = 0.8  # cosine from which two answers that name the same figures are the same
ANSWER_CHARS = 4000  # longer ones are not compared

_WRITTEN = HashedNgrams()  # spelling is what is compared, whichever encoder knows the questions
_WORD = re.compile(r"\w+")
_YES = frozenset({"ja", "jo", "jajamän", "absolut", "yes"})
_NO = frozenset({"nej", "no"})


def agree(one: str, other: str) -> bool | None:
    """Tell whether two answers to one question say the same, or None when it can't be told.

    The same: the same words, or words written alike with the same figures, times, names and
    negations. Different: one begins with yes and the other with no; or both are short and name
    figures (or times, or names) of which they have none in common. A model seldom says the same
    thing twice in the same words, so that most pairs are neither.
    """
    if max(len(one), len(other)) > ANSWER_CHARS or not one.strip() or not other.strip():
        return None
    if one.casefold().split() == other.casefold().split():
        return True
    mine, theirs = _Facts(one), _Facts(other)
    if {mine.stance, theirs.stance} == {"yes", "no"}:
        return False
    if mine.short and theirs.short:
        for kind in ("figures", "times", "names"):
            ours, others = getattr(mine, kind), getattr(theirs, kind)
            if ours and others and ours.isdisjoint(others):
                return False
    if mine.told != theirs.told:
        return None
    return True if float(_WRITTEN.encode(one) @ _WRITTEN.encode(other)) >= ALIKE else None


class _Facts:
    """What an answer pins down."""

    SHORT_WORDS = 21  # a longer one may number its points, and name what is beside the point

    def __init__(self, text: str) -> None:
        words = words_of(text)
        texts = [word.text for word in words]
        found = _WORD.search(text.casefold())
        first = found[0] if found else ""  # not of `words`: a question does without its "ja"
        self.stance = "yes" if first in _YES else "no" if first in _NO else ""
        self.figures = {value for text in texts if (value := figure(text)) is not None}
        self.times = {TIMES[text] for text in texts if text in TIMES}
        self.names = {word.text for word in words if word.named}
        self.negations = sorted(NEGATIONS[text] for text in texts if text in NEGATIONS)
        self.short = len(words) <= self.SHORT_WORDS

    @property
    def told(self) -> tuple[object, ...]:
        return self.stance, self.figures, self.times, self.names, self.negations
