"""Which words there are, the common ones first: what a slip of the keyboard is told from.

Swedish by how often films say them (`sv-frequency`), then the dictionary's forms (`folkets-sv-en`)
and the words of news (`swedish-ner`, for the names). English by the open sets that hold English.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from nlu.core.lexicon import LETTERS

from .pairs import opened, rows

TWICE = 2  # seen in English text or in news, or it may be a slip itself
_WORD = re.compile(rf"[{LETTERS}]+")
_ENGLISH_ROWS = (
    ("massive/en-US.train", "utt"),
    ("massive/en-US.dev", "utt"),
    ("clinc150/train", "text"),
    ("banking77/train", "text"),
    ("tatoeba-en-sv/pairs.train80", "en"),
)


def words_of_language(data: Path, language: str) -> list[str]:
    """Give the words of "sv" or "en", the most common first. Raises MissingData."""
    return list(dict.fromkeys(_swedish(data) if language == "sv" else _english(data)))


def _swedish(data: Path) -> Iterator[str]:
    with opened(data / "sv-frequency/sv_50k.txt.gz") as lines:
        yield from _words(line.split()[0] for line in lines)
    news: Counter[str] = Counter()
    for row in rows(data / "swedish-ner/train.jsonl.gz"):
        news.update(_words(row["tokens"]))
    yield from _seen_twice(news)
    for row in rows(data / "folkets-sv-en/folkets.jsonl.gz"):
        yield from _words([row["word"], *_texts(row.get("inflections"))])


def _english(data: Path) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name, column in _ENGLISH_ROWS:
        for row in rows(data / f"{name}.jsonl.gz"):
            seen.update(_words(re.split(r"[^\w]+", row[column])))
    for row in rows(data / "folkets-sv-en/folkets.jsonl.gz"):
        said = [*_texts(row.get("translations")), *_texts(row.get("examples"))]
        seen.update(_words(word for text in said for word in text.split()))
    yield from _seen_twice(seen)


def _words(found: Iterable[str]) -> Iterator[str]:
    return (word for word in map(str.lower, found) if _WORD.fullmatch(word))


def _seen_twice(seen: Counter[str]) -> list[str]:
    ordered = sorted(seen.items(), key=lambda one: (-one[1], one[0]))
    return [word for word, count in ordered if count >= TWICE]


def _texts(listed: Any) -> Iterator[str]:
    """Give the texts of a list; of an example, the English one, which is the second."""
    for one in listed or ():
        text = one if isinstance(one, str) else next(islice(one, 1, None), None)
        if text:
            yield text
