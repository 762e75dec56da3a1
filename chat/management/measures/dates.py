"""`manage.py evaluate dates`: are expressions of time read right?"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chat.evaluations.dates import BadTable, read_rows, read_table, tally

from .base import BadMeasure, Figures, percent


class DatesMeasure:
    """Reads a table of expressions."""

    name = "dates"
    help = "uttryck för tid och deras ISO 8601-värden"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the table and how many errors to show."""
        parser.add_argument("file", type=Path, help="tsv: text och värde, som tests/dates/*.tsv")
        parser.add_argument("--show", type=int, default=0, metavar="N", help="visa N felaktiga")

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Count what is right."""
        try:
            made = read_rows(read_table(options["file"]))
        except BadTable as error:
            raise BadMeasure(str(error)) from error
        for one in [one for one in made if not one.right][: options["show"]]:
            wanted, said = (" ; ".join(values) or "-" for values in (one.row.values, one.values))
            aside(f"{one.row.text}: {said}, ska vara {wanted}")
        return tally(made)

    def told(self, figures: Figures) -> str:
        """Put the figures on a line."""
        return (
            f"{figures['right']} av {figures['n']} rätt ({percent(figures['accuracy'])}), "
            f"p50 {figures['ms_p50']} ms, p99 {figures['ms_p99']} ms"
        )
