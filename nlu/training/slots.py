"""Learn to find slots, from MASSIVE's Swedish commands.

A conditional random field by CRFsuite's L-BFGS, with weights of both norms kept small: the first
leaves most features out, so that the file stays small. The same data gives the same weights on the
same machine.
"""

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pycrfsuite

from nlu.core.brackets import slot_f1, unbracketed
from nlu.core.slot_features import Lexicon, cut, features
from nlu.core.slots import SlotTagger, packed

from .pairs import MissingData
from .slot_words import lexicon_of

C1, C2 = 0.1, 0.03  # weight of the first and of the second norm; chosen on dev
ROUNDS = 70
_FILES = ("massive/sv-SE.train.jsonl.gz", "massive/sv-SE.dev.jsonl.gz")


def commands(path: Path) -> Iterator[str]:
    """Read the annotated commands of one of MASSIVE's files.

    Raises:
        MissingData: there is no such file.
    """
    if not path.exists():
        raise MissingData(str(path))
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            yield json.loads(row)["annot_utt"]


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


def learn(annotated: Iterator[str], lexicon: Lexicon, *, rounds: int = ROUNDS) -> bytes:
    """Learn a model from annotated commands; packed as `SlotTagger` reads it."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": C1, "c2": C2, "max_iterations": rounds})
    for command in annotated:
        words, tags = tagged(command)
        trainer.append(features(words, lexicon), tags)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slots.crf"
        trainer.train(str(path))
        return packed(path.read_bytes(), lexicon)


def train(
    data: Path, *, rounds: int = ROUNDS, say: Callable[[str], object] = lambda _: None
) -> bytes:
    """Measure on dev what train teaches, tell it, and learn from both together.

    Raises:
        MissingData: a file is not there.
    """
    train_file, dev_file = (data / name for name in _FILES)
    held, lexicon = list(commands(dev_file)), lexicon_of(data)
    tagger = SlotTagger(learn(commands(train_file), lexicon, rounds=rounds))
    score = measured(tagger, held)
    say(f"F1 på dev, lärt av train: {score:.4f}" if score is not None else "Inga slottar i dev.")
    both = (row for path in (train_file, dev_file) for row in commands(path))
    return learn(both, lexicon, rounds=rounds)


def measured(tagger: SlotTagger, annotated: list[str]) -> float | None:
    """Give the micro F1 of exact spans."""
    pairs = []
    for command in annotated:
        text, true = unbracketed(command)
        pairs.append((tagger.spans(text), true))
    return slot_f1(pairs)
