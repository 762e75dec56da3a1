"""Cutting an answer where an OpenAI client asked for its end."""

import re
from collections.abc import Sequence

_PIECES = re.compile(r"\s+|\S+")


class Trimmer:
    """Lets an answer through up to its first stop sequence, or for so many words.

    A back-end counts its own tokens; for answers that no model made, a word counts as a token.
    `finish` is "stop" or "length" once something was cut.
    """

    def __init__(self, *, stop: Sequence[str] = (), words: int | None = None) -> None:
        self._stop, self._words = [text for text in stop if text], words
        self._held = ""  # may be the beginning of a stop sequence
        self._in_word = False
        self.finish = ""

    def feed(self, text: str) -> str:
        """Take the next words, give those that may be said by now."""
        if self.finish:
            return ""
        if not self._stop:
            return self._counted(text)
        text = self._held + text
        cuts = [at for at in map(text.find, self._stop) if at >= 0]
        if cuts:
            self._held = ""
            said = self._counted(text[: min(cuts)])
            self.finish = self.finish or "stop"
            return said
        keep = max(_overlap(text, stop) for stop in self._stop)
        self._held = text[len(text) - keep :]
        return self._counted(text[: len(text) - keep])

    def rest(self) -> str:
        """Give what was held back, now that the answer has ended."""
        held, self._held = self._held, ""
        return "" if self.finish else self._counted(held)

    def _counted(self, text: str) -> str:
        if self._words is None:
            return text
        for piece in _PIECES.finditer(text):
            if piece.group().isspace():
                self._in_word = False
            elif not self._in_word:
                if self._words == 0:
                    self.finish = "length"
                    return text[: piece.start()].rstrip()
                self._words -= 1
                self._in_word = True
        return text


def _overlap(text: str, stop: str) -> int:
    """Count the characters at the end of `text` with which `stop` begins."""
    for size in range(min(len(stop) - 1, len(text)), 0, -1):
        if text.endswith(stop[:size]):
            return size
    return 0
