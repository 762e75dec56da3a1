"""The passive voice turned around: "was the book sold by Anna" asks "did Anna sell the book"."""

from collections.abc import Sequence

from .english import participle
from .word import Word

_BE = {"is": "does", "are": "do", "was": "did", "were": "did", "been": "did"}
_PAST = frozenset({"was", "were"})


def active(words: Sequence[Word]) -> tuple[Word, ...]:
    """Put an English question with "by" and its doer into the active voice; leave any other."""
    texts = [word.text for word in words]
    if "by" not in texts:
        return tuple(words)
    by = texts.index("by")
    verb = by - 1
    be = next((place for place in range(verb - 1, -1, -1) if texts[place] in _BE), None)
    if be is None or not participle(texts[verb]) or by + 1 == len(words):
        return tuple(words)
    before, done_to, doer = words[:be], words[be + 1 : verb], words[by + 1 :]
    auxiliary = Word(_BE[texts[be]], False)
    if done_to:
        return (*before, auxiliary, *doer, words[verb], *done_to)
    return (*before, auxiliary, *doer, words[verb])
