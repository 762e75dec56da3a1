"""`manage.py evaluate intents`: does Alice know what people ask for?"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chat import live
from chat.evaluations.intents import BadMessages, read_messages, tally
from chat.wiring import understanding
from nlu.confusions import drawn

from .base import BadMeasure, Figures, percent


class IntentsMeasure:
    """Compares what Alice understands with what the messages are labelled."""

    name = "intents"
    help = "meddelanden med avsikt: förstår Alice vad som önskas, och hur snabbt?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument("--plot", type=Path, help="rita som SVG vilka avsikter som förväxlades")
        parser.add_argument(
            "file", type=Path, help="jsonl med utt, intent och gärna annot_utt, gärna gzippad"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Read every message and count."""
        reader = understanding()
        if reader is None:
            raise BadMeasure("Avsikterna kan inte läsas; loggen säger varför.")
        try:
            messages = read_messages(options["file"])
        except BadMessages as error:
            raise BadMeasure(str(error)) from error
        sure_at_least = live.current_sync().understanding.sure_at_least
        pairs: list[tuple[str, str]] = []
        figures = tally(
            messages,
            reader,
            sure_at_least=sure_at_least,
            note=lambda wanted, told: pairs.append((wanted, told)),
        )
        if options["plot"]:
            try:
                options["plot"].write_text(drawn(pairs), "utf-8")
            except OSError as error:
                raise BadMeasure(f"{options['plot']}: {error.strerror}") from error
        return figures

    def told(self, figures: Figures) -> str:
        """Put the figures in a few lines."""
        shares = {
            "rätt avsikt": "accuracy",
            "makro-F1": "macro_f1",
            "säkra": "coverage",
            "rätt av de säkra": "accuracy_answered",
            "slot-F1": "slot_f1",
        }
        rows = [f"{said:<18}{percent(figures[name]):>10}" for said, name in shares.items()]
        times = [f"{name:<18}{figures[name]:>10.3f}" for name in ("ms_p50", "ms_p99")]
        return "\n".join([f"{'meddelanden':<18}{figures['n']:>10}", *rows, *times])
