"""`manage.py evaluate pii`: is personal data found, and is the rest left alone?"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chat.evaluations.personal import BadTexts, read_rows, read_texts, tally
from guardian.core.pii import Pseudonyms

from .base import BadMeasure, Figures, percent


class PiiMeasure:
    """Reads labelled texts."""

    name = "pii"
    help = "personuppgifter på kända platser: vad hittas, och vad läcker?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and how many errors to show."""
        parser.add_argument("file", type=Path, help="JSON-rader: text och spans, eller tokens/tags")
        parser.add_argument("--show", type=int, default=0, metavar="N", help="visa N felaktiga")

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Count what is found; each text is a conversation of its own."""
        try:
            rows = read_texts(options["file"])
        except BadTexts as error:
            raise BadMeasure(str(error)) from error
        Pseudonyms().spans(
            "Anna, 070-123 45 67"
        )  # what is read from files is read before the clock
        reads = read_rows(rows, lambda text: Pseudonyms().spans(text))
        for read in [read for read in reads if read.missed or read.false][: options["show"]]:
            aside(f"{read.row.text}\n  missat {read.missed}, falskt {read.false}")
        return tally(reads)

    def told(self, figures: Figures) -> str:
        """Put the figures in a table."""
        rows = [f"{'':<20}{'spann':>7}{'precision':>12}{'recall':>10}{'F1':>10}{'läckt':>10}"]
        for kind, of in [("alla", figures), *figures["by_type"].items()]:
            shares = (percent(of[name]) for name in ("precision", "recall", "f1", "leaked"))
            first, *others = shares
            rows.append(
                f"{kind:<20}{of['spans']:>7}{first:>12}" + "".join(f"{one:>10}" for one in others)
            )
        rows.append(
            f"{figures['n']} texter, p50 {figures['ms_p50']} ms, p99 {figures['ms_p99']} ms"
        )
        return "\n".join(rows)
