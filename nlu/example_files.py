"""Examples of what people ask for, read from files and written to them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from .core.language import language_of
from .core.understanding import LANGUAGE
from .models import EXAMPLES_AT_MOST, LANGUAGES

COLUMNS = ("intent", "text", "language")
BYTES_AT_MOST = 2 << 20  # of a file


class BadExamples(ValueError):
    """A file that can't be read as examples. The text tells the line and what is wrong."""


class Row(NamedTuple):
    """An example in a file, and its line, counted from 1."""

    line: int
    intent: str
    text: str
    language: str


def read_examples(written: bytes, name: str) -> list[Row]:
    """Read a file: `.jsonl` has an object with intent and text on each line, and maybe language.

    Any other has an intent, a tab, a text, and maybe a tab and a language on each line; empty
    lines and lines that begin with # are passed over. The language is heard where none is said.

    Raises:
        BadExamples: it is empty, too long or broken.
    """
    if len(written) > BYTES_AT_MOST:
        raise BadExamples(_("%s: filen är för stor.") % name)
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadExamples(_("%s: är inte UTF-8.") % name) from error
    if "\0" in text:
        raise BadExamples(_("%s: innehåller nolltecken.") % name)
    read = _jsonl if name.casefold().endswith(".jsonl") else _tsv
    rows = list(read(text, name))
    if not rows:
        raise BadExamples(_("%s: inga exempel i filen.") % name)
    if len(rows) > EXAMPLES_AT_MOST:
        said = _("%(name)s: %(count)d exempel, och högst %(most)d får plats.")
        raise BadExamples(said % {"name": name, "count": len(rows), "most": EXAMPLES_AT_MOST})
    return rows


def _tsv(text: str, name: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if tuple(cells) == COLUMNS[: len(cells)]:
            continue  # its header
        yield _row(number, dict(zip(COLUMNS, cells, strict=False)), name)


def _jsonl(text: str, name: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except ValueError as error:
            raise BadExamples(_place(name, number, _("är inte JSON"))) from error
        yield _row(number, told if isinstance(told, Mapping) else {}, name)


def _row(number: int, told: Mapping[str, Any], name: str) -> Row:
    intent, text = told.get("intent"), told.get("text", told.get("utt"))
    if not (isinstance(intent, str) and isinstance(text, str) and text.strip()):
        raise BadExamples(_place(name, number, _("ska ha en avsikt och en mening")))
    language = told.get("language") or language_of(text, LANGUAGE).language
    return Row(
        number,
        intent.strip(),
        text.strip(),
        str(language) if language in dict(LANGUAGES) else LANGUAGE,
    )


def _place(name: str, number: int, said: str) -> str:
    return _("%(name)s, rad %(line)d: %(said)s.") % {"name": name, "line": number, "said": said}


def to_tsv(rows: Iterable[Row]) -> str:
    """Write examples as `read_examples` reads them."""
    lines = ["\t".join(COLUMNS), *("\t".join((r.intent, r.text, r.language)) for r in rows)]
    return "\n".join(lines) + "\n"  # no text holds a tab: its model joins words by spaces


def to_jsonl(rows: Iterable[Row]) -> str:
    """Write examples, an object on each line."""
    return "".join(
        json.dumps({name: getattr(one, name) for name in COLUMNS}, ensure_ascii=False) + "\n"
        for one in rows
    )
