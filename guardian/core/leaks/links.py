"""Finds the addresses of links and images in a stream of Markdown, HTML or plain text.

What stands before an address tells that one begins; the address is held back until it ends, and
judged whole.
"""

import re
from collections.abc import Callable, Mapping

MOST_CHARS = 2_584  # of an address that are held back; what follows of it shares its fate
BEFORE_CHARS = 610  # looked at before an address

_CANDIDATE = re.compile(r"[(=:/\\.]")
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(?P<name>href|src|srcset|action|formaction|poster|background|data|ping|cite|content"
    r"|xlink:href|imagesrcset|srcdoc|style)\s{0,8}=\Z",
    re.IGNORECASE,
)
_BY_A_CLICK = frozenset({"href", "action", "formaction", "cite", "xlink:href"})
_FETCHED = re.compile(r"<(?:link|image|use|base)\b[^<>]{0,233}\Z", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}:[/\\]{2}\Z")
_WWW = re.compile(r"(?<![\w.@/-])www\.\Z", re.IGNORECASE)
_ENDS = re.compile(r"[\s<>\"'`()]")


class Links:
    """Cuts addresses that carry data out of a stream.

    Args:
        carries: judges an address and its kind, "link" or "image".
        cut: notes that one was cut and gives what to say instead, by kind.
    """

    def __init__(
        self, carries: Callable[[str, str], bool], cut: Mapping[str, Callable[[], str]]
    ) -> None:
        self._carries, self._cut = carries, cut
        self._reset()

    def _reset(self) -> None:
        self._before = ""  # the last of what was read, as it was written
        self._kind = ""  # of the address that is being read
        self._address = ""
        self._prefix = ""  # of the address, said already
        self._quote = ""  # that ends the address
        self._quotes = ""  # that may open it
        self._depth = 0  # of brackets inside the address
        self._fate: str | None = None  # of what follows: "say" or "drop", once that is known

    def feed(self, chunk: str) -> str:
        """Take the next words; give what can be said of them now."""
        said: list[str] = []
        at = 0
        while at < len(chunk):
            at = self._read(chunk, at, said) if self._kind else self._look(chunk, at, said)
        return "".join(said)

    def rest(self) -> str:
        """Give what was held back, and begin anew."""
        said = self._judged() if self._kind else ""
        self._reset()
        return said

    def _look(self, chunk: str, at: int, said: list[str]) -> int:
        """Say words until an address begins."""
        for found in _CANDIDATE.finditer(chunk, at):
            end = found.end()
            if self._begins(found.group(), chunk, end):
                said.append(chunk[at:end])
                self._remember(chunk[at:end])
                return end
        said.append(chunk[at:])
        self._remember(chunk[at:])
        return len(chunk)

    def _remember(self, read: str) -> None:
        self._before = (self._before + read)[-BEFORE_CHARS:]

    def _begins(self, sign: str, chunk: str, end: int) -> bool:
        """Tell whether an address begins where `sign` ends, and what kind it is of."""
        near = self._written(chunk, end, 34)
        self._quotes = ""
        if sign == "(":
            if near[-2:] == "](":
                self._quotes = "<"
                self._kind = _bracketed(self._written(chunk, end, BEFORE_CHARS)[:-2])
            elif near[-4:].lower() == "url(":
                self._quotes, self._kind = "\"'", "image"
        elif sign == "=":
            if name := _ATTRIBUTE.search(near):
                fetched = name["name"].lower() not in _BY_A_CLICK or _FETCHED.search(
                    self._written(chunk, end, BEFORE_CHARS)
                )
                self._quotes, self._kind = "\"'", "image" if fetched else "link"
        elif sign == ":":
            if near[-2:] == "]:":  # what a link elsewhere in the text, or an image, refers to
                self._quotes, self._kind = "<", "image"
        elif sign == ".":
            if near[-4:].lower() == "www." and _WWW.search(near):
                self._kind, self._prefix = "link", "//www."
        elif _SCHEME.search(near):
            self._kind, self._prefix = "link", "//"
        return bool(self._kind)

    def _written(self, chunk: str, end: int, count: int) -> str:
        """Give the last `count` signs before `end`."""
        start = end - count
        return chunk[start:end] if start >= 0 else self._before[start:] + chunk[:end]

    def _read(self, chunk: str, at: int, said: list[str]) -> int:
        """Read on in an address until it ends."""
        while at < len(chunk):
            sign = chunk[at]
            fresh = not (self._address or self._quote or self._prefix)
            if fresh and (sign.isspace() or sign in self._quotes):
                if not sign.isspace():
                    self._quote = ">" if sign == "<" else sign
                said.append(sign)
                self._remember(sign)
                at += 1
                continue
            if self._ends(sign):
                said.append(self._judged())
                self._kind, self._address, self._prefix, self._quote = "", "", "", ""
                self._depth, self._fate = 0, None
                return at
            self._take(sign, said)
            self._remember(sign)
            at += 1
        return at

    def _ends(self, sign: str) -> bool:
        if self._quote:
            return sign == self._quote or (self._quote == ">" and sign in "\n<")
        if not _ENDS.match(sign):
            return False
        if sign == "(":
            self._depth += 1
        elif sign == ")" and self._depth:
            self._depth -= 1
        else:
            return True
        return False

    def _take(self, sign: str, said: list[str]) -> None:
        if self._fate is not None:
            if self._fate == "say":
                said.append(sign)
            return
        self._address += sign
        if len(self._address) == MOST_CHARS:
            carries = self._carries(self._prefix + self._address, self._kind)
            said.append(self._judged())
            self._fate = "drop" if carries else "say"

    def _judged(self) -> str:
        """Give the address that was read, or the mark in its place."""
        address = self._address
        if self._fate is not None or not address:
            return ""
        if not self._carries(self._prefix + address, self._kind):
            return address
        return self._cut[self._kind]()


def _bracketed(before: str) -> str:
    """Tell whether the words in brackets at the end are an image's or a link's."""
    depth = 1
    for at in range(len(before) - 1, -1, -1):
        if before[at] == "]":
            depth += 1
        elif before[at] == "[":
            depth -= 1
            if not depth:
                return "image" if at and before[at - 1] == "!" else "link"
    return "image"  # it began too long ago to tell
