"""`manage.py evaluate robust`: does Alice know what people ask for, however they type it?"""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from chat.evaluations.intents import BadMessages, Labelled, read_messages
from chat.evaluations.typing import WAYS, typed
from chat.wiring import understanding
from nlu.core.brackets import slot_f1
from nlu.core.understanding import Understanding

from .base import BadMeasure, Figures, percent

CLEAN = "clean"


class RobustMeasure:
    """Types labelled messages ill, and reads them with and without mending."""

    name = "robust"
    help = "meddelanden med avsikt, illa skrivna på flera sätt: förstår Alice dem ändå?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, and what to read it with."""
        parser.add_argument("file", type=Path, help="som för evaluate intents")
        parser.add_argument("--typed", choices=WAYS, action="append", help="bara så skrivna")
        parser.add_argument("--language", choices=("sv", "en"), default="sv")
        parser.add_argument("--seed", type=int, default=0, help="för vad som skrivs illa")
        parser.add_argument(
            "--data", type=Path, help="lär först av train i datamappen, så att dev är nytt"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Read every message as it was and as it was typed."""
        try:
            messages = read_messages(options["file"])
        except BadMessages as error:
            raise BadMeasure(str(error)) from error
        language = options["language"]
        reader = _learnt(options["data"], language, aside) if options["data"] else understanding()
        if reader is None:
            raise BadMeasure("Avsikterna kan inte läsas; loggen säger varför.")
        reads = _Reads(reader, language)
        figures: Figures = {CLEAN: reads.compared([(one, one) for one in messages])}
        for way in options["typed"] or WAYS:
            pairs = typed(messages, way, seed=options["seed"])
            if pairs:
                figures[way] = reads.compared(pairs)
        return figures

    def told(self, figures: Figures) -> str:
        """Put the figures in a table."""
        rows = [f"{'':<10}{'n':>6}{'avsikt':>10}{'illa':>10}{'lagat':>10}"]
        rows[0] += f"{'slot-F1':>12}{'illa':>10}{'lagat':>10}"
        for way, of in figures.items():
            row = f"{way:<10}{of['n']:>6}"
            for name in ("accuracy", "slot_f1"):
                row += f"{percent(of[name]):>{12 if name == 'slot_f1' else 10}}"
                row += f"{percent(of[f'{name}_typed']):>10}{percent(of[f'{name}_mended']):>10}"
            rows.append(row)
        return "\n".join(rows)


class _Reads:
    """Reads messages in one language with one understanding, mended and not."""

    def __init__(self, reader: Understanding, language: str) -> None:
        self._mended = reader.models[language]
        self._unmended = self._mended.unmended()
        self._tagger = reader.taggers.get(language)

    def compared(self, pairs: Iterable[tuple[Labelled, Labelled]]) -> Figures:
        """Give accuracy and F1: as it was and without mending; as typed, without and with it."""
        was, now = zip(*pairs, strict=True)
        return {
            "n": len(was),
            "accuracy": self._accuracy(was, mended=False),
            "accuracy_typed": self._accuracy(now, mended=False),
            "accuracy_mended": self._accuracy(now, mended=True),
            "slot_f1": self._slot_f1(was, mended=False),
            "slot_f1_typed": self._slot_f1(now, mended=False),
            "slot_f1_mended": self._slot_f1(now, mended=True),
        }

    def _accuracy(self, messages: Iterable[Labelled], *, mended: bool) -> float:
        model = self._mended if mended else self._unmended
        right = [model.read(one.text).intent == one.intent for one in messages]
        return sum(right) / len(right)

    def _slot_f1(self, messages: Iterable[Labelled], *, mended: bool) -> float | None:
        if self._tagger is None:
            return None
        model = self._mended if mended else self._unmended
        mender = model.mender if mended else None
        return slot_f1(
            (self._tagger.spans(one.text, model.read(one.text).intent, mender), one.slots)
            for one in messages
            if one.slots is not None
        )


def _learnt(data: Path, language: str, aside: Callable[[str], object]) -> Understanding:
    """Learn from train alone: what ships has learnt dev too. Takes some minutes."""
    from nlu.core.encoder import SwedishEncoder
    from nlu.core.intents import IntentModel
    from nlu.core.slots import SlotTagger
    from nlu.training import intents, slots
    from nlu.training.messages import LOCALES, messages
    from nlu.training.pairs import MissingData
    from nlu.training.slot_words import lexicon_of

    encoder = SwedishEncoder.load()
    try:
        aside(f"Lär avsikter av train ({language}) …")
        first, _, beside = messages(data, language)
        read = intents.fit([*first, *beside], encoder)
        model = IntentModel(read, encoder, language=language)
        aside(f"Lär slottar av train ({language}) …")
        commands = slots.commands(data / f"massive/{LOCALES[language]}.train.jsonl.gz")
        learnt = slots.learn(commands, slots.unseen(commands), lexicon_of(data))
        tagger = SlotTagger(learnt, language)
    except MissingData as error:
        raise BadMeasure(f"Filen saknas: {error}. Se docs/nlu.md.") from error
    except ImportError as error:
        raise BadMeasure("scikit-learn saknas: pip install 'alice[train]'.") from error
    return Understanding({language: model}, {language: tagger})
