"""`manage.py evaluate language`: does Alice hear which language a message is in?"""

import gzip
import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nlu.core.language import language_of

from .base import BadMeasure, Figures, percent

HEARD = ("sv", "en", "other")
OPEN = ""  # left to the caller's language


class LanguageMeasure:
    """Counts messages heard rightly, wrongly and left open, by how many words they have."""

    name = "language"
    help = "meddelanden med språk: vilket hör Alice?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument(
            "file", type=Path, help="JSON Lines (.gz): text eller utt, och language eller locale"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Hear every message by itself."""
        confusion = {language: Counter[str]() for language in HEARD}
        lengths: dict[str, Counter[str]] = {"1-3": Counter(), "4-8": Counter(), "9+": Counter()}
        for text, language in _read(options["file"]):
            heard = language_of(text, OPEN).language
            confusion[language][heard or "open"] += 1
            words = len(text.split())
            of = lengths["1-3" if words <= 3 else "4-8" if words <= 8 else "9+"]
            of.update({"n": 1, "right": heard == language, "open": heard == OPEN})
        total = sum(lengths.values(), Counter[str]())
        return {
            **_shares(total),
            "by_length": {length: _shares(of) for length, of in lengths.items() if of["n"]},
            "confusion": {language: dict(of) for language, of in confusion.items() if of},
        }

    def told(self, figures: Figures) -> str:
        """Put the figures in a table."""
        rows = [f"{'ord':<8}{'n':>7}{'rätt':>10}{'öppet':>10}"]
        for name, of in (*figures["by_length"].items(), ("alla", figures)):
            shares = f"{percent(of['accuracy']):>10}{percent(of['open']):>10}"
            rows.append(f"{name:<8}{of['n']:>7}{shares}")
        for language, heard in figures["confusion"].items():
            rows.append(f"{language}: " + ", ".join(f"{one} {n}" for one, n in heard.items()))
        return "\n".join(rows)


def _shares(of: Mapping[str, int]) -> Figures:
    return {"n": of["n"], "accuracy": of["right"] / of["n"], "open": of["open"] / of["n"]}


def _read(path: Path) -> Iterator[tuple[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    found = []
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for line in filter(str.strip, lines):
                row = json.loads(line)
                text = row["text"] if "text" in row else row["utt"]
                language = str(row["language"] if "language" in row else row["locale"])[:2]
                found.append((str(text), language if language in HEARD else "other"))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadMeasure(f"{path} kan inte läsas: {error!r}") from error
    if not found:
        raise BadMeasure(f"{path} har inga rader.")
    return iter(found)
