"""`manage.py evaluate retrieval`: does a search find the answer to a question?"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chat.evaluations.labelled import BadPairs
from chat.evaluations.retrieval import read_choices, retrieval
from chat.wiring import encoder, weight_of
from fibcache.core.encoder import EncoderAway

from .base import BadMeasure, Figures, percent


class RetrievalMeasure:
    """Ranks candidate answers to a question, as documents are searched."""

    name = "retrieval"
    help = "frågor med flera svar: hittas det rätta först?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument(
            "file", type=Path, help="rader med question, candidate_answers och label, gärna gzippad"
        )
        parser.add_argument(
            "--by-vector-only",
            action="store_true",
            help="ordna bara efter kodarens cosinus mellan frågan och hela svaret",
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Rank."""
        try:
            choices = list(read_choices(options["file"]))
            only = options["by_vector_only"]
            ranked = retrieval(choices, encoder(), weigh=weight_of, by_vector_only=only)
            return asyncio.run(ranked)
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
