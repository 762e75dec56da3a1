"""The passive voice turned around: "was the book sold by Anna" asks "did Anna sell the book".

Swedish "hur odlas tomater" asks "hur odlar man tomater".
"""

from collections.abc import Sequence

from .english import participle
from .lexicon import PASSIVE, ideas
from .word import Word

_BE = {"is": "does", "are": "do", "was": "did", "were": "did", "been": "did"}
_PAST = frozenset({"was", "were"})


def active(words: Sequence[Word]) -> tuple[Word, ...]:
    """Put a question in the passive into the active voice; leave any other."""
    texts = [word.text for word in words]
    if done := _done_by_anybody(texts):
        return (words[0], Word(done, False), Word("man", False), *words[2:])
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


def _done_by_anybody(texts: Sequence[str]) -> str | None:
    """Give the active form of a Swedish verb in the passive, where it is asked how it is done."""
    if len(texts) < 3 or texts[0] not in ("hur", "när", "var") or "av" in texts:
        return None
    verb = texts[1]
    if not verb.endswith("s") or not any(idea.endswith(PASSIVE) for idea in ideas(verb)):
        return None
    if verb.endswith(("as", "rs")):
        return verb[:-1] + ("r" if verb.endswith("as") else "")
    return verb[:-1] + "er"
