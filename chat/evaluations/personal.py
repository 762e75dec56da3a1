"""Texts with personal data at known places: how much is found, and how much leaks.

A file is JSON Lines, gzipped or not, of one of two forms:

    {"text": "Ring 070-123 45 67", "spans": [[5, 18, "PHONE"]]}
    {"tokens": ["Anna", "ringde", "."], "tags": ["PER", "O", "O"]}

In the second only persons are labelled (`PER`, `B-PER`, `I-PER`), so only names are judged.
"""

import gzip
import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

Labelled = tuple[int, int, str]  # start, end and type

TYPES = {  # Alice's kinds, as the files name them
    "PNR": "PERSONNUMMER",
    "SAM": "SAMORDNINGSNUMMER",
    "TEL": "PHONE",
    "EPOST": "EMAIL",
    "KORT": "CARD",
    "ADRESS": "ADDRESS",
    "NAMN": "NAME",
    "ORGNR": "ORGANISATIONSNUMMER",
    "BG": "BANKGIRO",
    "PG": "PLUSGIRO",
    "REG": "PLATE",
}


class BadTexts(ValueError):
    """The file holds no labelled texts. The text says where, in Swedish."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text and its labelled spans; `only` names the one type that is judged, or is empty."""

    text: str
    spans: tuple[Labelled, ...]
    only: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in a row, and how long it took."""

    row: Row
    found: tuple[Labelled, ...]
    elapsed_ms: float

    @property
    def missed(self) -> list[Labelled]:
        """Give the labelled spans that no found one of their type meets."""
        met = {wanted for wanted, _ in _pairs(self.row.spans, self.found)}
        return [span for span in self.row.spans if span not in met]

    @property
    def false(self) -> list[Labelled]:
        """Give the found spans that meet no labelled one of their type."""
        met = {found for _, found in _pairs(self.row.spans, self.found)}
        return [span for span in self.found if span not in met]


def read_texts(path: Path) -> list[Row]:
    """Read labelled texts.

    Raises:
        BadTexts: the file can't be read, or a row is of neither form.
    """
    rows = []
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    rows.append(_row(line, f"{path}:{number}"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadTexts(f"{path}: {error}") from error
    if not rows:
        raise BadTexts(f"{path}: inga rader")
    return rows


def _row(line: str, where: str) -> Row:
    try:
        told = json.loads(line)
        if "tokens" in told:
            return of_tokens(told["tokens"], told["tags"])
        spans = tuple((int(start), int(end), str(kind)) for start, end, kind in told["spans"])
        if not all(0 <= start < end <= len(told["text"]) for start, end, _ in spans):
            raise ValueError("ett spann ligger utanför texten")
        return Row(told["text"], spans)
    except (ValueError, KeyError, TypeError) as error:
        raise BadTexts(f"{where}: {error}") from error


def of_tokens(tokens: Sequence[str], tags: Sequence[str]) -> Row:
    """Put tokens together with spaces; persons that follow each other without B- are one span.

    Raises:
        ValueError: there are not as many tags as tokens.
    """
    spans: list[Labelled] = []
    at = 0
    for token, tag in zip(tokens, tags, strict=True):
        if tag.removeprefix("B-").removeprefix("I-") == "PER":
            goes_on = spans and spans[-1][1] == at - 1 and not tag.startswith("B-")
            start = spans.pop()[0] if goes_on else at
            spans.append((start, at + len(token), "NAME"))
        at += len(token) + 1
    return Row(" ".join(tokens), tuple(spans), "NAME")


def read_rows(rows: Iterable[Row], find: Callable[[str], Iterable[Labelled]]) -> list[Read]:
    """Look for personal data in every text; `find` names its kinds as Alice does."""
    made = []
    for row in rows:
        began = perf_counter()
        found = find(row.text)
        elapsed_ms = 1000 * (perf_counter() - began)
        named = ((start, end, TYPES.get(kind, kind)) for start, end, kind in found)
        judged = tuple(span for span in named if not row.only or span[2] == row.only)
        made.append(Read(row, judged, elapsed_ms))
    return made


def tally(reads: Sequence[Read]) -> dict[str, Any]:
    """Count what was found, what was false and what leaked.

    A span is found when one of its type covers at least half of the longer of the two; it has
    leaked when less than half of it would be hidden, whatever it is taken for.
    """
    wanted = [(read, span) for read in reads for span in read.row.spans]
    leaked = [(read, span) for read, span in wanted if 2 * _hidden(span, read.found) < _long(span)]
    missed = Counter(span[2] for read in reads for span in read.missed)
    false = Counter(span[2] for read in reads for span in read.false)
    labelled = Counter(span[2] for _, span in wanted)
    leaked_of = Counter(span[2] for _, span in leaked)
    times = [read.elapsed_ms for read in reads]
    return {
        "n": len(reads),
        "spans": len(wanted),
        **_scores(labelled.total(), missed.total(), false.total()),
        "leaked": _share(len(leaked), len(wanted)),
        "by_type": {
            kind: {
                "spans": labelled[kind],
                **_scores(labelled[kind], missed[kind], false[kind]),
                "leaked": _share(leaked_of[kind], labelled[kind]),
            }
            for kind in sorted(labelled | false)
        },
        "ms_p50": round(statistics.median(times), 3),
        "ms_p99": round(sorted(times)[int(0.99 * (len(times) - 1))], 3),
    }


def _scores(labelled: int, missed: int, false: int) -> dict[str, float | None]:
    met = labelled - missed
    return {
        "precision": _share(met, met + false),
        "recall": _share(met, labelled),
        "f1": _share(2 * met, 2 * met + missed + false),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _pairs(
    wanted: Iterable[Labelled], found: Iterable[Labelled]
) -> Iterator[tuple[Labelled, Labelled]]:
    """Give each labelled span with the found one that meets it; none is used twice."""
    free = list(found)
    for span in wanted:
        for other in free:
            if span[2] == other[2] and 2 * _common(span, other) >= max(_long(span), _long(other)):
                free.remove(other)
                yield span, other
                break


def _hidden(span: Labelled, found: Iterable[Labelled]) -> int:
    return sum(_common(span, other) for other in found)


def _common(one: Labelled, other: Labelled) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _long(span: Labelled) -> int:
    return span[1] - span[0]
