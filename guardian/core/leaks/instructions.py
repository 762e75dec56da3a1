"""Finds in a stream where the instructions that a model was given are repeated word for word."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

from .words import WORD, folded, words_of

FEWEST_WORDS = 5  # of a text; shorter ones say nothing that is worth hiding
MOST_WORDS = 2_584  # of a text are known


class Instructions:
    """Cuts out every word that stands among so many in a row of the instructions.

    Signs between the words, and their case, make no difference.

    Args:
        texts: that are not to be repeated.
        in_a_row: words from which they are; fewer where a whole text has fewer.
        cut: notes that something was cut and gives what to say instead.
    """

    def __init__(self, texts: tuple[str, ...], in_a_row: int, cut: Callable[[], str]) -> None:
        self._known, self._cut = _known(texts, in_a_row), cut
        self._reset()

    def _reset(self) -> None:
        self._held = ""
        self._starts: list[int] = []  # in `_held`, of the last words that stand in a row
        self._runs: dict[int, int] = {}  # place in the instructions -> words in a row up to it
        self._read = 0  # of `_held`: the words up to here are counted
        self._after_cut = False  # nothing was said since
        self._in_word = False  # what comes next goes on with a word that is none of theirs

    def feed(self, chunk: str) -> str:
        """Take the next words; give what can be said of them now."""
        return self._told(chunk, over=False)

    def rest(self) -> str:
        """Give what was held back, and begin anew."""
        said = self._told("", over=True)
        self._reset()
        return said

    def _told(self, chunk: str, *, over: bool) -> str:
        text = self._held + chunk
        said: list[str] = []
        at = 0  # up to here all is said or cut
        wait_at = len(text)  # from here on it is not known yet what the word will be
        if self._in_word and text:
            going_on = WORD.match(text)
            self._read = going_on.end() if going_on else 0
            self._in_word = self._read == len(text)
        for found in WORD.finditer(text, self._read):
            start, end = found.span()
            word = folded(found.group())
            if end == len(text) and not over:
                if word in self._known.beginnings:
                    wait_at = start
                    break
                self._in_word = True
            self._read = end
            self._runs = self._known.follow(self._runs, word)
            self._starts.append(start)
            run = max(self._runs.values(), default=0)
            # Where words of the row are cut already, all that is held belongs to it.
            whole = run <= len(self._starts)
            begun = self._starts[-run] if run and whole else at if run else end
            if self._known.enough(self._runs):
                if begun > at or not self._after_cut:
                    said += text[at:begun], self._cut()
                at, self._after_cut, self._starts = end, True, []
                continue
            self._starts = self._starts[-run:] if run else []
            if begun > at:
                said.append(text[at:begun])
                at, self._after_cut = begun, False
        if over or not self._runs:
            wait_at = len(text) if over else wait_at
            said.append(text[at:wait_at])
            at = wait_at
        self._held = text[at:]
        self._starts = [start - at for start in self._starts]
        self._read = max(0, self._read - at)
        return "".join(said)


class _Known:
    """The words of the instructions, and where they stand."""

    def __init__(self, texts: tuple[str, ...], in_a_row: int) -> None:
        self.beginnings: set[str] = set()
        self._places: dict[str, list[int]] = defaultdict(list)
        self._in_a_row: list[int] = []  # that are enough, at each place
        for text in texts:
            words = words_of(text)[:MOST_WORDS]
            if len(words) < FEWEST_WORDS:
                continue
            for word in words:
                self._places[word].append(len(self._in_a_row))
                self._in_a_row.append(min(in_a_row, len(words)))
                self.beginnings.update(word[:length] for length in range(1, len(word) + 1))
            self._in_a_row.append(0)  # no row goes on from one text into the next

    def follow(self, runs: dict[int, int], word: str) -> dict[int, int]:
        """Go on with the rows that a word goes on with, and begin those that it begins."""
        return {place: runs.get(place - 1, 0) + 1 for place in self._places.get(word, ())}

    def enough(self, runs: dict[int, int]) -> bool:
        """Tell whether a row is long enough to be no chance."""
        return any(run >= self._in_a_row[place] for place, run in runs.items())


@lru_cache(maxsize=34)
def _known(texts: tuple[str, ...], in_a_row: int) -> _Known:
    return _Known(texts, in_a_row)
