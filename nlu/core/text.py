"""The same words, however they were typed."""

import re
import unicodedata

_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_NOT_A_WORD = re.compile(r"[^\w%+*/=°]+")
_FOLDED = str.maketrans("åäæáàâãöøóòôõéèêëüúùûíìîïýçñ", "aaaaaaaooooooeeeeuuuuiiiiycn")


def normal(text: str) -> str:
    """Write `text` in lower case without punctuation: "Heeej,  Alice!" becomes "hej alice".

    Three or more of the same letter are one; signs that carry meaning (%, +, °) stay.
    """
    text = unicodedata.normalize("NFC", text).casefold()
    return _NOT_A_WORD.sub(" ", _DRAWN_OUT.sub(r"\1", text)).strip()


def plain(text: str) -> str:
    """Write `text` as without å, ä and ö: "Vad är klockan?" becomes "vad ar klockan"."""
    return fold(normal(text))


def fold(text: str) -> str:
    """Take the accents off lower-case letters."""
    return text.translate(_FOLDED)
