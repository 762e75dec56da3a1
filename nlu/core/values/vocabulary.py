"""A small list of codes, and what people call each: bent, compounded, in two languages."""

import re

from ..text import fold
from .value import Said, Value

_SV_ENDINGS = (
    "ens|ets|orna|ornas|arna|arnas|erna|ernas|na|nas|ars|ers|ors"
    "|ans|en|et|ar|er|or|an|as|ns|es|n|t|s|r|a|e"
)
_EN_ENDINGS = "'s|s'|s|es"
_MARKS = re.compile(r"[^\w' ]+")
_ASIDE = re.compile(
    r" (?:bredvid|pa|i|till|vid|under|over|for|med|next to|on|in|of|by|at|outside|from) .*"
)


class Vocabulary:
    """Codes of one kind, each with what people call it.

    A row of `rows` is a code, the Swedish word with "|" between its stems (as in
    `lampa: lamp|belysning`), and the English word likewise. A stem takes any ending, and is
    found as the last part of a compound, or with `first` as its first: "skrivbordslampan" is a
    lamp, and "badrumslampan" is in the bathroom.
    """

    def __init__(self, kind: str, rows: str, *, first: bool = False) -> None:
        self.kind = kind
        self._codes: dict[str, tuple[str, str, str]] = {}  # by stem: code, Swedish, English
        for row in rows.strip().splitlines():
            code, *named = (part.strip() for part in row.split(";"))
            (swedish, sv), (english, en) = (part.split(": ") for part in named)
            for stem in (*sv.split("|"), *en.split("|")):
                self._codes.setdefault(fold(stem), (code, swedish, english))
        stems = "|".join(sorted(map(re.escape, self._codes), key=len, reverse=True))
        endings = f"(?:{_SV_ENDINGS}|{_EN_ENDINGS})?"
        self._word = re.compile(f"({stems}){endings}")
        self._compound = re.compile(f"({stems}).*" if first else f".+?({stems}){endings}")

    def __call__(self, said: Said) -> Value | None:
        """Read a phrase by its head, the last word it knows."""
        phrase = " ".join(_MARKS.sub(" ", fold(said.text.lower())).split())
        for part in (phrase, _ASIDE.sub("", " " + phrase).strip()):
            if found := self._word.fullmatch(part):
                return self._value(found[1], said.language)
        words = _ASIDE.sub("", " " + phrase).split()
        for read in (self._word, self._compound):
            for word in reversed(words):
                if found := read.fullmatch(word):
                    return self._value(found[1], said.language)
        return None

    def _value(self, stem: str, language: str) -> Value:
        code, swedish, english = self._codes[stem]
        return Value(self.kind, english if language == "en" else swedish, code=code)
