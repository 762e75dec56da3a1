"""What was meant by words that a model does not know, in the words that it does.

A word that the model has learnt is left as it is, so that a clean message reads as it always did.
Any other is looked for, the surest way first: with the dots and rings that the keyboard lacked, as
a form of chats, as two words written together, as a slip of the keyboard. A word that the language
has, though the model never met it, is no slip. Neighbours that the model knows as one word are
joined.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from .chat_forms import CHAT_FORMS
from .lexicon import Lexicon, lexicon
from .numbers import number_of
from .slips import cost_of_slips
from .text import fold

WORDS_KEPT = 4_096  # what was meant by them is remembered
SHORTEST_SLIP = 4  # letters: of shorter words there are too many one slip away
SHORTEST_TWO_SLIPS = 7
LONGEST = 24  # letters of a word that may hold a slip; a longer one takes too long to tell
MOST_COST = 2.1  # of slips and rareness together; what costs more is taken for a word, or a name
SHORTEST_PART = 3  # letters of either part, of two words written together
SHORTEST_JOINED = 6
MOST_BARE = 5  # letters of a word that may lack their dots

SHORTEST_STEM = 4  # letters before an ending
_SV = "a ad ade an ande ar are arna as at e en er erna et i ig n na ns or orna s t ts"
ENDINGS = {
    "sv": frozenset(("", *_SV.split())),
    "en": frozenset(("", "d", "ed", "er", "ers", "es", "ing", "ly", "s")),
}
_UNSEEN = 34  # class of a model's word that the language is not known to have
_PER_CLASS = 0.04  # what a word costs for each class that it is rarer by
_ELSEWHERE = 0.5  # and for being unknown to the model
_DOTTED = frozenset("åäö")
_DOTS = {"a": "aåä", "o": "oö"}
COMMON = 12  # class: the two hundred commonest words are of this or lower
FAIRLY_COMMON = 16  # and the eight hundred commonest
USUAL = 22  # class: some five thousand words, that slips are told from besides the model's own
LIKELIER, FAR_LIKELIER = 4, 12  # classes: 4 times, 64 times as common
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_DIGRAPHS = (("aa", "å"), ("ae", "ä"), ("oe", "ö"))


class Mended(NamedTuple):
    """A word as it was meant, and which of the words it was typed as: the first and the last."""

    word: str
    first: int
    last: int


class Mender:
    """Mends words towards those that a model knows.

    Args:
        phrases: words, and pairs of words with a space between, that the model has learnt.
        language: "sv" or "en"; without one, only dots and rings are put back.
    Raises:
        BadWordsFile: the language has no words.
    """

    def __init__(self, phrases: Iterable[str], language: str = "") -> None:
        self.language = language
        self._phrases = frozenset(phrases)
        self._known = frozenset(one for one in self._phrases if " " not in one)
        self._lexicon = lexicon(language) if language else Lexicon()
        self._near = Lexicon(sorted(one for one in self._known if _spelt(one)))
        self._chat = CHAT_FORMS.get(language, {})
        self._accented = _accented(self._known)
        self._likelier = self._dotted_are_likelier() if language == "sv" else {}
        self._meant = lru_cache(WORDS_KEPT)(self._search)

    def mend(self, words: Sequence[str]) -> list[Mended]:
        """Tell what was meant by each of some words in lower case, in their order."""
        words = self._undotted(words)
        mended: list[Mended] = []
        for at, word in enumerate(words):
            one = self._joined(words[at - 1], word) if at else ""
            if one and mended[-1].first == at - 1:
                mended[-1] = Mended(one, at - 1, at)
            else:
                mended += (Mended(part, at, at) for part in self.meant(word))
        return mended

    def meant(self, word: str) -> tuple[str, ...]:
        """Tell what was meant by one word by itself: mostly one word, and at most a few."""
        return (word,) if word in self._known else self._meant(word)

    def _undotted(self, words: Sequence[str]) -> Sequence[str]:
        """Put dots and rings on known words too, where the whole message seems to lack them.

        "for" is "för" beside "vadret". Alone, only what is far likelier with dots is read so.
        """
        dotted = self._likelier
        if not any(word in dotted for word in words) or any(map(_has_dots, words)):
            return words
        lacking = any(_has_dots(part) for word in words for part in self.meant(word))
        least = LIKELIER if lacking else FAR_LIKELIER
        found = []
        for word in words:
            meant, by = dotted.get(word, (word, 0))
            found.append(meant if by >= least else word)
        return found

    def _joined(self, one: str, other: str) -> str:
        """Give the word that two neighbours are to the model; "" where they are two."""
        whole = one + other
        short = len(whole) < SHORTEST_JOINED or min(len(one), len(other)) < SHORTEST_PART
        if not self.language or short or f"{one} {other}" in self._phrases:
            return ""
        return whole if whole in self._known else ""

    def _search(self, word: str) -> tuple[str, ...]:
        one = self._accented.get(word)
        if one and self._class_of(word) - self._class_of(one) >= LIKELIER * self._is_word(word):
            return (one,)
        if forms := self._chat.get(word):
            return forms
        if not self.language or not word.isalpha() or len(word) > LONGEST:
            return (word,)
        if _DRAWN_OUT.search(word):
            return self._shortened(word)
        if one := self._spelt_out(word):
            return (one,)
        if self._lexicon.class_of(word) is not None or self._is_genitive(word):
            return (word,)
        if number_of(word) is not None:
            return (word,)
        if one := self._dotted(word):
            return (one,)
        parts, paired = self._parted(word)
        if paired:
            return parts
        if one := self._unslipped(word):
            return (one,)
        return parts or (word,)

    def _dotted_are_likelier(self) -> dict[str, tuple[str, int]]:
        """Map known words to known ones with dots, and by how many classes these are likelier."""
        found: dict[str, tuple[str, int]] = {}
        for word in sorted(filter(_has_dots, self._known)):
            bare = fold(word)
            by = self._class_of(bare) - self._class_of(word)
            if self._is_word(bare) and by >= max(LIKELIER, found.get(bare, ("", 0))[1]):
                found[bare] = word, by
        return found

    def _shortened(self, word: str) -> tuple[str, ...]:
        """Read "allllla" as "alla" and "heeej" as "hej"."""
        single, double = (_DRAWN_OUT.sub(form, word) for form in (r"\1", r"\1\1"))
        return (double,) if self._is_word(double) > self._is_word(single) else self.meant(single)

    def _is_word(self, word: str) -> bool:
        return word in self._known or self._lexicon.class_of(word) is not None

    def _is_genitive(self, word: str) -> bool:
        return word.endswith("s") and len(word) > SHORTEST_SLIP and self._is_word(word[:-1])

    def _is_form(self, word: str, other: str) -> bool:
        """Tell whether two words are the same but for their endings, which no slip explains."""
        pairs = enumerate(zip(word, other, strict=False))
        stem = next((at for at, (a, b) in pairs if a != b), min(len(word), len(other)))
        endings = ENDINGS.get(self.language, frozenset())
        for length in range(max(SHORTEST_STEM, stem - 1), stem + 1):
            one, two = word[length:], other[length:]
            if one in endings and two in endings and sorted(one) != sorted(two):
                return not (one == word[length - 1] and not two)  # a letter doubled
        return False

    def _class_of(self, word: str) -> int:
        found = self._lexicon.class_of(word)
        return _UNSEEN if found is None else found

    def _spelt_out(self, word: str) -> str:
        """Read "vaeder" as "väder"."""
        if self._lexicon.class_of(word) is not None:
            return ""
        spelt = word
        for two, one in _DIGRAPHS:
            spelt = spelt.replace(two, one)
        return spelt if spelt != word and self._is_word(spelt) else ""

    def _dotted(self, word: str) -> str:
        """Give the most common word that is this one with its dots and rings."""
        bare = [at for at, letter in enumerate(word) if letter in _DOTS]
        if not bare or len(bare) > MOST_BARE:
            return ""
        found = ("".join(letters) for letters in product(*(_DOTS.get(one, one) for one in word)))
        words = [one for one in found if self._is_word(one)]
        return min(words, key=self._class_of, default="")

    def _parted(self, word: str) -> tuple[tuple[str, ...], bool]:
        """Cut a word in two that the model knows; and tell whether it knows them as neighbours.

        One of them is among the commonest words: compounds are seldom made with those.
        """
        found = []
        for at in range(2, len(word) - 1):
            one, other = word[:at], word[at:]
            if one in self._known and other in self._known:
                paired = f"{one} {other}" in self._phrases
                classes = self._class_of(one), self._class_of(other)
                least = min(classes)
                usual = least <= COMMON and at >= SHORTEST_PART <= len(other)
                if usual or (paired and least <= FAIRLY_COMMON):
                    found.append((not paired, sum(classes), at))
        if not found:
            return (), False
        apart, _, at = min(found)
        return (word[:at], word[at:]), not apart

    def _unslipped(self, word: str) -> str:
        """Give the likeliest word that `word` is a slip for; "" where there is none."""
        if len(word) < SHORTEST_SLIP:
            return ""
        most = 2 if len(word) >= SHORTEST_TWO_SLIPS else 1
        near = {one for one, _ in self._near.sharing(word, most)}
        near |= {one for one, by in self._lexicon.sharing(word, 1) if by <= USUAL}
        best, least = "", MOST_COST
        for one in sorted(near):
            known = one in self._known
            cost = cost_of_slips(word, one, most if known and one[0] == word[0] else 1)
            if cost < least:
                cost += _PER_CLASS * self._class_of(one) + (0 if known else _ELSEWHERE)
                if cost < least and not self._is_form(word, one):
                    best, least = one, cost
        return best


def _has_dots(word: str) -> bool:
    return not word.isascii() and not _DOTTED.isdisjoint(word)


def _spelt(word: str) -> bool:
    return word.isalpha() and all(sign <= "ÿ" for sign in word)


def _accented(known: Iterable[str]) -> dict[str, str]:
    """Map words typed without å, ä and ö to the words that were meant, where only one can be."""
    words = frozenset(known)
    meant: dict[str, str] = {}
    several = set()
    for word in sorted(words):
        bare = fold(word)
        if bare != word and bare not in words and meant.setdefault(bare, word) != word:
            several.add(bare)
    return {bare: word for bare, word in meant.items() if bare not in several}
