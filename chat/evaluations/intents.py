"""How often Alice understands what a message asks for, on labelled messages."""

import gzip
import json
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from nlu.core.brackets import BadBrackets, Span, slot_f1, unbracketed
from nlu.core.understanding import Reading


class BadMessages(ValueError):
    """A file of labelled messages can't be used. The text says why, in Swedish."""


class Reader(Protocol):
    """What reads a message."""

    def read(self, text: str) -> Reading:
        """Read `text`."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what somebody says that it asks for."""

    text: str
    intent: str
    slots: tuple[Span, ...] | None = None  # None where nobody has said


def read_messages(path: Path) -> list[Labelled]:
    """Read JSON Lines with `utt` and `intent`, gzipped or not. Raises BadMessages.

    `annot_utt` tells the slots, in MASSIVE's brackets; one of another text than `utt` tells none.
    """
    found = []
    try:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    found.append(_labelled(line, f"{path}, rad {number}"))
    except (OSError, UnicodeDecodeError, EOFError, zlib.error) as error:
        raise BadMessages(f"{path} kan inte läsas: {error}") from error
    if not found:
        raise BadMessages(f"{path} är tom.")
    return found


def tally(
    messages: Sequence[Labelled],
    reader: Reader,
    *,
    sure_at_least: float,
    clock: Callable[[], float] = time.perf_counter,
    note: Callable[[str, str], object] = lambda wanted, told: None,
) -> dict[str, Any]:
    """Read all messages, and count.

    Args:
        sure_at_least: confidence, 0..1, from which a reading counts as an answer for `coverage`
            and `accuracy_answered`; the other figures are of all messages.
        clock: seconds that never run backwards.
        note: hears each message's intent, and the one that it was read as.
    """
    readings, taken_ms = [], []
    for message in messages:
        started = clock()
        readings.append(reader.read(message.text))
        taken_ms.append((clock() - started) * 1000)
    told = [reading.intent for reading in readings]
    wanted = [message.intent for message in messages]
    for one, other in zip(wanted, told, strict=True):
        note(one, other)
    right = [one == other for one, other in zip(told, wanted, strict=True)]
    answered = [
        hit
        for hit, reading in zip(right, readings, strict=True)
        if reading.confidence >= sure_at_least
    ]
    taken_ms.sort()
    return {
        "n": len(messages),
        "accuracy": sum(right) / len(right),
        "macro_f1": macro_f1(told, wanted),
        "slot_f1": slot_f1(
            ([slot.span for slot in reading.slots], message.slots)
            for message, reading in zip(messages, readings, strict=True)
            if message.slots is not None
        ),
        "coverage": len(answered) / len(right),
        "accuracy_answered": sum(answered) / len(answered) if answered else None,
        "ms_p50": _percentile(taken_ms, 50),
        "ms_p99": _percentile(taken_ms, 99),
    }


def macro_f1(told: Iterable[str], wanted: Iterable[str]) -> float:
    """Give the mean F1 over all intents that are told or wanted."""
    pairs = Counter(zip(told, wanted, strict=True))
    said: Counter[str] = Counter()
    meant: Counter[str] = Counter()
    for (one, other), count in pairs.items():
        said[one] += count
        meant[other] += count
    names = {*said, *meant}
    return sum(2 * pairs[name, name] / (said[name] + meant[name]) for name in names) / len(names)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 4)


def _labelled(line: str, where: str) -> Labelled:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadMessages(f"{where}: inte JSON ({error}).") from error
    if not isinstance(row, dict):
        raise BadMessages(f"{where}: inget objekt.")
    for name in ("utt", "intent"):
        if not isinstance(row.get(name), str):
            raise BadMessages(f"{where}: {name} saknas eller är ingen text.")
    return Labelled(row["utt"], row["intent"], _slots(row, where))


def _slots(row: dict[str, Any], where: str) -> tuple[Span, ...] | None:
    annotated = row.get("annot_utt")
    if not isinstance(annotated, str):
        return None
    try:
        text, spans = unbracketed(annotated)
    except BadBrackets as error:
        raise BadMessages(f"{where}: annot_utt har en hake som inte är en slot.") from error
    return spans if text == row["utt"] else None
