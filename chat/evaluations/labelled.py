"""Files of labelled pairs: two questions, and whether one answer serves both."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

QUESTIONS = (("a", "b"), ("q1", "q2"), ("text_a", "text_b"), ("premise", "hypothesis"))
LABELS = {"same": True, "label": True, "negated": False}  # whether 1 means the same
CATEGORIES = ("category", "capability", "test", "subset")


class BadPairs(ValueError):
    """A file that can't be read as pairs. The text tells the line and what it should hold."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, and whether whoever labelled them holds them for the same."""

    a: str
    b: str
    same: bool
    category: str = ""


def read_pairs(path: Path) -> Iterator[Pair]:
    """Read tab-separated values with a header, or JSON Lines; either may be gzipped.

    Raises:
        BadPairs: the file is missing, empty or broken; the line is told, counting from 1.
    """
    for where, row in rows_of(path):
        yield _pair(row, where)


def rows_of(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Read tab-separated values or JSON Lines: where a row stands, and the row.

    Raises:
        BadPairs: the file is missing, empty or broken.
    """
    rows = _tsv if path.name.removesuffix(".gz").endswith((".tsv", ".txt")) else _jsonl
    try:
        with _opened(path) as text:
            empty = True
            for number, row in rows(text):
                empty = False
                yield f"{path}:{number}", row
    except (OSError, EOFError) as error:
        raise BadPairs(f"{path}: kan inte läsas ({error})") from error
    except UnicodeDecodeError as error:
        raise BadPairs(f"{path}: är inte UTF-8 ({error})") from error
    if empty:
        raise BadPairs(f"{path}: inga par i filen")


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _tsv(text: IO[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        if None in row:
            raise BadPairs(f"{text.name}:{rows.line_num}: fler kolumner än rubriker")
        yield rows.line_num, row


def _jsonl(text: IO[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadPairs(f"{text.name}:{number}: är inte JSON ({error})") from error
        if not isinstance(row, dict):
            raise BadPairs(f"{text.name}:{number}: är inte ett JSON-objekt")
        yield number, row


def _pair(row: Mapping[str, Any], where: str) -> Pair:
    label = next((name for name in LABELS if name in row), None)
    if label is None:
        raise BadPairs(f"{where}: saknar {' eller '.join(LABELS)}")
    value = str(row[label]).strip()
    if value not in ("0", "1", "True", "False"):
        raise BadPairs(f"{where}: {label} ska vara 0 eller 1, inte {value!r}")
    columns = next((both for both in QUESTIONS if all(name in row for name in both)), None)
    if columns is None:
        raise BadPairs(f"{where}: saknar frågorna ({', '.join('/'.join(q) for q in QUESTIONS)})")
    a, b = (row[name] for name in columns)
    for name, text in zip(columns, (a, b), strict=True):
        if not isinstance(text, str) or not text.strip():
            raise BadPairs(f"{where}: {name} är tom eller ingen text")
    category = next((str(row[name]) for name in CATEGORIES if row.get(name)), "")
    return Pair(a, b, (value in ("1", "True")) is LABELS[label], category)
