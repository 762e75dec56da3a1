"""`manage.py evaluate sts`: does the encoder hold the same sentences for alike as people do?"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chat.evaluations.labelled import BadPairs
from chat.evaluations.likeness import likeness, read_graded
from chat.wiring import encoder
from fibcache.core.encoder import EncoderAway

from .base import BadMeasure, Figures


class StsMeasure:
    """Compares cosines with people's grades."""

    name = "sts"
    help = "par av meningar: följer kodarens cosinus vad människor säger om hur lika de är?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument(
            "file", type=Path, help="rader med sentence_1, sentence_2 och label, gärna gzippad"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Correlate."""
        try:
            return asyncio.run(likeness(list(read_graded(options["file"])), encoder()))
        except BadPairs as error:
            raise BadMeasure(str(error)) from error
        except EncoderAway as error:
            raise BadMeasure(f"Kodaren svarar inte: {error}") from error

    def told(self, figures: Figures) -> str:
        """Put the figures in a few lines."""
        names = {"pearson": "Pearson", "spearman": "Spearman"}
        rows = [
            f"{said:<10}{'-' if figures[name] is None else format(figures[name], '.3f'):>8}"
            for name, said in names.items()
        ]
        return "\n".join([f"{'par':<10}{figures['n']:>8}", *rows])
