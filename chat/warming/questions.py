"""Questions to warm the cache with, read from a file."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

AT_MOST = 10946
"""Questions in one warm-up; a file with more is to be divided."""

LANGUAGES = ("sv", "en")
COLUMNS = ("question", "fråga", "q")


class BadQuestions(ValueError):
    """A file that can't be read as questions. The text tells the line and what it should hold."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to be asked."""

    text: str
    language: str = "sv"  # of the callers it is for
    line: int = 0  # in its file, from 1; in the list of the most asked, its rank
    tier: int = 0  # that the answer is lifted to, 1 for L1; 0 leaves it where it comes in


def read_questions(written: bytes, name: str) -> list[Wanted]:
    """Read a file of questions; the end of its name tells how it is written.

    `.tsv` has a header with `question` and maybe `language` (sv or en); `.jsonl` has an object
    with those on each line, or just a text; any other file has one question a line. Empty lines,
    and in a plain file lines that begin with #, are passed over, and so are other columns: an
    answer is always what Alice herself would answer.

    Raises:
        BadQuestions: it is empty, too long or broken; the line is told, counting from 1.
    """
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadQuestions(f"{name}: är inte UTF-8 ({error})") from error
    if "\0" in text:
        raise BadQuestions(f"{name}: innehåller nolltecken")
    ending = name.rpartition(".")[2].casefold()
    rows = {"tsv": _tsv, "jsonl": _jsonl}.get(ending, _plain)
    found = list(rows(text, name))
    if not found:
        raise BadQuestions(f"{name}: inga frågor i filen")
    if len(found) > AT_MOST:
        raise BadQuestions(f"{name}: {len(found)} frågor, högst {AT_MOST} åt gången")
    return found


def _plain(text: str, name: str) -> Iterator[Wanted]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield Wanted(line.strip(), line=number)


def _tsv(text: str, name: str) -> Iterator[Wanted]:
    rows = csv.DictReader(StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        if any(value and value.strip() for key, value in row.items() if key is not None):
            yield _wanted(row, rows.line_num, name)


def _jsonl(text: str, name: str) -> Iterator[Wanted]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadQuestions(f"{name}:{number}: är inte JSON ({error})") from error
        yield _wanted({"question": row} if isinstance(row, str) else row, number, name)


def _wanted(row: Mapping[str, Any], line: int, name: str) -> Wanted:
    column = next((each for each in COLUMNS if isinstance(row, dict) and each in row), None)
    if column is None:
        raise BadQuestions(f"{name}:{line}: saknar question")
    question, language = row[column], row.get("language") or "sv"
    if not isinstance(question, str) or not question.strip():
        raise BadQuestions(f"{name}:{line}: question är tom eller ingen text")
    if language not in LANGUAGES:
        raise BadQuestions(f"{name}:{line}: language ska vara sv eller en, inte {language!r}")
    return Wanted(question.strip(), language, line)
