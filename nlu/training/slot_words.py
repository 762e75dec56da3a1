"""What the slot tagger is told of words before it learns: which are alike, and which news name."""

import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.core.encoder import SHIPPED, Rows, parts_of

from .pairs import MissingData

SMALL, LARGE = 300, 64  # clusters; the small ones tell more, the large ones know more
_ROUNDS = 12
_BATCH = 2000
_SURE = 0.6  # share of a word's places in the news that name the same kind
_NEWS = "swedish-ner/train.jsonl.gz"


def lexicon_of(data: Path) -> dict[str, tuple[str, str, str]]:
    """Give each word that the encoder or the news knows its clusters and what it names.

    Raises:
        MissingData: the news are not there.
    """
    named = _names(data / _NEWS)
    rows = Rows.unpacked(SHIPPED.read_bytes())
    vectors = _vectors(rows)
    small, large = (_clusters(vectors, count) for count in (SMALL, LARGE))
    known = {
        word: (str(small[at]), str(large[at]), named.get(word, ""))
        for at, word in enumerate(rows.words)
    }
    return {word: ("", "", kind) for word, kind in named.items()} | known


def _vectors(rows: Rows) -> NDArray[np.float32]:
    """Give the encoder's vector of each word, of unit length."""
    places = {word: at for at, word in enumerate(rows.words)}
    vectors = np.zeros((len(rows.words), rows.numbers.shape[1]), np.float32)
    for at, word in enumerate(rows.words):
        parts, shares = parts_of(word, places)
        weights = rows.scales[parts] * np.array(shares, np.float32)
        vectors[at] = weights @ rows.numbers[parts].astype(np.float32)
    return _unit(vectors)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _clusters(vectors: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Number each vector's cluster, by spherical k-means."""
    random = np.random.default_rng(0)
    centres = vectors[random.choice(len(vectors), count, replace=False)]
    for _ in range(_ROUNDS):
        nearest = np.concatenate(
            [
                np.argmax(vectors[at : at + _BATCH] @ centres.T, axis=1)
                for at in range(0, len(vectors), _BATCH)
            ]
        )
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        filled = np.bincount(nearest, minlength=count) > 0
        centres[filled] = _unit(sums[filled])
    return nearest


def _names(path: Path) -> dict[str, str]:
    """Read which words the news use as names: PER, LOC or ORG."""
    if not path.exists():
        raise MissingData(str(path))
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            sentence = json.loads(row)
            for word, tag in zip(sentence["tokens"], sentence["tags"], strict=True):
                uses[word.lower().strip("\xad")][tag] += 1
    named = {}
    for word, tags in uses.items():
        tag, count = tags.most_common(1)[0]
        usable = len(word) > 2 and not any(sign.isspace() for sign in word)
        if tag in ("PER", "LOC", "ORG") and count / tags.total() >= _SURE and usable:
            named[word] = tag
    return named
