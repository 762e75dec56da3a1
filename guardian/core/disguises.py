"""Read a text as it is meant where somebody has disguised it, so that what hides is seen too.

Source:
    Unicode Technical Standard 39, Unicode Security Mechanisms (letters that look alike).
"""

import re
from base64 import b64decode
from codecs import decode
from collections.abc import Iterator
from unicodedata import category, normalize

MOST_CHARS = 8_000  # of a text are read
MOST_PIECES = 8  # coded pieces that are decoded
MOST_READINGS = 13  # of one text

# Cyrillic and Greek letters that pass for Latin ones.
_ALIKE = str.maketrans(
    "аеорсухіјѕԁһкмтвնАЕОРСУХІЈЅКМТВНοαειυρκνΟΑΕΙΡΚΝΤΒΜΗ",
    "aeopcyxijsdhkmtbnAEOPCYXIJSKMTBHoaeiupkvOAEIPKNTBMH",
)
_LEET = str.maketrans("0134578@$", "oieastbas")
_ROT13 = re.compile(r"vtaber|vafgeh|cebzcg|flfgrz|sbetrg|cnffjbeq|ertyre|työz")
_WORD = re.compile(r"\w+")
_LETTERS_AND_SIGNS = re.compile(r"[\w@$]+")
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*|]\w){4,}(?!\w)")
_BETWEEN = re.compile(r"[ .\-_*|]")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2} ?){10,}")


def plain(text: str) -> str:
    """Write wide and ornate letters as common ones, and take away what has no width."""
    text = text[:MOST_CHARS]
    if text.isascii():
        return text
    text = "".join(
        sign for sign in normalize("NFKC", text)[:MOST_CHARS] if category(sign) not in {"Cf", "Cs"}
    )
    return _WORD.sub(_latin, text)


def readings(text: str) -> tuple[str, ...]:
    """Give the text plainly written, and every other way in which it may be meant."""
    first = plain(text)
    told = [first]
    for reading in _others(first):
        if reading not in told:
            told.append(reading)
        if len(told) == MOST_READINGS:
            break
    return tuple(told)


def _others(text: str) -> Iterator[str]:
    if (joined := _SPACED.sub(lambda found: _BETWEEN.sub("", found.group()), text)) != text:
        yield joined
    if (letters := _LETTERS_AND_SIGNS.sub(_unleet, joined)) != joined:
        yield letters
    if _ROT13.search(text.lower()):
        yield decode(text, "rot13")
    for count, found in enumerate(_BASE64.finditer(text)):
        if count == MOST_PIECES:
            break
        yield from _read(_from_base64(found.group()))
    for count, found in enumerate(_HEX.finditer(text)):
        if count == MOST_PIECES:
            break
        yield from _read(bytes.fromhex(found.group()))


def _latin(word: re.Match[str]) -> str:
    """Write look-alikes as Latin letters, unless the whole word is of another script."""
    written = word.group()
    changed = written.translate(_ALIKE)
    return changed if any("a" <= sign <= "z" for sign in written.lower()) else written


def _unleet(word: re.Match[str]) -> str:
    written = word.group()
    letters = sum(sign.isalpha() for sign in written)
    return written.translate(_LEET) if letters >= 2 else written


def _from_base64(piece: str) -> bytes:
    piece = piece.rstrip("=")
    if len(piece) % 4 == 1:
        piece = piece[:-1]
    return b64decode(piece + "=" * (-len(piece) % 4))


def _read(piece: bytes) -> Iterator[str]:
    """Give what was coded, if it is text."""
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text.isprintable() and " " in text:
        yield plain(text)
