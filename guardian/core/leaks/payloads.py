"""Tells whether an address carries something of the conversation, or something unreadable, away."""

import re
from base64 import urlsafe_b64decode
from binascii import Error, unhexlify
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from urllib.parse import unquote_plus

from guardian.core.pii import PLACEHOLDER

from .words import grams, words_of

UNREADABLE_OF_IMAGE = 13  # signs in an image's path that are no words, from which it carries data
UNREADABLE_OF_LINK = 34  # likewise of a link, where such numbers are more common
MOST_CHARS = 4_000  # of an address are read
LONG_PATH = {"link": 233, "image": 144}  # signs

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):(?P<slashes>/*)", re.IGNORECASE)
_WEB = frozenset({"http", "https", "ws", "wss", "ftp"})
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_UNSEEN = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u2060\ufeff]+")
_INSIDE = re.compile(r"[a-z][a-z0-9+.-]*://|(?<=[\s,(\"'])//", re.IGNORECASE)
_TARGET = re.compile(r"/*([^/?#]*)(.*)", re.DOTALL)
_PORT = re.compile(r":[0-9]*\Z")
_RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_PIECE = re.compile(r"[^-_+=/.,~:;!&?#@%]+")
_WORDLIKE = re.compile(r"[0-9]{1,8}|[A-Z]{1,13}|(?:[A-Z]?[a-z]{2,})+[A-Z]?|[a-zA-Z]")
_VOWEL = re.compile(r"[aeiouyåäöéüAEIOUYÅÄÖ]")


class Payloads:
    """Judges addresses.

    Args:
        conversation: what was said; may grow.
        allowed_hosts: hosts that may be sent anything, with all below them.
        chars: of a query, from which an address carries data, by kind ("link", "image").
        quoted_words: in a row from the conversation, likewise.
    """

    def __init__(
        self,
        conversation: Sequence[str],
        *,
        allowed_hosts: Sequence[str],
        chars: Mapping[str, int],
        quoted_words: int,
    ) -> None:
        self._conversation = conversation
        self._allowed = tuple(host.lower().strip(".") for host in allowed_hosts if host.strip("."))
        self._chars, self._quoted_words = chars, quoted_words

    def carries(self, address: str, kind: str) -> bool:
        """Tell whether an address carries data to a host that is not allowed."""
        return any(self._carries(host, sent, kind) for host, sent in _targets(address))

    def _carries(self, host: str, sent: str, kind: str) -> bool:
        if any(host == one or host.endswith("." + one) for one in self._allowed):
            return False
        below = ".".join(host.split(".")[:-2])
        path, _, asked = re.sub(r"[?#]", "?", sent).partition("?")
        # The name of a host can carry data too: whoever owns the domain sees what is looked up.
        shown = _decoded(f"{below} {sent}")
        if PLACEHOLDER.search(shown.upper()):
            return True
        if len(asked) >= self._chars[kind] or len(path) >= LONG_PATH[kind]:
            return True
        most = UNREADABLE_OF_IMAGE if kind == "image" else UNREADABLE_OF_LINK
        if max(map(_unreadable, [*path.split("/"), *below.split(".")])) >= most:
            return True
        return self._quotes(shown, kind) or any(map(self._tells, _hidden(f"{below} {sent}")))

    def _quotes(self, shown: str, kind: str) -> bool:
        """Tell whether words in a row come from the conversation."""
        count = self._quoted_words if kind == "link" else max(2, self._quoted_words // 2)
        said = set[tuple[str, ...]]()
        carried = grams(words_of(shown), count)
        if carried:
            for text in self._conversation:
                said |= grams(words_of(text), count)
        return not said.isdisjoint(carried)

    def _tells(self, hidden: str) -> bool:
        """Tell whether a text that was coded comes from the conversation, or hides a word of it."""
        words = {word for word in words_of(hidden) if len(word) > 2}
        return any(not words.isdisjoint(words_of(text)) for text in self._conversation)


def _targets(address: str) -> Iterator[tuple[str, str]]:
    """Give the hosts that an address leads to, or others inside it, with what each is sent."""
    plain = _ESCAPED.sub("", unescape(address[:MOST_CHARS])).replace("\\", "/")
    starts = [found.start() for found in _INSIDE.finditer(plain, 1)]
    for one in (_UNSEEN.sub("", plain), *(plain[start:].split(maxsplit=1)[0] for start in starts)):
        if scheme := _SCHEME.match(one):
            if scheme["scheme"].lower() not in _WEB and len(scheme["slashes"]) < 2:
                continue
            one = "//" + one[scheme.end() :]
        if not one.startswith("//"):
            continue
        where, sent = _TARGET.match(one).groups()  # type: ignore[union-attr]
        user, _, host = where.rpartition("@")
        host = _PORT.sub("", unquote_plus(host)).lower()
        yield host.strip(".])*_,;:!?"), user + sent


def _decoded(text: str) -> str:
    return unquote_plus(unquote_plus(text))


def _unreadable(segment: str) -> int:
    """Count the signs of a path's segment that form no words."""
    pieces = _PIECE.findall(_decoded(segment))
    return sum(len(piece) for piece in pieces if not _is_word(piece))


def _is_word(piece: str) -> bool:
    if not piece.isascii():
        return piece.isalpha()
    if not _WORDLIKE.fullmatch(piece):
        return False
    return piece.isdigit() or len(piece) < 5 or (len(piece) < 34 and bool(_VOWEL.search(piece)))


def _hidden(text: str) -> Iterator[str]:
    """Give what runs of letters and numbers say in base64 or hex."""
    for found in _RUN.finditer(_decoded(text)):
        for run in {found.group(), *found.group().split("/")}:
            for decode in (_from_base64, unhexlify):
                try:
                    told = decode(run).decode("utf-8")
                except (Error, ValueError):
                    continue
                if told.isprintable():
                    yield told


def _from_base64(run: str) -> bytes:
    run = run.replace("+", "-").replace("/", "_")
    return urlsafe_b64decode(run + "=" * (-len(run) % 4))
