"""Tables of expressions of time: what stands in them, and how many are read right."""

import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nlu.core.times import times_in

_OFFSET = re.compile(r"(T\d\d:\d\d(?::\d\d)?)[+-]\d\d:\d\d")


class BadTable(ValueError):
    """The file is no such table. The text says where, in Swedish."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence, when and where it is said, and the ISO values that stand in it, in order."""

    text: str
    values: tuple[str, ...]
    now: datetime
    timezone: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of a row, and how long it took."""

    row: Row
    values: tuple[str, ...]
    elapsed_ms: float

    @property
    def right(self) -> bool:
        """Tell whether every value is right, and there is none too many."""
        return len(self.values) == len(self.row.values) and all(
            said == wanted or _OFFSET.sub(r"\1", said) == wanted
            for said, wanted in zip(self.values, self.row.values, strict=True)
        )


def read_table(path: Path) -> Iterator[Row]:
    """Read a table: `#@ now<TAB>zone` heads its rows, `text<TAB>value ; value` or `-` for none.

    A moment that is written without an offset is right in any.

    Raises:
        BadTable: the file can't be read, or a row is none.
    """
    now, zone, count = None, "", 0
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        cells = line.removeprefix("#@ ").split("\t")
        if line.startswith("#@ "):
            try:
                now, zone = datetime.fromisoformat(cells[0]), cells[1]
                now = now.replace(tzinfo=ZoneInfo(zone))
            except (ValueError, IndexError, ZoneInfoNotFoundError) as error:
                raise BadTable(f"{path}:{number}: ingen tid och zon") from error
        elif line and not line.startswith("#"):
            if now is None or len(cells) != 2:
                raise BadTable(f"{path}:{number}: text och värde ska ha en tabb emellan")
            values = () if cells[1] == "-" else tuple(cells[1].split(" ; "))
            count += 1
            yield Row(cells[0], values, now, zone)
    if not count:
        raise BadTable(f"{path}: inga rader")


def read_rows(rows: Iterable[Row]) -> list[Read]:
    """Find the times in each row."""
    made = []
    for row in rows:
        begun = perf_counter()
        times = times_in(row.text, row.now, row.timezone)
        elapsed_ms = 1000 * (perf_counter() - begun)
        made.append(Read(row, tuple(time.value for time in times), elapsed_ms))
    return made


def tally(made: list[Read]) -> dict[str, Any]:
    """Count them: `{"n", "right", "accuracy", "ms_p50", "ms_p99"}`."""
    right = sum(one.right for one in made)
    times = sorted(one.elapsed_ms for one in made)
    return {
        "n": len(made),
        "right": right,
        "accuracy": right / len(made),
        "ms_p50": round(statistics.median(times), 3),
        "ms_p99": round(times[min(len(times) - 1, int(0.99 * len(times)))], 3),
    }
