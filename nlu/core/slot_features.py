"""What the slot tagger sees of each word: itself, its ends, its shape, its neighbours.

And what kind of word it is: a number, a weekday; which words it is like; whether news name it; and
what the whole message seems to ask for.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .text import fold
from .times.words import MONTH_ALONE, NUMBERS, ORDINALS, UNITS, WEEKDAY_FORMS

VERSION = "words-2"
"""Of these features: a model that learnt from others must not be used with them."""

_WORD = re.compile(r"\S+")
_OPENING, _CLOSING = "\"'“”‘([{", ",!?;:\"'“”’)]}"
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_KINDS = {
    **dict.fromkeys(NUMBERS, "number"),
    **dict.fromkeys(MONTH_ALONE, "month"),
    **dict.fromkeys(UNITS, "unit"),
    **dict.fromkeys(ORDINALS, "ordinal"),
    **dict.fromkeys(WEEKDAY_FORMS, "weekday"),
}
_EDGE = "<>"

Lexicon = Mapping[str, tuple[str, str, str]]
"""Of a lower-case word: its small and its large cluster, and what it names: PER, LOC, ORG or ""."""

_UNKNOWN = ("", "", "")
_NEAR = ("-1", "0", "+1")


def cut(text: str) -> list[tuple[int, int]]:
    """Cut a text at its spaces, without the marks around words: where each begins and ends."""
    places = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        while start < end and text[start] in _OPENING:
            start += 1
        while end > start and text[end - 1] in _CLOSING:
            end -= 1
        if start < end:
            places.append((start, end))
    if places:  # the point after a sentence is not of its last word, but "f. m." keeps its own
        start, end = places[-1]
        bare = text[start:end].rstrip(".")
        if len(bare) > 1:
            places[-1] = (start, start + len(bare))
    return places


@lru_cache(maxsize=2048)
def of_word(word: str) -> tuple[str, ...]:
    """Give what a lower-case word shows by itself."""
    seen = ["w=" + word, "s=" + _DIGITS.sub("9", _LETTERS.sub("x", word))]
    for size in (2, 3, 4, 5):
        if len(word) > size:
            seen += (f"p{size}={word[:size]}", f"e{size}={word[-size:]}")
    return tuple(seen)


@lru_cache(maxsize=2048)
def kind_of(word: str) -> str:
    """Tell a word of time or a number by its kind; "" for others."""
    return _KINDS.get(fold(word)) or ("figures" if word.isdigit() else "")


def features(words: Sequence[str], lexicon: Lexicon, intent: str = "") -> list[list[str]]:
    """Give what is seen at each word of a sentence. `intent`: the guess of it, "" for none."""
    lower = [word.lower() for word in words]
    around = [_EDGE, _EDGE, *lower, _EDGE, _EDGE]
    known = [_UNKNOWN, *(lexicon.get(word, _UNKNOWN) for word in lower), _UNKNOWN]
    kinds = ["", "", *(kind_of(word) for word in lower), "", ""]
    whole = ["bag=" + word for word in dict.fromkeys(lower) if len(word) > 2]
    whole += ["f=" + " ".join(lower[:1]), "f2=" + " ".join(lower[:2])]
    if intent:
        whole += ["i=" + intent, "is=" + intent.partition("_")[0]]
    rows = []
    for at, word in enumerate(lower):
        two, one, _, then, after = around[at : at + 5]
        row = [
            "b",
            *of_word(word),
            f"-1={one}",
            f"+1={then}",
            f"-2={two}",
            f"+2={after}",
            f"-1w={one}|{word}",
            f"w+1={word}|{then}",
            f"-2-1={two}|{one}",
            f"+1+2={then}|{after}",
            f"-1+1={one}|{then}",
            f"-e={one[-3:]}",
            f"+e={then[-3:]}",
            f"-p={one[:4]}",
            f"+p={then[:4]}",
            *whole,
        ]
        row += [
            f"c{place}={kind}"
            for place, kind in zip(("-2", "-1", "0", "+1", "+2"), kinds[at : at + 5], strict=True)
            if kind
        ]
        if intent:
            row.append(f"iw={intent}|{word}")
        for place, (small, large, names) in zip(_NEAR, known[at : at + 3], strict=True):
            if small:
                row.append(f"k{place}={small}")
                if place == "0":
                    row.append(f"K{place}={large}")
            if names:
                row.append(f"n{place}={names}")
        rows.append(row)
    return rows
