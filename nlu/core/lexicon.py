"""Which words a language has and how common each is, held small: what is unknown may be a slip.

The commonest word is of class 0, the next of class 1, and every class holds about 1.4 times as many
as the one before. The file has two lines for each length of words, from 1 letter: all the words in
order of the alphabet with nothing between, and a sign for the class of each.
"""

import lzma
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LETTERS = "a-zåäöéèêëàáâüûïíîóôúñçæø"
LONGEST = 34  # letters; longer words are left out

_GROWTH = 2**0.5
_FIRST_SIGN = ord("!")  # is class 0
_WINDOW_B = 1 << 20  # of the packer; the usual 64 MB would be taken whenever the file is read
_FILTERS = [
    {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": _WINDOW_B},
]
_MAGIC = b"alice-words-1"

_Words = tuple[int, NDArray[np.bytes_], NDArray[np.uint8]]  # of one length, and their classes


class BadWordsFile(ValueError):
    """The words' file is missing or damaged; the text says which."""


class _Block(NamedTuple):
    """The words of one length, in order of the alphabet."""

    words: NDArray[np.bytes_]  # latin-1
    classes: NDArray[np.uint8]
    letters: NDArray[np.uint32]  # one bit for each letter that is in the word


def shipped(language: str) -> Path:
    """Tell where the words of a language are."""
    return Path(__file__).resolve().parent.parent / "data" / f"words.{language}.xz"


@cache
def lexicon(language: str) -> "Lexicon":
    """Load the words that ship with Alice, once for each language. Raises BadWordsFile."""
    return Lexicon.load(shipped(language))


class Lexicon:
    """Looks words up, and finds those that share most letters with one.

    Args:
        words: the most common first; only letters of `LETTERS`.
    Raises:
        ValueError: a word has another letter.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._blocks = {
            length: _Block(block, classes, _letters(block))
            for length, block, classes in _unlined(_lines(words))
        }

    @classmethod
    def load(cls, path: Path) -> "Lexicon":
        """Read a file. Raises BadWordsFile."""
        found = cls()
        try:
            for length, block, classes in unpacked(path.read_bytes()):
                found._blocks[length] = _Block(block, classes, _letters(block))
        except (OSError, BadWordsFile) as error:
            raise BadWordsFile(f"{path}: {error}") from error
        return found

    def __len__(self) -> int:
        return sum(len(block.words) for block in self._blocks.values())

    def class_of(self, word: str) -> int | None:
        """Tell how common a word is, 0 the most; None where there is no such word."""
        block = self._blocks.get(len(word))
        try:
            wanted = word.encode("latin-1")
        except UnicodeEncodeError:
            return None
        if block is None or b"\0" in wanted:
            return None
        at = int(block.words.searchsorted(np.bytes_(wanted)))
        found = at < len(block.words) and block.words[at] == wanted
        return int(block.classes[at]) if found else None

    def sharing(self, word: str, edits: int) -> list[tuple[str, int]]:
        """Give the words, with their classes, that may be `edits` letters away or nearer.

        All that are so near and begin with either of the word's first two letters are among them;
        most of the others are not.
        """
        letters = _letters(np.array([word.encode("latin-1", "replace")]))[0]
        firsts = {one.encode("latin-1", "replace") for one in word[:2]}
        found = []
        for length in range(len(word) - edits, len(word) + edits + 1):
            block = self._blocks.get(length)
            if block is None:
                continue
            # an edit takes one letter, brings one, or both
            most = 2 * edits - abs(length - len(word))
            for first in sorted(firsts):
                start, end = block.words.searchsorted([first, bytes([first[0] + 1])])
                differing = np.bitwise_count(block.letters[start:end] ^ letters)
                for at in start + np.flatnonzero(differing <= most):
                    found.append((block.words[at].decode("latin-1"), int(block.classes[at])))
        return found


def packed(words: Sequence[str]) -> bytes:
    """Write words, the most common first, as `Lexicon.load` reads them; always the same bytes."""
    return lzma.compress(b"\n".join([_MAGIC, *_lines(words)]), filters=_FILTERS)


def unpacked(packed: bytes) -> list[_Words]:
    """Give, for each length of words, the words and their classes. Raises BadWordsFile."""
    try:
        magic, *lines = lzma.decompress(packed).split(b"\n")
    except (lzma.LZMAError, EOFError) as error:
        raise BadWordsFile(f"is damaged ({error})") from error
    if magic != _MAGIC or len(lines) != 2 * LONGEST:
        raise BadWordsFile("holds no words")
    return _unlined(lines)


def _lines(words: Sequence[str]) -> list[bytes]:
    lengths: dict[int, list[tuple[bytes, int]]] = {}
    for word, one in zip(words, _classes(), strict=False):
        if 0 < len(word) <= LONGEST:
            lengths.setdefault(len(word), []).append((word.encode("latin-1"), one))
    lines = []
    for length in range(1, LONGEST + 1):
        ordered = sorted(lengths.get(length, ()))
        lines.append(b"".join(word for word, _ in ordered))
        lines.append(bytes(_FIRST_SIGN + one for _, one in ordered))
    return lines


def _unlined(lines: Sequence[bytes]) -> list[_Words]:
    found = []
    for length, (words, signs) in enumerate(zip(lines[::2], lines[1::2], strict=True), 1):
        if len(words) != length * len(signs):
            raise BadWordsFile(f"has lost words of {length} letters")
        if words:
            classes = np.frombuffer(signs, np.uint8) - np.uint8(_FIRST_SIGN)
            found.append((length, np.frombuffer(words, f"S{length}"), classes))
    return found


def _classes() -> Iterator[int]:
    """Give the class of the commonest word, of the next, and so on."""
    for one in count():
        for _ in range(max(1, round(_GROWTH**one))):
            yield one


def _bits() -> NDArray[np.uint32]:
    bits = np.full(256, 1 << 30, np.uint32)  # letters that are rare share one
    bits[0] = 0
    for at, letter in enumerate("abcdefghijklmnopqrstuvwxyzåäöé".encode("latin-1")):
        bits[letter] = 1 << at
    return bits


_BITS = _bits()


def _letters(words: NDArray[np.bytes_]) -> NDArray[np.uint32]:
    """Give one bit for each letter that is in each word."""
    letters = _BITS[words.view(np.uint8).reshape(len(words), -1)]
    found: NDArray[np.uint32] = np.bitwise_or.reduce(letters, axis=1)
    return found
