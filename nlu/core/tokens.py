"""The words of a text and where they stand in it, however its signs are encoded.

A word is letters and digits. What only looks different is the same: full-width and ligature forms,
a ring or dots as signs of their own, signs of no width inside a word. Three or more of the same
letter are one; `nlu.core.mending` doubles what should have been double.
"""

import re
import unicodedata
from itertools import islice
from typing import NamedTuple

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = "\u0300-\u036f\ufe00-\ufe0f"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}{_UNSEEN}])*")
_DROPPED = re.compile(f"[{_UNSEEN}]")
_LEFT_OVER = re.compile(f"[{_MARKS}]")
_PLAIN = re.compile(r"[\sa-zåäöé0-9]*")  # nothing here looks like anything else
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


class Token(NamedTuple):
    """A word in lower case, and its place: it was read from `text[start:end]`."""

    word: str
    start: int
    end: int


def tokens_of(text: str, most: int | None = None) -> list[Token]:
    """Give the words of `text` in order, at most `most`; [] where there are none."""
    found = islice(_WORD.finditer(text), most)
    tokens = (Token(_read(one.group()), *one.span()) for one in found)
    return [token for token in tokens if token.word]


def cleaned(text: str) -> str:
    """Write `text` in lower case, with one way of encoding each letter and no unseen signs."""
    if _PLAIN.fullmatch(text):
        return text
    seen = _DROPPED.sub("", text)
    if not seen.isascii():
        seen = unicodedata.normalize("NFC", "".join(map(_compatible, seen)))
    return seen.casefold()


def _read(chunk: str) -> str:
    if not _PLAIN.fullmatch(chunk):
        chunk = _LEFT_OVER.sub("", cleaned(chunk))
    return _DRAWN_OUT.sub(r"\1", chunk)


def _compatible(sign: str) -> str:
    """Give the letters or the digit that a sign is another form of; "½" and "²" stay as they are.

    A form that is more than letters and digits ("㈱") would be no word, and stays too.
    """
    if sign.isascii() or not (sign.isalpha() or sign.isdecimal()):
        return sign
    form = unicodedata.normalize("NFKC", sign)
    return form if form.isalnum() else sign
