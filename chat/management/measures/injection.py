"""`manage.py evaluate injection`: are attacks on Alice's instructions told from other messages?"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chat.evaluations.attacks import BadAttacks, read_attacks, tally
from guardian.core.injection import STOP_AT_LEAST, BadInjectionFile, InjectionModel

from .base import BadMeasure, Figures, percent


class InjectionMeasure:
    """Scores labelled messages."""

    name = "injection"
    help = "angrepp och ofarliga meddelanden: vilka angrepp hittas, och vad stoppas i onödan?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the threshold."""
        parser.add_argument("file", type=Path, help="jsonl med text eller prompt, och label")
        parser.add_argument(
            "--at-least", type=float, default=STOP_AT_LEAST, help="poäng som stoppas från"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Score every message and count."""
        try:
            model = InjectionModel.load()
            rows = read_attacks(options["file"])
        except (BadInjectionFile, BadAttacks) as error:
            raise BadMeasure(str(error)) from error
        return tally(rows, model.score, stop_at_least=options["at_least"])

    def told(self, figures: Figures) -> str:
        """Put the figures in a few lines."""
        shares = {
            "rätt": "accuracy",
            "angrepp som hittas": "recall",
            "ofarligt som stoppas": "false_positive_rate",
        }
        lines = [f"{said:<22}{percent(figures[name]):>10}" for said, name in shares.items()]
        lines.append(f"{'AUC':<22}{figures['auc'] if figures['auc'] is not None else '-':>10}")
        lines += [f"{name:<22}{figures[name]:>10}" for name in ("ms_p50", "ms_p99")]
        return "\n".join([f"{'meddelanden':<22}{figures['n']:>10}", *lines])
