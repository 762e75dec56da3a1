"""Learn to find slots, from MASSIVE's commands, in one language.

A conditional random field by CRFsuite's L-BFGS, with weights of both norms kept small: the first
leaves most features out, so that the file stays small. The same data gives the same weights on the
same machine.
"""

import gzip
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pycrfsuite

from nlu.core.brackets import slot_f1, unbracketed
from nlu.core.slot_features import Lexicon, cut, features
from nlu.core.slots import SlotTagger, packed

from .guesses import guesses, out_of_fold
from .messages import LOCALES
from .pairs import MissingData
from .slot_words import lexicon_of

C1, C2 = 0.1, 0.03  # weight of the first and of the second norm; chosen on dev
ROUNDS = 70


class Command(NamedTuple):
    """A command with its slots in brackets, and what it asks for."""

    annotated: str
    intent: str


def commands(path: Path) -> list[Command]:
    """Read one of MASSIVE's files.

    Raises:
        MissingData: there is no such file.
    """
    if not path.exists():
        raise MissingData(str(path))
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        told = (json.loads(row) for row in rows)
        return [Command(row["annot_utt"], row["intent"]) for row in told]


def tagged(annotated: str) -> tuple[list[str], list[str]]:
    """Turn a command in brackets into its words and their B-, I- and O tags."""
    text, spans = unbracketed(annotated)
    words, tags = [], []
    for start, end in cut(text):
        words.append(text[start:end])
        slot = next((span for span in spans if span[1] < end and start < span[2]), None)
        if slot is None:
            tags.append("O")
        else:
            tags.append(f"{'B' if start <= slot[1] else 'I'}-{slot[0]}")
    return words, tags


def learn(
    told: Sequence[Command], guessed: Sequence[str], lexicon: Lexicon, *, rounds: int = ROUNDS
) -> bytes:
    """Learn a model; packed as `SlotTagger` reads it.

    Args:
        told: commands with their slots.
        guessed: what each seems to ask for.
    """
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": C1, "c2": C2, "max_iterations": rounds})
    for command, intent in zip(told, guessed, strict=True):
        words, tags = tagged(command.annotated)
        trainer.append(features(words, lexicon, intent), tags)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slots.crf"
        trainer.train(str(path))
        return packed(path.read_bytes(), lexicon)


def train(
    data: Path,
    language: str = "sv",
    *,
    rounds: int = ROUNDS,
    say: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Measure on dev what train teaches, tell it, and learn from both together.

    Raises:
        MissingData: a file is not there.
        ImportError: scikit-learn is not installed.
    """
    locale = LOCALES[language]
    first, held = (
        commands(data / f"massive/{locale}.{part}.jsonl.gz") for part in ("train", "dev")
    )
    lexicon = lexicon_of(data)
    tagger = SlotTagger(learn(first, unseen(first), lexicon, rounds=rounds), language)
    asked = guesses(*_said(first), _said(held)[0])
    for name, intents in (("", asked), (", utan avsikt", [""] * len(held))):
        score = measured(tagger, held, intents)
        told = "inga slottar" if score is None else f"F1 {score:.4f}"
        say(f"{language}: {told} på dev, lärt av train{name}")
    both = [*first, *held]
    return learn(both, unseen(both), lexicon, rounds=rounds)


def measured(tagger: SlotTagger, told: Sequence[Command], guessed: Sequence[str]) -> float | None:
    """Give the micro F1 of exact spans."""
    pairs = []
    for command, intent in zip(told, guessed, strict=True):
        text, true = unbracketed(command.annotated)
        pairs.append((tagger.spans(text, intent), true))
    return slot_f1(pairs)


def _said(told: Sequence[Command]) -> tuple[list[str], list[str]]:
    return [unbracketed(one.annotated)[0] for one in told], [one.intent for one in told]


def unseen(told: Sequence[Command]) -> list[str]:
    """Guess what each asks for, from the others. Raises ImportError without scikit-learn."""
    return out_of_fold(*_said(told))
