"""Recordings: what a process felt, moment by moment, as CSV or JSON.

    second,cpu_percent,lag_ms
    1.0,34.5,2
    2.0,99.0,180

A vital that a recording does not tell of was calm; columns that are no vitals are left aside.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import Any

from .state import VITALS, Vitals

MOMENTS_AT_MOST = 6765
"""Longest recording: not quite two hours, second by second."""

SHIPPED = Path(__file__).parents[1] / "data" / "recordings"
NAMES = ("without_ladder", "with_ladder")
"""Recordings that Alice comes with, made by `benchmarks/overload.py`."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was felt at one moment. `at_s`: seconds from any beginning."""

    at_s: float
    vitals: Vitals


Recording = tuple[Moment, ...]


class Unreadable(ValueError):
    """A recording that can't be read. `code` is for machines, the sentences are for people."""

    def __init__(self, code: str, sv: str, en: str) -> None:
        super().__init__(en)
        self.code, self.sv, self.en = code, sv, en

    def sentence(self, language: str) -> str:
        """Tell what is wrong."""
        return self.en if language == "en" else self.sv


def read(text: str) -> Recording:
    """Read a recording: JSON where it begins as a list, else CSV.

    Raises:
        Unreadable: it is neither, or holds what no process can feel.
    """
    text = text.lstrip("\ufeff").strip()
    rows = _from_json(text) if text.startswith(("[", "{")) else csv.DictReader(StringIO(text))
    moments: list[Moment] = []
    try:
        for nth, row in enumerate(rows, start=1):
            if nth > MOMENTS_AT_MOST:
                raise Unreadable(
                    "recording_too_long",
                    f"En inspelning får ha högst {MOMENTS_AT_MOST} rader.",
                    f"A recording may have {MOMENTS_AT_MOST} rows at most.",
                )
            moment = _moment(row, nth)
            if moments and moment.at_s <= moments[-1].at_s:
                raise _bad_row(nth, "tiden (second) ska stiga", "the time (second) must rise")
            moments.append(moment)
    except csv.Error as error:
        raise _no_recording() from error
    if len(moments) < 2:
        raise _no_recording()
    return tuple(moments)


def shipped(name: str) -> Recording:
    """Give a recording that Alice comes with.

    Raises:
        KeyError: she comes with none of that name.
    """
    if name not in NAMES:
        raise KeyError(name)
    return read((SHIPPED / f"{name}.csv").read_text("utf-8"))


def to_csv(recording: Iterable[Moment]) -> Iterator[str]:
    """Write a recording, line by line, as `read` takes it."""
    yield ",".join(("second", *VITALS)) + "\n"
    for moment in recording:
        told = (getattr(moment.vitals, name) for name in VITALS)
        yield ",".join(f"{number:.1f}" for number in (moment.at_s, *told)) + "\n"


def _from_json(text: str) -> Sequence[Mapping[str, Any]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_recording() from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _no_recording()
    return rows


def _moment(row: Mapping[str, Any], nth: int) -> Moment:
    if not any(name in row for name in VITALS):
        raise _no_recording()
    numbers = {}
    for name in ("second", *VITALS):
        told = row.get(name, 0.0 if name in VITALS else None)
        try:
            number = float(told)
        except (TypeError, ValueError, OverflowError):
            number = float("nan")
        if isinstance(told, bool) or not (isfinite(number) and number >= 0):
            raise _bad_row(nth, f"{name} är inget tal från 0", f"{name} is no number from 0")
        numbers[name] = number
    return Moment(numbers.pop("second"), Vitals(**numbers))


def _bad_row(nth: int, sv: str, en: str) -> Unreadable:
    return Unreadable("bad_recording_row", f"Rad {nth}: {sv}.", f"Row {nth}: {en}.")


def _no_recording() -> Unreadable:
    names = ", ".join(VITALS)
    return Unreadable(
        "no_recording",
        f"Det är ingen inspelning: skriv CSV eller en JSON-lista med second och något av {names}.",
        f"That is no recording: write CSV or a JSON list with second and some of {names}.",
    )
