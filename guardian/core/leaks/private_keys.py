"""Finds private keys, which go over many lines, in a stream."""

import re
from collections.abc import Callable

MOST_CHARS = 13_000  # of a key, until one gives up waiting for its end
BEGINS_WITHIN = 144  # signs after the header; else the key is only spoken of

_HEADER = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_MAY_BE_HEADER = re.compile(r"-----(?:B(?:E(?:G(?:I(?:N[A-Z0-9 ]{0,75}-{0,4})?)?)?)?)?\Z|-{1,4}\Z")
_FOOTER = re.compile(r"-----END [A-Z0-9 ]{0,40}-----")
_FOOTER_CHARS = 60
_BODY = re.compile(r"[A-Za-z0-9+/=]{34}")


class PrivateKeys:
    """Cuts private keys out of a stream.

    Args:
        cut: notes that one was cut and gives what to say instead.
    """

    def __init__(self, cut: Callable[[], str]) -> None:
        self._cut = cut
        self._reset()

    def _reset(self) -> None:
        self._held = ""
        self._header = 0  # signs of the header that `_held` begins with
        self._inside = False  # a key, all of which is held and will not be said

    def feed(self, chunk: str) -> str:
        """Take the next words; give what can be said of them now."""
        if not self._held and "-" not in chunk:
            return chunk
        self._held += chunk
        said: list[str] = []
        while self._inside or self._header or "-" in self._held:
            found_out = self._end(len(chunk)) if self._inside else self._begin(said)
            if not found_out:
                return "".join(said)
        said.append(self._held)
        self._held = ""
        return "".join(said)

    def rest(self) -> str:
        """Give what was held back, and begin anew."""
        said = "" if self._inside else self._held
        self._reset()
        return said

    def _begin(self, said: list[str]) -> bool:
        """Look for a header and what follows it; tell whether there is more to look at."""
        if not self._header:
            header = _HEADER.search(self._held) or _MAY_BE_HEADER.search(self._held)
            start = header.start() if header else len(self._held)
            said.append(self._held[:start])
            self._held = self._held[start:]
            whole = _HEADER.match(self._held)
            if whole is None:
                return False
            self._header = whole.end()
        near = self._held[self._header : self._header + BEGINS_WITHIN]
        body, footer = _BODY.search(near), _FOOTER.search(near)
        if body and not (footer and footer.start() < body.start()):
            said.append(self._cut())
            self._inside = True
            return True
        if footer or len(near) == BEGINS_WITHIN:
            said.append(self._held[: self._header])
            self._held, self._header = self._held[self._header :], 0
            return True
        return False

    def _end(self, fresh: int) -> bool:
        """Look for the end of a key; tell whether it was there."""
        looked_at = max(self._header, len(self._held) - fresh - _FOOTER_CHARS)
        footer = _FOOTER.search(self._held, looked_at, MOST_CHARS)
        if footer is None and len(self._held) < MOST_CHARS:
            return False
        self._held = self._held[footer.end() if footer else MOST_CHARS :]
        self._header, self._inside = 0, False
        return True
