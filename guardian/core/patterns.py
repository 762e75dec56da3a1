"""What is searched in a text: RE2 patterns and word lists, in time linear in the text.

A text is searched as it is written, and as it looks where wide letters or widthless signs hide a
word. Spans are always of the text as written.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import category, combining, is_normalized, normalize

import re2

from .finders import Span

MEMORY_BYTES = 4 << 20  # for one pattern; RE2 then runs in linear time within it
PATTERN_CHARS = 1000  # longest pattern
WORDS_AT_MOST = 987  # in one list
WORD_CHARS = 60  # longest word or phrase in a list
SPANS_AT_MOST = 987  # that are looked for in one text

_LETTER = r"[\pL\pN_]"  # RE2's own \b and \w know no å, ä and ö
_OTHER = r"[^\pL\pN_]"
WORD = "alice_word"  # the group of a word list's pattern that holds the word itself


class Searched:
    """A text made ready for any number of searches."""

    __slots__ = ("_forms", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._forms = [text.encode("utf-8", "replace")]
        if not text.isascii() and (looks := "".join(_clusters(text))) != text:
            self._forms.append(looks.encode("utf-8", "replace"))

    def has(self, pattern: Any) -> bool:
        """Tell whether a compiled pattern is found."""
        return any(pattern.search(form) is not None for form in self._forms)

    def spans(self, pattern: Any) -> list[Span]:
        """Find where; in order, and those that touch each other as one.

        Where there are more than `SPANS_AT_MOST`, the last one reaches to the end of the text: what
        is to be hidden is rather hidden too much.
        """
        found: list[Span] = []
        for nth, form in enumerate(self._forms):
            places = [] if nth == 0 else _places(self.text)
            for start, end in _matches(pattern, form):
                found.append((places[start], places[end]) if places else (start, end))
                if len(found) == SPANS_AT_MOST:
                    found.append((found[-1][0], len(self.text)))
                    return _joined(found)
        return _joined(found)


def _matches(pattern: Any, form: bytes) -> Iterator[Span]:
    """Find a pattern's places in characters. In a word list's pattern the word is group 1."""
    group = pattern.groupindex.get(WORD.encode(), 0)
    at, chars, counted = 0, 0, 0
    while at <= len(form) and (match := pattern.search(form, at)) is not None:
        start, end = match.span(group)
        chars += len(form[counted:start].decode("utf-8", "ignore"))
        length = len(form[start:end].decode("utf-8", "ignore"))
        if length:
            yield chars, chars + length
        chars, counted = chars + length, end
        at = end if end > start else _next_sign(form, end)


def _next_sign(form: bytes, at: int) -> int:
    at += 1
    while at < len(form) and form[at] & 0xC0 == 0x80:  # inside a sign of several bytes
        at += 1
    return at


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _clusters(text: str) -> Iterator[str]:
    """Give what each sign, with the marks that follow it, looks like; nothing for the unseen."""
    if is_normalized("NFKC", text) and not any(category(sign) == "Cf" for sign in text):
        yield text
        return
    for start, end in _cluster_spans(text):
        yield _looks(text[start:end])


def _cluster_spans(text: str) -> Iterator[Span]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (combining(text[at]) or category(text[at]) == "Cf"):
            yield start, at
            start = at


def _looks(cluster: str) -> str:
    return normalize("NFKC", "".join(sign for sign in cluster if category(sign) != "Cf"))


def _places(text: str) -> list[int]:
    """Say for each character of what a text looks like, and for its end, where it is written."""
    places: list[int] = []
    for start, end in _cluster_spans(text):
        places += [start] * len(_looks(text[start:end]))
    # A match ends where the next cluster begins; widthless signs in between belong to it.
    return [*places, len(text)]


def check_pattern(pattern: str, language: str = "sv") -> str | None:
    """Tell what is wrong with a pattern in a sentence for the one who wrote it, or None."""
    swedish = language != "en"
    if len(pattern) > PATTERN_CHARS:
        return (
            f"Mönstret får ha högst {PATTERN_CHARS} tecken."
            if swedish
            else f"The pattern may have at most {PATTERN_CHARS} characters."
        )
    try:
        found_in_nothing = compiled(pattern).search(b"") is not None
    except ValueError as error:
        lead = "Mönstret följer inte RE2:s syntax" if swedish else "The pattern is not valid RE2"
        return f"{lead}: {error}"
    if found_in_nothing:
        return (
            "Mönstret träffar alla meddelanden, även tomma."
            if swedish
            else "The pattern matches every message, even an empty one."
        )
    return None


def word_pattern(words: Sequence[str]) -> str:
    """Write a word list as a pattern. A word with * at its end stands for all that begin so."""
    # Letters of all languages take room in a pattern, so that they stand in it once.
    whole = [_word(word) for word in words if not word.endswith("*")]
    begun = [_word(word[:-1]) for word in words if word.endswith("*")]
    either = ["|".join(whole)] if whole else []
    either += [rf"(?:{'|'.join(begun)}){_LETTER}*"] if begun else []
    return rf"(?:^|{_OTHER})(?P<{WORD}>{'|'.join(either)})(?:{_OTHER}|$)"


def _word(word: str) -> str:
    return r"\s+".join(re2.escape(part) for part in normalize("NFKC", word).split())


@lru_cache(maxsize=2584)
def compiled(pattern: str) -> Any:
    """Compile a pattern, which then ignores case.

    Raises:
        ValueError: it is not RE2.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # the error is raised; RE2 would print it as well
    options.max_mem = MEMORY_BYTES
    try:
        return re2.compile(pattern.encode("utf-8", "replace"), options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise ValueError(said.decode() if isinstance(said, bytes) else str(said)) from None
