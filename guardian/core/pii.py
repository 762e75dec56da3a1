"""Personal data out of a text and back into a stream: "070-123 45 67" ⇄ "[TEL_1]"."""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping

from .finders import FINDERS, Span

LITERAL = "TEXT"  # what looked like a placeholder already when it was written
TELLING = frozenset({"ADRESS", "IP", "ORGNR", "REG"})  # kinds that a question may be about
KINDS = (LITERAL, *FINDERS)  # the most certain first
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})_[0-9]+\]")

# Most messages are through after this one look.
_MAY_HOLD_ANY = re.compile(r"[@:0-9]|\b(?:at|snabel-?a)\b|\[[A-Z]+_[0-9]", re.IGNORECASE)


class Pseudonyms:
    """Placeholders for the personal data of one conversation.

    The same value, written the same way, gets the same placeholder in every text. What a caller
    wrote in the shape of a placeholder gets a placeholder of its own, so that putting the
    originals back gives exactly what was written, whatever was written.
    """

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}  # by what was written
        self._counts: Counter[str] = Counter()  # by kind

    @property
    def secrets(self) -> dict[str, str]:
        """Map each placeholder to what was written."""
        return {placeholder: written for written, placeholder in self._placeholders.items()}

    def mask(self, text: str) -> str:
        """Put placeholders in place of personal data."""
        pieces: list[str] = []
        at = 0
        for start, end, kind in self.spans(text):
            pieces += text[at:start], self._placeholder(kind, text[start:end])
            at = end
        pieces.append(text[at:])
        return "".join(pieces)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Find what to mask, without overlaps: the longest wins, then the most certain."""
        if not _MAY_HOLD_ANY.search(text):
            return []
        found = {match.span(): LITERAL for match in PLACEHOLDER.finditer(text)}
        for kind, finder in FINDERS.items():
            for span in finder(text):
                found.setdefault(span, kind)
        # A value that was recognised once is hidden everywhere, also where it runs into others.
        known = {text[start:end]: kind for (start, end), kind in found.items()}
        for written, placeholder in self._placeholders.items():
            known[written] = placeholder[1 : placeholder.index("_")]
        for written, kind in known.items():
            if kind != LITERAL:
                for span in _occurrences(written, text):
                    found.setdefault(span, kind)
        taken: list[tuple[int, int, str]] = []
        for (start, end), kind in sorted(
            found.items(), key=lambda item: (item[0][0] - item[0][1], KINDS.index(item[1]), item[0])
        ):
            place = bisect(taken, (start, end, kind))
            after_the_last = place == 0 or taken[place - 1][1] <= start
            before_the_next = place == len(taken) or end <= taken[place][0]
            if after_the_last and before_the_next:
                taken.insert(place, (start, end, kind))
        return taken

    def _placeholder(self, kind: str, written: str) -> str:
        placeholder = self._placeholders.get(written)
        if placeholder is None:
            self._counts[kind] += 1
            placeholder = self._placeholders[written] = f"[{kind}_{self._counts[kind]}]"
        return placeholder


def _occurrences(written: str, text: str) -> Iterator[Span]:
    at = text.find(written)
    while at != -1:
        yield at, at + len(written)
        at = text.find(written, at + 1)


class Restorer:
    """Put the originals back into a stream, whatever its chunks.

    Holds back only what may be the beginning of a placeholder.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)
        self._beginnings = frozenset(
            placeholder[:length] for placeholder in secrets for length in range(1, len(placeholder))
        )
        self._held = ""

    def feed(self, chunk: str) -> str:
        """Take the next words; give what can be said of them now."""
        if not self._held and "[" not in chunk:
            return chunk
        text = self._held + chunk
        at = text.rfind("[")
        if at != -1 and text[at:] in self._beginnings:
            text, self._held = text[:at], text[at:]
        else:
            self._held = ""
        return PLACEHOLDER.sub(self._written, text)

    def whole(self, text: str) -> str:
        """Put the originals back into a text that is complete."""
        return PLACEHOLDER.sub(self._written, text)

    def rest(self) -> str:
        """Give what was held back; call it when the stream ends or something else is said."""
        held, self._held = self._held, ""
        return held

    def _written(self, match: re.Match[str]) -> str:
        return self._secrets.get(match[0], match[0])
