"""Learn what messages ask for: one line through the messages for each intent, and a network.

A linear support vector machine (one intent against the rest, squared hinge) on three views of a
message, each of unit length: TF-IDF of its words and pairs of words, TF-IDF of its runs of letters,
and its vector. A naive Bayes model of the first two views, which is linear too, is added to the
lines with a small weight, and a network that hears the words in their order (`sequences.py`) beside
them. scikit-learn is needed here (`pip install 'alice[train]'`), never while
Alice serves.

Source:
    R.-E. Fan et al., LIBLINEAR, JMLR 9 (2008); C. Guo et al., On Calibration of Modern Neural
    Networks, ICML 2017 (one sharpness for all scores); S. Wang and C. Manning, Baselines and
    Bigrams, ACL 2012 (naive Bayes and support vectors together).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nlu.core.features import phrases_of, runs_of, shares, words_of
from nlu.core.intents import Encoder, Learnt
from nlu.core.trials import share

from .folds import Readings, read_unmet
from .messages import Message, messages
from .sequences import order_of

SOFTNESS = 0.3  # C of the support vector machines
NAIVE = 0.06  # weight of the naive Bayes model beside the support vector machines
SMOOTHING = 0.01  # how often naive Bayes holds what it has never seen to have been seen
PHRASE_SEEN, RUN_SEEN = 2, 3  # in at least so many messages, or it is not learnt
FOLDS = 5  # of the cross-validation


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learnt, and how its like read messages of MASSIVE that they had not met."""

    learnt: Learnt
    figures: dict[str, float]
    unmet: Readings


def train(
    data: Path,
    language: str,
    encoder: Encoder,
    *,
    folds: int = FOLDS,
    jobs: int = 1,
    say: Callable[[str], object],
) -> Learning:
    """Learn from all messages, after telling by cross-validation how well that goes.

    Args:
        data: folder with `massive`, `clinc150` and `banking77`.
        language: "sv" or "en".
        encoder: the one that will serve.
        folds: of the cross-validation, at least 2.
        jobs: processes at the same time.
        say: hears about the progress.

    Raises:
        MissingData: a set is not in the folder.
        ImportError: scikit-learn is not installed.
    """
    first, dev, beside = messages(data, language)
    told = [*first, *dev, *beside]
    say(f"{language}: {len(told)} meddelanden, {len(first) + len(dev)} av dem ur MASSIVE")
    read = read_unmet(told, encoder, fit, folds=folds, jobs=jobs, language=language, say=say)
    place = np.arange(len(told))
    massive = place < len(first) + len(dev)
    of_dev = massive & (place >= len(first))
    unmet, sharpness = read.of(massive), read.sharpness()
    figures = {
        "accuracy": float(unmet.right.mean()),
        "accuracy_of_dev": float(read.of(of_dev).right.mean()),
        "accuracy_of_all": float(read.right.mean()),
        "out_of_scope_auc": read.out_of_scope_auc(sharpness),
    }
    right, least, most = share(int(unmet.right.sum()), len(unmet.right))
    say(f"{language}: rätt avsikt {right:.4f} (95 %: {least:.4f} till {most:.4f})")
    say(f"{language}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    learnt = replace(fit(told, encoder), sharpness=sharpness, curve=unmet.curve(sharpness))
    return Learning(learnt, figures, unmet)


def fit(told: Sequence[Message], encoder: Encoder) -> Learnt:
    """Learn from what is `told`. Raises ImportError without scikit-learn."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.svm import LinearSVC

    said = [words_of(one.text) for one in told]
    phrases, phrase_rarity = _known(map(phrases_of, said), PHRASE_SEEN)
    runs, run_rarity = _known(map(_runs, said), RUN_SEEN)
    vectors = np.array([encoder.encode(" ".join(words)) for words in said])
    views = hstack(
        [
            _table(map(phrases_of, said), phrases, phrase_rarity, csr_matrix),
            _table(map(_runs, said), runs, run_rarity, csr_matrix),
            csr_matrix(vectors),
        ]
    ).tocsr()
    intents = [one.intent for one in told]
    weights = [one.weight for one in told]
    machine = LinearSVC(C=SOFTNESS, random_state=0).fit(views, intents, weights)
    lines = machine.coef_.T.astype(np.float32)
    count = len(phrases) + len(runs)
    naive = MultinomialNB(alpha=SMOOTHING).fit(views[:, :count], intents, weights)
    likely = naive.feature_log_prob_.T
    lines[:count] += NAIVE * (likely - likely.mean(axis=1, keepdims=True))
    scales = (np.abs(lines[:count]).max(axis=1) / 127).astype(np.float16)
    scales = np.maximum(scales, np.float16(6e-5))  # float16 has nothing finer that is exact
    numbers = np.clip(np.rint(lines[:count] / scales[:, None].astype(np.float32)), -127, 127)
    order = order_of(
        said,
        np.searchsorted(machine.classes_, intents),
        np.array(weights, np.float32),
        len(machine.classes_),
        encoder,
    )
    return Learnt(
        intents=tuple(map(str, machine.classes_)),
        phrases=tuple(phrases),
        runs=tuple(runs),
        rarity=np.array([*phrase_rarity, *run_rarity], np.float16),
        numbers=numbers.astype(np.int8),
        scales=scales,
        directions=lines[count:].astype(np.float16),
        start=(machine.intercept_ + NAIVE * naive.class_log_prior_).astype(np.float32),
        sharpness=1.0,
        encoder=encoder.fingerprint,
        curve=np.zeros((0, 3), np.float32),
        order=order,
    )


def _runs(words: list[str]) -> list[str]:
    return [run for word in words for run in runs_of(word)]


def _known(said: Iterable[list[str]], least: int) -> tuple[list[str], list[float]]:
    """Give what occurs in `least` messages or more, and how rare each is."""
    seen: Counter[str] = Counter()
    messages = 0
    for parts in said:
        seen.update(set(parts))
        messages += 1
    known = sorted(part for part, count in seen.items() if count >= least)
    return known, [float(np.log((1 + messages) / (1 + seen[part])) + 1) for part in known]


def _table(
    said: Iterable[list[str]], known: list[str], rarity: list[float], build: Callable[..., Any]
) -> Any:
    """Put the messages' features in a sparse table, one row for each message."""
    places = {part: place for place, part in enumerate(known)}
    edges, columns, values = [0], [], []
    for parts in said:
        found, weights = shares(Counter(places[p] for p in parts if p in places), rarity)
        columns += found
        values += weights
        edges.append(len(columns))
    return build((np.array(values, np.float32), columns, edges), shape=(len(edges) - 1, len(known)))
