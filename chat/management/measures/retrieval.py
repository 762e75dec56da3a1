"""`manage.py evaluate retrieval`: does the encoder find the answer to a question?"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chat.evaluations.labelled import BadPairs
from chat.evaluations.retrieval import read_choices, retrieval
from chat.wiring import encoder
from fibcache.core.encoder import EncoderAway

from .base import BadMeasure, Figures, percent


class RetrievalMeasure:
    """Ranks candidate answers by their nearness to the question."""

    name = "retrieval"
    help = "frågor med flera svar: ligger det rätta närmast?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument(
            "file", type=Path, help="rader med question, candidate_answers och label, gärna gzippad"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Rank."""
        try:
            return asyncio.run(retrieval(list(read_choices(options["file"])), encoder()))
        except BadPairs as error:
            raise BadMeasure(str(error)) from error
        except EncoderAway as error:
            raise BadMeasure(f"Kodaren svarar inte: {error}") from error

    def told(self, figures: Figures) -> str:
        """Put the figures in a few lines."""
        return "\n".join(
            [
                f"frågor          {figures['n']:>9}",
                f"rätt svar först {percent(figures['recall_at_1']):>9}",
                f"1/plats i medel {figures['mrr']:>9.3f}",
            ]
        )
